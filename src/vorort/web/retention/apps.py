"""Names this app to Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RetentionConfig(AppConfig):
    """What is deleted when, and what stays of it."""

    name = "vorort.web.retention"
    label = "retention"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tables that were just made or changed: see `upkeep`."""
        from vorort.web.retention.upkeep import without_statistics

        post_migrate.connect(without_statistics, sender=self)
