"""A made-up result in the shape of the stress JSON, so that the report can be tested alone.

Nothing here is a claim about any town. The frame is that of the designed screens: 2,120 people on
2,252 usable places, a container lease that ends on 31 March 2027.
"""

# ruff: noqa: E501 - one row, one line
from __future__ import annotations

import math
from typing import Any

Json = dict[str, Any]
Z = {"0.05": -1.645, "0.25": -0.674, "0.5": 0.0, "0.75": 0.674, "0.95": 1.645}
LABELS = {
    "registration": ("Meldung, Ausländerbehörde", "Registration", "Personen", "people"),
    "accommodation": ("Unterkunft", "Accommodation", "Personen", "people"),
    "flat": ("Eigene Wohnung", "Own flat", "Haushalte", "households"),
    "childcare": ("Kita", "Childcare", "Kinder", "children"),
    "school": ("Schule", "School", "Kinder", "children"),
    "language": ("Sprachkurs", "Language course", "Personen", "people"),
    "health": ("Gesundheit", "Health", "Personen", "people"),
    "work": ("Arbeit", "Work", "Personen", "people"),
}
# start, growth a month, spread at the end, existing growth, usable by month
COURSES: dict[str, tuple[float, float, float, float]] = {
    "registration": (610, 4, 120, -6),
    "accommodation": (2120, 16, 320, -14),
    "flat": (240, 9, 130, 4),
    "childcare": (3620, 9, 90, 2),
    "school": (412, 7, 95, -2),
    "language": (330, 5, 110, -5),
    "health": (900, 12, 250, -8),
    "work": (1140, 14, 200, 3),
}


def pair(de: str, en: str) -> Json:
    return {"de": de, "en": en}


def month_names(start: str, count: int) -> list[str]:
    first = int(start[:4]) * 12 + int(start[5:7]) - 1
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(first, first + count)]


def band(middle: float, spread: float, floor: float = 0.0) -> Json:
    return {key: max(floor, round(middle + z * spread)) for key, z in Z.items()}


def usable_of(name: str, i: int, static: bool) -> float:
    if name == "accommodation":
        return 2252 - 84 * (i >= 4) + (0 if static else 96 * (i >= 7) + 60 * (i >= 15))
    base = {"registration": 640, "flat": 25, "childcare": 3600, "school": 450, "language": 300}[
        name
    ]
    if name == "childcare" and not static:
        base += 120 * (i >= 8)
    return base


def one_month(name: str, month: str, i: int, count: int, static: bool, known: bool) -> Json:
    start, growth, spread, kept = COURSES[name]
    sigma = spread / 1.645 * math.sqrt((i + 1) / count)
    middle = start + growth * (i + 0.5) * (1 - i / (3 * count))
    demand = band(middle, sigma)
    existing = band(start + kept * (i + 0.5), sigma / 4)
    row: Json = {
        "month": month,
        "demand": demand,
        "existing": existing,
        "resident": None,
        "stock": existing,
        "unfit": band(220 if name == "accommodation" else 0, 9),
        "usable": None,
        "waiting": None,
        "overdue": None,
        "vacancy": None,
        "overload_probability": None,
        "central": {
            "usable": None,
            "existing": round(existing["0.5"] * 0.99),
            "demand": round(middle * 0.985),
            "waiting": None,
            "vacancy": None,
        },
    }
    if known:
        usable = usable_of(name, i, static)
        waiting = {k: max(0, v - usable) for k, v in demand.items()}
        row |= {
            "usable": usable,
            "waiting": waiting | {"resident": None, "newcomer": waiting},
            "overdue": {k: round(0.7 * v) for k, v in waiting.items()},
            "vacancy": {k: max(0, usable - demand[q]) for k, q in zip(Z, reversed(Z), strict=True)},
            "overload_probability": round(
                0.5 * (1 + math.erf((middle - usable - 8) / sigma / 1.414)), 4
            ),
        }
        row["central"] |= {
            "usable": usable,
            "waiting": max(0, row["central"]["demand"] - usable),
            "vacancy": max(0, usable - row["central"]["demand"]),
        }
    return row


