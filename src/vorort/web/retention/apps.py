"""Names this app to Django."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """What is deleted when, and what stays of it."""

    name = "vorort.web.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"
