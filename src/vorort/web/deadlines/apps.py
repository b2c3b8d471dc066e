"""Names this app to Django, and lets every act end with the dates brought up to date."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Next legal dates."""

    name = "vorort.web.deadlines"
    label = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Each act settles whom it touched, in its own transaction."""
        from vorort.web.accounts import trail
        from vorort.web.deadlines import keeping

        trail.AT_THE_END.append(keeping.settle)
