"""The further acts on stays: keep, come back, extend, cancel, transfer, swap, over-occupy, correct,
emergency move. As in `actions`, the rules are the ledger's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from vorort.ledger import Ledger, acts
from vorort.ledger.acts import Entry
from vorort.problems import Problem, Refused
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, User
from vorort.web.accounts.trail import Done
from vorort.web.intake.models import Household, Person
from vorort.web.placing.actions import act_on, counted_until, on_stays, refuse_others
from vorort.web.placing.models import Stay
from vorort.web.tasks.actions import add
from vorort.web.town.models import Office, Unit


def extend(
    actor: User, key: UUID, stays: Sequence[str], expires: date, at: datetime | None = None
) -> Done:
    """As for a hold: until before a day, or until an hour of it. German: Vormerkung verlängern"""
    day = counted_until(expires, at)
    return on_stays(
        actor, key, "extend", tuple(stays),
        lambda ledger, entry: acts.extend(ledger, stays, day, entry),
        after=lambda act: Stay.objects.filter(act=act, status="held").update(expires_at=at),
    )  # fmt: skip


def keep(actor: User, key: UUID, stays: Sequence[str], on: date, kept_until: date) -> Done:
    """German: abwesend, Platz freihalten"""

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        refuse_others(actor, rights.KEEP, ledger, stays)
        return acts.keep(ledger, stays, on, kept_until, entry)

    return on_stays(actor, key, "keep", tuple(stays), change)


def come_back(actor: User, key: UUID, stays: Sequence[str], on: date) -> Done:
    """German: wieder da"""

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        refuse_others(actor, rights.KEEP, ledger, stays)
        return acts.come_back(ledger, stays, on, entry)

    return on_stays(actor, key, "come_back", tuple(stays), change)


def cancel(actor: User, key: UUID, stays: Sequence[str], reason: str) -> Done:
    """German: absagen"""
    return on_stays(
        actor, key, "cancel", tuple(stays),
        lambda ledger, entry: acts.cancel(ledger, stays, reason, entry), reason,
    )  # fmt: skip


def no_show(actor: User, key: UUID, stays: Sequence[str]) -> Done:
    """German: nicht erschienen"""
    return on_stays(
        actor, key, "no_show", tuple(stays),
        lambda ledger, entry: acts.no_show(ledger, stays, entry),
    )  # fmt: skip


def transfer(
    actor: User, key: UUID, beds: Mapping[str, str], on: date, until: date | None = None
) -> Done:
    """Old place and new place in one act. German: umziehen"""
    return _with_old_places(
        actor, key, "transfer", beds,
        lambda ledger, entry: acts.transfer(ledger, beds, on, _owner(actor, ledger, beds, entry),
                                            until=until),
    )  # fmt: skip


def swap(
    actor: User, key: UUID, beds: Mapping[str, str], on: date, until: date | None = None
) -> Done:
    """Two households change places in one act. German: tauschen"""
    return _with_old_places(
        actor, key, "swap", beds,
        lambda ledger, entry: acts.transfer(ledger, beds, on, _owner(actor, ledger, beds, entry),
                                            until=until),
    )  # fmt: skip


def over_occupy(
    actor: User, key: UUID, beds: Mapping[str, str], from_: date, over_until: date, reason: str
) -> Done:
    """One explicit act: more people than places, with reason and end. German: überbelegen"""

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        _own_units(actor, rights.OVER_OCCUPY, ledger, beds.values())
        return acts.over_occupy(ledger, beds, from_, entry, reason=reason, over_until=over_until)

    def after(act: Act) -> None:
        for unit in Unit.objects.filter(key__in=set(beds.values())).select_related(
            "facility__owner"
        ):
            add(act, "over_occupancy", unit.facility.owner, over_until, unit=unit)

    return _with_old_places(actor, key, "over_occupy", beds, change, after)


def emergency(
    actor: User, key: UUID, beds: Mapping[str, str], on: date, over_until: date, reason: str
) -> Done:
    """Many at once by one named official; a task for each household. German: Notverlegung"""
    found: list[Any] = []

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        _own_units(actor, rights.EMERGENCY, ledger, beds.values())
        ledger, tasks = acts.emergency_move(
            ledger, beds, on, entry, reason=reason, over_until=over_until
        )
        found.extend(tasks)
        return ledger

    def after(act: Act) -> None:
        youth = Office.objects.filter(key="jugendamt").first()
        for task in found:
            household = Household.objects.filter(key=task.household).first()
            is_minor = "§§ 42" in task.text.de
            kind = "unaccompanied_minor" if is_minor else "emergency_follow_up"
            office = youth if is_minor and youth else actor.office
            add(act, kind, office, task.due.date(), household=household)

    return _with_old_places(actor, key, "emergency", beds, change, after)


def correct(
    actor: User, key: UUID, stay: str, reason: str, seen: str, changes: Mapping[str, Any]
) -> Done:
    """Replace what an entry says. What it hits is shown first; called again with the mark of what
    was shown (`mark`) it saves. German: Berichtigung"""

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        refuse_others(actor, rights.CORRECT, ledger, [stay])
        try:
            return acts.correct(ledger, stay, reason, entry, **changes)
        except Refused as refused:
            if not seen or mark(refused.problems) != seen:
                raise
            return acts.correct(ledger, stay, reason, entry, seen=refused.problems, **changes)

    units = [str(changes["unit"])] if changes.get("unit") else []
    return on_stays(actor, key, "correct", (stay,), change, units=units)


def mark(problems: Iterable[Problem]) -> str:
    """A short mark of complaints that were shown."""
    text = "\n".join(sorted(p.text("de") for p in problems))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _with_old_places(
    actor: User,
    key: UUID,
    kind: str,
    beds: Mapping[str, str],
    change: Any,
    after: Any = None,
) -> Done:
    """Lock people, where they are, and where they go."""
    people = list(Person.objects.filter(key__in=beds).values_list("id", flat=True))
    units = set(Unit.objects.filter(key__in=set(beds.values())).values_list("id", flat=True))
    stays = Stay.objects.filter(person__in=people, unit__isnull=False)
    units |= set(stays.values_list("unit_id", flat=True))
    return act_on(actor, key, kind, people, units, change, after=after)


def _owner(actor: User, ledger: Ledger, beds: Mapping[str, str], entry: Entry) -> Entry:
    """Who may place for all offices acts in the owner's name, and is logged."""
    if rights.own_only(actor, rights.TRANSFER):
        return entry
    owners = {ledger.facility[ledger.unit[u].facility].owner for u in beds.values()}
    return Entry(entry.at, owners.pop(), entry.today) if len(owners) == 1 else entry


def _own_units(actor: User, right: str, ledger: Ledger, units: Iterable[str]) -> None:
    owners = {ledger.facility[ledger.unit[u].facility].owner for u in units if u in ledger.unit}
    others = sorted(owners - {actor.office.key})
    if others and rights.own_only(actor, right):
        raise Refused([
            Problem(
                "", f"Plätze von {', '.join(others)} darf Ihre Stelle nicht überbelegen.",
                f"Your office may not over-occupy places of {', '.join(others)}.",
                "Diese Stelle bitten.", "Ask that office.",
            )
        ])  # fmt: skip
