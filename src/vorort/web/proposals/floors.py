"""What a floor would cost: answered in the page of a small run, by the worker for a large one.

An answer is for whoever sees the same households of the plan. Whom it would cost the proposal is
shown of those the reader sees; of the others only how many. German: Preis einer Untergrenze
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from vorort.placement.floors import Floor, floored, is_quick
from vorort.placement.highs import SolverFailed
from vorort.placement.pooled import pooled
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import clock, running
from vorort.web.proposals import runs, week
from vorort.web.proposals.models import FloorCost, FloorLoss
from vorort.web.proposals.snapshot import Ids
from vorort.web.proposals.week import Seen

SHARES = (1000, 950, 900, 800, 700, 500)  # permille that can be asked for


@dataclass(frozen=True)
class Question:
    """At least a share of a group of a sheet."""

    sheet: str
    name: str
    permille: int


@dataclass(frozen=True)
class Shown:
    """An answer, and who would lose the proposal for it; of those not shown only how many."""

    words: Text
    has_plan: bool
    is_exact: bool
    loses: list[str]
    hidden: int


@dataclass(frozen=True)
class Looked:
    """What a page shows of a question; ``running``: it is being answered."""

    is_long: bool
    answer: Shown | None = None
    running: FloorCost | None = None
    is_stopped: bool = False
    refused: tuple[Problem, ...] = ()


def look(found: Seen, asked: str, permille: str) -> Looked:
    """Answered at once in a small run; in a large one what there is so far."""
    is_long = not is_quick(found.plan)
    if not asked:
        return Looked(is_long)
    try:
        wanted = question(found, asked, permille)
        if not is_long:
            return Looked(is_long, _answered(found, wanted))
    except Refused as error:
        return Looked(is_long, refused=error.problems)
    row = stored(found, wanted)
    if row is None:
        return Looked(is_long)
    return Looked(
        is_long, told(found, row) if row.state == "done" else None,
        row if row.state in running.OPEN else None, row.state == "cancelled", refusal(row),
    )  # fmt: skip


def question(found: Seen, asked: str, permille: str) -> Question:
    """What is asked. Raises `Refused` where the page has no such group."""
    name, _, group = asked.partition(":")
    known = {(g.sheet, g.name) for g in pooled(found.plan, found.shown).groups}
    if (name, group) not in known or permille not in {str(s) for s in SHARES}:
        raise Refused([
            Problem("", "Diese Gruppe oder diesen Anteil gibt es nicht.",
                    "There is no such group or share.",
                    "Aus der Liste wählen.", "Choose from the list.", column="boden")
        ])  # fmt: skip
    return Question(name, group, int(permille))


def _answered(found: Seen, asked: Question) -> Shown:
    """Raises `Refused` where there is none."""
    try:
        answer = _floored(found, asked)
    except SolverFailed:
        raise Refused([no_answer()]) from None
    loses = _losing(found, answer)
    shown = [k for k in loses if k in found.shown]
    return Shown(answer.words, answer.plan is not None, answer.is_exact, shown,
                 len(loses) - len(shown))  # fmt: skip


def no_answer() -> Problem:
    """The solver gave up."""
    return Problem(
        "", "Dazu hat das Rechenwerk keine Antwort gefunden.",
        "The solver found no answer to this.",
        "Eine andere Gruppe oder einen anderen Anteil wählen.",
        "Choose another group or share.", column="boden",
    )  # fmt: skip


def _losing(found: Seen, answer: Floor) -> list[str]:
    if answer.plan is None:
        return []
    new = answer.plan.of
    return sorted(k for k, one in found.plan.of.items() if one.home and new[k].home is None)


KEPT = 24  # answers
_ANSWERS: dict[Any, Floor] = {}


def _floored(found: Seen, asked: Question) -> Floor:
    """What was asked before is not solved again; it depends on whom a reader sees."""
    key = (found.run.pk, found.run.content, found.run.rows.count(), asked, _seen(found))
    if key not in _ANSWERS:
        while len(_ANSWERS) >= KEPT:
            _ANSWERS.pop(next(iter(_ANSWERS)), None)
        _ANSWERS[key] = floored(found.plan, asked.sheet, asked.name, asked.permille, found.shown)
    return _ANSWERS[key]


def _seen(found: Seen) -> str:
    """A digest of the households of the plan a reader sees."""
    seen = sorted(p.id for p in found.plan.problem.parties if p.id in found.shown)
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()


# ---- in a large run -----------------------------------------------------------------------------


@task
def run_floor(number: int) -> None:
    """What the worker does; the argument is a number and nothing else."""
    execute(number)


def begin(found: Seen, asked: Question) -> FloorCost:
    """Queue a question; one that is answered, or waits, is given back instead of a second."""
    there = stored(found, asked)
    if there is not None and there.state == "done":
        return there
    row: FloorCost = running.begin(
        FloorCost, run_floor.enqueue, _like(found, asked), at=clock.now(), actor=found.user
    )
    return row


def _like(found: Seen, asked: Question) -> dict[str, Any]:
    return {
        "run": found.run, "sheet": asked.sheet, "name": asked.name, "permille": asked.permille,
        "seen": _seen(found), "left": found.run.rows.count(),
    }  # fmt: skip


def stored(found: Seen, asked: Question) -> FloorCost | None:
    """The last time this was asked by somebody who sees the same of the same plan."""
    running.settle(FloorCost)
    return FloorCost.objects.filter(**_like(found, asked)).order_by("-id").first()


def told(found: Seen, row: FloorCost) -> Shown:
    """A stored answer for its reader."""
    rows = row.losses.select_related("household", "announced")
    loses = sorted(runs.whose(one) for one in rows)
    shown = [k for k in loses if k in found.shown]
    words = Text(row.words_de, row.words_en)
    return Shown(words, row.has_plan, row.is_exact, shown, len(loses) - len(shown))


def refusal(row: FloorCost) -> tuple[Problem, ...]:
    """Why there is no answer; nothing where there may still be one."""
    if row.state != "failed":
        return ()
    if row.why == SolverFailed.__name__:
        return (no_answer(),)
    return (Problem(
        "", f"Die Berechnung ist fehlgeschlagen: {row.why}.", f"The computation failed: {row.why}.",
        "Noch einmal rechnen.", "Compute again.", column="boden",
    ),)  # fmt: skip


def of_reader(found: Seen, number: int) -> FloorCost | None:
    """A question by its number, if this reader sees the same households."""
    return FloorCost.objects.filter(pk=number, run=found.run, seen=_seen(found)).first()


def execute(number: int) -> None:
    """The whole answer; nothing half-done is kept."""
    running.execute(FloorCost, number, _work)


def _work(row: FloorCost, sign: running.Sign) -> None:
    def step(done: int, of: int) -> None:
        sign.step(done, of)
        if sign.is_asked_to_stop():
            raise running.Cancelled

    found = week.seen(row.actor, clock.today(), row.run)
    row.seen, row.left = _seen(found), row.run.rows.count()  # as it is now
    answer = floored(found.plan, row.sheet, row.name, row.permille, found.shown, step)
    _keep(row, answer, _losing(found, answer))


@transaction.atomic
def _keep(row: FloorCost, answer: Floor, loses: list[str]) -> None:
    """Only once it is whole; somebody who asked to stop meanwhile has been too late."""
    ids = Ids()
    FloorLoss.objects.bulk_create(FloorLoss(floor=row, **runs.whom(ids, k)) for k in loses)
    FloorCost.objects.filter(pk=row.pk).update(
        seen=row.seen, left=row.left, has_plan=answer.plan is not None, is_exact=answer.is_exact,
        words_de=answer.words.de, words_en=answer.words.en, state="done", beat=timezone.now(),
    )  # fmt: skip
