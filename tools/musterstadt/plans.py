"""What is decided, planned, announced and typed in: everything that is not stock."""

# ruff: noqa: E501 (rows of tables stay on one line)
from __future__ import annotations

from datetime import timedelta

from musterstadt.beds import Book, Row
from musterstadt.dice import Dice
from musterstadt.frame import DISTRICTS, OFFICES, TODAY
from musterstadt.people import Registry

SCENARIOS = {
    "calm": 0.2, "trend": 0.44, "pulse_2015": 0.04, "pulse_2022": 0.05, "high_plateau": 0.12,
    "double_shock": 0.03, "sudden_exit": 0.05, "law_change": 0.07,
}  # fmt: skip
INVENTED = "invented for Musterstadt"
# month -> low, central, high: residents who use or ask for a place, by pool. Kita demand falls in
# August when children go to school and rises through the year.
RESIDENTS = {
    ("childcare", "u3"): {"2026-11": (888, 906, 924), "2027-07": (904, 926, 946), "2027-08": (884, 906, 930), "2028-07": (900, 930, 960), "2028-08": (880, 908, 940), "2028-11": (886, 916, 950)},
    ("childcare", "o3"): {"2026-11": (3050, 3080, 3112), "2027-07": (3110, 3146, 3180), "2027-08": (3040, 3082, 3130), "2028-07": (3100, 3150, 3200), "2028-08": (3030, 3084, 3150), "2028-11": (3050, 3104, 3170)},
    ("school", "primary"): {"2026-11": (4590, 4620, 4650), "2027-07": (4590, 4624, 4660), "2027-08": (4595, 4640, 4685), "2028-08": (4590, 4650, 4710)},
    ("school", "secondary"): {"2026-11": (6940, 6985, 7030), "2027-07": (6940, 6990, 7040), "2027-08": (6950, 7005, 7060), "2028-08": (6945, 7015, 7085)},
    ("school", "vocational"): {"2026-11": (3270, 3300, 3325), "2027-08": (3260, 3300, 3335), "2028-08": (3250, 3305, 3350)},
}  # fmt: skip
VALUES = """# Eigene Kennwerte von Musterstadt, erfunden: / own values of the town, all invented.
# A value of the Kommune replaces that of the Bund or Land. Each one needs a source and a range.
values:
  arrivals.temporary_hosted_share:
    - from: 2026-01-01
      value: 0.68
      range: [0.55, 0.8]
      distribution: triangular
      reason: Fewer hosts than in 2022 offer a room; set by the accommodation desk of the invented town.
      source: {cite: invented for Musterstadt, grade: estimate}
  childcare.uptake_o3:
    - from: 2026-08-01
      value: 0.68
      range: [0.58, 0.78]
      distribution: triangular
      reason: Places held and asked for among children of three to five in the stock of the invented town, rounded.
      source: {cite: invented for Musterstadt, grade: estimate}
"""


