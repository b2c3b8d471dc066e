"""Who else asks for the places: residents by month, between the low and the high figure on file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from vorort import luck
from vorort.columns import Floats, Ints
from vorort.domains import Domain
from vorort.vocabulary import ResidentDemand


def asked_by_residents(
    rows: Iterable[ResidentDemand],
    domain: Domain,
    months: Sequence[str],
    uniform: Callable[[str], Floats],
) -> Ints | None:
    """Places residents ask for, shape (draw, pool, month); None where anything is unknown.

    Triangular between low, central and high, one uniform per draw and domain (``uniform`` gives
    them by purpose; draw 0 takes the central figure), the same for all months. Between the months
    on file it is interpolated, before and after them it is constant.
    """
    mine = [r for r in rows if r.domain == domain.name]
    if not mine or any(r.central is None for r in mine):
        return None
    if len(domain.pools) > 1 and any(r.pool is None for r in mine):
        return None  # of which pool is unknown: never guessed
    grid = np.arange(len(months), dtype=float) + _month_number(months[0])
    u = uniform(f"residents/{domain.name}")
    found = np.zeros((len(u), len(domain.pools), len(months)))
    for pool, district in sorted({(r.pool or domain.pools[0], r.district) for r in mine}):
        of_pool = sorted(
            (r for r in mine if (r.pool or domain.pools[0]) == pool and r.district == district),
            key=lambda r: r.month,
        )
        known = [_month_number(r.month) for r in of_pool]
        low, mid, high = (
            np.interp(grid, known, [float(getattr(r, name) or 0) for r in of_pool])
            for name in ("low", "central", "high")
        )
        asked = luck.triangular(u[:, None], low, mid, high)
        asked[0] = mid
        found[:, domain.pools.index(pool)] += asked
    return np.rint(found).astype(np.int32)


def _month_number(month: str) -> float:
    return int(month[:4]) * 12 + int(month[5:7]) - 1.0
