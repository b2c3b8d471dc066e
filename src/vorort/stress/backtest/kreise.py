"""Coverage of the bands on about 400 Kreise: recipients under the AsylbLG, one year ahead.

A single case proves nothing about a band; many do. Two methods are measured: ``history`` is the
forecast of `vorort forecast` on the Kreis' own year-ends, ``stock`` the stock calculation of the
backtests with the national totals known at the origin. German: Empfänger nach AsylbLG, Kreise.

Kreise with a reception centre of the Land are dropped by a rule written before scoring: recipients
change by a factor of 8 or more within a year (the smaller of both at least 40), or the name is on
the list. The rule looks at outcomes too, so it flatters; all Kreise are therefore reported as well.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vorort import luck
from vorort.arrivals.forecast import LEVELS, forecast
from vorort.parameters import Backtest, load, resolve
from vorort.stress.backtest.case import Case, Figure, Quantity, Span
from vorort.stress.backtest.chances import Chances
from vorort.stress.backtest.predict import predict
from vorort.vocabulary import Text

Array = NDArray[np.float64]

ORIGINS = (2012, 2013, 2014)
RECEPTION = ("Trier, Kreisfreie Stadt", "Braunschweig, Kreisfreie Stadt", "Karlsruhe, Stadtkreis")
JUMP, FROM = 8.0, 40.0
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of Kreise whose next year-end lay inside the band, with its 95 % Wilson interval.

    ``above``: share above the 90 % band; ``growth``: median factor of the year.
    """

    method: str  # history or stock
    origin: int  # year whose end is the origin
    without_reception: bool
    kreise: int
    inside_50: float
    inside_50_range: tuple[float, float]
    inside_90: float
    inside_90_range: tuple[float, float]
    above: float
    growth: float


def coverage_kreise(
    path: Path | str, national: Mapping[int, int] | None = None, draws: int = 300, seed: int = 1
) -> list[Coverage]:
    """Coverage per method, origin and set of Kreise.

    ``path``: file with ``ags``, ``name``, ``jahr``, ``empfaenger``. ``national``: applications by
    year; the method ``stock`` is left out without them. Kreise with a year missing are not used.
    """
    kreise = _read(Path(path))
    found = []
    for origin in ORIGINS:
        bands = {"history": [_history(s, origin) for s in kreise.values()]}
        if national:
            on = date(origin, 12, 1)
            values = resolve(load([Path(__file__).parent]), on).for_backtest(on, late=False)
            bands["stock"] = [
                _stock(_case(k, origin, national, ags), values, draws, seed)
                for ags, k in kreise.items()
            ]
        for method, rows in bands.items():
            for dropping in (True, False):
                found.append(_coverage(method, origin, dropping, kreise, np.array(rows)))
    return found


@dataclass(frozen=True, slots=True)
class _Kreis:
    name: str
    by_year: dict[int, float]

    @property
    def has_reception(self) -> bool:
        """By the rule of the module's docstring."""
        years = sorted(self.by_year)
        pairs = [(self.by_year[a], self.by_year[b]) for a, b in pairwise(years)]
        jumps = any(min(p) >= FROM and max(p) >= JUMP * min(p) for p in pairs)
        return jumps or self.name in RECEPTION


def _read(path: Path) -> dict[str, _Kreis]:
    found: dict[str, _Kreis] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if len(row["ags"]) == 5 and row["empfaenger"] not in ("", "-", "."):
                kreis = found.setdefault(row["ags"], _Kreis(row["name"], {}))
                kreis.by_year[int(row["jahr"])] = float(row["empfaenger"])
    needed = set(range(2010, max(ORIGINS) + 2))
    return {ags: k for ags, k in sorted(found.items()) if needed <= set(k.by_year)}


def _history(kreis: _Kreis, origin: int) -> Array:
    """Quantiles from the Kreis' own year-ends alone, the months between unknown."""
    years = range(2010, origin + 1)
    values: list[float | None] = []
    for year in years:
        values += [None] * (11 if values else 0) + [kreis.by_year[year]]
    last: Array = forecast(values, 12)[-1]
    return last


def _stock(case: Case, values: Backtest, draws: int, seed: int) -> Array:
    """Quantiles of the next year-end by the code the cases are scored with."""
    keys = luck.mix(luck.worlds(seed, np.arange(1, draws + 1)), luck.word(f"kreis/{case.id}"))
    found = predict(case, Chances(values, keys, case.origin, late=False)).stock("recipients")
    if found is None:
        raise ValueError(f"no figure of the origin for {case.id}")
    quantiles: Array = np.quantile(found[1][:, -1], LEVELS, method="inverted_cdf")
    return quantiles


def _case(kreis: _Kreis, origin: int, national: Mapping[int, int], ags: str) -> Case:
    def figure(year: int, name: str, value: float, whole: bool) -> Figure:
        last = year * 12 + 11
        span = Span(last - 11 if whole else last, last)
        return Figure(str(year), span, name, int(value), None, None, "", str(year), last, 0)

    known = [figure(y, "recipients", v, False) for y, v in kreis.by_year.items() if y <= origin]
    known += [
        figure(y, "national_asylum_year", v, True) for y, v in national.items() if y <= origin
    ]
    text = Text("", "")
    return Case(
        id=ags,
        folder=Path(),
        name=kreis.name,
        ags=ags,
        land="",
        kind="stock",
        quantity="recipients",
        lead_quantity="recipients",
        unit=text,
        origin=origin * 12 + 11,
        months=12,
        driver="national_asylum_year",
        share=None,
        land_share=None,
        plan_source="",
        plan_dated=None,
        notes=(),
        quantities={"recipients": Quantity("recipients", "stock", text)},
        known=tuple(known),
        observed=(),
        plans=(),
    )


def _coverage(
    method: str, origin: int, dropping: bool, kreise: dict[str, _Kreis], bands: Array
) -> Coverage:
    kept = np.array([not (dropping and k.has_reception) for k in kreise.values()])
    now = np.array([k.by_year[origin] for k in kreise.values()])[kept]
    then = np.array([k.by_year[origin + 1] for k in kreise.values()])[kept]
    bands = bands[kept]
    inside_50 = (bands[:, 2] <= then) & (then <= bands[:, 4])
    inside_90 = (bands[:, 0] <= then) & (then <= bands[:, 6])
    return Coverage(
        method=method,
        origin=origin,
        without_reception=dropping,
        kreise=int(kept.sum()),
        inside_50=float(inside_50.mean()),
        inside_50_range=wilson(int(inside_50.sum()), len(then)),
        inside_90=float(inside_90.mean()),
        inside_90_range=wilson(int(inside_90.sum()), len(then)),
        above=float((then > bands[:, 6]).mean()),
        growth=float(np.median((then / np.maximum(now, 1.0))[now > 0])),
    )


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share after Wilson."""
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    middle = (share + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = _Z / (1 + _Z**2 / of) * math.sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    return max(0.0, middle - half), min(1.0, middle + half)
