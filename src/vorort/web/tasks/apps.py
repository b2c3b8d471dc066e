"""Names this app to Django."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """What somebody has to do by a day."""

    name = "vorort.web.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"
