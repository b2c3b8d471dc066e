"""Making and changing units. One intent, one transaction, one entry in the trail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from vorort.ledger import BEDS
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.placing import locks
from vorort.web.town import actions
from vorort.web.town.fields import PER, POOLS
from vorort.web.town.models import Site, Unit

ONCE = ("number", "pool", "places", "how_many", "opens", "ends")  # said when a unit is made
_NULL = ("sex", "access", "floor_area_m2")


def next_number(home: Site) -> str:
    """A number that counts on from the site's last: GU-ZIE-032 -> GU-ZIE-033."""
    there = [k for k in Unit.objects.filter(facility=home).values_list("key", flat=True)
             if re.search(r"\d$", k)]  # fmt: skip
    last = max(there, key=lambda k: (len(k), k), default=f"{home.key}-000")
    while Unit.objects.filter(key=last).exists() or last.endswith("-000"):
        last = counted_on(last, 1)
    return last


def counted_on(text: str, n: int) -> str:
    """The text with its last number raised by ``n``, as many digits as before; else unchanged."""
    found = re.search(r"^(.*?)(\d+)$", text)
    if not found:
        return text
    return f"{found[1]}{int(found[2]) + n:0{len(found[2])}}"


def make(
    actor: User,
    key: UUID,
    values: Mapping[str, Any],
    features: Sequence[str],
    *,
    home: Site,
    domain: str,
    adjoins: Sequence[str] = (),
) -> trail.Done:
    """One unit, or several alike whose numbers are counted on. German: Einheiten anlegen"""
    count = values["how_many"] or 1
    numbers = [counted_on(values["number"], n) for n in range(count)]

    def do(act: Act) -> None:
        site = actions.locked(Site, home.key)
        actions.refuse_other_office(actor, site.owner)
        _refuse_numbers(numbers, site)
        for n, number in enumerate(numbers):
            row = Unit(
                key=number, facility=site, domain=domain, places=values["places"],
                pool=values.get("pool") or POOLS[domain][0], per=PER.get(domain, "place"),
                kind="shared",
            )  # fmt: skip
            _fill(row, values, features)
            row.title = counted_on(row.title, n)
            row.save()
            trail.changed(act, "unit", row.pk, trail.between({}, trail.fields_of(row)))
        _adjoin(act, site, numbers[0], adjoins if count == 1 else ())
        _dates(act, actor, site, numbers, values)

    return trail.once(actor, key, "unit_new", do)


def change(
    actor: User,
    key: UUID,
    values: Mapping[str, Any],
    features: Sequence[str],
    names: Mapping[str, Text],
    *,
    unit: Unit,
    adjoins: Sequence[str] = (),
    seen: str = "",
) -> trail.Done:
    """What is said of a unit; its places change by a dated event, never backwards."""

    def do(act: Act) -> None:
        site = actions.locked(Site, unit.facility.key)
        actions.refuse_other_office(actor, site.owner)
        row = actions.locked(Unit, unit.key)
        before = trail.fields_of(row)
        said = {**values, "features": " ".join(sorted(features))}
        actions.refuse_unseen(row, seen, said, {**names, "features": Text("Merkmale", "Features")})
        _fill(row, values, features)
        row.save()
        trail.changed(act, "unit", row.pk, trail.between(before, trail.fields_of(row)))
        _adjoin(act, site, row.key, adjoins)

    return trail.once(actor, key, "unit_change", do)


def _fill(row: Unit, values: Mapping[str, Any], features: Sequence[str]) -> None:
    for name, value in values.items():
        if name not in ONCE:
            setattr(row, name, value if value is not None or name in _NULL else "")
    row.features = " ".join(sorted(features))


def _refuse_numbers(numbers: list[str], site: Site) -> None:
    problems = []
    if len(set(numbers)) < len(numbers):
        problems.append(Problem(
            "", f"„{numbers[0]}“ endet auf keine Ziffer, danach lässt sich nicht weiterzählen.",
            f"“{numbers[0]}” ends with no digit to count on from.",
            "Eine Nummer mit Ziffern am Ende wählen.", "Choose a number that ends with digits.",
            column="number",
        ))  # fmt: skip
    taken = sorted(Unit.objects.filter(key__in=numbers).values_list("key", flat=True))
    taken += sorted(Site.objects.filter(key__in=numbers).values_list("key", flat=True))
    if taken:
        names = ", ".join(taken)
        problems.append(Problem(
            "", f"Vergeben ist schon: {names}.", f"Taken already: {names}.",
            f"Frei wäre {next_number(site)}.", f"{next_number(site)} would be free.",
            column="number",
        ))  # fmt: skip
    if any(" " in n or "/" in n for n in numbers):
        problems.append(Problem(
            "", "Eine Nummer hat weder Leerzeichen noch Schrägstrich.",
            "A number has neither blank nor slash.", "Bindestrich schreiben.", "Write a hyphen.",
            column="number",
        ))  # fmt: skip
    if problems:
        raise Refused(problems)


def _adjoin(act: Act, site: Site, unit: str, chosen: Sequence[str]) -> None:
    """A door has two sides: whoever is next to a unit says so too."""
    rows = {u.key: u for u in Unit.objects.filter(facility=site, domain=BEDS)}
    mine = rows.get(unit)
    if mine is None:
        return
    wanted = sorted(set(chosen) & set(rows) - {unit})
    for row in rows.values():
        before = row.adjoins
        if row.key == unit:
            row.adjoins = " ".join(wanted)
        else:
            others = set(row.adjoins.split()) - {unit} | ({unit} if row.key in wanted else set())
            row.adjoins = " ".join(sorted(others))
        if set(row.adjoins.split()) != set(before.split()):
            row.save(update_fields=["adjoins"])
            trail.changed(act, "unit", row.pk, {"adjoins": (before, row.adjoins)})


def _dates(
    act: Act, actor: User, site: Site, numbers: Sequence[str], values: Mapping[str, Any]
) -> None:
    """A group that begins or ends on a day: an opening or closing of each."""
    opens, ends = values.get("opens"), values.get("ends")
    if not opens and not ends:
        return
    pks = Unit.objects.filter(facility=site).values_list("pk", flat=True)
    locks.lock((), list(pks))
    change: dict[str, Any] = (
        {"kind": "open", "date": opens, "until": ends} if opens else {"kind": "close", "date": ends}
    )
    actions.record(act, site, actor.office.key, actions.events_of(change, numbers))