def one_domain(name: str, months: list[str], static: bool = False) -> Json:
    de, en, unit_de, unit_en = LABELS[name]
    capacity = {"health": "unknown", "work": "none"}.get(name, "known")
    known = capacity == "known"
    rows = [one_month(name, m, i, len(months), static, known) for i, m in enumerate(months)]
    likely = [r["overload_probability"] or 0 for r in rows]
    month = next((r["month"] for r, p in zip(rows, likely, strict=True) if p >= 0.5), None)
    first: Json = {
        "month": month,
        "week": f"{month}-05" if month else None,
        "probability": round(min(1.0, max(likely) * 1.02), 4),
    }
    return {
        "label": pair(de, en),
        "unit": pair(unit_de, unit_en),
        "capacity": capacity,
        "by": "households" if name == "flat" else "people",
        "capacity_for": "newcomers" if name in ("flat", "language") else "everyone",
        "tolerance": dict(
            zip(("days", "amount"), {"accommodation": (0, 0)}.get(name, (90, 3)), strict=True)
        ),
        "months": rows,
        "first_overload": first if known else {"month": None, "week": None, "probability": None},
        "recovery_months": {"median": 7.0, "not_recovered": 0.62}
        if known and month
        else {"median": None, "not_recovered": None},
        "cost": {
            "capacity": {"0.05": 11.9e6, "0.5": 12.4e6, "0.95": 12.8e6},
            "overflow": {"0.05": 0, "0.5": 940_000, "0.95": 3.9e6},
            "idle": {"0.05": 120_000, "0.5": 410_000, "0.95": 1.6e6},
            "unit": "EUR",
            "price_year": 2026,
        }
        if name == "accommodation"
        else None,
        "events": events_of(name, static),
    }


def events_of(name: str, static: bool) -> list[Json]:
    south = {
        "date": "2027-04-01",
        "places": -84,
        "facility": "Container Süd",
        "reason": "Mietende",
        "kind": "lease_end",
    }
    park = {
        "date": "2027-07-01",
        "places": 96,
        "facility": "Gewerbepark",
        "reason": "",
        "kind": "open",
    }
    north = {
        "date": "2028-03-01",
        "places": 60,
        "facility": "Modulbau Nord",
        "reason": "Fertigstellung Modulbau Nord",
        "kind": "open",
    }
    kitas = {
        "date": "2027-08-01",
        "places": 120,
        "facility": "Kita Am Wehr",
        "reason": "Neubau",
        "kind": "open",
    }
    found = {
        "accommodation": [south] + ([] if static else [park, north]),
        "childcare": [] if static else [kitas],
    }
    return found.get(name, [])


def parameters() -> list[Json]:
    estimate = {
        "cite": "project estimate",
        "url": "",
        "published": None,
        "grade": "estimate",
        "unverified": False,
    }
    law = {
        "cite": "invented rule for a test",
        "url": "https://example.org/rule",
        "published": "2024-08",
        "grade": "law",
        "unverified": False,
    }
    local = {
        "cite": "invented press page",
        "url": "",
        "published": None,
        "grade": "local",
        "unverified": True,
    }
    rows = []
    for domain in [n for n in LABELS if n not in ("health", "work")] + ["arrivals", "lifecourse"]:
        for i, (de, en, unit, value, low, high, source) in enumerate(
            [
                (
                    "Anteil, der einen Platz will",
                    "Share that asks for a place",
                    "Anteil",
                    0.62,
                    0.45,
                    0.8,
                    estimate,
                ),
                ("Anspruch ab Alter", "Claim from age", "Jahre", 1, None, None, law),
                (
                    "Auszüge in eigene Wohnungen je Monat",
                    "Move-outs a month",
                    "je Monat",
                    0.0253,
                    0.01,
                    0.05,
                    local,
                ),
            ]
        ):
            rows.append(
                {
                    "name": f"{domain}.invented_{i}",
                    "label": pair(de, en),
                    "unit": pair(unit, unit),
                    "value": value,
                    "low": low,
                    "high": high,
                    "distribution": "triangular",
                    "scope": "kommune" if source is local else "bund",
                    "scope_name": "Musterstadt" if source is local else "",
                    "source": source,
                    "reason": "Bereich aus Gesprächen, weit gewählt." if source is estimate else "",
                    "valid_from": "2024-01-01",
                }
            )
    return rows


