"""Which value holds here and today: the narrowest scope wins, then the newest in force.

German: geltender Kennwert. Bund < Land < Kommune. A stated ``unknown`` wins like any value: a
Land that suspended its norm has no norm, whatever holds elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from vorort.parameters.catalogue import Catalogue
from vorort.vocabulary import Parameter, Source, Value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from vorort.columns import Values

RANK = {"bund": 0, "land": 1, "kommune": 2}


@dataclass(frozen=True)
class Choice:
    """What holds for one parameter; ``candidates`` in order, each overridden by those before it."""

    parameter: Parameter
    candidates: tuple[Value, ...]  # in force on the day, the winner first
    future: tuple[Value, ...]  # of this Land and Kommune, not yet in force, by date

    @property
    def value(self) -> Value | None:
        """The value in force; None where none has come into force yet."""
        return self.candidates[0] if self.candidates else None

    @property
    def amount(self) -> float | None:
        """The central number; None = unknown."""
        return self.candidates[0].amount if self.candidates else None

    @property
    def overridden(self) -> tuple[Value, ...]:
        """Those in force that lost, the strongest first."""
        return self.candidates[1:]


@dataclass(frozen=True)
class Backtest:
    """Values as they could be known at an origin, and what had to be replaced."""

    resolved: Resolved
    late: tuple[str, ...]  # rest on a source that came later, of unknown date, or an estimate
    without_before: tuple[str, ...]  # late, in force, but without a `before`: still the late value


@dataclass(frozen=True)
class Resolved:
    """Every parameter as it holds on a day in a Land and a Kommune."""

    on: date
    land: str | None
    choices: Mapping[str, Choice]

    def __getitem__(self, name: str) -> Choice:
        return self.choices[name]

    def amount(self, name: str) -> float | None:
        """The central number in force; None = unknown."""
        return self.choices[name].amount

    def later(self, name: str, until: date) -> tuple[Value, ...]:
        """Values that take over after ``on`` and no later than ``until``, by date."""
        choice = self.choices[name]
        found: list[Value] = []
        holds = choice.value
        for coming in choice.future:
            if coming.valid_from > until:
                break
            if holds is None or RANK[coming.scope] >= RANK[holds.scope]:
                if found and found[-1].valid_from == coming.valid_from:
                    found.pop()  # a narrower scope from the same day
                found.append(coming)
                holds = coming
        return tuple(found)

    def estimates(self, names: Iterable[str]) -> tuple[int, int]:
        """How many of these names rest on grade estimate with a number, and how many there are."""
        values = [self.choices[name].value for name in set(names)]
        used = sum(
            v is not None and v.amount is not None and v.source.grade == "estimate" for v in values
        )
        return used, len(values)

    def values(
        self, seed: int, draws: int | Sequence[int] | NDArray[np.integer], until: date | None = None
    ) -> Values:
        """Numbers per draw, see ``sampling.values``."""
        from vorort.parameters.sampling import values  # numba starts slowly, the CLI must not

        return values(self, seed, draws, until)

    def for_backtest(self, origin: date, late: bool) -> Backtest:
        """As known at the origin's month; ``late`` True keeps late values and only names them.

        Without late values a parameter falls back on the next candidate published in time, else
        on ``before`` (uniform, central = the middle). One that has neither keeps its late value
        and is named in ``without_before``: the caller refuses or says so (CONTRACTS, late values).
        """
        names = tuple(
            n for n, c in self.choices.items() if c.value is None or is_late(c.value, origin)
        )
        if late:
            return Backtest(self, names, ())
        early = dict(self.choices)
        bare = []
        for name in names:
            replaced = _known_before(self.choices[name], origin)
            if replaced is not None:
                early[name] = replaced
            elif self.choices[name].amount is not None:
                bare.append(name)
        future = {
            n: replace(c, future=tuple(v for v in c.future if not is_late(v, origin)))
            for n, c in early.items()
        }
        return Backtest(replace(self, choices=future), names, tuple(bare))


def resolve(
    catalogue: Catalogue, on: date, land: str | None = None,
    own: Mapping[str, Sequence[Value]] | None = None,
) -> Resolved:  # fmt: skip
    """What holds on a day. ``land`` None: federal values and the Kommune's own only.

    Raises KeyError when ``own`` names a parameter nobody declared (``read_own`` refuses it first).
    """
    own = own or {}
    undeclared = sorted(set(own) - set(catalogue.parameters))
    if undeclared:
        raise KeyError(undeclared[0])
    choices = {}
    for name, parameter in catalogue.parameters.items():
        here = [v for v in parameter.values if v.scope != "land" or v.scope_name == land]
        here += own.get(name, ())
        in_force = [v for v in here if v.valid_from <= on]
        in_force.sort(key=lambda v: (RANK[v.scope], v.valid_from), reverse=True)
        future = [v for v in here if v.valid_from > on]
        future.sort(key=lambda v: (v.valid_from, RANK[v.scope]))
        choices[name] = Choice(parameter, tuple(in_force), tuple(future))
    return Resolved(on, land, choices)


def is_late(value: Value, origin: date) -> bool:
    """Not to be known in the origin's month: published later, at an unknown time, or estimated."""
    published = value.source.published
    if value.source.grade == "estimate" or published is None:
        return True
    month = published if len(published) > 4 else f"{published}-12"  # of a bare year take the end
    return month > f"{origin.year:04d}-{origin.month:02d}"


def _known_before(choice: Choice, origin: date) -> Choice | None:
    for at, value in enumerate(choice.candidates):
        if not is_late(value, origin):
            return replace(choice, candidates=choice.candidates[at:])
    if choice.parameter.before is None:
        return None
    low, high = choice.parameter.before
    value = Value(
        date.min, (low + high) / 2, Source("range defensible without any figure", "estimate"),
        low, high, "uniform", "Used in a backtest in place of a figure published later.",
    )  # fmt: skip
    return replace(choice, candidates=(value,))
