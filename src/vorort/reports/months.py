"""One domain of a run as JSON: months, first overload, recovery, cost, events.

Row 0 of every series is draw 0 (central values, median flow): it is shown as ``central`` and left
out of the quantiles.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vorort.arrivals import scenarios
from vorort.columns import Flags
from vorort.domains import Domain
from vorort.ledger import BEDS
from vorort.reports.costs import costs
from vorort.reports.quantiles import drawn, quantiles
from vorort.reports.shortage import shortage
from vorort.stress.run import Run, Series
from vorort.stress.supply import Event, Supply
from vorort.stress.tally import Months
from vorort.vocabulary import Text

CALM_MONTHS = 3  # so many months without overload are a recovery
NO_CAPACITY = ("usable", "waiting", "overdue", "vacancy", "unfit", "overload_probability")
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


def both(text: Text) -> dict[str, str]:
    """German and English, as JSON has them."""
    return {"de": text.de, "en": text.en}


def domain_figures(run: Run, domain: Domain, policy: str) -> dict[str, Any]:
    """Everything about one domain under ``decided`` or ``static`` capacity."""
    series, supply = run.series[policy][domain.name], run.supply[policy][domain.name]
    tolerance = run.tolerances[domain.name]
    is_known = supply.usable is not None
    return {
        "label": both(domain.label),
        "unit": both(domain.unit),
        "capacity": "known" if is_known else "unknown" if domain.has_capacity else "none",
        "capacity_for": "newcomers" if supply.residents is None else "everyone",
        "by": "households" if domain.by_household and domain.name != BEDS else "people",
        "tolerance": {"days": tolerance.days, "amount": tolerance.amount},
        "months": [_month(run, series, supply, m) for m in range(len(run.calendar.months))],
        "first_overload": first_overload(run, series.overloaded),
        "next_overload": first_overload(run, series.overloaded, later=True),
        "recovery_months": _recovery(series),
        "shortage": shortage(series),
        "cost": costs(run, domain, series) if is_known else None,
        "events": [_event(run, e) for e in supply.events],
    }


def _event(run: Run, event: Event) -> dict[str, Any]:
    return {
        "date": run.calendar.date_of(event.day).isoformat(),
        "places": event.places,
        "facility": event.facility,
        "reason": event.reason,
        "text": both(_why(event.reason)),
        "kind": "opening" if event.is_opening else "ending",
    }


def _why(reason: str) -> Text:
    """The reason of a change in words; what the town wrote stays as it is."""
    first, _, rest = reason.partition(":")
    if first not in WHY:
        return Text(reason, reason)
    said = rest.strip()
    return Text(said, said) if said else WHY[first]


def _month(run: Run, series: Series, supply: Supply, m: int) -> dict[str, Any]:
    """Quantiles of one month; a rate is shown per month, people as people."""
    months, scale = series.months, supply.scale
    demand = (months.demand - months.waiting) * scale + months.waiting
    stock = months.stock_served * scale + months.stock_waiting
    short = months.waiting_resident
    resident = (months.resident - short) * scale + short
    existing = resident + stock
    has_residents = supply.residents is not None

    def q(column: NDArray[Any], by: float = 1.0) -> dict[str, Any]:
        return quantiles(drawn(column)[:, m], by)

    found: dict[str, Any] = {
        "month": run.calendar.months[m],
        "existing": q(existing),
        "demand": q(demand),
        "stock": q(stock),
        "resident": q(resident) if has_residents else None,
    }
    central = {"existing": existing, "demand": demand}
    if series.overloaded is None:
        found |= dict.fromkeys(NO_CAPACITY)
    else:
        found["usable"] = q(months.usable, scale)["0.5"]
        found["waiting"] = q(months.waiting) | {
            "resident": q(short) if has_residents else None,
            "newcomer": q(months.waiting - short),
        }
        found["overdue"] = q(months.overdue)
        found["vacancy"] = q(months.vacancy, scale)
        found["unfit"] = q(months.unfit, scale)
        found["overload_probability"] = share(drawn(months.overload)[:, m])
        central |= {
            "usable": months.usable * scale,
            "waiting": months.waiting,
            "vacancy": months.vacancy * scale,
        }
    found["central"] = {name: round(float(c[0, m])) for name, c in central.items()}
    return found


def share(flags: Flags) -> float:
    """Share of draws, rounded to a ten-thousandth."""
    return round(float(flags.mean()), 4)


def first_overload(run: Run, overloaded: Flags | None, *, later: bool = False) -> dict[str, Any]:
    """Share of draws with any overload, and when half of all draws had had one.

    ``overloaded`` has shape (draw, tally) with draw 0 first; ``later``: day 0 does not count.
    """
    if overloaded is None:
        return {"month": None, "week": None, "probability": None}
    weekly = drawn(overloaded).copy()
    if later:
        weekly[:, 0] = False
    had = np.logical_or.accumulate(weekly, axis=1).mean(axis=0)
    found: dict[str, Any] = {"month": None, "week": None, "probability": round(float(had[-1]), 4)}
    half = np.flatnonzero(had >= 0.5)
    if len(half):
        week = run.calendar.date_of(int(run.calendar.tallies[half[0]]))
        found |= {"month": f"{week:%Y-%m}", "week": week.isoformat()}
    return found


def _recovery(series: Series) -> dict[str, Any]:
    """Months from the first overload to the first of three without; censored runs are counted."""
    overload = drawn(series.months.overload)
    hit = overload.any(axis=1)
    if series.overloaded is None or not hit.any():
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


def by_scenario(run: Run) -> dict[str, Any]:
    """Probabilities and medians of each named scenario that has draws."""
    found = {}
    for k, name in enumerate(scenarios.NAMES):
        rows = np.flatnonzero(run.mixture.of_draw == k)
        rows = rows[rows > 0]
        if len(rows):
            found[name] = {
                "label": both(scenarios.LABELS[name]),
                "weight": run.weights.get(name, 0.0),
                "draws": len(rows),
                "domains": _domains_of(run, rows),
            }
    return found


def _domains_of(run: Run, rows: NDArray[np.int64]) -> dict[str, Any]:
    found = {}
    for d in run.domains:
        series = run.series["decided"][d.name]
        if series.overloaded is None:
            continue
        part = _rows_of(series.months, rows)
        with_central = np.concatenate([[0], rows])  # `first_overload` leaves the first row out
        found[d.name] = {
            "months": [
                {
                    "month": month,
                    "overload_probability": share(part.overload[:, m]),
                    "demand": {"0.5": quantiles(part.demand[:, m])["0.5"]},
                    "waiting": {"0.5": quantiles(part.waiting[:, m])["0.5"]},
                }
                for m, month in enumerate(run.calendar.months)
            ],
            "first_overload": first_overload(run, series.overloaded[with_central], later=True),
        }
    return found


def _rows_of(months: Months, rows: NDArray[np.int64]) -> Months:
    return Months(**{f.name: getattr(months, f.name)[rows] for f in fields(Months)})
