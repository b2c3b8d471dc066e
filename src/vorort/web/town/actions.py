"""Changing sites, units and their capacity. One intent, one transaction, one entry in the trail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from vorort.ledger import BEDS, Ledger, occupancy
from vorort.ledger.acts import Entry, record_event
from vorort.problems import Problem, Refused
from vorort.vocabulary import CapacityEvent
from vorort.web import bridge, clock
from vorort.web.accounts import rights, trail
from vorort.web.accounts.models import Act, User
from vorort.web.forms import written
from vorort.web.placing import locks
from vorort.web.town import turnaround
from vorort.web.town.models import CapacityEvent as EventRow
from vorort.web.town.models import District, Office, Site, Unit

REFERS: dict[str, Any] = {"district": District, "owner": Office}


def seen_of(row: Any) -> str:
    """A mark of what stands in a row: a form carries it, so that nobody overwrites unseen."""
    text = "\n".join(f"{k}={v}" for k, v in sorted(trail.fields_of(row).items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save_site(
    actor: User, key: UUID, values: Mapping[str, Any], *, site: str = "", seen: str = ""
) -> trail.Done:
    """Make or change a site; an office touches its own sites only. German: Standort pflegen"""

    def do(act: Act) -> None:
        row = _locked(Site, site) if site else Site(key=_site_key(str(values["name"])))
        before = trail.fields_of(row) if site else {}
        if site:
            _own(actor, row.owner)
            _unchanged(row, seen, values)
        for name, value in values.items():
            if name in REFERS:
                value = REFERS[name].objects.get(key=value)
            setattr(row, name, "" if value is None and name in _PLAIN else value)
        _own(actor, row.owner)
        row.save()
        trail.changed(act, "site", row.pk, trail.between(before, trail.fields_of(row)))

    return trail.once(actor, key, "site_change" if site else "site_new", do)


_PLAIN = ("operator", "address", "phone", "keys")  # columns that hold no NULL


def _site_key(name: str) -> str:
    base = "".join(c for c in name.upper() if c.isalnum() and c.isascii())[:6] or "SITE"
    found, n = base, 1
    while Site.objects.filter(key=found).exists() or Unit.objects.filter(key=found).exists():
        n += 1
        found = f"{base}-{n}"
    return found


def save_unit(
    actor: User,
    key: UUID,
    values: Mapping[str, Any],
    features: list[str],
    *,
    site: str,
    unit: str = "",
    seen: str = "",
) -> trail.Done:
    """Make or change a unit. Places of one that exists change by a dated event, never backwards."""

    def do(act: Act) -> None:
        home = _locked(Site, site)
        _own(actor, home.owner)
        row = _locked(Unit, unit) if unit else Unit(facility=home)
        before = trail.fields_of(row) if unit else {}
        if unit:
            _unchanged(row, seen, values)
        elif Unit.objects.filter(key=values["number"]).exists():
            raise Refused([_taken(str(values["number"]))])
        for name, value in values.items():
            column = "key" if name == "number" else name
            setattr(row, column, value if value is not None or name in _NULL else "")
        row.features = " ".join(sorted(features))
        _refuse_adjoins(row, home)
        row.save()
        trail.changed(act, "unit", row.pk, trail.between(before, trail.fields_of(row)))

    return trail.once(actor, key, "unit_change" if unit else "unit_new", do)


_NULL = ("sex", "access", "floor_area_m2")


def _locked(table: Any, key: str) -> Any:
    return table.objects.select_for_update().get(key=key)


def _own(actor: User, owner: Office) -> None:
    if rights.own_only(actor, rights.PLACES_EDIT) and owner.pk != actor.office.pk:
        raise Refused([
            Problem(
                "", f"Dieser Standort gehört {owner.name}.", f"This site belongs to {owner.name}.",
                "Diese Stelle bitten.", "Ask that office.",
            )
        ])  # fmt: skip


def _unchanged(row: Any, seen: str, values: Mapping[str, Any]) -> None:
    """Somebody else was quicker: show both, overwrite nothing."""
    if seen == seen_of(row):
        return
    problems = []
    for name, value in values.items():
        now = getattr(row, name)
        now = now.key if name in REFERS else now
        if written(now) != written(value):
            here, yours = written(now), written(value)
            problems.append(Problem(
                "", f"{name}: inzwischen steht dort „{here}“, Sie haben „{yours}“.",
                f"{name}: it now says “{here}”, you have “{yours}”.",
                "Vergleichen und noch einmal speichern.", "Compare and save again.", column=name,
            ))  # fmt: skip
    if problems:
        raise Refused(problems)


def _taken(key: str) -> Problem:
    return Problem(
        "", f"Die Nummer {key} gibt es schon.", f"The number {key} exists already.",
        "Eine andere Nummer wählen.", "Choose another number.", column="number",
    )  # fmt: skip


def _refuse_adjoins(row: Unit, home: Site) -> None:
    wrong = [
        a for a in row.adjoins.split()
        if a == row.key or not Unit.objects.filter(key=a, facility=home).exists()
    ]  # fmt: skip
    if wrong:
        names = ", ".join(wrong)
        raise Refused([
            Problem(
                "", f"Am selben Standort gibt es {names} nicht.", f"This site has no {names}.",
                "Nummern prüfen.", "Check the numbers.", column="adjoins",
            )
        ])  # fmt: skip


# ---- capacity over time -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of places does to people there on a day. German: Folge"""

    day: date
    people: int
    over_before: int
    over: int
    units: tuple[tuple[str, int, int], ...]  # unit, people, too many


