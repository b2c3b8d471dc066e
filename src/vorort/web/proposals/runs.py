"""Running the week's plan beside the pages, keeping it, and reading it again."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

import vorort
from vorort.placement import Assigned, Granted, Plan, SeatNeed, homes_of, place
from vorort.placement.problem import Problem
from vorort.web import clock, running
from vorort.web.accounts.models import Act
from vorort.web.proposals import reserve, snapshot
from vorort.web.proposals.models import Proposal, Run, SeatProposal
from vorort.web.proposals.problems import register
from vorort.web.proposals.snapshot import Ids


@task
def run_placement(number: int) -> None:
    """What the worker does; the argument is a number and nothing else."""
    execute(number)


def begin(actor: Any, seed: int = 1) -> Run:
    """Queue a run; the one already open is given back instead of a second."""
    found: Run = running.begin(Run, run_placement.enqueue, at=clock.now(), actor=actor, seed=seed)
    return found


def execute(number: int) -> None:
    """The whole run, from the register as it is now; asked to stop, it keeps the best it has."""
    running.execute(Run, number, _work)


def _work(row: Run, sign: running.Sign) -> None:
    here = register()
    problem = here.week.changed(seed=row.seed)
    held = reserve.held(problem, here.scenario)
    plan = place(held.within(problem), old=_last(), progress=sign.step, stop=sign.is_asked_to_stop)
    keep(row, plan, told=reserve.record(held, plan, sign.is_asked_to_stop))


def _last() -> Plan | None:
    """The plan before: where it still holds, no worse one comes out."""
    row = newest()
    return plan_of(row) if row is not None and snapshot.is_repeatable(row) else None


def newest() -> Run | None:
    """The plan people work on."""
    return Run.objects.filter(state="done").order_by("-id").first()


@transaction.atomic
def keep(row: Run, plan: Plan, act: Act | None = None, told: dict[str, Any] | None = None) -> None:
    """Input, result and record of a run, all or nothing. ``told``: of what is held back."""
    snapshot.keep(row, plan.problem)
    row.state, row.day, row.beat = "done", plan.problem.day, timezone.now()
    row.version, row.seed, row.act = vorort.__version__, plan.problem.seed, act
    row.objective, row.bound, row.is_proved = plan.objective, plan.bound, plan.is_proved
    row.is_cancelled = plan.is_cancelled
    row.placed = json.dumps({
        "placed": plan.placed, "asked": plan.asked, "bound": dict(plan.placed_bound),
        "constant": plan.constant, "rounds": plan.rounds, reserve.PART: told or {},
    })  # fmt: skip
    row.save()
    ids = Ids()
    Proposal.objects.bulk_create([_proposal(row, one, ids) for one in plan.assigned])
    SeatProposal.objects.bulk_create([_seat(row, one, ids) for one in plan.seats])


def whom(ids: Ids, key: str) -> dict[str, Any]:
    """The columns of a row about a household, or about one only announced."""
    found = ids.whom(key)
    return {name: found[name] for name in ("household_id", "announced_id")}


def _proposal(row: Run, one: Assigned, ids: Ids) -> Proposal:
    home = one.home
    return Proposal(
        run=row, units=" ".join(home.units) if home else "", start=one.start, points=one.points,
        home_from=home.start if home else None, **whom(ids, one.party),
    )  # fmt: skip


def _seat(row: Run, one: Granted, ids: Ids) -> SeatProposal:
    need = one.need
    return SeatProposal(
        run=row, person_id=ids.people.get(need.person), member=need.person, domain=need.domain,
        pool=need.pool, due=need.due, since=need.since, unit=one.unit, **whom(ids, one.party),
    )  # fmt: skip


_KEPT: dict[tuple[int, str, int], Plan] = {}


def plan_of(row: Run) -> Plan:
    """The plan of a run again, from what is kept; of what is left of it."""
    key = (row.pk, row.content, row.rows.count())
    if key not in _KEPT:
        _KEPT.clear()
        _KEPT[key] = _read(row, snapshot.problem_of(row))
    return _KEPT[key]


def _read(row: Run, problem: Problem) -> Plan:
    homes: dict[tuple[tuple[str, ...], date | None], Any] = {
        (home.units, home.start): home for home in homes_of(problem).rows
    }
    assigned = []
    for one in row.proposals.select_related("household", "announced"):
        key = whose(one)
        home = homes.get((tuple(one.units.split()), one.home_from))
        if key in problem.party:
            assigned.append(Assigned(key, home, one.start if home else None, one.points))
    seats = tuple(
        Granted(whose(s), SeatNeed(s.member, s.domain, s.pool, s.due, s.since), s.unit)
        for s in row.seats.select_related("household", "announced").order_by("id")
        if whose(s) in problem.party
    )
    told = json.loads(row.placed)
    return Plan(
        problem, tuple(sorted(assigned, key=lambda a: a.party)), seats, row.objective or 0,
        row.bound or 0, told["bound"], row.is_proved, told["rounds"], row.is_cancelled,
    )  # fmt: skip


def whose(row: Any) -> str:
    """The key of the household, or of the announced one."""
    return str(row.household.key if row.household_id else row.announced.key)
