"""Expected arrivals per draw, month and group: national flow x Land share x municipal share.

Up to six months the flow is a log random walk from today's level, as the forecast has it; beyond,
it returns to the anchor of the scenario. Pulses and random shocks are added in persons. Draw 0 is
the median course of the trend: no noise, no shock. Method: docs/method/arrivals.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vorort import luck
from vorort.arrivals import scenarios as named
from vorort.arrivals.forecast import walks
from vorort.arrivals.keys import expected_allocations
from vorort.arrivals.scenarios import Mixture
from vorort.arrivals.table import household_table
from vorort.columns import (
    ASYLUM,
    GROUPS,
    MONTH,
    OTHER,
    RESETTLEMENT,
    REUNIFICATION,
    TEMPORARY,
    Calendar,
    Floats,
    Ints,
    Keys,
    Values,
)

FORECAST_MONTHS = 6  # beyond, anchors of the scenario take over


@dataclass(frozen=True)
class Town:
    """What the flow must know of the Kommune. Shares None = unknown: nothing can be projected."""

    land_share: float | None
    municipal_share: float | None
    population: int | None
    credit: float | None = None  # unknown: no correction, counted as unknown
    backlog: float | None = None
    lag_days: int = 0


@dataclass(frozen=True)
class _Months:
    """Draw keys and shape of a national path."""

    world: Keys
    is_central: np.ndarray[tuple[int], np.dtype[np.bool_]]
    months: int

    @property
    def at(self) -> Keys:
        keys: Keys = luck.mix(self.world[:, None], np.arange(self.months, dtype=np.uint64)[None, :])
        return keys


def expected_arrivals(
    world: Keys, draws: Ints, mixture: Mixture, values: Values, calendar: Calendar, town: Town
) -> Floats:
    """Expected persons, shape (draw, month, group); NaN-free, zero where a share is unknown."""
    months = _Months(world, draws == 0, len(calendar.months))
    nation = national(months, mixture, values)
    local = np.zeros_like(nation)
    if town.land_share is not None and town.municipal_share is not None:
        spread = _per_draw(values, "arrivals.local_share_spread", draws)
        noise = np.where(
            months.is_central, 1.0, np.exp(spread * luck.normal(world, "arrivals/local share"))
        )
        for group in range(len(GROUPS)):
            owes = {"credit": town.credit, "backlog": town.backlog} if group == ASYLUM else {}
            local[:, :, group] = expected_allocations(
                nation[:, :, group] * noise[:, None], town.land_share, town.municipal_share, **owes,
                spread_months=round(values.central("arrivals.backlog_months")),
                lag_months=round(town.lag_days / MONTH),
            ).expected  # fmt: skip
    if town.population is not None:
        rate = _per_draw(values, "arrivals.other_per_1000_month", draws)
        local[:, :, OTHER] = (rate * town.population / 1000)[:, None]
    else:  # unknown: nobody of this group is projected, and the report says so
        local[:, :, OTHER] = 0.0
    first = (calendar.month_starts[1] if months.months > 1 else calendar.days) / MONTH
    local[:, 0] *= min(1.0, first)  # the month of the start is partly over
    return local


def national(months: _Months, mixture: Mixture, values: Values) -> Floats:
    """National persons a month, shape (draw, month, group); OTHER is local and left at zero."""
    draws = np.arange(len(months.world), dtype=np.int32)
    flow = np.zeros((len(draws), months.months, len(GROUPS)))
    asylum, temporary = (
        _per_draw(values, f"arrivals.{g}_month", draws) for g in ("asylum", "temporary")
    )
    flow[:, :, ASYLUM] = asylum[:, None] * _path(
        months, values, "asylum", _anchor(months, mixture, values, asylum)
    )
    flow[:, :, TEMPORARY] = temporary[:, None] * _path(
        months, values, "temporary", _anchor(months, mixture, values, None)
    )
    old = named.PULSE_2015, named.DOUBLE
    flow[:, :, ASYLUM] += _pulse(months, values, "2015") * mixture.is_(*old)[:, None]
    flow[:, :, TEMPORARY] += _pulse(months, values, "2022") * mixture.is_(named.PULSE_2022)[:, None]
    quiet = mixture.is_(named.CALM, named.EXIT) | months.is_central
    for group, kind in ((ASYLUM, "2015"), (TEMPORARY, "2022")):
        flow[:, :, group] += _shocks(months, values, kind) * ~quiet[:, None]
    flow[:, :, RESETTLEMENT] = _per_draw(values, "arrivals.resettlement_month", draws)[:, None]
    flow[:, :, REUNIFICATION] = _reunification(flow[:, :, ASYLUM], asylum, values, draws)
    return flow


def _per_draw(values: Values, name: str, draws: Ints) -> Floats:
    column: Floats = np.broadcast_to(
        np.asarray(values.of(name, np.arange(len(draws), dtype=np.int32)), np.float64),
        (len(draws),),
    )
    return column


def _path(months: _Months, values: Values, group: str, anchor: Floats) -> Floats:
    """The level against today's, shape (draw, month): fat-tailed walk, then to the anchor."""
    draws = np.arange(len(months.world), dtype=np.int32)
    spread = _per_draw(values, "arrivals.monthly_log_change", draws)
    memory = 0.5 ** (1.0 / _per_draw(values, "arrivals.level_memory_months", draws))
    walk = walks(months.world, months.months, f"flow/{group}")
    step = spread[:, None] * np.diff(walk, axis=1, prepend=0.0) * ~months.is_central[:, None]
    level = np.empty_like(anchor)
    away = np.zeros(len(draws))
    for m in range(months.months):
        away = away * (1.0 if m < FORECAST_MONTHS else memory) + step[:, m]
        level[:, m] = away
    path: Floats = anchor * np.exp(level)
    return path


