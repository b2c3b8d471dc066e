"""Changing sites, units and their capacity. One intent, one transaction, one entry in the trail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from vorort.ledger import BEDS, Ledger, occupancy
from vorort.ledger.acts import Entry, record_event
from vorort.problems import Problem, Refused
from vorort.vocabulary import CapacityEvent, Text
from vorort.web import bridge, clock
from vorort.web.accounts import rights, trail
from vorort.web.accounts.models import Act, User
from vorort.web.forms import written
from vorort.web.placing import locks
from vorort.web.requests import owners as requests
from vorort.web.tasks import owners as tasks
from vorort.web.town import turnaround
from vorort.web.town.models import CapacityEvent as EventRow
from vorort.web.town.models import District, Office, Site, Unit

REFERS: dict[str, Any] = {"district": District, "owner": Office}


def seen_of(row: Any) -> str:
    """A mark of what stands in a row: a form carries it, so that nobody overwrites unseen."""
    text = "\n".join(f"{k}={v}" for k, v in sorted(trail.fields_of(row).items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save_site(
    actor: User,
    key: UUID,
    values: Mapping[str, Any],
    names: Mapping[str, Text],
    *,
    site: str = "",
    seen: str = "",
) -> trail.Done:
    """Make or change a site; an office touches its own sites only. German: Standort pflegen"""

    def do(act: Act) -> None:
        row = locked(Site, site) if site else Site(key=_site_key(str(values["name"])))
        before, had = (trail.fields_of(row), row.owner) if site else ({}, None)
        if had is not None:
            refuse_other_office(actor, had)
            refuse_unseen(row, seen, values, names)
        for name, value in values.items():
            if name in REFERS:
                value = REFERS[name].objects.get(key=value)
            setattr(row, name, _EMPTY.get(name) if value is None else value)
        refuse_other_office(actor, row.owner)
        row.save()
        trail.changed(act, "site", row.pk, trail.between(before, trail.fields_of(row)))
        if had is not None and had != row.owner:
            requests.follow(act, row, had)
            tasks.follow(act, row, had)

    return trail.once(actor, key, "site_change" if site else "site_new", do)


# columns that hold no NULL
_EMPTY = {"operator": "", "address": "", "phone": "", "keys": "", "address_protected": False}


def _site_key(name: str) -> str:
    base = "".join(c for c in name.upper() if c.isalnum() and c.isascii())[:6] or "SITE"
    found, n = base, 1
    while Site.objects.filter(key=found).exists() or Unit.objects.filter(key=found).exists():
        n += 1
        found = f"{base}-{n}"
    return found


def locked(table: Any, key: str) -> Any:
    """A row, locked."""
    return table.objects.select_for_update().get(key=key)


def refuse_other_office(actor: User, owner: Office) -> None:
    """Whoever keeps the places of one office keeps no others."""
    if rights.own_only(actor, rights.PLACES_EDIT) and owner.pk != actor.office.pk:
        raise Refused([
            Problem(
                "", f"Dieser Standort gehört {owner.name}.", f"This site belongs to {owner.name}.",
                "Diese Stelle bitten.", "Ask that office.",
            )
        ])  # fmt: skip


def refuse_unseen(
    row: Any, seen: str, values: Mapping[str, Any], names: Mapping[str, Text]
) -> None:
    """Somebody else was quicker: show both, overwrite nothing. ``names``: the fields in words."""
    if seen == seen_of(row):
        return
    problems = []
    for name, value in values.items():
        now = getattr(row, name)
        now = now.key if name in REFERS else now
        if written(now) != written(value):
            here, yours, label = written(now), written(value), names[name]
            problems.append(Problem(
                "", f"{label.de}: inzwischen steht dort „{here}“, Sie haben „{yours}“.",
                f"{label.en}: it now says “{here}”, you have “{yours}”.",
                "Vergleichen und noch einmal speichern.", "Compare and save again.", column=name,
            ))  # fmt: skip
    if problems:
        raise Refused(problems)


# ---- capacity over time -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of places does to people there on a day. German: Folge"""

    day: date
    people: int
    over_before: int
    over: int
    units: tuple[tuple[str, int, int], ...]  # unit, people, too many


