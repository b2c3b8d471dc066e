"""Predict a case from what was known at its origin.

Flow: own level over the national flow, carried on with it. Stock: inflow minus moves out and away
month by month, both drawn. Places: the last known ones, drifting. The arithmetic is meant to be as
plain as the figures a Kommune had; what it leaves out is said in `docs/method/backtests.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vorort.stress.backtest.case import Case, Figure, Quantity, Span
from vorort.stress.backtest.chances import Chances
from vorort.stress.backtest.national import National, national

Array = NDArray[np.float64]
_LAST = 3  # own points a level is taken from
_ENOUGH = 3  # own points from which on a stock's inflow is read from its own growth
_LEAST = 1e-6  # an inflow that own growth and moves out leave no room for


@dataclass
class Prediction:
    """Draws of every quantity of a case; all arrays have shape (draw,) or (draw, month)."""

    case: Case
    chances: Chances
    national: National
    _flows: dict[str, Array | None] = field(default_factory=dict)
    _stocks: dict[str, tuple[int, Array] | None] = field(default_factory=dict)
    _leavers: dict[str, Array] = field(default_factory=dict)

    def at(self, name: str, span: Span) -> Array | None:
        """The quantity in a month or a year, shape (draw,); None where nothing can be said."""
        quantity = self.case.quantities[name]
        if quantity.role == "flow":
            leaves = self._whose_outflow(name)
            if leaves is not None:
                return self._left(leaves, span)
            flow = self.flow(name)
            start = self._start
            return (
                None if flow is None else flow[:, span.first - start : span.last - start + 1].sum(1)
            )
        if quantity.role == "stock":
            found = self.stock(name)
            return None if found is None else found[1][:, span.last - found[0]]
        if quantity.role == "places":
            return self._places(name, span.last)
        return self._gap(quantity, span)

    @property
    def _start(self) -> int:
        """First month of the flows: the year before the origin's, or the first after a stock."""
        year = self.case.origin - self.case.origin % 12 - 12
        stocks = [f for f in self.case.known if self._role(f) == "stock"]
        return min([year, *(f.span.last + 1 for f in stocks)])

    def _role(self, figure: Figure) -> str:
        quantity = self.case.quantities.get(figure.quantity)
        return quantity.role if quantity else "driver"

    @property
    def _end(self) -> int:
        return self.case.origin + self.case.months

    def flow(self, name: str) -> Array | None:
        """Monthly flow from the January of the year before the origin's, known months as known."""
        if name not in self._flows:
            self._flows[name] = self._drawn_flow(name)
        return self._flows[name]

    def _drawn_flow(self, name: str) -> Array | None:
        points = self.case.readable(name, self.chances.late)
        if points:
            level, anchor = self._level(name, points)
        elif self.case.share is not None or self.case.land_share is not None:
            level, anchor = np.log(self._typed_share()), self.case.origin
        else:
            return None
        months = np.arange(self._start, self._end + 1)
        flow = self.national.through(self._start, self._end) * np.exp(
            level[:, None] + self._share_changes(name, months, anchor)
        )
        for point in points:
            if point.span.months == 1 and point.span.last >= self._start:
                flow[:, point.span.last - self._start] = point.value
        return flow

    def _level(self, name: str, points: list[Figure]) -> tuple[Array, int]:
        """Logarithm of own over national flow, from the last points, with its error."""
        usable = points[-_LAST:]
        ratios = [
            np.log(max(p.value, 0.5) / self.national.through(p.span.first, p.span.last).sum(axis=1))
            for p in usable
        ]
        noise = self.chances.of("backtest.share_noise") / np.sqrt(len(usable))
        error = noise * self.chances.normal(f"backtest/{name}/level")
        return np.mean(ratios, axis=0) + error, usable[-1].span.last

    def _typed_share(self) -> Array:
        """The town's share of the national flow, shape (draw,)."""
        if self.case.share is not None and self.chances.may_read(self.case.share):
            return self.chances.share(self.case.share, "share_permille")
        if self.case.share is not None:
            self.chances.met_late["share_permille"] = None
        if self.case.land_share is not None and self.chances.may_read(self.case.land_share):
            land = self.chances.share(self.case.land_share, "land_share_permille")
        else:
            land = self.chances.of("backtest.land_share")
        return land * self.chances.of("backtest.town_share")

    def _share_changes(self, name: str, months: NDArray[np.int_], anchor: int) -> Array:
        """Noise and drift of the local share, shape (draw, month); drift starts at ``anchor``."""
        noise = self.chances.of("backtest.share_noise")
        step = self.chances.of("backtest.share_drift") / np.sqrt(12.0)
        drift = np.zeros(len(noise))
        found = []
        for month in months:
            if month > anchor:
                drift = drift + step * self.chances.normal(f"backtest/{name}/drift/{month}")
            found.append(drift + noise * self.chances.normal(f"backtest/{name}/noise/{month}"))
        return np.stack(found, axis=1)

    def stock(self, name: str) -> tuple[int, Array] | None:
        """First month and the stock at the end of each month since, shape (draw, month)."""
        if name not in self._stocks:
            self._stocks[name] = self._drawn_stock(self.case.quantities[name])
        return self._stocks[name]

    def _drawn_stock(self, quantity: Quantity) -> tuple[int, Array] | None:
        points = self.case.readable(quantity.name, self.chances.late)
        if not points:
            return None
        start = points[-1].span.last
        stays = 1.0 - self._hazard(quantity, points)
        inflow = self._inflow(quantity, points, stays)
        stock = np.full(len(stays), float(points[-1].value))
        found, left = [stock], []
        for month in range(inflow.shape[1]):
            left.append(stock * (1.0 - stays))
            stock = stock * stays + inflow[:, month]
            found.append(stock)
        self._leavers[quantity.name] = np.stack(left, axis=1)
        return start, np.stack(found, axis=1)

    def _whose_outflow(self, name: str) -> str | None:
        """The stock this flow leaves."""
        return next((q.name for q in self.case.quantities.values() if q.outflow == name), None)

    def _left(self, stock: str, span: Span) -> Array | None:
        """People who leave a stock in a span, shape (draw,); None before the stock is known."""
        found = self.stock(stock)
        if found is None or span.first <= found[0]:
            return None
        first = span.first - found[0] - 1
        left: Array = self._leavers[stock][:, first : first + span.months].sum(axis=1)
        return left

    def _hazard(self, quantity: Quantity, points: list[Figure]) -> Array:
        """Share of the stock that leaves in a month, shape (draw,)."""
        out = self.case.readable(quantity.outflow, self.chances.late) if quantity.outflow else []
        if not out:
            return self.chances.of("backtest.move_out_hazard")
        came = self.case.readable(quantity.inflow, self.chances.late) if quantity.inflow else []
        same = [f.value for f in came if f.span == out[-1].span]
        change = (same[0] - out[-1].value) if same else 0
        mean_stock = points[-1].value - change / 2
        spread = self.chances.of("backtest.own_rate_spread")
        own = out[-1].value / out[-1].span.months / mean_stock
        return np.minimum(0.9, own * np.exp(spread * self.chances.normal("backtest/own hazard")))

    def _inflow(self, quantity: Quantity, points: list[Figure], stays: Array) -> Array:
        """Inflow of each month after the last known point, shape (draw, month)."""
        start = points[-1].span.last
        if quantity.inflow:
            flow = self.flow(quantity.inflow)
            if flow is not None:
                return flow[:, start + 1 - self._start :]
        share = (
            self._own_growth(points, stays)
            if len(points) >= _ENOUGH
            else self._survivors(points, stays)
        )
        noise = self.chances.of("backtest.share_noise")
        share = share * np.exp(noise * self.chances.normal(f"backtest/{quantity.name}/level"))
        months = np.arange(start + 1, self._end + 1)
        changes = self._share_changes(quantity.name, months, start)
        return share[:, None] * np.exp(changes) * self.national.through(start + 1, self._end)

    def _survivors(self, points: list[Figure], stays: Array) -> Array:
        """The share that makes the stock what is left of all earlier national flow."""
        last = points[-1]
        first = min(self.national.first, last.span.last)
        past = self.national.through(first, last.span.last)
        ages = np.arange(past.shape[1])[::-1]
        left = (past * stays[:, None] ** ages).sum(axis=1)
        older = past[:, 0] * stays ** past.shape[1] / (1.0 - stays)
        share: Array = last.value / (left + older)
        return share

    def _own_growth(self, points: list[Figure], stays: Array) -> Array:
        """The share that explains the growth between the last two points."""
        one, two = points[-2], points[-1]
        past = self.national.through(one.span.last + 1, two.span.last)
        ages = np.arange(past.shape[1])[::-1]
        came = two.value - one.value * stays ** past.shape[1]
        share: Array = np.maximum(came, _LEAST) / (past * stays[:, None] ** ages).sum(axis=1)
        return share

    def _places(self, name: str, month: int) -> Array | None:
        """Places at the end of a month, shape (draw,); None = unknown."""
        points = self.case.readable(name, self.chances.late)
        if not points:
            return None
        last = max(
            (p for p in points if p.span.last <= month), key=lambda p: p.span.last, default=None
        )
        if last is None:
            return None
        growth = self.chances.of("backtest.places_growth")
        return np.asarray(last.value * growth ** (month - last.span.last))

    def _gap(self, quantity: Quantity, span: Span) -> Array | None:
        """Free places, or people above them."""
        people = self.at(str(quantity.housed), span)
        places = self.at(str(quantity.places), span)
        if people is None or places is None:
            return None
        gap = places - people if quantity.role == "free" else people - places
        return np.maximum(0.0, gap)


def predict(case: Case, chances: Chances) -> Prediction:
    """The draws of a case."""
    return Prediction(case, chances, national(case, chances, case.origin + case.months))
