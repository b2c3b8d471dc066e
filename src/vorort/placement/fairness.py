"""Who waits and who fits, by group: a sheet for each run. German: Ausgleichsblatt

Groups are made of what a placement may know: kind and size of the household, the sexes of its
adults, special needs, urgency. There is no nationality, ethnicity or religion here, nor anywhere
in placement: the types have no such field. Medians stand beside counts; small groups are marked,
and `pooled` puts them together for a page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from vorort.placement.groups import GROUPS, SORTS
from vorort.placement.homes import homes_of
from vorort.placement.options import options_of
from vorort.placement.plan import Plan
from vorort.placement.problem import Party
from vorort.vocabulary import Text

SMALL = 5  # fewer households than this: a median says little, and a group could be recognised


@dataclass(frozen=True, slots=True)
class Group:
    """One line. Days and fit are medians of those for whom they are known; None = of nobody.

    ``waited``: days since the need is known, of all. ``waits_on``: the same of those not placed.
    ``fit``: share, in permille, of the points a household could have had anywhere by itself.
    """

    sheet: str
    name: str
    label: Text
    households: int
    people: int
    placed: int
    seats_asked: int
    seats_found: int
    waited: float | None
    waits_on: float | None
    fit: float | None
    is_small: bool

    @property
    def share(self) -> float:
        """Share of households placed."""
        return self.placed / self.households if self.households else 0.0


@dataclass(frozen=True)
class Sheet:
    """All groups of a run, by sheet."""

    groups: tuple[Group, ...]

    def of(self, sheet: str) -> tuple[Group, ...]:
        """The lines of one sheet."""
        return tuple(g for g in self.groups if g.sheet == sheet)


def fairness(plan: Plan) -> Sheet:
    """The sheet of a plan: every household that asked for a home, in each sheet."""
    fit = fit_of(plan)
    return Sheet(tuple(
        group_of(plan, sheet, name, GROUPS[name], parties, fit)
        for sheet, members in members_of(plan).items()
        for name, parties in members.items()
    ))  # fmt: skip


def members_of(
    plan: Plan, among: Collection[str] | None = None
) -> dict[str, dict[str, list[Party]]]:
    """Who asked for a home, by sheet and group; ``among``: of these parties only."""
    asking = [p for p in plan.problem.parties if p.asks_home and (among is None or p.id in among)]
    found = {}
    for sheet, sort in SORTS.items():
        members: dict[str, list[Party]] = {}
        for party in asking:
            for name in sort(party):
                members.setdefault(name, []).append(party)
        found[sheet] = {name: members[name] for name in GROUPS if name in members}
    return found


def group_of(
    plan: Plan, sheet: str, name: str, label: Text, parties: Sequence[Party],
    fit: Mapping[str, float], least: int = 1,
) -> Group:  # fmt: skip
    """One line. ``least``: no median of fewer than so many."""
    names = {p.id for p in parties}
    placed = {n for n in names if plan.of[n].home is not None}
    seats = [s for s in plan.seats if s.party in names]
    days = {p.id: (plan.problem.day - p.since).days for p in parties if p.since is not None}
    return Group(
        sheet, name, label, len(parties), sum(p.size for p in parties), len(placed),
        len(seats), sum(s.unit is not None for s in seats),
        _median(days.values(), least),
        _median((d for n, d in days.items() if n not in placed), least),
        _median((fit[n] for n in sorted(placed) if n in fit), least), len(parties) < SMALL,
    )  # fmt: skip


def _median(figures: Iterable[float], least: int) -> float | None:
    found = sorted(figures)
    return float(median(found)) if len(found) >= max(1, least) else None


def fit_of(plan: Plan) -> dict[str, float]:
    """Of each placed party: its points as permille of the most it could have had by itself."""
    homes = homes_of(plan.problem)
    options = options_of(homes)
    found = {}
    for number, party in enumerate(plan.problem.parties):
        one = plan.of.get(party.id)
        mine = options.of(number)
        if one is None or one.home is None or not len(mine):
            continue
        constant = 1000 * party.size * plan.problem.rulebook["home_points"]
        points = options.points[mine] - constant
        best, worst = int(points.max()), int(points.min())
        here = one.points - constant
        found[party.id] = 1000.0 if best == worst else 1000 * (here - worst) / (best - worst)
    return found
