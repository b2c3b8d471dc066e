"""Names this app to Django."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Proposals where households and their needs go; people decide."""

    name = "vorort.web.proposals"
    label = "proposals"
    default_auto_field = "django.db.models.BigAutoField"
