"""A run as the JSON of DESIGN 14: quantiles, probabilities, dates, costs, pedigree.

Row 0 of every series is draw 0 (central values, median flow): it is shown as ``central`` and left
out of the quantiles. Quantiles are counts that occurred (inverted cumulative distribution).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from vorort import __version__
from vorort.arrivals import scenarios
from vorort.arrivals.keys import share_of
from vorort.columns import GROUPS, Flags
from vorort.domains import Domain
from vorort.ledger import BEDS, differences, incomplete, occupancy, stale
from vorort.reports.costs import costs
from vorort.reports.quantiles import quantiles
from vorort.reports.sentence import leading_sentence
from vorort.reports.shortage import expected_households, minors_alone, shortage
from vorort.stress.run import Run, Series
from vorort.stress.sensitivity import shares
from vorort.stress.supply import Supply
from vorort.vocabulary import Text, Value

CALM_MONTHS = 3  # so many months without overload are a recovery
GROUP_LABELS = {
    "asylum": Text("Asyl", "Asylum"),
    "temporary": Text("§ 24 AufenthG", "Temporary protection"),
    "reunification": Text("Familiennachzug", "Family reunification"),
    "resettlement": Text("Aufnahmeprogramme", "Admission programmes"),
    "other": Text("übrige Zuwanderung", "Other migration"),
}


def figures(run: Run) -> dict[str, Any]:
    """Everything the report and other programs read; no times of computing."""
    town = run.scenario.municipality
    domains = {d.name: _domain(run, d, "decided") for d in run.domains}
    static = {d.name: _domain(run, d, "static") for d in run.domains}
    used = sorted(run.values.reads & set(run.resolved.choices))
    estimates, total = run.resolved.estimates(used)
    result = {
        "version": __version__,
        "seed": run.seed,
        "draws": run.draws,
        "scenario": {
            "name": run.scenario.folder,
            "town": town.name,
            "land": town.land,
            "today": town.today.isoformat(),
            "population": town.population,
            "weights": {
                n: {"label": _both(scenarios.LABELS[n]), "weight": w}
                for n, w in run.weights.items()
            },
        },
        "horizon": {
            "start": run.calendar.start.isoformat(),
            "end": run.calendar.date_of(run.calendar.days).isoformat(),
            "months": len(run.calendar.months),
        },
        "estimates": {"used": estimates, "total": total},
        "domains": domains,
        "static": static,
        "by_scenario": _by_scenario(run),
        "sensitivity": _sensitivity(run),
        "parameters": [_parameter(run, name) for name in used],
        "arrivals": _arrivals(run),
        "key": _key(run),
        "ledger": _ledger(run),
        "expected_households": expected_households(run),
        "unaccompanied_minors": minors_alone(run),
        "incomplete": _incomplete(run),
        "notes": _notes(run),
    }
    result["sentence"] = _both(leading_sentence(result, "domains"))
    result["static_sentence"] = _both(leading_sentence(result, "static"))
    return result


WHY = {
    "lease_until": Text("Mietende", "end of lease"),
    "lease_end": Text("Mietende", "end of lease"),
    "opens_on": Text("Eröffnung", "opening"),
    "open": Text("Eröffnung", "opening"),
    "close": Text("Schließung", "closing"),
    "repair": Text("Reparatur", "repair"),
    "closed": Text("geschlossen", "closed"),
    "reserve": Text("Reserve", "reserve"),
    "turnaround": Text("Wechsel", "turnaround"),
    "block": Text("gesperrt", "blocked"),
    "unblock": Text("wieder offen", "open again"),
    "release": Text("Reserve freigegeben", "reserve released"),
    "step": Text("Änderung", "change"),
}


def _why(reason: str) -> Text:
    """The reason of a change in words; what the town wrote stays as it is."""
    first, _, rest = reason.partition(":")
    if first not in WHY:
        return Text(reason, reason)
    said = rest.strip()
    return Text(said, said) if said else WHY[first]


def _both(text: Text) -> dict[str, str]:
    return {"de": text.de, "en": text.en}


def _domain(run: Run, domain: Domain, policy: str) -> dict[str, Any]:
    series, supply = run.series[policy][domain.name], run.supply[policy][domain.name]
    tolerance = run.tolerances[domain.name]
    is_known = supply.usable is not None
    capacity = "known" if is_known else "unknown" if domain.has_capacity else "none"
    return {
        "label": _both(domain.label),
        "unit": _both(domain.unit),
        "capacity": capacity,
        "capacity_for": "newcomers" if supply.residents is None else "everyone",
        "by": "households" if domain.by_household and domain.name != BEDS else "people",
        "tolerance": {"days": tolerance.days, "amount": tolerance.amount},
        "months": [_month(run, series, supply, m) for m in range(len(run.calendar.months))],
        "first_overload": _first_overload(run, series, later=False),
        "next_overload": _first_overload(run, series, later=True),
        "recovery_months": _recovery(series),
        "shortage": shortage(series),
        "cost": costs(run, domain, series) if is_known else None,
        "events": [
            {
                "date": run.calendar.date_of(e.day).isoformat(),
                "places": e.places,
                "facility": e.facility,
                "reason": e.reason,
                "text": _both(_why(e.reason)),
                "kind": "opening" if e.is_opening else "ending",
            }
            for e in supply.events
        ],
    }


def _month(run: Run, series: Series, supply: Supply, m: int) -> dict[str, Any]:
    months, scale = series.months, supply.scale
    used = months.demand - months.waiting
    demand = used * scale + months.waiting  # a rate is shown per month, people as people
    stock = months.stock_served * scale + months.stock_waiting
    short = months.waiting_resident
    resident = (months.resident - short) * scale + short

    def q(column: np.ndarray[Any, Any], by: float = 1.0) -> dict[str, int]:
        return quantiles(column[1:, m] if len(column) > 1 else column[:, m], by)

    has_residents = supply.residents is not None
    existing = resident + stock
    month: dict[str, Any] = {
        "month": run.calendar.months[m],
        "existing": q(existing), "demand": q(demand),
        "stock": q(stock), "resident": q(resident) if has_residents else None,
    }  # fmt: skip
    if series.overloaded is None:
        month |= dict.fromkeys(
            ("usable", "waiting", "overdue", "vacancy", "unfit", "overload_probability")
        )
        month["central"] = {"existing": _at(existing, m), "demand": _at(demand, m)}
        return month
    month["usable"] = quantiles(
        months.usable[1:, m] if len(months.usable) > 1 else months.usable[:, m], scale
    )["0.5"]
    month["waiting"] = q(months.waiting) | {
        "resident": q(short) if has_residents else None,
        "newcomer": q(months.waiting - short),
    }
    month |= {
        "overdue": q(months.overdue),
        "vacancy": q(months.vacancy, scale),
        "unfit": q(months.unfit, scale),
    }
    month["overload_probability"] = _share(months.overload[:, m])
    month["central"] = {
        "usable": _at(months.usable * scale, m),
        "existing": _at(existing, m),
        "demand": _at(demand, m),
        "waiting": _at(months.waiting, m),
        "vacancy": _at(months.vacancy * scale, m),
    }
    return month


def _at(column: np.ndarray[Any, Any], m: int) -> int:
    return round(float(column[0, m]))


def _share(flags: Flags) -> float:
    """Share of the draws 1..N; of draw 0 where it is alone."""
    return round(float((flags[1:] if len(flags) > 1 else flags).mean()), 4)


def _first_overload(run: Run, series: Series, *, later: bool) -> dict[str, Any]:
    """Share of draws with any overload, and when half of all draws had had one."""
    if series.overloaded is None:
        return {"month": None, "week": None, "probability": None}
    weekly = series.overloaded[1:] if len(series.overloaded) > 1 else series.overloaded
    weekly = weekly.copy()
    if later:
        weekly[:, 0] = False
    had = np.logical_or.accumulate(weekly, axis=1).mean(axis=0)
    half = np.flatnonzero(had >= 0.5)
    if not len(half):
        return {"month": None, "week": None, "probability": round(float(had[-1]), 4)}
    week = run.calendar.date_of(int(run.calendar.tallies[half[0]]))
    return {
        "month": f"{week.year:04d}-{week.month:02d}", "week": week.isoformat(),
        "probability": round(float(had[-1]), 4),
    }  # fmt: skip


def _recovery(series: Series) -> dict[str, Any]:
    """Months from the first overload to the first of three without; censored runs are counted."""
    if series.overloaded is None:
        return {"median": None, "not_recovered": None}
    overload = (
        series.months.overload[1:] if len(series.months.overload) > 1 else series.months.overload
    )
    hit = overload.any(axis=1)
    if not hit.any():
        return {"median": None, "not_recovered": None}
    took = []
    for row in overload[hit]:
        first = int(np.argmax(row))
        calm = np.convolve(~row, np.ones(CALM_MONTHS), mode="valid") == CALM_MONTHS
        after = np.flatnonzero(calm[first:])
        took.append(int(after[0]) if len(after) else -1)
    done = [t for t in took if t >= 0]
    median = float(np.median(done)) if done else None
    return {"median": median, "not_recovered": round(1 - len(done) / len(took), 4)}


def _by_scenario(run: Run) -> dict[str, Any]:
    found = {}
    for k, name in enumerate(scenarios.NAMES):
        rows = np.flatnonzero(run.mixture.of_draw == k)
        rows = rows[rows > 0]
        if not len(rows):
            continue
        domains = {}
        for d in run.domains:
            series = run.series["decided"][d.name]
            if series.overloaded is None:
                continue
            part = Series(_rows_of(series, rows), series.overloaded[rows])
            waiting = part.months.waiting
            domains[d.name] = {
                "months": [
                    {
                        "month": month,
                        "overload_probability": round(float(part.months.overload[:, m].mean()), 4),
                        "demand": {"0.5": quantiles(part.months.demand[:, m])["0.5"]},
                        "waiting": {"0.5": quantiles(waiting[:, m])["0.5"]},
                    }
                    for m, month in enumerate(run.calendar.months)
                ],
                "first_overload": _share_of_any(run, part),
            }
        found[name] = {
            "label": _both(scenarios.LABELS[name]),
            "weight": run.weights.get(name, 0.0),
            "draws": len(rows),
            "domains": domains,
        }
    return found


def _rows_of(series: Series, rows: np.ndarray[Any, Any]) -> Any:
    months = series.months
    return type(months)(
        **{name: getattr(months, name)[rows] for name in months.__dataclass_fields__}
    )


def _share_of_any(run: Run, part: Series) -> dict[str, Any]:
    assert part.overloaded is not None
    had = np.logical_or.accumulate(part.overloaded[:, 1:], axis=1).mean(axis=0)
    half = np.flatnonzero(had >= 0.5)
    week = run.calendar.date_of(int(run.calendar.tallies[half[0] + 1])) if len(half) else None
    return {
        "month": f"{week.year:04d}-{week.month:02d}" if week else None,
        "week": week.isoformat() if week else None,
        "probability": round(float(had[-1]), 4) if had.size else 0.0,
    }


def _sensitivity(run: Run) -> list[dict[str, Any]]:
    """Shares of the variance of the peak accommodation shortage."""
    beds = run.series["decided"].get(BEDS)
    if beds is None or beds.overloaded is None or run.draws < 2:
        return []
    peak = beds.months.waiting[1:].max(axis=1).astype(np.float64)
    rows = np.arange(run.draws + 1, dtype=np.int32)
    numbers = {}
    for name in sorted(run.values.reads & set(run.resolved.choices)):
        if run.resolved.amount(name) is None:
            continue
        column = run.values.of(name, rows)
        if not isinstance(column, float):
            numbers[name] = np.asarray(column)[1:]
    labels = {n: run.resolved[n].parameter.label for n in numbers}
    numbers["flow.national"] = run.expected[1:].sum(axis=(1, 2))
    labels["flow.national"] = Text(
        "Zugänge insgesamt in diesem Verlauf", "Arrivals in total in this draw"
    )
    labels["scenario"] = Text("Planfall", "Scenario")
    found = shares(peak, numbers, {"scenario": run.mixture.of_draw[1:]})
    return [
        {
            "parameter": s.parameter,
            "label": _both(labels[s.parameter]),
            "share": round(s.share, 4),
            "standard_error": round(s.standard_error, 4),
        }
        for s in found
    ]


def _parameter(run: Run, name: str) -> dict[str, Any]:
    choice = run.resolved[name]
    head = {
        "name": name, "label": _both(choice.parameter.label), "unit": _both(choice.parameter.unit),
    }  # fmt: skip
    return head | _value(choice.value)


def _value(value: Value | None) -> dict[str, Any]:
    if value is None:
        return {"value": None, "low": None, "high": None, "source": None}
    source = value.source
    return {
        "value": value.amount,
        "low": value.low,
        "high": value.high,
        "distribution": value.distribution,
        "scope": value.scope,
        "scope_name": value.scope_name,
        "reason": value.reason,
        "valid_from": value.valid_from.isoformat(),
        "source": {
            "cite": source.cite,
            "url": source.url,
            "published": source.published,
            "grade": source.grade,
            "unverified": source.unverified,
        },
    }


def _key(run: Run) -> dict[str, Any]:
    """Share of the Land's arrivals: the one used, and what the formula gives beside a notice."""
    key = run.scenario.municipality.key
    share = share_of(key)
    return {
        "kind": key.kind,
        "share": share.holds,
        "official": share.official,
        "recomputed": share.recomputed,
        "difference": share.difference,
        "credit": key.credit,
        "backlog": key.backlog,
        "lag_days": key.lag_days,
        "source": {"cite": key.source.cite, "grade": key.source.grade},
    }


