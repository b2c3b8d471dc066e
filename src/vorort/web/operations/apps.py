"""Names this app to Django."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Backup, restore, upgrade, health; no tables of its own."""

    name = "vorort.web.operations"
    label = "operations"
    default_auto_field = "django.db.models.BigAutoField"
