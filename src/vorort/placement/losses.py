"""What is lost where a place is forced, and what came of forcing it. German: Verlust"""

from __future__ import annotations

from dataclasses import dataclass

from vorort.placement.plan import Plan
from vorort.placement.redone import Moved
from vorort.placement.resolve import NOTHING, Value
from vorort.placement.sentences import joined, points_text, value_text
from vorort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Loss:
    """What all households together lose where a place is forced. Values compare by class first.

    ``exact``: proved. Else ``about`` by prices (thousandths), certain only are ``at_least``
    (among plans that place as many) and ``at_most`` (a plan that was found), where known.
    """

    exact: Value | None = None
    about: int | None = None
    at_least: int | None = None
    at_most: Value | None = None

    @property
    def is_exact(self) -> bool:
        """Proved, not estimated."""
        return self.exact is not None

    @property
    def words(self) -> Text:
        """What it costs, "about" where it is not exact."""
        if self.exact is not None:
            if self.exact == NOTHING:
                return Text("kostet die anderen nichts", "costs others nothing")
            return value_text(self.exact)
        bits = []
        if self.about is not None:
            points = points_text(self.about)
            bits.append(Text(f"etwa {points.de} weniger", f"about {points.en} fewer"))
        if self.at_least:
            points = points_text(self.at_least)
            bits.append(Text(f"mindestens {points.de}", f"at least {points.en}"))
        if self.at_most is not None:
            most = value_text(self.at_most)
            bits.append(Text(f"höchstens {most.de}", f"at most {most.en}"))
        return joined(bits, ", ") if bits else Text("nicht berechnet", "not computed")

    @property
    def order(self) -> Value:
        """To sort by."""
        if self.exact is not None:
            return self.exact
        return Value(NOTHING.placed, self.about or self.at_least or 0)


@dataclass(frozen=True, slots=True)
class Forced:
    """A place forced: the loss, the best plan with it (None: infeasible), who moves for it."""

    party: str
    units: tuple[str, ...]
    loss: Loss | None
    plan: Plan | None
    moved: tuple[Moved, ...] = ()
    refused: Text | None = None
