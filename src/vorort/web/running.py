"""Long work beside the pages: progress, cancelling, noticing a dead worker. German: Rechenlauf

A run is a row (`LongRun`); the worker gets its number and nothing else. What fails says of which
kind the failure is and no more: a complaint about the register may name people, one about the disk
does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils import timezone

from vorort.web.accounts.models import User

OPEN = ("queued", "running")
NOTHING: Mapping[str, Any] = MappingProxyType({})
EACH = timedelta(seconds=1)  # a sign of life, and a look whether to stop, at most so often


class LongRun(models.Model):
    """Who began it, how far it is, and why it failed."""

    SILENT = timedelta(minutes=2)  # no sign of life for so long: the worker is gone

    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # null: by command
    seed = models.BigIntegerField(default=1)
    state = models.CharField(max_length=20, default="queued")  # running, done, cancelled, failed
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    beat = models.DateTimeField(null=True)  # the worker's last sign of life
    is_cancelled = models.BooleanField(default=False)
    why = models.TextField(blank=True)  # of a failure

    class Meta:
        abstract = True

    @property
    def phase(self) -> str:
        """What is being done now, as a page tells it apart."""
        if self.is_cancelled:
            return "stopping"
        return "writing" if getattr(self, "is_writing", False) else self.state


class Failed(Exception):
    """Why a run failed, without a value of anybody."""


class Cancelled(Exception):
    """Somebody asked to stop."""


class Sign:
    """What a worker says while it works, and asks."""

    def __init__(self, table: type[Any], number: int) -> None:
        self._row = table.objects.filter(pk=number)
        self._said = self._looked = timezone.now() - EACH
        self._is_asked = False

    def step(self, done: int, of: int) -> None:
        """So much is done; the last step is always written."""
        now = timezone.now()
        if now - self._said >= EACH or done >= of:
            self._said = now
            self._row.update(done=done, total=of, beat=now)

    def is_asked_to_stop(self) -> bool:
        """Has somebody asked to stop? Asking is a sign of life too."""
        now = timezone.now()
        if not self._is_asked and now - self._looked >= EACH:
            self._looked = now
            self._row.update(beat=now)
            self._is_asked = self._row.filter(is_cancelled=True).exists()
        return self._is_asked


def begin(
    table: type[Any], queue: Callable[[int], Any], like: Mapping[str, Any] = NOTHING, **values: Any
) -> Any:
    """Queue a run; the one already open is given back instead of a second. ``like``: what makes it
    the same one, where several may wait."""
    settle(table)
    there = table.objects.filter(state__in=OPEN, **like).first()
    if there is not None:
        return there
    row = table.objects.create(**like, **values)
    queue(row.pk)
    return row


def settle(table: type[Any]) -> None:
    """Say of runs whose worker has died that they failed."""
    limit = timezone.now() - table.SILENT
    table.objects.filter(state="running", beat__lt=limit).update(
        state="failed", why="Der Hintergrunddienst hat aufgehört / the worker stopped"
    )


def cancel(row: Any) -> None:
    """Ask to stop; a run that has not begun stops at once."""
    rows = type(row).objects.filter(pk=row.pk)
    rows.filter(state__in=OPEN).update(is_cancelled=True)
    rows.filter(state="queued").update(state="cancelled")


def execute(table: type[Any], number: int, work: Callable[[Any, Sign], None]) -> None:
    """The whole run, once. Raises `Failed`, so that the queue keeps nothing that names people."""
    rows = table.objects.filter(pk=number)
    if not rows.filter(state="queued").update(state="running", beat=timezone.now()):
        return
    try:
        work(rows.get(), Sign(table, number))
    except Cancelled:
        rows.update(state="cancelled")
    except Exception as error:
        kind = type(error).__name__
        why = f"{kind}: {error}" if isinstance(error, OSError) else kind
        rows.update(state="failed", why=why)
        raise Failed(why) from None
