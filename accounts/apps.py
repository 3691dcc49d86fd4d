from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, organizations, buildings and everything that proves who somebody is."""

    name = "accounts"
    verbose_name = "Accounts"