def _arrivals(run: Run) -> dict[str, Any]:
    """Persons expected a month: announced, and the projection besides."""
    told: Counter[str] = Counter()
    taken = {h.announced_id for h in run.scenario.ledger.households}
    for notice in run.scenario.announced:
        if notice.id not in taken:
            told[f"{notice.expected_on:%Y-%m}"] += notice.persons or len(notice.ages)
    projected = run.expected[1:] if len(run.expected) > 1 else run.expected
    return {
        "known": run.arrivals_known,
        "months": [
            {
                "month": month,
                "announced": told[month],
                "quantiles": quantiles(projected[:, m].sum(axis=1)),
            }
            for m, month in enumerate(run.calendar.months)
        ],
        "by_group": {
            group: {
                "label": _both(GROUP_LABELS[group]),
                "quantiles": quantiles(projected[:, :, g].sum(axis=1)),
            }
            for g, group in enumerate(GROUPS)
        },
    }


def _ledger(run: Run) -> dict[str, Any]:
    beds = occupancy(run.scenario.ledger, run.calendar.start).by_domain.get(BEDS)
    if beds is None:
        return {}
    return {
        "nominal": beds.nominal,
        "blocked": beds.blocked_places,
        "unfit": beds.unfit,
        "over": beds.over,
        "assigned": beds.assigned,
        "kept": beds.kept,
        "free": beds.free,
        "usable": beds.usable,
    }