def event_of(values: Mapping[str, Any]) -> CapacityEvent:
    """The event a form describes; the reason's first word is its kind."""
    words = [values.get("reason_kind") or "", values.get("reason") or ""]
    reason = ": ".join(w for w in words if w)
    kind = values["kind"]
    return CapacityEvent(
        turnaround.new_event_key(kind), values["target"], values["date"], kind, values["status"],
        values.get("places"), values.get("until"), reason=reason,
    )  # fmt: skip


def effect_of(event: CapacityEvent) -> Effect:
    """What it would do on its first day, before anything is written."""
    ledger = bridge.around([_site_of(event.target).pk], ())
    entry = Entry(clock.now(), "", clock.today())
    return _effect(ledger, record_event(ledger, event, entry), event)


def _effect(before: Ledger, after: Ledger, event: CapacityEvent) -> Effect:
    today = clock.today()
    was, now = (occupancy(x, event.date, today=today).units for x in (before, after))
    touched = [
        u for u in now
        if (event.target in (u, after.unit[u].facility)) and after.unit[u].domain == BEDS
    ]  # fmt: skip
    hit = [(u, now[u].used, now[u].over) for u in touched if now[u].over > was[u].over]
    return Effect(
        event.date, sum(now[u].used for u in touched), sum(was[u].over for u in touched),
        sum(now[u].over for u in touched), tuple(hit),
    )  # fmt: skip


def _site_of(target: str) -> Site:
    unit = Unit.objects.select_related("facility__owner").filter(key=target).first()
    return unit.facility if unit else Site.objects.select_related("owner").get(key=target)


def write_event(actor: User, key: UUID, values: Mapping[str, Any], right: str) -> trail.Done:
    """Plan, open, close, block or release places. People inside never stop it; they show."""

    def do(act: Act) -> None:
        site = _site_of(values["target"])
        if rights.own_only(actor, right) and site.owner_id != actor.office.pk:
            _own_refused(site)
        locks.lock((), list(Unit.objects.filter(facility=site).values_list("pk", flat=True)))
        ledger = bridge.around([site.pk], ())
        entry = Entry(act.at, actor.office.key, clock.today())
        rows = turnaround.write_events(ledger, record_event(ledger, event_of(values), entry))
        for row in rows:
            trail.changed(act, "capacity_event", row.key, trail.between({}, trail.fields_of(row)))

    return trail.once(
        actor, key, f"event_{values['kind']}", do, str(values.get("reason_kind") or "")
    )


def _own_refused(site: Site) -> None:
    raise Refused([
        Problem(
            "", f"Dieser Standort gehört {site.owner.name}.",
            f"This site belongs to {site.owner.name}.", "Diese Stelle bitten.", "Ask that office.",
        )
    ])  # fmt: skip


def withdraw(actor: User, key: UUID, event: str) -> trail.Done:
    """Take back what was only planned; what is decided is ended by another event, with its day."""

    def do(act: Act) -> None:
        row = EventRow.objects.select_for_update().filter(key=event).first()
        if row is None:
            raise Refused([
                Problem(
                    "", "Dieses Ereignis gibt es nicht mehr.", "This event no longer exists.",
                    "Seite neu laden.", "Reload the page.",
                )
            ])  # fmt: skip
        _own(actor, _site_of(row.target).owner)
        if row.status == "decided":
            raise Refused([
                Problem(
                    "", "Beschlossenes wird nicht gelöscht.", "What is decided is not deleted.",
                    "Ein Ereignis eintragen, das es ab einem Tag beendet.",
                    "Enter an event that ends it from a day on.",
                )
            ])  # fmt: skip
        trail.changed(act, "capacity_event", row.key, trail.between(trail.fields_of(row), {}))
        row.delete()

    return trail.once(actor, key, "event_withdraw", do)


# ---- reports of seats ----------------------------------------------------------------------------


def report(actor: User, key: UUID, unit: str, places: int, on: date) -> trail.Done:
    """A figure as reported by an office on a day. German: Platzmeldung"""
    return trail.once(actor, key, "report", lambda act: write_report(act, actor, unit, places, on))


def write_report(act: Act, actor: User, unit: str, places: int, on: date) -> None:
    """The owner's figure counts; another's stands beside it, and where they differ somebody has
    to find out."""
    row = Unit.objects.select_related("facility__owner").select_for_update().get(key=unit)
    before = trail.fields_of(row)
    ledger = bridge.around([row.facility_id], ())
    standing = occupancy(ledger, on, today=clock.today()).units[unit].nominal
    if row.facility.owner_id == actor.office.pk:
        row.reported_by, row.reported_on = actor.office.key, on
        if places != standing:
            step = CapacityEvent(
                turnaround.new_event_key("step"), unit, on, "step", "decided",
                places - standing, reason="reported",
            )  # fmt: skip
            entry = Entry(act.at, actor.office.key, clock.today())
            turnaround.write_events(ledger, record_event(ledger, step, entry))
    else:
        row.other_places, row.other_by, row.other_on = places, actor.office.key, on
        if places != standing:
            from vorort.web.tasks.actions import add

            add(act, "two_figures", row.facility.owner, clock.today(), unit=row)
    row.save()
    trail.changed(act, "unit", row.pk, trail.between(before, trail.fields_of(row)))
