"""Names this app to Django."""

from django.apps import AppConfig


class ListsConfig(AppConfig):
    """Lists in and out."""

    name = "vorort.web.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"