def sensitivity() -> list[Json]:
    rows = [
        (
            "lifecourse.invented_2",
            "Auszüge in eigene Wohnungen je Monat",
            "Move-outs into own flats a month",
            0.41,
            0.05,
        ),
        ("arrivals.invented_0", "Zuweisungen je Monat", "Allocations a month", 0.33, 0.05),
        ("arrivals.invented_1", "Nachzug von Familien", "Family reunification", 0.11, 0.04),
        ("rest", "alle anderen Annahmen", "all other assumptions", 0.15, 0.06),
    ]
    return [
        {"parameter": n, "label": pair(de, en), "share": s, "standard_error": e}
        for n, de, en, s, e in rows
    ]


def arrivals(months: list[str]) -> Json:
    rows = [
        {
            "month": m,
            "announced": [46, 31, 12, 0][i] if i < 4 else 0,
            "quantiles": band(58 + 12 * math.sin(i / 3), 9 + 2 * i),
        }
        for i, m in enumerate(months)
    ]
    return {
        "months": rows,
        "by_group": {"asylum": band(620, 120), "temporary": band(410, 160), "other": band(300, 40)},
    }


def scenarios(domains: Json) -> Json:
    named = [
        ("calm", "Ruhig", "Calm", 0.2, 0.6),
        ("trend", "Trend", "Trend", 0.4, 1.0),
        ("pulse_2015", "Schub wie 2015", "2015 pulse", 0.15, 1.3),
        ("sudden_exit", "Plötzlicher Rückgang", "Sudden exit", 0.25, 0.4),
    ]
    out: Json = {}
    for name, de, en, weight, factor in named:
        inner: Json = {}
        for key, domain in domains.items():
            first = dict(domain["first_overload"])
            if first["probability"] is not None:
                first["probability"] = min(1.0, round(first["probability"] * factor, 3))
                first["month"] = first["month"] if first["probability"] >= 0.5 else None
            months = [
                {k: m[k] for k in ("month", "overload_probability")} for m in domain["months"]
            ]
            inner[key] = {"months": months, "first_overload": first}
        out[name] = {
            "label": pair(de, en),
            "weight": weight,
            "draws": round(1000 * weight),
            "domains": inner,
        }
    return out


def result(months: int = 24, town: str = "Musterstadt") -> Json:
    """A stress result of eight domains: six with capacity, one unknown, one without."""
    names = month_names("2026-12", months)
    domains = {name: one_domain(name, names) for name in LABELS}
    used = parameters()
    return {
        "version": "0.1.0",
        "seed": 1,
        "draws": 1000,
        "scenario": {
            "name": "musterstadt",
            "town": town,
            "today": "2026-11-23",
            "weights": {"trend": {"label": pair("Trend", "Trend"), "weight": 0.4}},
        },
        "horizon": {"start": "2026-12-01", "end": "2028-11-30", "months": months},
        "sentence": pair(
            "Unterkunft: Mit 80 % Wahrscheinlichkeit ab der Woche vom 5. April 2027 voll, es fehlen dann 20 bis 220 Plätze. Schon heute zu eng: Kita und Sprachkurs.",
            "Beds: 80% likely full in the week of 5 April 2027, 20 to 220 short. Too tight already: childcare and language courses.",
        ),
        "static_sentence": pair(
            "Ohne das Beschlossene fehlen im schlimmsten Monat dreimal so viele Plätze.",
            "Without what is decided three times as many places are missing in the worst month.",
        ),
        "estimates": {
            "used": sum(p["source"]["grade"] == "estimate" for p in used),
            "total": len(used),
        },
        "domains": domains,
        "static": {name: one_domain(name, names, static=True) for name in LABELS},
        "by_scenario": scenarios(domains),
        "sensitivity": sensitivity(),
        "parameters": used,
        "incomplete": [
            {"what": pair("Alter unbekannt", "age unknown"), "count": 41},
            {"what": pair("Größe nur ungefähr", "size only stated"), "count": 7},
        ],
        "notes": [
            pair(
                "Rückwirkungen langer Wartezeit auf Wegzug sind nicht enthalten.",
                "Feedback of long waits on departures is not contained.",
            )
        ],
        "arrivals": arrivals(names),
        "ledger": {
            "nominal": 2558,
            "blocked": 74,
            "unfit": 232,
            "over": 0,
            "assigned": 2120,
            "kept": 46,
            "free": 86,
            "usable": 2252,
        },
    }


