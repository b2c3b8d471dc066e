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
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from vorort.placement.groups import CLASS_WORDS, in_group
from vorort.placement.highs import SolverFailed
from vorort.placement.homes import Home, Homes, Ints, homes_of
from vorort.placement.kept import floors_of, locks_unmet
from vorort.placement.override import Override
from vorort.placement.plan import Plan
from vorort.placement.problem import Party, Problem
from vorort.placement.redo import redo
from vorort.placement.redone import Moved
from vorort.placement.resolve import (
    NOTHING,
    Pin,
    Prices,
    Value,
    kept,
    nearest,
    place_columns,
    prices_of,
    resolved,
    value_of,
)
from vorort.placement.sentences import (
    Part,
    day_text,
    home_parts,
    joined,
    persons_text,
    points_text,
    seat_parts,
    value_text,
)
from vorort.placement.solve import Model, written_out
from vorort.placement.tonight import Tonight, tonight
from vorort.placement.verdicts import Judge, Verdict, locked_in
from vorort.problems import Refused
from vorort.vocabulary import Text

EXACT_COLUMNS = 6000  # a larger model is not re-solved as a whole
RUNNERS_UP = 3
TRIES = 8  # re-solves for each household to find its three


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

    ``confirmed``: households that do not give way.
    """

    plan: Plan
    confirmed: frozenset[str] = frozenset()

    @property
    def problem(self) -> Problem:
        """What was solved."""
        return self.plan.problem

    @cached_property
    def homes(self) -> Homes:
        """All homes."""
        return homes_of(self.problem)

    @cached_property
    def model(self) -> Model:
        """The whole model."""
        return written_out(self.problem, self.homes)

    @cached_property
    def is_small(self) -> bool:
        """Small enough to be re-solved as a whole, and proved to begin with."""
        return self.plan.is_proved and len(self.model.program.points) <= EXACT_COLUMNS

    @cached_property
    def prices(self) -> Prices:
        """Prices of the linear relaxation, among plans that place as many."""
        return prices_of(self.model, self.plan)

    @cached_property
    def judge(self) -> Judge:
        """The three answers."""
        return Judge(self.plan, self.confirmed)

    @cached_property
    def _forced(self) -> dict[tuple[str, tuple[str, ...]], Forced]:
        return {}

    @cached_property
    def _by_units(self) -> dict[str, dict[tuple[str, ...], Ints]]:
        return {}

    @cached_property
    def _possible(self) -> set[tuple[str, tuple[str, ...]]]:
        """Parties and units found possible so far: to force them needs no second look."""
        return set()

    def settling(self, confirmed: frozenset[str]) -> Explained:
        """The same plan with others confirmed: its model and prices are the same."""
        found = Explained(self.plan, confirmed)
        same = {k: v for k, v in vars(self).items() if k in ("homes", "model", "is_small", "prices",
                                                             "_by_units")}  # fmt: skip
        vars(found).update(same)
        return found

    @property
    def better(self) -> Plan | None:
        """The best plan found by forcing something, where it beats the plan explained."""
        plans = [f.plan for f in self._forced.values() if f.plan is not None]
        best = max(plans, key=value_of, default=None)
        if best is None or value_of(best) <= value_of(self.plan):
            return None
        return replace(best, problem=self.problem)

    # ---- forcing ----

    def forced(self, party: str, units: Sequence[str]) -> Forced:
        """The best plan with a household in exactly these units. Exact where that is possible."""
        key = party, tuple(sorted(units))
        if key not in self._forced:
            solve = self._solved_again if self.is_small else self._redone
            self._forced[key] = solve(*key)
        return self._forced[key]

    def _solved_again(self, party: str, units: tuple[str, ...]) -> Forced:
        """Of the whole model; those locked or confirmed keep a place."""
        stays = {a.party for a in locked_in(self.plan)} | self.confirmed
        pins = kept(self.model, {p for p in stays if p in self.plan.of} - {party})
        pins.append(Pin(place_columns(self.model, party, units)))
        new = resolved(self.model, pins, self.plan.levels)
        if new is None:
            return Forced(party, units, None, None)
        new = nearest(self.model, pins, new, self.plan)
        return Forced(
            party, units, Loss(value_of(self.plan) - value_of(new)), new,
            moved_between(self.plan, new, party),
        )  # fmt: skip

    def _redone(self, party: str, units: tuple[str, ...]) -> Forced:
        """In place: a plan that exists, so a loss at most; with the price, at least."""
        try:
            found = redo(
                self.plan, Override("lock", party, units), confirmed=self.confirmed, is_asked=True,
                known=self.model.program, is_checked=(party, units) in self._possible,
            )  # fmt: skip
        except Refused as refused:
            why = refused.problems[0]
            return Forced(party, units, None, None,
                          refused=Text(why.reason_de, why.reason_en))  # fmt: skip
        except SolverFailed:
            return Forced(party, units, self._priced(party, units), None)
        lost = value_of(self.plan) - value_of(found.plan)
        priced = self._priced(party, units)
        same = not lost.first and lost.placed == NOTHING.placed and priced.at_least == lost.points
        loss = Loss(lost) if same else replace(priced, at_most=lost)
        return Forced(party, units, loss, found.plan, found.moved)

    def _priced(self, party: str, units: Sequence[str]) -> Loss:
        """By prices only."""
        columns = self._columns(party).get(tuple(units))
        if columns is None:
            return Loss()
        least = max(0, self.plan.objective - self.prices.at_best(columns))
        return Loss(about=max(least, self.prices.about(columns)), at_least=least)

    def _columns(self, party: str) -> dict[tuple[str, ...], Ints]:
        """The columns of a party's options, by units."""
        if party not in self._by_units:
            program = self.model.program
            found: dict[tuple[str, ...], list[int]] = {}
            number = [p.id for p in self.problem.parties].index(party)
            for option in program.options.of(number).tolist():
                units = self.homes.rows[program.options.home[option]].units
                found.setdefault(units, []).append(int(program.home[option]))
            self._by_units[party] = {u: np.array(c, np.int64) for u, c in found.items()}
        return self._by_units[party]

    # ---- answers ----

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
        options = self.model.program.options
        number = [p.id for p in self.problem.parties].index(party.id)
        return [int(options.home[o]) for o in options.of(number)]

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
        self._possible.update((party.id, u) for u in units)
        priced = sorted(units, key=lambda u: (self._priced(party.id, u).at_least or 0,
                                              self._priced(party.id, u).order, u))  # fmt: skip
        found: list[Forced] = []
        is_certain = True
        for tried, place in enumerate(priced):
            found.sort(key=lambda f: (f.loss.order if f.loss else NOTHING, f.units))
            if len(found) >= RUNNERS_UP:
                least = Value(NOTHING.placed, self._priced(party.id, place).at_least or 0)
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
        return tuple(self._runner_up(party, home, f) for f in best), is_certain and self.is_small

    def _runner_up(self, party: Party, home: Home | None, one: Forced) -> RunnerUp:
        row = self._row(party, one)
        there = self.homes.rows[row]
        parts = home_parts(party, self.homes, row, self._admissible(party))
        loss = one.loss or Loss()
        bits = [Text(f"{' + '.join(one.units)}: {loss.words.de}.",
                     f"{' + '.join(one.units)}: {loss.words.en}.")]  # fmt: skip
        bits += [p.words for p in _differing(self._parts(party, home), parts)]
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
        known = self._forced.get((party.id, verdict.units))
        loss = known.loss if known and known.loss else self._priced(party.id, verdict.units)
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
            bits.append(_unplaced(party, who, verdicts))
        bits += _floors(self.plan, party)
        bits += [u.words for u in locks_unmet(self.plan, self.homes) if u.party == party]
        bits += [p.words for p in seats]
        return joined(_sentence(b) for b in bits)


