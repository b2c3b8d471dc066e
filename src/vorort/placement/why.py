"""Why this place, and why not another: for every household, in words. German: Begründung

::

    explained = Explained(plan)
    one = explained.why("H-1")
    one.words, one.parts                 # sentences, and points by goal
    one.runners_up                       # three, each with what it loses
    one.places                           # every other place: forbidden, full until D, possible
    explained.forced("H-1", ("E3",))     # exact, on click
    explained.better                     # a plan found on the way that is better, or None

Exact means re-solved to a proved optimum with the place forced; anything else says "about". The
units that would be "possible" and were not re-solved carry only a price. What would have to change
is `vorort.placement.change`; what one more place is worth is `vorort.placement.more`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vorort.placement.basis import Basis
from vorort.placement.forcing import Forcing
from vorort.placement.homes import Home, Homes
from vorort.placement.kept import locks_unmet
from vorort.placement.losses import Forced, Loss
from vorort.placement.plan import Plan
from vorort.placement.problem import Party, Problem
from vorort.placement.redone import Moved
from vorort.placement.resolve import NOTHING, Value
from vorort.placement.sentences import (
    Part,
    day_text,
    home_parts,
    joined,
    persons_text,
    seat_parts,
)
from vorort.placement.tonight import Tonight, tonight
from vorort.placement.verdicts import Judge, Verdict
from vorort.placement.why_words import differing, floor_words, sentence, unplaced_words
from vorort.vocabulary import Text

RUNNERS_UP = 3
TRIES = 8  # re-solves for each household to find its three


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """One of the next best places: what is lost, and how it differs for the household itself."""

    home: Home
    loss: Loss
    parts: tuple[Part, ...]
    moved: tuple[Moved, ...]
    words: Text


@dataclass(frozen=True, slots=True)
class Place:
    """Another place and its answer; ``loss`` only where it is possible."""

    verdict: Verdict
    loss: Loss | None
    words: Text


@dataclass(frozen=True)
class Why:
    """Everything about one household. ``home`` None: not placed; ``words`` can be read out."""

    party: Party
    home: Home | None
    words: Text
    parts: tuple[Part, ...]
    seats: tuple[Part, ...]
    runners_up: tuple[RunnerUp, ...]
    places: tuple[Place, ...]
    is_certain: bool  # no other place loses less than the third runner-up, proved
    refused_by_rule: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Explained:
    """Answers about a plan. What is asked twice is solved once.

    ``confirmed``: households that do not give way. ``made``: of the same plan, where it is known.
    """

    plan: Plan
    confirmed: frozenset[str] = frozenset()
    made: Basis | None = field(default=None, repr=False)

    @property
    def problem(self) -> Problem:
        """What was solved."""
        return self.plan.problem

    @cached_property
    def basis(self) -> Basis:
        """Model and prices."""
        return self.made or Basis(self.plan)

    @property
    def homes(self) -> Homes:
        """All homes."""
        return self.basis.homes

    @property
    def is_small(self) -> bool:
        """Is every answer exact?"""
        return self.basis.is_small

    @cached_property
    def judge(self) -> Judge:
        """The three answers."""
        return Judge(self.plan, self.confirmed)

    @cached_property
    def forcing(self) -> Forcing:
        """Places forced so far."""
        return Forcing(self.basis, self.confirmed)

    def settling(self, confirmed: frozenset[str]) -> Explained:
        """The same plan with others confirmed: its model and prices are the same."""
        return Explained(self.plan, confirmed, self.basis)

    @property
    def better(self) -> Plan | None:
        """The best plan found by forcing something, where it beats the plan explained."""
        return self.forcing.better

    def forced(self, party: str, units: Sequence[str]) -> Forced:
        """The best plan with a household in exactly these units. Exact where that is possible."""
        return self.forcing.forced(party, units)

    def why(self, party: str) -> Why:
        """Everything about one household."""
        who = self.problem.party[party]
        answer = tonight(self.problem, who, self.homes)
        one = self.plan.of.get(party)
        home = one.home if one else None
        verdicts = self.judge.verdicts(who) if who.asks_home else ()
        ranked, is_certain = self._runners_up(who, home, verdicts) if who.asks_home else ((), True)
        parts = self._parts(who, home)
        seats = seat_parts(self.plan, who)
        places = tuple(self._place(who, v) for v in verdicts if home is None
                       or v.units != home.units)  # fmt: skip
        return Why(
            who, home, self._words(who, home, parts, seats, answer, verdicts), parts, seats,
            ranked, places, is_certain, answer.refused_by_rule,
        )  # fmt: skip

    def sentences(self, party: str) -> Text:
        """Why this place, or why none, as a clerk would read it out; nothing is solved for it."""
        who = self.problem.party[party]
        one = self.plan.of.get(party)
        home = one.home if one else None
        verdicts = self.judge.verdicts(who) if who.asks_home and home is None else ()
        answer = tonight(self.problem, who, self.homes)
        seats = seat_parts(self.plan, who)
        return self._words(who, home, self._parts(who, home), seats, answer, verdicts)

    def _admissible(self, party: Party) -> list[int]:
        options = self.basis.model.program.options
        return [int(options.home[o]) for o in self.basis.options(party.id)]

    def _parts(self, party: Party, home: Home | None) -> tuple[Part, ...]:
        if home is None:
            return ()
        return home_parts(party, self.homes, self.homes.rows.index(home), self._admissible(party))

    def _runners_up(
        self, party: Party, home: Home | None, verdicts: Sequence[Verdict]
    ) -> tuple[tuple[RunnerUp, ...], bool]:
        """The places that lose least. Cheapest by price first, until no other can lose less."""
        mine = home.units if home else None
        units = [v.units for v in verdicts if v.answer == "possible" and v.units != mine]
        self.forcing.allow(party.id, units)
        priced = sorted(units, key=lambda u: (self.basis.priced(party.id, u).at_least or 0,
                                              self.basis.priced(party.id, u).order, u))  # fmt: skip
        found: list[Forced] = []
        is_certain = True
        for tried, place in enumerate(priced):
            found.sort(key=lambda f: (f.loss.order if f.loss else NOTHING, f.units))
            if len(found) >= RUNNERS_UP:
                least = Value(NOTHING.placed, self.basis.priced(party.id, place).at_least or 0)
                worst = found[RUNNERS_UP - 1].loss
                if worst is not None and worst.order <= least:
                    break
                if tried >= TRIES or not self.is_small:
                    is_certain = False
                    break
            one = self.forced(party.id, place)
            if one.loss is not None:
                found.append(one)
        found.sort(key=lambda f: (f.loss.order if f.loss else NOTHING, f.units))
        best = found[:RUNNERS_UP]
        ranked = tuple(self._runner_up(party, home, f) for f in best)
        return ranked, is_certain and self.is_small

    def _runner_up(self, party: Party, home: Home | None, one: Forced) -> RunnerUp:
        row = self._row(party, one)
        there = self.homes.rows[row]
        parts = home_parts(party, self.homes, row, self._admissible(party))
        loss = one.loss or Loss()
        bits = [Text(f"{' + '.join(one.units)}: {loss.words.de}.",
                     f"{' + '.join(one.units)}: {loss.words.en}.")]  # fmt: skip
        bits += [p.words for p in differing(self._parts(party, home), parts)]
        bits += [m.words for m in one.moved[:RUNNERS_UP]]
        more = len(one.moved) - RUNNERS_UP
        if more > 0:
            bits.append(Text(f"Weitere {more} verschieben sich.", f"A further {more} move."))
        return RunnerUp(there, loss, parts, one.moved, joined(bits))

    def _row(self, party: Party, one: Forced) -> int:
        """The row somebody goes to in a forced plan, else the best of these units."""
        new = one.plan.of.get(party.id) if one.plan else None
        if new is not None and new.home is not None:
            for number, row in enumerate(self.homes.rows):
                if (row.units, row.start) == (new.home.units, new.home.start):
                    return number
        return next(r for r in self._admissible(party) if self.homes.rows[r].units == one.units)

    def _place(self, party: Party, verdict: Verdict) -> Place:
        there = " + ".join(verdict.units)
        if verdict.answer != "possible":
            later = (
                Text("", "")
                if verdict.from_day is None or verdict.answer == "full"
                else Text(f" Ab {day_text(verdict.from_day).de} wäre es möglich.",
                          f" From {day_text(verdict.from_day).en} it would be possible.")
            )  # fmt: skip
            return Place(verdict, None, Text(f"{there}: {verdict.words.de}{later.de}",
                                             f"{there}: {verdict.words.en}{later.en}"))  # fmt: skip
        known = self.forcing.known(party.id, verdict.units)
        loss = known or self.basis.priced(party.id, verdict.units)
        return Place(verdict, loss, Text(
            f"{there}: möglich, aber zusammen schlechter: {loss.words.de}.",
            f"{there}: possible, but worse together: {loss.words.en}.",
        ))  # fmt: skip

    def _words(
        self, party: Party, home: Home | None, parts: Sequence[Part], seats: Sequence[Part],
        answer: Tonight, verdicts: Sequence[Verdict],
    ) -> Text:  # fmt: skip
        who = persons_text(party.size)
        bits = []
        if home is not None:
            fits = [f.words for f in answer.fits if f.home.units == home.units]
            fit = fits[0] if fits else Text("gegen eine Regel", "against a rule")
            there = " + ".join(home.units)
            bits.append(Text(
                f"Für {party.id} ({who.de}) wird {there} vorgeschlagen: {fit.de}.",
                f"For {party.id} ({who.en}) {there} is proposed: {fit.en}.",
            ))  # fmt: skip
            bits += [p.words for p in parts]
        elif party.asks_home:
            bits.append(unplaced_words(party, who, verdicts))
        bits += floor_words(self.plan, party)
        bits += [u.words for u in locks_unmet(self.plan, self.homes) if u.party == party]
        bits += [p.words for p in seats]
        return joined(sentence(b) for b in bits)


def why_not(explained: Explained, party: str, units: Sequence[str]) -> Text:
    """One place for one household, exact: what a click asks for."""
    wanted = tuple(sorted(units))
    for verdict in explained.judge.verdicts(explained.problem.party[party]):
        if verdict.units == wanted:
            if verdict.answer == "possible":
                explained.forced(party, wanted)
            return explained._place(explained.problem.party[party], verdict).words
    return Text("Die Einheiten passen zusammen nicht.", "The units do not go together.")


__all__ = [
    "Explained", "Forced", "Loss", "Place", "RunnerUp", "Why", "why_not",
]  # fmt: skip
