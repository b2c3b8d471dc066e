"""All files of the scenario folder, and their columns (CONTRACTS 1)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from musterstadt import plans
from musterstadt.awkward import Awkward, others
from musterstadt.beds import Book, Row, fill
from musterstadt.frame import SITES
from musterstadt.people import Party, Registry
from musterstadt.services import Needs, buildings

COLUMNS = {
    "households.csv": "id kind group arrived_on district hosted protected responsible "
    "responsible_from may_move_from size_stated announced_id",
    "persons.csv": "household id member_from member_until reason born sex legal_basis legal_from "
    "legal_until second_basis second_from second_until claim_basis recognised_on needs_access "
    "left_on left_reason",
    "facilities.csv": "id name district kind owner opens_on lease_until notice_months "
    "cost_month_eur cost_once_eur standby_eur activation_days",
    "units.csv": "id facility adjoins kind sex domain pool places per for access floor_area_m2 "
    "building floor features reported_on reported_by other_places other_by other_on",
    "placements.csv": "id person domain unit status requested_on from until ended_reason "
    "kept_until over_occupancy_reason over_until second_place recorded_at replaces",
    "capacity_events.csv": "id target date kind places until status delay_low_days "
    "delay_high_days reason recorded_at",
    "resident_demand.csv": "month district domain pool low central high source",
    "announced.csv": "id expected_on group kind persons ages sexes source probability_permille",
    "measures.csv": "id name decision_on lead_low_days lead_mid_days lead_high_days domain pool "
    "places lifetime_months once_eur month_eur owner source status",
}  # fmt: skip


def contents() -> dict[str, str]:
    """Every generated file by name. README.md and ranges.yaml are written by hand."""
    book, registry = Book(), Registry()
    fill(book, registry)
    others(registry)
    sites = [_site(s.id) for s in SITES]
    more = [*plans.sites(book), *buildings(book)]
    Awkward(book, registry).run()
    Needs(book, registry.parties).deal()
    announced = plans.announced(book, registry)
    rows = {
        "households.csv": [_household(p) for p in registry.parties],
        "persons.csv": [_person(p, i) for p in registry.parties for i in range(len(p.members))],
        "facilities.csv": sites + more,
        "units.csv": book.units,
        "placements.csv": book.placements,
        "capacity_events.csv": book.events,
        "resident_demand.csv": plans.resident_demand(),
        "announced.csv": announced,
        "measures.csv": plans.measures(),
    }
    files = {name: _csv(COLUMNS[name].split(), found) for name, found in rows.items()}
    return files | {"town.yaml": plans.town(), "values.yaml": plans.VALUES}


def write(folder: Path) -> None:
    """Write all files; the same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in contents().items():
        mark = "\ufeff" if name.endswith(".csv") else ""
        (folder / name).write_bytes((mark + text).encode("utf-8"))


def _site(ident: str) -> Row:
    site = next(s for s in SITES if s.id == ident)

    return {
        "id": site.id, "name": site.name, "district": site.district, "kind": site.kind,
        "owner": "sozialamt", "lease_until": site.lease,
        "notice_months": str(site.notice) if site.lease else "",
        "cost_month_eur": str(site.cost * site.nominal),
    }  # fmt: skip


def _household(party: Party) -> Row:
    row = {
        "id": party.id,
        "kind": party.kind,
        "group": party.group,
        "arrived_on": party.arrived.isoformat(),
    }
    return row | {"hosted": "0", "protected": "0", "responsible": "sozialamt"} | party.fields


def _person(party: Party, index: int) -> Row:
    person = party.members[index]
    return {
        "household": party.id,
        "id": person.id,
        "born": person.born,
        "sex": person.sex,
    } | person.fields


def _csv(columns: list[str], rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
