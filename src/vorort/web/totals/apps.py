"""Names this app to Django, and lets every act end with the totals brought up to date."""

from django.apps import AppConfig


class TotalsConfig(AppConfig):
    """Sums of what the ledger counts."""

    name = "vorort.web.totals"
    label = "totals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Each act settles what it touched, in its own transaction."""
        from vorort.web.accounts import trail
        from vorort.web.totals import keeping

        trail.AT_THE_END.append(keeping.settle)
