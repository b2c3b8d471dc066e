"""What day and what time it is here. The core knows no clock; this is the one it is told by."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from vorort.web.town.models import Kommune

NIGHT_ENDS = 6  # o'clock; until then "tonight" is the night already running


def now() -> datetime:
    """UTC. In a demo, whose day stands still, the time of day on that day."""
    real = datetime.now(UTC)
    row = Kommune.objects.only("today", "is_demo").first()
    return datetime.combine(row.today, real.timetz()) if row and row.is_demo else real


def today() -> date:
    """The day that counts: the calendar's, or until six the night that is still running."""
    row = Kommune.objects.only("today", "is_demo").first()
    if row and row.is_demo:
        return row.today
    return (timezone.localtime() - timedelta(hours=NIGHT_ENDS)).date()


def end_of(day: date) -> datetime:
    """The last instant of a day here, as UTC: what was known on it was recorded by then."""
    midnight = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(midnight).astimezone(UTC) - timedelta(microseconds=1)
