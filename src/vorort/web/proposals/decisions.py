"""What people decide about a plan: confirm, lock, forbid, swap, decline, ask for seats.

A place is held and confirmed by the same acts as anywhere else; each household by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied

from vorort.placement import Home, Party
from vorort.placement.highs import SolverFailed
from vorort.placement.override import DECLINE_DAYS, Override
from vorort.placement.plan import beds
from vorort.placement.redo import closed, redo
from vorort.placement.redone import Redone, not_solved
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import clock
from vorort.web.accounts import rights, trail
from vorort.web.accounts.models import Act, User
from vorort.web.intake.models import Person
from vorort.web.placing import actions as placing
from vorort.web.placing import more
from vorort.web.placing.models import Stay
from vorort.web.proposals import arrived, reserve, runs
from vorort.web.proposals.actions import note_for
from vorort.web.proposals.models import Decline, Lock, Run
from vorort.web.proposals.snapshot import Ids
from vorort.web.proposals.week import Line, Seen
from vorort.web.requests import actions as requests
from vorort.web.town.models import Unit

HOLD_DAYS, ANSWER_DAYS = 7, 14
KINDS = ("lock", "forbid", "swap", "decline", "free")
REASONS = (
    ("too_small", Text("zu klein", "too small")),
    ("too_far", Text("zu weit von Schule, Arbeit oder Angehörigen",
                     "too far from school, work or family")),
    ("health", Text("gesundheitliche Gründe", "reasons of health")),
    ("safety", Text("fühlt sich dort nicht sicher", "does not feel safe there")),
    ("other_place", Text("hat anderes in Aussicht", "expects another place")),
    ("other", Text("anderer Grund", "another reason")),
)  # fmt: skip
CONSEQUENCES = (
    ("offer", Text("bekommt in diesem Lauf einen anderen Vorschlag",
                   "gets another proposal in this run")),
    ("waits", Text("wartet, im nächsten Lauf wieder dabei",
                   "waits, takes part again in the next run")),
)  # fmt: skip


def problem(de: str, en: str, remedy_de: str, remedy_en: str) -> Problem:
    """A complaint without a field."""
    return Problem("", de, en, remedy_de, remedy_en)


def confirm(actor: User, key: UUID, found: Seen, line: Line) -> trail.Done:
    """Hold the proposed home and, where it is the own office's, confirm it. German: bestätigen

    A place of another office becomes held, and a request to it: only the owner confirms.
    """
    first = uuid5(key, "hold")
    if not Act.objects.filter(key=first).exists():
        _refuse_unless_open(line)
    home: Home = line.home  # type: ignore[assignment]
    party = found.here.party(line.household)
    if not isinstance(party, Party):
        raise Refused([problem(
            "In diesem Haushalt ist niemand erfasst.", "Nobody is recorded in this household.",
            "Zuerst Personen erfassen.", "Record people first.",
        )])  # fmt: skip
    rooms = beds(found.here.problem, party, home)
    start = max(line.start or found.today, found.today)
    if line.party.now:  # who lives in another place moves: both places in one act
        if not rights.may(actor, rights.TRANSFER):
            raise PermissionDenied(rights.TRANSFER)
        return more.transfer(actor, first, rooms, start, home.until)
    ends = start + timedelta(days=HOLD_DAYS)
    done = placing.hold(actor, first, rooms, start, ends, home.until)
    owners = {u.facility.owner_id for u in line.units}
    is_ours = owners == {actor.office.pk} or not rights.own_only(actor, rights.CONFIRM)
    if rights.may(actor, rights.CONFIRM) and is_ours:
        names = Stay.objects.filter(person__key__in=rooms, act=done.act).values_list("key")
        held = [name for (name,) in names] or _of(uuid5(key, "confirm"))
        return placing.confirm(actor, uuid5(key, "confirm"), held)
    return done


def _of(key: UUID) -> list[str]:
    """Versions an act made, when the form is sent twice."""
    return list(Stay.objects.filter(act__key=key).values_list("key", flat=True))


def _refuse_unless_open(line: Line) -> None:
    if not line.household:
        raise Refused([problem(
            "Dieser Haushalt ist nur angekündigt.", "This household is only announced.",
            "Zuerst die Ankunft erfassen.", "Register the arrival first.",
        )])  # fmt: skip
    if line.home is None or not line.is_open:
        raise Refused([problem(
            "Der Vorschlag ist nicht mehr offen: der Platz ist vergeben oder der Haushalt hat "
            "schon einen.",
            "The proposal is no longer open: the place is taken or the household has one.",
            "Ersatz suchen oder neu rechnen.", "Find a replacement or run again.",
        )])  # fmt: skip


def ask_for_seats(actor: User, key: UUID, found: Seen, line: Line) -> trail.Done:
    """Ask the offices that own the proposed seats, one request a person. German: anfragen"""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    seats = arrived.seats_of(found.plan, found.here, line.key, line.household)
    for seat, number in seats:
        if number:
            groups[str(seat.unit)].append(number)
    done = None
    for unit, people in sorted(groups.items()):
        row = Unit.objects.select_related("facility__owner").get(key=unit)
        chosen = Person.objects.filter(key__in=people).exclude(
            requests__domain=row.domain, requests__status__in=("open", "countered", "confirmed")
        )
        again = Act.objects.filter(key=uuid5(key, unit)).exists()
        if chosen or again:
            start = max(line.start or found.today, found.today)
            due = found.today + timedelta(days=ANSWER_DAYS)
            done = requests.ask(actor, uuid5(key, unit), chosen, row, start, due)
    if done is None and seats and not groups:
        raise Refused([problem(
            "Für diese Plätze passt niemand, der erfasst ist: anderes Alter, oder nicht gekommen.",
            "These seats are for nobody on record: of another age, or not come.",
            "Neu rechnen.", "Run again.",
        )])  # fmt: skip
    if done is None:
        raise Refused([problem(
            "Hier ist nichts anzufragen.", "There is nothing to ask for here.",
            "Seite neu laden.", "Reload the page.",
        )])  # fmt: skip
    return done


# ---- deciding otherwise -------------------------------------------------------------------------


def redone(found: Seen, override: Override, *, is_asked: bool) -> Redone:
    """What would become of the plan; nothing is stored. Raises `Refused` with the reason.

    ``is_asked``: somebody sees, or has agreed, that more others move than unasked may.
    """
    confirmed = found.confirmed - {override.household}
    try:
        return redo(found.plan, override, confirmed=confirmed, is_asked=is_asked)
    except SolverFailed:
        raise Refused([not_solved(override)]) from None


def store(
    actor: User, key: UUID, found: Seen, override: Override, note: str, *, has_agreed: bool
) -> trail.Done:
    """Keep the decision and the plan that follows from it; the plan before stays as it was."""
    before = Act.objects.filter(key=key, kind=f"plan_{override.kind}").first()
    if before is not None:
        return trail.Done(before, repeated=True)
    if runs.newest() != found.run:
        raise Refused([problem(
            "Inzwischen gibt es einen neueren Vorschlag.", "There is a newer plan by now.",
            "Vorschau auf dem neuen Stand wiederholen.", "Repeat the preview on the newer one.",
        )])  # fmt: skip
    result = redone(found, override, is_asked=has_agreed)
    plan = closed(result)
    names = [override.household, *([override.other] if override.other else [])]
    if override.kind == "decline":
        _free_place(actor, key, found, override.household)

    def do(act: Act) -> None:
        ids = Ids()
        if override.kind == "decline":
            _decline(act, found, override, note, ids)
        else:
            for name in names:
                _lock(act, name, result, ids)
        for name in names:
            units = " ".join(override.units) or found.line(name).name
            people = _people(found, name)
            told = {"decision": (None, override.kind), "unit": (None, units)}
            note_for(act, people, "proposal", found.run.pk, told)
        row = Run.objects.create(at=clock.now(), actor=actor, after=found.run, seed=found.run.seed)
        runs.keep(row, plan, act, reserve.carried(found.run))

    return trail.once(actor, key, f"plan_{override.kind}", do, _code(override))


def _code(override: Override) -> str:
    return override.reason if override.kind == "decline" else ""


def _people(found: Seen, name: str) -> list[Person]:
    number = found.household(name)
    return list(Person.objects.filter(membership__household__key=number)) if number else []


def _free_place(actor: User, key: UUID, found: Seen, name: str) -> None:
    """Who declines what is held or confirmed for them frees it at once."""
    line = found.line(name)
    if line.state not in ("held", "confirmed"):
        return
    stays = Stay.objects.filter(
        person__membership__household__key=line.household, status=line.state,
        unit__key__in=[u.key for u in line.units],
    )  # fmt: skip
    more.cancel(actor, uuid5(key, "cancel"), list(stays.values_list("key", flat=True)), "refused")


def _decline(act: Act, found: Seen, override: Override, note: str, ids: Ids) -> None:
    home = found.plan.of[override.household].home
    for unit in home.units if home else ():
        Decline.objects.create(
            **_whom(ids, override.household), unit=Unit.objects.get(key=unit), on=clock.today(),
            reason=override.reason, note=note, consequence=override.consequence, act=act,
        )  # fmt: skip


def _lock(act: Act, name: str, result: Redone, ids: Ids) -> None:
    """The decisions about a household as they are now, in place of those before."""
    whom = _whom(ids, name)
    Lock.objects.filter(**whom).delete()
    declined = set(
        Decline.objects.filter(**whom, on__gt=clock.today() - timedelta(days=DECLINE_DAYS))
        .values_list("unit__key", flat=True)
    )  # fmt: skip
    for row in result.plan.problem.locks:
        if row.household == name and not (row.kind == "forbid" and row.unit in declined):
            Lock.objects.create(
                **whom, unit=Unit.objects.get(key=row.unit), kind=row.kind, reason=row.reason,
                act=act,
            )  # fmt: skip


def _whom(ids: Ids, name: str) -> Mapping[str, Any]:
    found = ids.whom(name)
    return {n: found[n] for n in ("household_id", "announced_id")}
