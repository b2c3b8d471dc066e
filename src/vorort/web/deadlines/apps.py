"""Names this app to Django."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Next legal dates; no tables of its own."""

    name = "vorort.web.deadlines"
    label = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"
