"""Holding back rare units for those the outlook expects, by prices. German: Vorhaltung

For each future (one draw of the outlook: so many households of each size, with and without the
need of step-free access) the households of today and of that future are matched with the free
units in a small linear program. By how much more one more unit of a kind would be worth there than
for today alone, averaged over the futures, is its price today. A price is no rule: it moves a
household to a unit that will be missed less, and never leaves anybody without a place, since
persons placed come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from vorort.placement.highs import SolverFailed, solve
from vorort.placement.homes import closes, places_left
from vorort.placement.matrix import Matrix
from vorort.placement.plan import Plan
from vorort.placement.problem import HeldBack, Lodging, Problem
from vorort.placement.resolve import NOTHING, Value, value_of
from vorort.placement.sentences import day_text, points_text, value_text
from vorort.placement.solve import place
from vorort.vocabulary import Text

HouseholdKind = tuple[int, bool]  # size, needs access
Future = Mapping[HouseholdKind, int]  # how many of each come
UnitKind = tuple[int, bool]  # beds, step-free

FUTURES = 20  # draws looked at; more hardly change a price
LEAST = 500  # thousandths: a price below this holds nothing back
LARGE = 4  # from so many beds on, households who need them are named in the reason
MANY_BEDS = 6  # units of so many beds are rare, and step-free ones; a choice of this project


@dataclass(frozen=True)
class Reserve:
    """What is held back: a row a unit, and a line a kind with its price and reason."""

    rows: tuple[HeldBack, ...]
    kinds: tuple[tuple[UnitKind, int, int, Text], ...]  # kind, units, price, reason

    @property
    def is_empty(self) -> bool:
        """Nothing is rare enough."""
        return not self.rows


def futures_of(classes: Sequence[Mapping[str, object]], most: int = FUTURES) -> tuple[Future, ...]:
    """Futures from the outlook's `expected_households.classes`: draws spread evenly over all."""
    columns: dict[HouseholdKind, list[int]] = {}
    for row in classes:
        size, access, draws = row["size"], row["access"], row["draws"]
        if not isinstance(size, int) or not isinstance(draws, list):
            raise TypeError("no classes of the outlook")
        columns[size, bool(access)] = [int(n) for n in draws]
    count = min((len(c) for c in columns.values()), default=0)
    chosen = sorted({n * count // most for n in range(most)}) if count else []
    return tuple({kind: column[n] for kind, column in columns.items()} for n in chosen)


def reserve(problem: Problem, futures: Sequence[Future], days: int) -> Reserve:
    """What is held back today, for those expected within so many days.

    Only rare kinds are: step-free, or of many beds. Their price is what they are worth beyond the
    cheapest ordinary kind: that much every unit is worth where all are scarce.
    """
    free = _free(problem)
    priced = prices(problem, futures)
    usual = min((p for kind, p in priced.items() if not _is_rare(kind)), default=0)
    priced = {kind: p - usual for kind, p in priced.items() if _is_rare(kind)}
    until = problem.day + timedelta(days=days)
    rows, lines = [], []
    for kind in sorted(priced):
        price, units = priced[kind], free.get(kind, [])
        if price < LEAST or not units:
            continue
        reason = _reason(kind, futures, until, price)
        lines.append((kind, len(units), price, reason))
        rows += [HeldBack(unit, price, until, reason) for unit in units]
    return Reserve(tuple(rows), tuple(lines))


def _is_rare(kind: UnitKind) -> bool:
    beds, step_free = kind
    return step_free or beds >= MANY_BEDS


def prices(problem: Problem, futures: Sequence[Future]) -> dict[UnitKind, int]:
    """Thousandths for each kind of family unit: by how much more one more would be worth because
    others are expected, on average. What today alone is short of has no price: persons placed come
    first anyway.
    """
    free = _free(problem)
    if not futures or not free:
        return {}
    today = Counter((p.size, p.needs_access) for p in problem.parties if p.asks_home)
    alone = _duals(problem, today, free)
    total = dict.fromkeys(free, 0.0)
    for future in futures:
        for kind, worth in _duals(problem, today + Counter(dict(future)), free).items():
            total[kind] += max(0.0, worth - alone[kind])
    return {kind: round(worth / len(futures)) for kind, worth in total.items()}


def _free(problem: Problem) -> dict[UnitKind, list[str]]:
    """Family units free today, by beds and access."""
    found: dict[UnitKind, list[str]] = {}
    for lodging in problem.lodgings:
        places = _places(problem, lodging)
        if lodging.unit.kind == "family" and places:
            found.setdefault((places, lodging.unit.access is True), []).append(lodging.id)
    return found


def _shared(problem: Problem) -> int:
    """Places free in shared units, for single people."""
    shared = [x for x in problem.lodgings if x.unit.kind == "shared"]
    return sum(_places(problem, x) for x in shared)


def _places(problem: Problem, lodging: Lodging) -> int:
    """Places left from today until the unit closes; none where it closes before anybody may."""
    until = closes(lodging, problem.day)
    if (until - problem.day).days < problem.rulebook["shortest_stay_days"]:
        return 0
    return places_left(lodging, problem.day, None if until == date.max else until)


def _duals(
    problem: Problem, wanted: Counter[HouseholdKind], free: Mapping[UnitKind, list[str]]
) -> dict[UnitKind, float]:
    """The linear program of one future: households of a kind to units of a kind."""
    kinds, households = sorted(free), sorted(k for k in wanted if wanted[k])
    columns: list[tuple[int, int, float]] = []  # household row, unit row, points
    for h, (size, access) in enumerate(households):
        for u, (beds, step_free) in enumerate(kinds):
            if beds >= size and (step_free or not access):
                unneeded = step_free and not access
                columns.append((h, u, _points(problem, size, beds - size, unneeded)))
        if size == 1 and not access:
            columns.append((h, len(kinds), _points(problem, 1, 0, False)))
    if not columns:
        return dict.fromkeys(kinds, 0.0)
    high = [wanted[k] for k in households] + [len(free[k]) for k in kinds] + [_shared(problem)]
    answer = solve(_matrix(columns, len(households), high), relaxed=True)
    if answer.row_dual is None:
        raise SolverFailed("no duals of a future")
    dual = np.maximum(0.0, answer.row_dual[len(households) :])
    return {kind: float(dual[u]) for u, kind in enumerate(kinds)}


def _points(problem: Problem, size: int, spare: int, is_unneeded: bool) -> float:
    """Being placed, less what is wasted: the goals that differ by kind of unit."""
    thrift = problem.rulebook.weights.get("thrift", 1)
    placed = 1000 * size * problem.rulebook["home_points"]
    return float(placed - 1000 * thrift * (spare + is_unneeded))


def _matrix(columns: list[tuple[int, int, float]], households: int, high: list[int]) -> Matrix:
    """Rows: households of each kind, then units of each kind; none more than there are."""
    by_row: list[list[int]] = [[] for _ in high]
    for number, (h, u, _) in enumerate(columns):
        by_row[h].append(number)
        by_row[households + u].append(number)
    lengths = [len(row) for row in by_row]
    index = np.array([c for row in by_row for c in row], np.int32)
    return Matrix(
        np.array([p for _, _, p in columns], np.float64),
        np.array([float(max(high)) for _ in columns], np.float64),
        np.full(len(high), -np.inf), np.array(high, np.float64),
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32), index,
        np.ones(len(index), np.float64),
    )  # fmt: skip


def _reason(kind: UnitKind, futures: Sequence[Future], until: date, price: int) -> Text:
    """Why, until when, at which price."""
    beds, access = kind
    who = []
    if access:
        who.append(_expected(futures, lambda size, needs: needs, Text(
            "mit Bedarf an Barrierefreiheit", "in need of step-free access")))  # fmt: skip
    if beds >= LARGE:
        who.append(_expected(futures, lambda size, needs: size >= beds, Text(
            f"mit {beds} oder mehr Personen", f"of {beds} or more people")))  # fmt: skip
    day, points = day_text(until), points_text(price)
    de, en = (", ".join(getattr(w, lang) for w in who) for lang in ("de", "en"))
    return Text(
        f"Vorgehalten bis {day.de}; erwartet werden {de}; Preis etwa {points.de}.",
        f"Held back until {day.en}; expected are {en}; price about {points.en}.",
    )


def _expected(futures: Sequence[Future], counts: Callable[[int, bool], bool], whom: Text) -> Text:
    """In how many futures anybody comes for whom it is kept, and how many on average."""
    need = [sum(n for (s, a), n in f.items() if counts(s, a)) for f in futures]
    some, mean = sum(n > 0 for n in need), f"{sum(need) / len(need):.1f}"
    return Text(
        f"in {some} von {len(need)} Ziehungen Haushalte {whom.de} (im Mittel "
        f"{mean.replace('.', ',')})",
        f"in {some} of {len(need)} draws households {whom.en} ({mean} on average)",
    )


@dataclass(frozen=True)
class Cost:
    """What holding back costs today: the plan without it less the plan with it, prices apart."""

    without: Plan
    with_it: Plan
    lost: Value
    is_exact: bool
    words: Text


def cost_today(problem: Problem, held: Reserve) -> Cost:
    """Both are solved; the prices themselves are not counted."""
    plain = problem.changed(held_back=())
    return cost_of(place(plain), place(problem.changed(held_back=held.rows)))


def cost_of(without: Plan, with_it: Plan) -> Cost:
    """Of two plans of one problem, without and with what is held back."""
    own = value_of(with_it)
    true = Value(own.placed, own.points + paid(with_it))
    lost = value_of(without) - true
    exact = without.is_proved and with_it.is_proved
    about = Text("", "") if exact else Text("etwa ", "about ")
    says = Text("nichts", "nothing") if lost == NOTHING else value_text(lost)
    return Cost(without, with_it, lost, exact, Text(
        f"Die Vorhaltung kostet heute {about.de}{says.de}.",
        f"Holding back costs {about.en}{says.en} today.",
    ))  # fmt: skip


def paid(plan: Plan) -> int:
    """The prices in a plan's value."""
    price = {row.unit: row.points for row in plan.problem.held_back}
    return sum(
        price.get(unit, 0) for a in plan.assigned if a.home is not None for unit in a.home.units
    )