def town() -> str:
    """town.yaml."""
    lines = [
        "# Musterstadt gibt es nicht. / Musterstadt does not exist; every figure here is invented.",
        "name: Musterstadt", "land: he", 'ags: "00000000" # well-formed, belongs to no Kommune',
        "kind: kreisfrei", f"today: {TODAY.isoformat()} # Monday", "months: 24",
        "population: 118400", "area_km2: 112", "passing: 5", "reported_cycle_days: 95", "districts:",
    ]  # fmt: skip
    lines += [
        f"  - {{id: {i}, name: {name}, population: {n}}}" for i, (name, n) in DISTRICTS.items()
    ]
    lines += ["offices:"] + [f'  - {{id: {i}, name: "{name}"}}' for i, name in OFFICES.items()]
    lines += [
        "# Share of the Land's arrivals. The population share would be about 19 permille; this town",
        "# takes more, which is why its housed share (1.8 %) lies above every published city figure.",
        "key:", "  kind: typed", "  share_permille: 34",
        f"  source: {{cite: {INVENTED}, grade: estimate}}",
        "  credit: 0", "  backlog: 12", "  lag_days: 14",
        "# Weights of the named scenarios: estimates, shown in every report.", "scenarios:",
    ]  # fmt: skip
    lines += [f"  {name}: {weight}" for name, weight in SCENARIOS.items()]
    lines += [
        "# One over-occupied room is a state, not yet an overload of the town.",
        "tolerance:", "  accommodation: {days: 0, amount: 5}",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def sites(book: Book) -> list[Row]:
    """Sites that are not in operation yet, and the dated changes of places."""
    new = {
        "id": "CO-GE2", "name": "Gewerbepark 6, Neubau", "district": "gewerbepark", "kind": "container",
        "owner": "sozialamt", "opens_on": "2027-07-01", "lease_until": "2042-06-30", "notice_months": "12",
        "cost_month_eur": str(96 * 850), "cost_once_eur": "900000",
    }  # fmt: skip
    for kind, places, units in (("family", 4, 15), ("shared", 2, 18)):
        for _ in range(units):
            book.unit(
                "CO-GE2", kind, "accommodation", places, access="1", floor_area_m2=str(places * 8)
            )
    book.event(
        "CO-GE2", "2027-07-01", "open", delay_low_days="0", delay_high_days="92",
        reason="Neubau, 96 Plätze, Vertrag unterschrieben", recorded_at="2026-06-24T12:00:00Z",
    )  # fmt: skip
    hall = {
        "id": "HA-OST", "name": "Turnhalle Oststraße, Notreserve", "district": "ost", "kind": "hall",
        "owner": "sozialamt", "cost_month_eur": str(60 * 1190), "standby_eur": "2400", "activation_days": "4",
    }  # fmt: skip
    for _ in range(10):
        book.unit("HA-OST", "shared", "accommodation", 6, access="1")
    book.event(
        "HA-OST", "2027-04-05", "open", until="2027-10-01", status="option", delay_low_days="0",
        delay_high_days="10", reason="Notreserve, zuletzt geübt am 12.06.2026",
    )  # fmt: skip
    book.event(
        "GU-HAF", "2027-05-03", "block", places="20", until="2027-09-01", status="planned",
        delay_low_days="0", delay_high_days="60", reason="repair: Dachsanierung, strangweise",
    )  # fmt: skip
    flat = next(u for u in book.units if u["facility"] == "WO-OST")
    book.event(
        flat["id"], "2028-05-01", "step", places=f"-{flat['places']}",
        reason="closed: Wohnung geht an den Eigentümer zurück",
    )  # fmt: skip
    book.event(_first_reserve(book), "2026-12-14", "release", reason="Quarantäne nicht mehr nötig")
    return [new, hall]


def _first_reserve(book: Book) -> str:
    return next(
        e["target"] for e in book.events if e["kind"] == "reserve" and "Quarantäne" in e["reason"]
    )


def resident_demand() -> list[Row]:
    """What other residents need; unknown for the counters and the courses."""
    found = [
        {
            "month": month, "district": "all", "domain": domain, "pool": pool, "low": str(low),
            "central": str(central), "high": str(high), "source": f"{INVENTED}: Bedarfsplanung",
        }
        for (domain, pool), months in RESIDENTS.items()
        for month, (low, central, high) in months.items()
    ]  # fmt: skip
    for domain in ("registration", "language"):
        row = {"month": "2026-11", "district": "all", "domain": domain, "source": "nicht erhoben"}
        found.append(row | dict.fromkeys(("low", "central", "high"), "unknown"))
    return found


def announced(book: Book, registry: Registry) -> list[Row]:
    """Arrivals of the next weeks; one of them is already here with a hold."""
    dice = Dice("announced")
    rows = [
        ("2026-11-24", "asylum", "family", "3", "33 7 4", "f f m", ""),
        ("2026-11-24", "asylum", "single", "1", "26", "f", ""),
        ("2026-11-25", "temporary", "lone_parent", "2", "29 1", "f m", ""),
        ("2026-11-26", "asylum", "family", "6", "41 38 16 12 9 3", "m f m f f m", ""),
        ("2026-11-26", "temporary", "couple", "2", "67 64", "m f", ""),
        ("2026-11-27", "asylum", "family", "4", "35 31 9 2", "m f f m", ""),
        ("2026-12-01", "reunification", "family", "5", "", "", "700"),
        ("2026-12-03", "resettlement", "family", "5", "44 40 17 13 8", "m f m f -", ""),
        ("2026-12-09", "temporary", "lone_parent", "3", "36 10 6", "f m f", "850"),
    ]  # fmt: skip
    for day in range(8, 32, 3):
        when = TODAY + timedelta(days=day)
        rows.append(
            (when.isoformat(), "asylum", "single", "1", str(dice.between(19, 44)), "m", "900")
        )
    found = []
    for i, (day, group, kind, persons, ages, sexes, chance) in enumerate(sorted(rows), 1):
        about = "angekündigt als „Familie, etwa 5“" if not ages else "Landesliste vom 20.11.2026"
        found.append({
            "id": f"A-{i:03d}", "expected_on": day, "group": group, "kind": kind, "persons": persons,
            "ages": ages, "sexes": sexes, "source": f"{INVENTED}: {about}", "probability_permille": chance,
        })  # fmt: skip
    here = next(p for p in registry.parties if p.id in book.held and len(p.members) > 1)
    here.fields["announced_id"] = "A-000"
    first = {
        "id": "A-000", "expected_on": here.arrived.isoformat(), "group": here.group, "kind": here.kind,
        "persons": str(len(here.members)), "source": f"{INVENTED}: Landesliste vom 13.11.2026",
    }  # fmt: skip
    return [first, *found]


def measures() -> list[Row]:
    """Decisions: one taken, some prepared, some only thought of."""
    rows = (
        ("M-01", "Zusätzliche Kursgruppe ab Februar", "2026-11-05", (75, 88, 130), "language", "general", 25, 24, 4000, 6500, "vhs", "decided"),
        ("M-02", "Containermiete Süd um 12 Monate verlängern", "2026-12-15", (14, 21, 35), "accommodation", "general", 90, 12, 0, 76500, "gebaeude", "planned"),
        ("M-03", "40 Wohnungen anmieten", "2026-12-15", (56, 77, 98), "accommodation", "general", 120, 60, 240000, 61200, "wohnungshilfe", "planned"),
        ("M-04", "Umzugsmanagement, zwei Stellen: acht Wohnungen im Monat mehr", "2026-12-15", (60, 90, 150), "flat", "two_three", 8, 24, 0, 11500, "wohnungshilfe", "planned"),
        ("M-05", "Reserve im Bestand, 100 Betten", "", (14, 21, 30), "accommodation", "general", 100, 24, 60000, 31000, "sozialamt", "option"),
        ("M-06", "Hotelkontingent, 80 Betten", "", (0, 2, 7), "accommodation", "general", 80, 6, 0, 92000, "sozialamt", "option"),
        ("M-07", "Neubau, 200 Plätze", "", (270, 330, 540), "accommodation", "general", 200, 360, 4100000, 126000, "gebaeude", "option"),
        ("M-08", "Brückengruppe Kita in der Alten Kaserne", "", (60, 100, 200), "childcare", "o3", 20, 24, 35000, 14000, "jugendamt", "option"),
    )  # fmt: skip
    names = (
        "id",
        "name",
        "decision_on",
        "lead",
        "domain",
        "pool",
        "places",
        "lifetime_months",
        "once_eur",
        "month_eur",
        "owner",
        "status",
    )
    found = []
    for row in rows:
        fields = dict(zip(names, row, strict=True))
        low, mid, high = fields.pop("lead")
        fields |= {
            "lead_low_days": low,
            "lead_mid_days": mid,
            "lead_high_days": high,
            "source": INVENTED,
        }
        found.append({name: str(value) for name, value in fields.items()})
    return found
