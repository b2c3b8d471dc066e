"""Names this app to Django."""

from django.apps import AppConfig


class PlacingConfig(AppConfig):
    """Stays in force and what was believed before."""

    name = "vorort.web.placing"
    label = "placing"
    default_auto_field = "django.db.models.BigAutoField"
