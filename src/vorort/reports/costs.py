"""What places cost over the horizon: those that exist, those that are missing, those left empty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vorort.ledger import CapacityPlan

if TYPE_CHECKING:
    from vorort.domains import Domain
    from vorort.stress.run import Run, Series

LEVELS = (0.05, 0.5, 0.95)


def costs(run: Run, domain: Domain, series: Series) -> dict[str, Any] | None:
    """Euro over the horizon; None where no facility of the domain states a cost.

    ``overflow``: place-months missing times the cost of an emergency place; ``idle``: empty
    place-months times the cost of a place. Both None where the domain declares no such cost.
    """
    capacity = capacity_cost(run, domain)
    if capacity is None:
        return None
    return {
        "capacity": {str(level): capacity for level in LEVELS},
        "overflow": _priced(run, f"{domain.name}.overflow_month_eur", series.months.unmet),
        "idle": _priced(run, f"{domain.name}.idle_month_eur", series.months.idle),
        "unit": "EUR",
        "price_year": _year(run, f"{domain.name}.overflow_month_eur"),
    }


def capacity_cost(run: Run, domain: Domain) -> int | None:
    """Rent and running cost of the domain's sites, stand-by while closed, once on opening."""
    ledger, calendar = run.scenario.ledger, run.calendar
    sites = {u.facility for u in ledger.units if u.domain == domain.name}
    known = [f for f in ledger.facilities if f.id in sites and f.cost_month_eur is not None]
    if not known:
        return None
    plan = CapacityPlan(ledger)
    ends = np.append(calendar.month_starts[1:], calendar.days)
    total = 0.0
    for facility in known:
        was_open = True
        for first, end in zip(calendar.month_starts, ends, strict=True):
            site = plan.site(facility.id, calendar.date_of(int(first)))
            is_open = any(s.nominal for s in site.units.values())
            share = min(1.0, (int(end) - int(first)) / 30.4375)
            monthly = facility.cost_month_eur if is_open else facility.standby_eur
            total += (monthly or 0) * share
            if is_open and not was_open:
                total += facility.cost_once_eur or 0
            was_open = is_open
    return round(total)


def _priced(run: Run, name: str, amount: np.ndarray[Any, Any]) -> dict[str, int] | None:
    if name not in run.resolved.choices or run.resolved.amount(name) is None:
        return None
    rows = np.arange(run.draws + 1, dtype=np.int32)
    total = amount.sum(axis=1, dtype=np.float64) * np.asarray(run.values.of(name, rows))
    found = np.quantile(total[1:] if len(total) > 1 else total, LEVELS, method="inverted_cdf")
    return {str(level): round(float(x)) for level, x in zip(LEVELS, found, strict=True)}


def _year(run: Run, name: str) -> int | None:
    """Year of the prices: the year from which the cost figure holds."""
    if name not in run.resolved.choices:
        return None
    value = run.resolved[name].value
    return value.valid_from.year if value else None
