"""A published case: what a Kommune knew on a day, what it planned, what happened.

German: Rückschau. The folder format is `docs/reference/backtest-format.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from vorort.vocabulary import Text

Kind = Literal["flow", "stock", "capacity"]
Role = Literal["flow", "stock", "places", "free", "over"]
KINDS: tuple[Kind, ...] = ("flow", "stock", "capacity")
ROLES: tuple[Role, ...] = ("flow", "stock", "places", "free", "over")
DRIVERS = ("national_asylum_year", "national_asylum_month", "national_temporary")


@dataclass(frozen=True, slots=True)
class Span:
    """The months a figure is about, as numbers since year 0, both ends included.

    For a stock only ``last`` counts: the figure holds at the end of that month.
    """

    first: int
    last: int

    @property
    def months(self) -> int:
        """How many months it covers."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number. ``known_in`` is the month in which one could know it."""

    date: str  # as written: YYYY, YYYY-MM or YYYY-MM-DD
    span: Span
    quantity: str
    value: int
    low: int | None
    high: int | None
    source: str
    published: str | None
    known_in: int
    row: int


@dataclass(frozen=True, slots=True)
class Planned:
    """One number of the official plan; ``dated`` None = the day is not in the source."""

    date: str
    span: Span
    quantity: str
    value: int
    source: str
    dated: str | None
    row: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is counted, and how it hangs together with the other quantities of the case."""

    name: str
    role: Role
    label: Text
    inflow: str | None = None  # of a stock: the flow that fills it
    outflow: str | None = None  # of a stock: the flow that leaves it
    housed: str | None = None  # of free and over: the stock that fills the places
    places: str | None = None  # of free and over: the places


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a larger flow, permille, as typed into the case file."""

    permille: float
    low: float
    high: float
    source: str
    published: str | None
    known_in: int | None  # None = unknown, counts as late


@dataclass(frozen=True, slots=True)
class Case:
    """A case as read; ``origin`` and spans are months since year 0."""

    id: str
    folder: Path
    name: str
    ags: str
    land: str
    kind: Kind
    quantity: str
    lead_quantity: str
    unit: Text
    origin: int
    months: int
    driver: str | None
    share: Share | None
    land_share: Share | None
    plan_source: str
    plan_dated: str | None
    notes: tuple[Text, ...]
    quantities: dict[str, Quantity]
    known: tuple[Figure, ...]
    observed: tuple[Figure, ...]
    plans: tuple[Planned, ...]
    own_values: dict[str, object] = field(default_factory=dict)

    def readable(self, quantity: str, late: bool) -> list[Figure]:
        """Figures of a quantity one may read, oldest first.

        Without ``late`` only what was both true and known at the origin. With it also what was
        true at the origin and published later, and the places there really were afterwards
        (the Kommune's own decision, not an outcome).
        """
        places = quantity in self.quantities and self.quantities[quantity].role == "places"
        found = [
            f
            for f in self.known
            if f.quantity == quantity
            and (
                (f.span.last <= self.origin and (late or f.known_in <= self.origin))
                or (late and places)
            )
        ]
        return sorted(found, key=lambda f: (f.span.last, f.span.first))

    def late_figures(self) -> list[Figure]:
        """Known figures that are not read without late values."""
        return [f for f in self.known if f.span.last > self.origin or f.known_in > self.origin]
