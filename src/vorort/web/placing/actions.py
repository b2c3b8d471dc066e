"""What people do with places. One intent, one transaction, one entry in the audit trail.

The rules are not here: each action asks `vorort.ledger.acts`, on the part of the ledger that it
touches, and writes down the versions that come back. `Refused` means that nothing was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from vorort.ledger import Ledger, acts
from vorort.ledger.acts import Entry
from vorort.problems import Problem, Refused
from vorort.vocabulary import Placement
from vorort.web import bridge, clock
from vorort.web.accounts import rights, trail
from vorort.web.accounts.models import Act, User
from vorort.web.accounts.trail import Done
from vorort.web.intake.models import Person
from vorort.web.placing import locks
from vorort.web.placing.models import Stay, StayOld
from vorort.web.town import turnaround
from vorort.web.town.models import Office, Unit

Change = Callable[[Ledger, Entry], Ledger]
After = Callable[[Act], None]  # what else belongs to the act: tasks, notes


def hold(
    actor: User,
    key: UUID,
    beds: Mapping[str, str],
    from_: date,
    expires: date,
    until: date | None = None,
    at: datetime | None = None,
) -> Done:
    """Hold a unit for each person; ``expires`` is the first day the hold no longer counts, or with
    ``at`` the day on which it ends at that instant. ``until``: the end of the stay.

    German: vormerken
    """
    day = counted_until(expires, at)
    people = Person.objects.filter(key__in=beds).values_list("id", flat=True)
    units = Unit.objects.filter(key__in=set(beds.values())).values_list("id", flat=True)

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        return acts.hold(ledger, beds, from_, entry, expires=day, until=until)

    def after(act: Act) -> None:
        from vorort.web.requests.actions import asked_by_hold

        Stay.objects.filter(act=act, status="held").update(expires_at=at)
        asked_by_hold(act, actor, dict(beds), day, from_)

    return act_on(actor, key, "hold", people, units, change, after=after)


def counted_until(day: date, at: datetime | None) -> date:
    """The first day a hold no longer counts, as the ledger asks; an hour counts its whole day until
    it has come (`lapse`)."""
    if at is None:
        return day
    if at <= clock.now():
        raise Refused([
            Problem(
                "", "Diese Uhrzeit ist schon vorbei.", "That time has passed already.",
                "Ein späteres Ende wählen.", "Choose a later end.", column="hour",
            )
        ])  # fmt: skip
    return day + timedelta(days=1)


def confirm(actor: User, key: UUID, stays: Iterable[str]) -> Done:
    """The owning office confirms. German: bestätigen"""
    names = tuple(stays)

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        return acts.confirm(ledger, names, _for_owner(actor, ledger, names, entry))

    def after(act: Act) -> None:
        from vorort.web.requests.actions import answered_by_stay

        answered_by_stay(act, Stay.objects.filter(act=act), "confirmed")

    return on_stays(actor, key, "confirm", names, change, after=after)


def move_in(
    actor: User, key: UUID, stays: Iterable[str], on: date, keys: str = "", rules: bool = False
) -> Done:
    """They came; keys and house rules handed over are noted. German: Einzug"""
    names = tuple(stays)

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        refuse_others(actor, rights.MOVE_IN, ledger, names)
        return acts.move_in(ledger, names, on, entry)

    def after(act: Act) -> None:
        for stay in Stay.objects.filter(act=act):
            given = {"keys": (None, keys or None), "house_rules": (None, rules or None)}
            trail.changed(act, "stay", stay.pk, given, subject=stay.person_id)

    return on_stays(actor, key, "move_in", names, change, after=after)


def move_out(
    actor: User,
    key: UUID,
    stays: Iterable[str],
    on: date,
    reason: str,
    then: Iterable[str] = (),
    *,
    office: Office | None = None,
    due: date | None = None,
) -> Done:
    """The stay ended; ``then``: what the unit waits for (`turnaround.KINDS`), done by ``office``
    (else the owner) until ``due``. German: Auszug"""
    names, waits = tuple(stays), tuple(then)

    def change(ledger: Ledger, entry: Entry) -> Ledger:
        refuse_others(actor, rights.MOVE_OUT, ledger, names)
        return acts.move_out(ledger, names, on, reason, entry)

    def after(act: Act) -> None:
        units = Stay.objects.filter(act=act, unit__isnull=False).values_list("unit__key", flat=True)
        turnaround.after_move_out(act, set(units), on, waits, office=office, due=due)

    return on_stays(actor, key, "move_out", names, change, reason, after=after)


def on_stays(
    actor: User | None,
    key: UUID,
    kind: str,
    names: tuple[str, ...],
    change: Change,
    reason: str = "",
    units: Iterable[str] = (),
    after: After | None = None,
) -> Done:
    """An act on existing stays, by the version the colleague saw. Where it is no longer in
    force, the ledger says that it has changed since. ``units``: further ones it concerns."""
    rows = [t.objects.filter(key__in=names) for t in (Stay, StayOld)]
    people = {p for r in rows for p in r.values_list("person_id", flat=True)}
    there = {u for r in rows for u in r.values_list("unit_id", flat=True) if u is not None}
    there |= set(Unit.objects.filter(key__in=list(units)).values_list("id", flat=True))
    return act_on(actor, key, kind, people, there, change, reason, after)


def act_on(
    actor: User | None,
    key: UUID,
    kind: str,
    people: Iterable[UUID],
    units: Iterable[int],
    change: Change,
    reason: str = "",
    after: After | None = None,
) -> Done:
    """Lock, read, ask the ledger, write versions and audit entry. The same key twice is one act."""
    mine, places = tuple(people), tuple(units)

    def do(act: Act) -> None:
        within(act, mine, places, change)
        if after is not None:
            after(act)

    return trail.once(actor, key, kind, do, reason)


def within(act: Act, people: Iterable[UUID], units: Iterable[int], change: Change) -> None:
    """A change of stays in the transaction of an act that may do more than this."""
    mine = tuple(people)
    sites = locks.lock(mine, tuple(units))
    ledger = bridge.around(sites, mine)
    entry = Entry(not_before(act, ledger, mine), act.office, clock.today())
    write_versions(act, ledger, change(ledger, entry))


def not_before(act: Act, ledger: Ledger, people: tuple[UUID, ...]) -> Any:
    """The time of the act. Only a demo, whose day stands still, may be later than its rows."""
    from vorort.web.accounts.login import is_demo

    if not is_demo():
        return act.at
    keys = set(Person.objects.filter(id__in=people).values_list("key", flat=True))
    known = [r.recorded_at for r in ledger.placements if r.person in keys and r.recorded_at]
    act.at = max([act.at, *known])
    act.save(update_fields=["at"])
    return act.at


def _owners(ledger: Ledger, names: Iterable[str]) -> set[str]:
    units = (ledger.placement[n].unit for n in names if n in ledger.placement)
    return {ledger.facility[ledger.unit[u].facility].owner for u in units if u is not None}


def refuse_others(actor: User, right: str, ledger: Ledger, names: Iterable[str]) -> None:
    """Default deny between offices, for acts whose rule does not ask for the owner."""
    others = sorted(_owners(ledger, names) - {actor.office.key})
    if others and rights.own_only(actor, right):
        raise Refused([
            Problem(
                "", f"Dieser Platz gehört einer anderen Stelle ({', '.join(others)}).",
                f"This place belongs to another office ({', '.join(others)}).",
                "Diese Stelle bitten.", "Ask that office.",
            )
        ])  # fmt: skip


def _for_owner(actor: User, ledger: Ledger, names: Iterable[str], entry: Entry) -> Entry:
    """Only the owner confirms; on-call staff do so in its name by their grant, and are logged."""
    owners = _owners(ledger, names)
    if rights.own_only(actor, rights.CONFIRM) or len(owners) != 1:
        return entry
    return Entry(entry.at, owners.pop(), entry.today)


def write_versions(act: Act, before: Ledger, after: Ledger) -> None:
    """New versions, the ones they replace into history, and what changed into the trail."""
    number = max(
        Stay.objects.aggregate(n=Max("number"))["n"] or 0,
        StayOld.objects.aggregate(n=Max("number"))["n"] or 0,
    )
    for row in after.placements[len(before.placements) :]:
        number += 1
        if row.replaces is None:
            stay, old = Stay(), None
        else:
            stay = Stay.objects.select_related("person", "unit").get(key=row.replaces)
            old = before.placement[row.replaces]
            _keep(stay, act, row)
        _fill(stay, row, act, number)
        stay.save()
        _trail(act, stay, old, row)


def _keep(stay: Stay, act: Act, row: Placement) -> None:
    columns = {
        f.attname: getattr(stay, f.attname) for f in Stay._meta.concrete_fields if not f.primary_key
    }
    StayOld.objects.create(stay=stay, superseded_at=row.recorded_at, superseded_by=act, **columns)


def _fill(stay: Stay, row: Placement, act: Act, number: int) -> None:
    for column in bridge.STAY:
        value = getattr(row, bridge.nouns_name(column))
        if column == "person__key":
            stay.person = Person.objects.get(key=value)
        elif column == "unit__key":
            stay.unit = None if value is None else Unit.objects.get(key=value)
        else:
            setattr(stay, column, value)
    stay.act, stay.number = act, number
    stay.expires_at = None  # whoever holds or extends says it anew


TRAILED = (
    "unit", "status", "from_", "until", "ended_reason", "kept_until", "over_occupancy_reason",
    "over_until", "second_place",
)  # fmt: skip


def _trail(act: Act, stay: Stay, old: Placement | None, new: Placement) -> None:
    values = {
        name.rstrip("_"): (None if old is None else getattr(old, name), getattr(new, name))
        for name in TRAILED
    }
    trail.changed(act, "stay", stay.pk, values, subject=stay.person_id)