def events_of(values: Mapping[str, Any], targets: Sequence[str]) -> list[CapacityEvent]:
    """The events a form describes, one a target; the reason's first word is its kind."""
    words = [values.get("reason_kind") or "", values.get("reason") or ""]
    reason = ": ".join(w for w in words if w)
    kind, low, high = values["kind"], values.get("delay_low_days"), values.get("delay_high_days")
    return [
        CapacityEvent(
            key, target, values["date"], kind, values.get("status") or "decided",
            values.get("places"), values.get("until"), low, high, reason,
        )
        for key, target in zip(turnaround.new_event_keys(kind, len(targets)), targets, strict=True)
    ]  # fmt: skip


def effect_of(events: Sequence[CapacityEvent]) -> Effect:
    """What they would do on their first day, before anything is written."""
    day = events[0].date
    before = bridge.sites_between([site_of(events[0].target).pk], day, day + timedelta(days=1))
    entry, after = Entry(clock.now(), "", clock.today()), before
    for event in events:
        after = record_event(after, event, entry)
    return _effect(before, after, events)


def _effect(before: Ledger, after: Ledger, events: Sequence[CapacityEvent]) -> Effect:
    today, day = clock.today(), events[0].date
    was, now = (occupancy(x, day, today=today).units for x in (before, after))
    targets = {e.target for e in events}
    touched = [
        u for u in now
        if {u, after.unit[u].facility} & targets and after.unit[u].domain == BEDS
    ]  # fmt: skip
    hit = [(u, now[u].used, now[u].over) for u in touched if now[u].over > was[u].over]
    return Effect(
        day, sum(now[u].used for u in touched), sum(was[u].over for u in touched),
        sum(now[u].over for u in touched), tuple(hit),
    )  # fmt: skip


def site_of(target: str) -> Site:
    """The site of a unit, or the site itself."""
    unit = Unit.objects.select_related("facility__owner").filter(key=target).first()
    return unit.facility if unit else Site.objects.select_related("owner").get(key=target)


def write_event(
    actor: User, key: UUID, values: Mapping[str, Any], targets: Sequence[str], right: str
) -> trail.Done:
    """Plan, open, close, block or release places. People inside never stop it; they show."""

    def do(act: Act) -> None:
        site = site_of(targets[0])
        if rights.own_only(actor, right) and site.owner_id != actor.office.pk:
            _own_refused(site)
        locks.lock((), list(Unit.objects.filter(facility=site).values_list("pk", flat=True)))
        record(act, site, actor.office.key, events_of(values, targets))

    return trail.once(
        actor, key, f"event_{values['kind']}", do, str(values.get("reason_kind") or "")
    )


def record(act: Act, site: Site, office: str, events: Sequence[CapacityEvent]) -> None:
    """Dated changes of a site's places and what the trail says of them, within an act."""
    before = bridge.site_alone(site.pk)
    entry, after = Entry(act.at, office, clock.today()), before
    for event in events:
        after = record_event(after, event, entry)
    for row in turnaround.write_events(before, after):
        trail.changed(act, "capacity_event", row.key, trail.between({}, trail.fields_of(row)))


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
        row = EventRow.objects.filter(key=event).first()
        if row is not None:  # its site first: its totals are counted again
            locks.lock((), site_of(row.target).unit_set.values_list("pk", flat=True))
            row = EventRow.objects.select_for_update().filter(key=event).first()
        if row is None:
            raise Refused([
                Problem(
                    "", "Dieses Ereignis gibt es nicht mehr.", "This event no longer exists.",
                    "Seite neu laden.", "Reload the page.",
                )
            ])  # fmt: skip
        refuse_other_office(actor, site_of(row.target).owner)
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
