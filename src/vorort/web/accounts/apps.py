"""Names this app to Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who may do what, and who did what."""

    name = "vorort.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