def point(when: str, quantity: str, observed: float, middle: float, spread: float) -> Json:
    q = band(middle, spread)
    return {
        "date": when,
        "quantity": quantity,
        "observed": observed,
        "quantiles": q,
        "inside_50": q["0.25"] <= observed <= q["0.75"],
        "inside_90": q["0.05"] <= observed <= q["0.95"],
    }


def backtests() -> Json:
    """Three invented cases: hit, missed, not scorable; one Kreise row, one context case."""
    errors: Json = {
        "median": 0.18,
        "persistence": 0.34,
        "official_plan": 0.47,
        "pinball": 0.1,
        "pinball_persistence": 0.2,
    }
    good = [
        point(
            f"2015-{m:02d}", "assigned", 900 + 140 * (m - 3), 880 + 120 * (m - 3), 90 + 30 * (m - 3)
        )
        for m in range(4, 10)
    ]
    bad = [
        point("2015-10-31", "stock", 3678, 2500, 300),
        point("2015-12-31", "stock", 4230, 2600, 380),
        point("2015-10-31", "shared", 2314, 1700, 200),
    ]
    picture = [
        {"what": "known", "date": f"2015-{m:02d}", "quantity": "assigned", "value": 700 + 60 * m}
        for m in (1, 2, 3)
    ]
    picture += [
        {"what": "plan", "date": f"2015-{m:02d}", "quantity": "assigned", "value": 833}
        for m in range(4, 10)
    ]
    hamburg = {
        "case": "hafenstadt-2015",
        "name": "Hafenstadt",
        "origin": "2015-03",
        "late": ["arrivals.share"],
        "quantities": {"assigned": pair("Zugewiesene im Monat", "Assigned in the month")},
        "lead_quantity": "assigned",
        "points": good,
        "errors": errors,
        "errors_with_late": errors | {"median": 0.16},
        "picture": picture,
        "plan_revisions": [
            {
                "date": "2015",
                "quantity": "assigned",
                "dated": "2015-05",
                "planned": 2700,
                "observed": 4230,
            }
        ],
        "not_predicted": ["flats"],
        "notes": [pair("Erfunden.", "Invented.")],
    }
    leipzig = {
        "case": "messestadt-2015",
        "origin": "2014-12",
        "late": [],
        "points": bad,
        "errors": errors | {"median": 0.42, "persistence": 0.40, "official_plan": None},
        "errors_with_late": errors,
    }
    empty = {
        "case": "kurstadt-2024",
        "origin": "2024-01",
        "late": [],
        "points": [],
        "errors": dict.fromkeys(errors),
        "errors_with_late": dict.fromkeys(errors),
    }
    return {
        "cases": [hamburg, leipzig, empty],
        "coverage": [
            {"origin": "2013", "n": 388, "inside_50": 0.41, "inside_90": 0.83},
            {"origin": "2014", "n": 388, "inside_50": 0.12, "inside_90": 0.44},
        ],
        "context": [
            {
                "id": "land-2025",
                "statement": pair(
                    "Fast jeder vierte Platz stand leer.", "Almost one place in four stood empty."
                ),
                "source": {"cite": "invented"},
            }
        ],
    }