def _incomplete(run: Run) -> list[dict[str, Any]]:
    """What nobody knows yet, counted; and what was guessed for the outlook only."""
    ledger, town = run.scenario.ledger, run.scenario.municipality
    gaps = Counter(
        (g.text.de, g.text.en) if g.what != "size_stated" else _MEMBERS for g in incomplete(ledger)
    )
    rows = [({"de": de, "en": en}, n) for (de, en), n in sorted(gaps.items())]
    rows.append(
        (
            {"de": "Meldungen älter als ihr Turnus", "en": "Reports older than their cycle"},
            len(stale(ledger, town.today, town.reported_cycle_days))
            if town.reported_cycle_days
            else 0,
        )
    )
    rows.append(
        (
            {
                "de": "Zwei Stellen mit verschiedenen Platzzahlen",
                "en": "Two offices with different figures",
            },
            len(differences(ledger)),
        )
    )
    for said, de, en in (
        (town.key.credit, "Guthaben", "credit"),
        (town.key.backlog, "Rückstand", "backlog"),
    ):
        rows.append(
            (
                {"de": f"{de} der Zuweisung unbekannt", "en": f"Allocation {en} unknown"},
                int(said is None),
            )
        )
    guessed = {
        "age": ("Alter", "ages"),
        "sex": ("Geschlecht", "sexes"),
        "members": ("Mitglieder", "members"),
        "size": ("Haushaltsgröße", "household sizes"),
    }
    for key, (de, en) in guessed.items():
        if run.stock.guessed.get(key):
            rows.append(
                (
                    {
                        "de": f"Für den Ausblick geschätzt, nicht im Register: {de}",
                        "en": f"Guessed for the outlook, not in the ledger: {en}",
                    },
                    run.stock.guessed[key],
                )
            )
    return [{"what": what, "count": count} for what, count in rows if count]