def _sentence(text: Text) -> Text:
    return Text(*(x if x.endswith((".", "!")) else f"{x}." for x in (text.de, text.en)))


def _floors(plan: Plan, party: Party) -> list[Text]:
    """Which floor a household counts for; and which goes before it where it waits."""
    bits = []
    is_placed = plan.of[party.id].home is not None if party.id in plan.of else True
    for floor in floors_of(plan):
        if in_group(party, floor.key):
            bits.append(Text(f"Zählt zur {floor.name.de}", f"Counts towards the {floor.name.en}"))
        elif not is_placed:
            bits.append(Text(f"Vorrang vor diesem Haushalt hat die {floor.name.de}",
                             f"The {floor.name.en} goes before this household"))  # fmt: skip
    return bits


def _unplaced(party: Party, who: Text, verdicts: Sequence[Verdict]) -> Text:
    """Why nobody could place them, counted."""
    count = {a: sum(v.answer == a for v in verdicts) for a in ("possible", "full", "forbidden")}
    kind = CLASS_WORDS[party.urgency]
    if count["possible"]:
        why = Text(
            f"{count['possible']} Plätze wären erlaubt, sind aber zusammen gesehen anderen "
            "zugedacht",
            f"{count['possible']} places would be allowed, but together they go to others",
        )
    else:
        why = Text("kein Platz ist erlaubt und frei", "no place is allowed and free")
    return Text(
        f"{party.id} ({who.de}, {kind.de}) wartet: {why.de}; {count['full']} voll, "
        f"{count['forbidden']} durch Regeln ausgeschlossen.",
        f"{party.id} ({who.en}, {kind.en}) waits: {why.en}; {count['full']} full, "
        f"{count['forbidden']} ruled out.",
    )


def _differing(mine: Sequence[Part], there: Sequence[Part]) -> list[Part]:
    """Parts that are worth another number of points there."""
    here = {p.goal: p.points for p in mine}
    return [p for p in there if here.get(p.goal, 0) != p.points]


def moved_between(old: Plan, new: Plan, but: str) -> tuple[Moved, ...]:
    """Who goes elsewhere in another plan."""
    found = []
    for name in sorted(old.of):
        one, other = old.of[name], new.of[name]
        was = one.home.units if one.home else ()
        now = other.home.units if other.home else ()
        if name != but and (was, one.start) != (now, other.start):
            found.append(Moved(name, was, now, one.start, other.start))
    return tuple(found)


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
    "Explained", "Forced", "Loss", "Place", "RunnerUp", "Why", "moved_between", "why_not",
]  # fmt: skip
