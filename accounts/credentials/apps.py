from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Secrets, in a database of their own."""

    name = "accounts.credentials"
    label = "credentials"
    verbose_name = "Credentials"
