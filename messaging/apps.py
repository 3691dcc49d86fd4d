from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """What people say to each other and what Courtyard tells them."""

    name = "messaging"
    verbose_name = "Messaging"

    def ready(self) -> None:
        from messaging.services import personal_data  # noqa: F401 - it registers itself
