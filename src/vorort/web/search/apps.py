"""Names this app to Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Finding by number, name or day of birth."""

    name = "vorort.web.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"
