"""Names this app to Django."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Households and people."""

    name = "vorort.web.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"
