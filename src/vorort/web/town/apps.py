"""Names this app to Django."""

from django.apps import AppConfig


class TownConfig(AppConfig):
    """Offices, sites, units, demand."""

    name = "vorort.web.town"
    label = "town"
    default_auto_field = "django.db.models.BigAutoField"
