"""Names this app to Django."""

from django.apps import AppConfig


class OutlookConfig(AppConfig):
    """Runs of the stress test on the register."""

    name = "vorort.web.outlook"
    label = "outlook"
    default_auto_field = "django.db.models.BigAutoField"