_MEMBERS = ("Haushalte mit nicht erfassten Mitgliedern", "Households with members not recorded")


def _notes(run: Run) -> list[dict[str, str]]:
    notes = [
        Text(
            "Nicht enthalten: Rückwirkungen wie Wegzug wegen langen Wartens. Ein Handlungsfeld kennt nur die vor ihm.",
            "Not contained: feedback such as leaving because of a long wait. A domain knows only those before it.",
        ),
        Text(
            "Unterkünfte zählen als Betten mit Haushalten am Stück; welche Einheit passt, entscheidet die Vergabe.",
            "Accommodation counts beds with households kept together; which unit fits is decided in placement.",
        ),
    ]
    if not run.arrivals_known:
        notes.insert(
            0,
            Text(
                "Der Anteil der Kommune oder des Landes ist unbekannt: gerechnet sind nur angekündigte Zugänge.",
                "The share of the Kommune or the Land is unknown: only announced arrivals are counted.",
            ),
        )
    for d in run.domains:
        supply: Mapping[str, Supply] = run.supply["decided"]
        if d.has_capacity and supply[d.name].usable is None:
            notes.append(
                Text(
                    f"{d.label.de}: keine Plätze oder kein Bedarf der übrigen Bevölkerung hinterlegt, nicht gerechnet.",
                    f"{d.label.en}: no places or no resident demand on file, not computed.",
                )
            )
    return [_both(n) for n in notes]
