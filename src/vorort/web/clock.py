"""What day and what time it is here. The core knows no clock; this is the one it is told by."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from vorort.web.town.models import Kommune

NIGHT_ENDS = 6  # o'clock; until then "tonight" is the night already running


_ASKED: ContextVar[list[Kommune | None] | None] = ContextVar("asked", default=None)


@contextmanager
def one_answer() -> Iterator[None]:
    """The Kommune and its day are asked once within it: a page asks twenty times."""
    token = _ASKED.set([])
    try:
        yield
    finally:
        _ASKED.reset(token)


def kommune() -> Kommune | None:
    """Whose register this is; None in an empty one."""
    asked = _ASKED.get()
    if asked:
        return asked[0]
    row = Kommune.objects.defer("facts", "folder").first()
    if asked is not None and row is not None:
        asked.append(row)
    return row


def cycle() -> int | None:
    """After how many days a report of an office is old here; None: nobody has said."""
    row = kommune()
    return row.reported_cycle_days if row else None


def _real() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """UTC. In a demo, whose day stands still, the time of day here on that day."""
    real, row = _real(), kommune()
    if not (row and row.is_demo):
        return real
    here = datetime.combine(row.today, timezone.localtime(real).time())
    return timezone.make_aware(here).astimezone(UTC)


def calendar_day() -> date:
    """The day what is written now bears: after midnight the new one, whatever night still runs."""
    return timezone.localtime(now()).date()


def today() -> date:
    """The day that counts: the calendar's, or until six the night that is still running."""
    row = kommune()
    if row and row.is_demo:
        return row.today
    return (timezone.localtime(_real()) - timedelta(hours=NIGHT_ENDS)).date()


def end_of(day: date) -> datetime:
    """The last instant of a day here, as UTC: what was known on it was recorded by then."""
    midnight = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(midnight).astimezone(UTC) - timedelta(microseconds=1)
