"""Long lists beside the pages: checked, then written in one act, with progress; taken back the same
way. German: Einlesen

Who reads a list of a few hundred rows waits for it; from `LONG` rows on the worker does it. It may
be cancelled until the writing begins: that is one short transaction, all or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from django_tasks import task

from vorort.problems import Problem, Refused
from vorort.web import clock, running
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.lists import actions, checked, staging, undo
from vorort.web.lists.models import Batch, Line, Run

LONG = 2000  # rows; a clerk waits about 2 s for as many. Project estimate, 500 to 5,000
SHOWN = 60  # complaints that are kept of a run
STEPS = {
    "check": ("read", "checked"),
    "apply": ("read", "checked", "ready", "written"),
    "undo": ("ready", "written"),
}
STATE = {"check": "staged", "apply": "staged", "undo": "applied"}  # of the list it is about


class Progress(NamedTuple):
    """How many rows have come through each step, of how many."""

    steps: dict[str, int]
    rows: int


@task(priority=50)  # somebody waits for it; an outlook can wait
def run_import(number: int) -> None:
    """What the worker does; the argument is a number and nothing else."""
    execute(number)


def is_long(batch: Batch) -> bool:
    """Is it read beside the pages?"""
    return rows_of(batch) > LONG


def rows_of(batch: Batch) -> int:
    """Rows whose cells are still there; once it is applied, people it has brought."""
    if batch.state == "applied":
        return batch.lines.filter(result="new", person__isnull=False).count()
    return batch.lines.exclude(cells=checked.EMPTY).count()


def does(batch: Batch, what: str) -> bool:
    """Is this done beside the pages?"""
    return what in STEPS and batch.state == STATE[what] and is_long(batch)


def begin(actor: User, batch: Batch, what: str, key: UUID) -> Run:
    """Queue a run for a list; the one already open is given back instead of a second."""
    running.settle(Run)
    there = Run.objects.filter(batch=batch, state__in=running.OPEN, is_cancelled=False).first()
    if there is not None:
        return there
    row = Run.objects.create(
        at=clock.now(), actor=actor, batch=batch, what=what, key=key,
        total=len(STEPS[what]) * rows_of(batch),
    )  # fmt: skip
    run_import.enqueue(row.pk)
    return row


def is_of(row: Run, batch: Batch) -> bool:
    """Is a run about the state a list is in now?"""
    return batch.state == STATE[row.what]


def last_of(batch: Batch) -> Run | None:
    """The last run of a list, said to have failed if its worker is gone."""
    running.settle(Run)
    return Run.objects.filter(batch=batch).order_by("-pk").first()


def cancel(row: Run) -> None:
    """Ask to stop; once writing has begun it is too late."""
    rows = Run.objects.filter(pk=row.pk, state__in=running.OPEN, is_writing=False)
    rows.update(is_cancelled=True)
    rows.filter(state="queued").update(state="cancelled")


def progress(row: Run) -> Progress:
    """Where a run is, step by step."""
    rows = row.total // len(STEPS[row.what])
    steps = {s: max(0, min(rows, row.done - n * rows)) for n, s in enumerate(STEPS[row.what])}
    return Progress(steps, rows)


def told(row: Run) -> list[Problem]:
    """Why the register refused it."""
    return [Problem(**p) for p in json.loads(row.told or "[]")]


def execute(number: int) -> None:
    """The whole run; nothing half-done is kept."""
    running.execute(Run, number, _work)


def _work(row: Run, sign: running.Sign) -> None:
    user, batch = row.actor, row.batch
    if user is None or not user.is_active or not rights.may(user, rights.IMPORT):
        raise PermissionError("import")
    steps = _Steps(row, sign)
    try:
        if row.what == "check":
            checked.keep(batch, user, staging.plan(batch, user, steps))
        elif row.what == "apply":
            actions.apply(user, row.key, batch, steps, steps.writing)
        else:
            undo.undo(user, row.key, batch, steps, steps.writing)
    except Refused as refused:
        kept = json.dumps([_as_kept(p) for p in list(refused.problems)[:SHOWN]])
        Run.objects.filter(pk=row.pk).update(state="refused", told=kept, beat=timezone.now())
        return
    Run.objects.filter(pk=row.pk).update(state="done", done=row.total, beat=timezone.now())


def _as_kept(problem: Problem) -> dict[str, Any]:
    return {
        name: getattr(problem, name)
        for name in ("file", "reason_de", "reason_en", "remedy_de", "remedy_en", "row", "column")
    }


class _Steps:
    """Counts rows, says so, and stops where somebody has asked."""

    def __init__(self, row: Run, sign: running.Sign) -> None:
        self._row, self._sign, self._done = row, sign, 0

    def __call__(self, rows: int) -> None:
        self._done += rows
        # the last step is the writing itself
        self._sign.step(min(self._done, self._row.total - 1), self._row.total)
        if self._sign.is_asked_to_stop():
            raise running.Cancelled

    def writing(self) -> None:
        """From here on it cannot be cancelled; raises where it has been."""
        written = self._row.total // len(STEPS[self._row.what])
        rows = Run.objects.filter(pk=self._row.pk, is_cancelled=False)
        if not rows.update(
            is_writing=True, done=self._row.total - written, beat=timezone.now()
        ):  # fmt: skip
            raise running.Cancelled


def forget(lines: Iterable[int]) -> None:
    """Complaints of runs on lists that lose these rows: they may name whom they named."""
    batches = Line.objects.filter(pk__in=list(lines)).values("batch")
    Run.objects.filter(batch__in=batches).exclude(told="").update(told="")