def _anchor(months: _Months, mixture: Mixture, values: Values, asylum: Floats | None) -> Floats:
    """Where the scenario leads, against today, shape (draw, month); reached after six months."""
    draws = np.arange(len(months.world), dtype=np.int32)
    goal = np.ones(len(draws))
    goal = np.where(mixture.is_(named.CALM), _per_draw(values, "arrivals.calm_factor", draws), goal)
    goal = np.where(mixture.is_(named.EXIT), _per_draw(values, "arrivals.exit_factor", draws), goal)
    if asylum is not None:
        high = _per_draw(values, "arrivals.plateau_asylum_month", draws) / np.maximum(asylum, 1.0)
        goal = np.where(mixture.is_(named.PLATEAU), high, goal)
    way = np.minimum((np.arange(months.months) + 1) / FORECAST_MONTHS, 1.0)
    anchor: Floats = goal[:, None] ** way[None, :]
    return anchor


def _shape(since: Floats, rise: Floats, half_life: Floats) -> Floats:
    """Height of a pulse against its peak, months after its onset; zero before."""
    up = np.clip(since / rise, 0.0, 1.0)
    down = 0.5 ** (np.maximum(since - rise, 0.0) / half_life)
    return np.where(since > 0, up * down, 0.0)


def _pulse(months: _Months, values: Values, year: str) -> Floats:
    """Extra persons of the pulse of 2015 or 2022, its beginning drawn, shape (draw, month)."""
    draws = np.arange(len(months.world), dtype=np.int32)
    names = ("peak", "rise_months", "half_life_months")
    peak, rise, half_life = (
        _per_draw(values, f"arrivals.pulse_{year}_{n}", draws)[:, None] for n in names
    )
    onset = np.floor(_per_draw(values, "arrivals.pulse_first_month", draws))[:, None]
    since = np.arange(months.months)[None, :] - onset + 1.0
    return peak * _shape(since, rise, half_life)


def _shocks(months: _Months, values: Values, year: str) -> Floats:
    """Extra persons of shocks nobody set, at most one beginning a month, shape (draw, month)."""
    draws = np.arange(len(months.world), dtype=np.int32)
    rate = _per_draw(values, "arrivals.shock_rate", draws)[:, None] / 12 / 2  # two kinds
    begins = luck.uniform(months.at, f"flow/shock {year}") < rate
    peak = _per_draw(values, "arrivals.shock_peak", draws)[:, None] * begins
    rise, half_life = (
        _per_draw(values, f"arrivals.pulse_{year}_{n}", draws)
        for n in ("rise_months", "half_life_months")
    )
    extra = np.zeros(begins.shape)
    for onset in np.flatnonzero(begins.any(axis=0)):
        since = np.broadcast_to(np.arange(months.months) - onset + 1.0, extra.shape)
        extra += peak[:, [onset]] * _shape(since, rise[:, None], half_life[:, None])
    return extra


def _reunification(asylum: Floats, today: Floats, values: Values, draws: Ints) -> Floats:
    """Relatives who follow protected adults after a lag, shape (draw, month)."""
    lag = np.rint(_per_draw(values, "arrivals.reunification_lag_months", draws)).astype(np.int64)
    per_adult = _per_draw(values, "arrivals.reunification_per_protected", draws)
    protected = _per_draw(values, "lifecourse.protection_rate", draws)
    before = np.arange(asylum.shape[1])[None, :] - lag[:, None]
    came = np.where(
        before >= 0, np.take_along_axis(asylum, np.maximum(before, 0), axis=1), today[:, None]
    )
    adults = household_table().share_aged(ASYLUM, 18)
    follow: Floats = came * (adults * protected * per_adult)[:, None]
    return follow
