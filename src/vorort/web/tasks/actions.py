"""Making and ending tasks."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from vorort.problems import Problem, Refused
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.tasks.kinds import KINDS
from vorort.web.tasks.models import Task
from vorort.web.town import turnaround
from vorort.web.town.models import Office


def add(act: Act, kind: str, office: Office, due: date | None, **about: Any) -> Task:
    """A task that another act brings with it, in that act's transaction.

    ``about``: household, person, unit, site (rows), note. The same open task is not made twice.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    wanted = {n: about.get(n) for n in ("household", "person", "unit", "site")}
    there = Task.objects.filter(kind=kind, office=office, done_by__isnull=True, **wanted).first()
    return there or Task.objects.create(
        kind=kind, office=office, due=due, made_by=act, note=about.get("note", ""), **wanted
    )


def end(actor: User, key: UUID, task: int, reason: str = "done") -> trail.Done:
    """Somebody has done it, or says why it falls away. German: erledigen"""

    def do(act: Act) -> None:
        row = Task.objects.select_for_update().filter(pk=task).first()
        if row is None or row.done_by_id is not None:
            raise Refused([
                Problem(
                    "", "Diese Aufgabe ist schon erledigt.", "This task has been done already.",
                    "Seite neu laden.", "Reload the page.",
                )
            ])  # fmt: skip
        row.done_by, row.done_reason = act, reason
        row.save()
        turnaround.release(act, row)

    return trail.once(actor, key, "task_end", do, reason)
