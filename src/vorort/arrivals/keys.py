"""From Land to Kommune: keys and what they make of national arrivals. German: Verteilschlüssel

Every Land has its own rule. Two are formulas here (North Rhine-Westphalia, Bavaria); elsewhere the
published share is typed in with its source. An official notice always overrides what is
recomputed; the gap is shown and never smoothed away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vorort.columns import Floats
from vorort.problems import Problem, Refused
from vorort.vocabulary import MunicipalKey

POPULATION_WEIGHT, AREA_WEIGHT, UPLIFT = 0.9, 0.1, 1.25  # § 3 (1) FlüAG NRW [S40b]
NEEDED = {
    "nw": ("population", "area_km2", "land_population", "land_area_km2", "excess_factor"),
    "by": ("bezirk_percent", "kreis_percent"),
}


@dataclass(frozen=True)
class NwKeys:
    """Keys of all Gemeinden of North Rhine-Westphalia, shape (gemeinde,), sum one."""

    share: Floats
    population_only: Floats
    is_capped: NDArray[np.bool_]
    excess_factor: float  # by which the keys of the others grow


def nw_keys(population: Floats, area_km2: Floats, reapply: bool = False) -> NwKeys:
    """Keys by § 3 (1) FlüAG NRW [S40b]. German: Zuweisungsschlüssel

    ``base_i = 0.9 p_i / sum(p) + 0.1 a_i / sum(a)``; the uplift from area may lift a Gemeinde to
    at most ``cap_i = 1.25 p_i / sum(p)``. The excess over the caps is spread over all other
    Gemeinden in proportion to their keys: they are multiplied by
    ``(1 - sum of caps of the capped) / (sum of bases of the others)``.

    The wording seen does not say whether the cap holds again after the spreading. Default: it is
    spread once, so a Gemeinde just below its cap may end above it by at most that factor;
    ``reapply`` caps and spreads until none is above. Raises ValueError for a negative or empty
    table.
    """
    people, area = np.asarray(population, np.float64), np.asarray(area_km2, np.float64)
    if (
        not len(people)
        or (people < 0).any()
        or (area < 0).any()
        or not people.sum()
        or not area.sum()
    ):
        raise ValueError("population and area need a positive sum and no negative number")
    by_people = people / people.sum()
    base = POPULATION_WEIGHT * by_people + AREA_WEIGHT * area / area.sum()
    cap = UPLIFT * by_people
    is_capped = base > cap
    factor = _factor(base, cap, is_capped)
    while reapply and (again := ~is_capped & (base * factor > cap)).any():
        is_capped |= again
        factor = _factor(base, cap, is_capped)
    return NwKeys(np.where(is_capped, cap, base * factor), by_people, is_capped, factor)


def _factor(base: Floats, cap: Floats, is_capped: NDArray[np.bool_]) -> float:
    others = float(base[~is_capped].sum())
    return (1.0 - float(cap[is_capped].sum())) / others if others > 0 else 1.0


def nw_share(
    population: float, area_km2: float, land_population: float, land_area_km2: float,
    excess_factor: float,
) -> float:  # fmt: skip
    """The key of one Gemeinde from typed inputs; the same formula as ``nw_keys``.

    ``excess_factor`` comes from the whole table (``NwKeys.excess_factor``), at least one.
    """
    if min(land_population, land_area_km2) <= 0 or min(population, area_km2) < 0:
        raise ValueError("totals of the Land must be positive, the Gemeinde's not negative")
    if population > land_population or area_km2 > land_area_km2 or excess_factor < 1.0:
        raise ValueError(
            "a Gemeinde is no larger than its Land, the excess factor no less than one"
        )
    by_people = population / land_population
    base = POPULATION_WEIGHT * by_people + AREA_WEIGHT * area_km2 / land_area_km2
    cap = UPLIFT * by_people
    return cap if base > cap else base * excess_factor


def by_share(bezirk_percent: float, kreis_percent: float) -> float:
    """Bavaria, § 3 DVAsyl [S43]: quota of the Bezirk times quota of the Kreis in it, a share.

    Both in percent as published and re-set by general order, so each has its own date
    (``laender.bavarian_quotas``). The deviation of up to 10 % of a quota the ordinance allows is
    no part of the key.
    """
    if not (0 <= bezirk_percent <= 100 and 0 <= kreis_percent <= 100):
        raise ValueError("quotas are percent, 0 to 100")
    return bezirk_percent / 100 * kreis_percent / 100


def municipal_share(key: MunicipalKey) -> float | None:
    """The Kommune's share of its Land's arrivals, 0 to 1; None where it is unknown.

    ``typed`` reads ``share_permille``; ``nw`` and ``by`` read ``key.inputs`` (names in ``NEEDED``).
    Raises ``Refused`` naming every missing or impossible input at once.
    """
    if key.kind == "typed":
        if key.share_permille is None:
            return None
        if not 0 <= key.share_permille <= 1000:
            raise Refused([_impossible("share_permille", "0 … 1000")])
        return key.share_permille / 1000
    missing = [name for name in NEEDED[key.kind] if name not in key.inputs]
    if missing:
        raise Refused([_absent(name) for name in missing])
    numbers = [key.inputs[name] for name in NEEDED[key.kind]]
    try:
        return nw_share(*numbers) if key.kind == "nw" else by_share(*numbers)
    except ValueError as error:
        raise Refused([_impossible("inputs", str(error))]) from None


@dataclass(frozen=True)
class Duty:
    """Persons the Kommune has to expect, and the credit that is left at the end.

    German: Aufnahmeverpflichtung. ``expected`` has the shape of the national series.
    """

    expected: Floats
    credit_left: Floats  # shape without the last axis


def expected_allocations(
    national: Floats, land_share: float, local_share: float, *, credit: float | None = None,
    backlog: float | None = None, carry_over: float | None = None, spread_months: int = 6,
    lag_months: int = 0,
) -> Duty:  # fmt: skip
    """Expected allocations a month from national arrivals, shape (..., month).

    ``duty[m] = national[m - lag] x land_share x local_share``; in the first ``lag`` months the
    first national figure stands for the months before the series. ``backlog`` (what the Kommune
    owes) and ``carry_over`` (the rest of the last period's quota) come on top, evenly over the
    first ``spread_months``. ``credit`` (places of the Land on its territory, over-fulfilment)
    lowers the duty from the first month on until it is used up; it never goes below zero. None of
    the three known: no correction; the caller counts it as unknown.
    """
    owed = [x or 0.0 for x in (credit, backlog, carry_over)]
    if min(owed) < 0 or lag_months < 0 or spread_months < 1:
        raise ValueError(
            "credit, backlog, carry-over and lag are not negative, the spread at least a month"
        )
    series = np.asarray(national, np.float64)
    months = series.shape[-1]
    duty = series[..., np.maximum(np.arange(months) - lag_months, 0)] * (land_share * local_share)
    spread = min(spread_months, months)
    duty[..., :spread] += (owed[1] + owed[2]) / spread
    total = np.cumsum(duty, axis=-1)
    after = np.maximum(total - owed[0], 0.0)
    expected: Floats = np.diff(after, axis=-1, prepend=0.0)
    return Duty(expected, np.maximum(owed[0] - total[..., -1], 0.0))


@dataclass(frozen=True)
class Balance:
    """The account of one period. German: Erfüllungsstand"""

    quota: float  # with backlog and carry-over, less the credit used
    owed: float  # to be carried over into the next period
    credit: float  # over-fulfilment and unused credit, for the next period


def shortfall(
    quota: float,
    admitted: float,
    *,
    credit: float = 0.0,
    backlog: float = 0.0,
    carry_over: float = 0.0,
) -> Balance:
    """What is still owed, or over-fulfilled, when a period ends. German: Rückstand, Guthaben

    Braunschweig 2024: a quota of 345 and a carry-over of 62 are 407 for six months [S52].
    """
    if min(quota, admitted, credit, backlog, carry_over) < 0:
        raise ValueError("persons are not negative")
    rest = quota + backlog + carry_over - credit
    return Balance(max(0.0, rest), max(0.0, rest - admitted), max(0.0, admitted - rest))


@dataclass(frozen=True)
class Gap:
    """The official figure beside the recomputed one; ``holds`` is the one to use."""

    holds: float | None
    official: float | None
    recomputed: float | None

    @property
    def difference(self) -> float | None:
        """Official less recomputed, in its unit; None where one is unknown."""
        if self.official is None or self.recomputed is None:
            return None
        return self.official - self.recomputed

    @property
    def relative(self) -> float | None:
        """The difference against the recomputed figure; None where that is zero or unknown."""
        return (
            self.difference / self.recomputed
            if self.recomputed and self.difference is not None
            else None
        )


def gap(official: float | None, recomputed: float | None) -> Gap:
    """The notice of the authority overrides what we recompute; both stay visible."""
    return Gap(recomputed if official is None else official, official, recomputed)


def _absent(name: str) -> Problem:
    return Problem(
        "town.yaml", f"Für den Schlüssel fehlt „{name}“.", f"The key lacks “{name}”.",
        "Die Zahl eintragen oder kind: typed mit share_permille verwenden.",
        "Enter the number or use kind: typed with share_permille.", column=f"key.inputs.{name}",
    )  # fmt: skip


def _impossible(name: str, what: str) -> Problem:
    return Problem(
        "town.yaml", f"Der Schlüssel ist unmöglich ({what}).", f"The key is impossible ({what}).",
        "Zahlen und Einheiten prüfen.", "Check numbers and units.", column=f"key.{name}",
    )  # fmt: skip


def share_of(key: MunicipalKey) -> Gap:
    """The share to use: an official figure beside the formula overrides it, the gap is shown.

    For kind ``nw`` and ``by`` a ``share_permille`` is the figure of the notice; where it is given,
    missing inputs of the formula are no fault, the recomputed share is then unknown.
    """
    if key.kind == "typed" or key.share_permille is None:
        return gap(None, municipal_share(key))
    is_complete = all(name in key.inputs for name in NEEDED[key.kind])
    return gap(key.share_permille / 1000, municipal_share(key) if is_complete else None)
