"""Names this app to Django."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Asks to the office that owns a place, and its answers."""

    name = "vorort.web.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"
