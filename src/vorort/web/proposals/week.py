"""A week's plan as the page shows it: what is proposed, what has become of it, and why.

What has become of a proposal is asked of the ledger, never kept beside it. A protected household
stands nowhere but for the named role: to all others its place is one that is not free.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from vorort.ledger import BEDS, is_expired
from vorort.placement import CLASSES, Home, LeftOut, Party, Plan
from vorort.placement.homes import places_left
from vorort.placement.kept import Reached, floors_of, locks_unmet
from vorort.placement.why import Explained, Place, RunnerUp, Why
from vorort.vocabulary import LIVING, Text
from vorort.web import bridge, sight
from vorort.web.intake.models import Household, Membership, came, emptied
from vorort.web.placing.models import Stay
from vorort.web.proposals import arrived, reserve, runs, tonight, words
from vorort.web.proposals.models import Lock, Run
from vorort.web.proposals.present import Present, present, units_of
from vorort.web.proposals.reserve import Reserve
from vorort.web.requests.models import OPEN, Request
from vorort.web.town.models import Announcement, Unit

DONE = ("confirmed", "moved_in", "absent", "held")


@dataclass(frozen=True)
class Line:
    """A household of the plan and what is proposed for it."""

    key: str  # as the run knows it
    party: Party
    household: str  # number on record; "" = announced only
    home: Home | None
    start: date | None
    units: tuple[Unit, ...]
    state: str  # open, held, confirmed, moved_in, absent, declined, gone, elsewhere
    is_locked: bool
    seats: tuple[tuple[str, str], ...]  # domain, unit or ""

    @property
    def name(self) -> str:
        """Where to, as people call it."""
        if not self.units:
            return ""
        return f"{self.units[0].facility.name}, {' + '.join(u.title or u.key for u in self.units)}"

    @property
    def is_open(self) -> bool:
        """Does somebody still have to decide?"""
        return self.state == "open"


@dataclass(frozen=True)
class Week:
    """The plan people work on. German: Wochenplan"""

    run: Run
    lines: list[Line]
    without: list[tuple[Line, Text, Text | None]]  # why, and what would have to change
    seats_only: list[Line]
    left_out: list[LeftOut]
    held: Reserve
    missing: int  # input rows deleted since
    floors: tuple[Reached, ...] = ()

    @property
    def open(self) -> int:
        """How many wait for a decision."""
        return sum(x.is_open for x in self.lines)

    @property
    def gone(self) -> list[Line]:
        """Proposals whose place was taken meanwhile; the others stay valid."""
        return [x for x in self.lines if x.state == "gone"]

    @property
    def grouped(self) -> list[tuple[Text, list[str]]]:
        """Whom the machine leaves out, by the reason."""
        found: dict[Text, list[str]] = {}
        for one in self.left_out:
            found.setdefault(one.reason, []).append(one.party)
        return list(found.items())

    @property
    def people(self) -> int:
        """How many people the proposals are for."""
        return sum(x.party.size for x in self.lines)

    @cached_property
    def placed(self) -> dict[str, int]:
        """Persons with a proposal by urgency, of those this reader sees."""
        found: dict[str, int] = dict.fromkeys(CLASSES, 0)
        for line in self.lines:
            found[line.party.urgency] += line.party.size
        return found

    @cached_property
    def gap(self) -> float:
        """How much better any plan could be, in percent of the bound."""
        bound = self.run.bound or 0
        return 100 * (bound - (self.run.objective or 0)) / abs(bound) if bound else 0.0


def shown_for(user: Any) -> frozenset[str]:
    """Keys of parties a user may see in a plan: households, and those only announced."""
    found = sight.households_for(user).values_list("key", flat=True)
    mine = frozenset(found) - sight.hidden_households(user)
    not_mine = {announced for announced, key in came().items() if key not in mine}
    coming = Announcement.objects.values_list("key", flat=True)
    return mine | frozenset(coming) - not_mine


@dataclass(frozen=True)
class Seen:
    """A plan with what has become of it since, for one user."""

    user: Any
    today: date
    run: Run
    plan: Plan
    here: Present

    @cached_property
    def shown(self) -> frozenset[str]:
        """Keys of parties this user may see."""
        return shown_for(self.user)

    @cached_property
    def on_record(self) -> dict[str, str]:
        """Announced households that have been registered since, by their announcement."""
        return came()

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The units that are proposed, by number."""
        return units_of(u for one in self.plan.assigned if one.home for u in one.home.units)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Households of the plan that are on record."""
        asked = {p.id for p in self.plan.problem.parties} | set(self.on_record.values())
        rows = Household.objects.exclude(pk__in=emptied())
        found = (rows.filter(key__in=part) for part in bridge.parts(asked))
        return frozenset(key for part in found for key in part.values_list("key", flat=True))

    @cached_property
    def stays(self) -> dict[str, dict[str, str]]:
        """State of each household's stays, by unit."""
        found: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for part in bridge.parts(self.numbers):
            people = Membership.objects.filter(household__key__in=part).values("person")
            rows = Stay.objects.filter(
                person__in=people, domain=BEDS, unit__isnull=False, status__in=LIVING
            )
            ledger = bridge.of_stays(rows)
            for row in ledger.placements:
                is_over = row.until is not None and row.until <= self.today
                if not is_over and not is_expired(row, self.today):
                    home = ledger.household_of(row.person, row.from_ or self.today)
                    found[home or ""][row.unit or ""] = row.status
        return found

    @cached_property
    def locked(self) -> set[str]:
        """Households somebody has locked."""
        rows = Lock.objects.filter(kind="lock").select_related("household", "announced")
        return {runs.whose(r) for r in rows}

    def household(self, key: str) -> str:
        """The number on record of a party; "" = announced only."""
        if key in self.numbers:
            return key
        return self.on_record.get(key, "")

    def state(self, key: str, home: Home | None, start: date | None, size: int) -> str:
        """What has become of a proposal."""
        number = self.household(key)
        there = self.stays.get(number, {}) if number else {}
        if home is None:
            return "placed" if there and key not in self.plan.problem.party else "waiting"
        mine = [there[u] for u in home.units if u in there]
        if mine:
            return min(mine, key=DONE.index)
        was_there = set(self.plan.problem.party[key].now)
        if there and not set(there) <= was_there:
            return "elsewhere"
        return "gone" if self._is_gone(home, start, size) else "open"

    def _is_gone(self, home: Home, start: date | None, size: int) -> bool:
        lodgings = self.here.problem.lodging
        if any(u not in lodgings for u in home.units):
            return True
        begin = max(start or self.today, self.today)
        left = sum(places_left(lodgings[u], begin, home.until) for u in home.units)
        return left < size

    def line(self, key: str) -> Line:
        """One household."""
        one, party = self.plan.of.get(key), self.plan.problem.party[key]
        home = one.home if one else None
        start = one.start if one else None
        seats = tuple((g.need.domain, g.unit or "") for g in self.plan.seats if g.party == key)
        return Line(
            key, party, self.household(key), home, start,
            tuple(self.units[u] for u in home.units if u in self.units) if home else (),
            self.state(key, home, start, party.size), key in self.locked, seats,
        )  # fmt: skip

    @cached_property
    def confirmed(self) -> frozenset[str]:
        """Households that are settled: they never move."""
        return frozenset(
            key for key, one in self.plan.of.items()
            if one.home and self.state(key, one.home, one.start,
                                       self.plan.problem.party[key].size) in LIVING
        )  # fmt: skip

    @property
    def explained(self) -> Explained:
        """Answers about the plan; what was asked before is not solved again.

        Of the last run only. Model and prices stay when somebody is confirmed, answers do not.
        """
        key = (self.run.pk, self.run.content, self.run.rows.count())
        kept = _EXPLAINED.get(key)
        if kept is None or kept.confirmed != self.confirmed:
            _EXPLAINED.clear()
            new = kept.settling(self.confirmed) if kept else Explained(self.plan, self.confirmed)
            _EXPLAINED[key] = kept = new
        return kept


_EXPLAINED: dict[Any, Explained] = {}


def seen(user: Any, today: date, run: Run) -> Seen:
    """A run with the register as it is now."""
    return Seen(user, today, run, runs.plan_of(run), present())


def week(found: Seen) -> Week:
    """Everything on the page."""
    run, plan = found.run, found.plan
    keys = [p.id for p in plan.problem.parties if p.id in found.shown]
    lines = [found.line(key) for key in keys]
    asked = [x for x in lines if x.key in plan.of]
    with_home = [x for x in asked if x.home is not None]
    order = {"gone": 0, "open": 1}
    with_home.sort(key=lambda x: (order.get(x.state, 2), x.start or date.max, x.key))
    told = json.loads(run.placed)
    return Week(
        run, with_home,
        [(x, *_why_not(found, x)) for x in asked if x.home is None],
        [x for x in lines if x.key not in plan.of and x.seats],
        [x for x in plan.problem.left_out if x.party in found.shown],
        reserve.shown_to(found.user, plan, told, found.shown),
        run.inputs - run.rows.count(), floors_of(plan),
    )  # fmt: skip


def _why_not(found: Seen, line: Line) -> tuple[Text, Text | None]:
    """Why a household has no proposal, counted, and the cheapest change."""
    verdicts = found.explained.judge.verdicts(line.party)
    count = Counter(v.answer for v in verdicts)
    if count["possible"]:
        why = Text(
            f"{count['possible']} Einheiten wären möglich, werden aber von dringenderen oder "
            "besser passenden Haushalten gebraucht",
            f"{count['possible']} units would be possible, but are needed by more urgent or "
            "better fitting households",
        )
    else:
        why = Text("keine Einheit ist erlaubt und frei", "no unit is allowed and free")
    text = Text(
        f"{why.de}; {count['full']} voll, {count['forbidden']} durch Regeln ausgeschlossen.",
        f"{why.en}; {count['full']} full, {count['forbidden']} ruled out by rules.",
    )
    locked = [u.units for u in locks_unmet(found.plan) if u.party.id == line.party.id]
    if locked:
        there = " + ".join(locked[0])
        text = Text(f"Von Hand auf {there} festgelegt, das ist nicht möglich. {text.de}",
                    f"Fixed to {there} by hand, which is impossible. {text.en}")  # fmt: skip
    changes = tonight.changes_for(found.user, line.party, found.today, found.here)
    return text, next(iter(changes), None)


# ---- one household ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Panel:
    """Why this place, what else, and what can be done. German: Begründung"""

    line: Line
    why: Why
    choice: tonight.Choice | None
    runners_up: list[tuple[RunnerUp, Text, str]]  # in words, and its units as a form sends them
    groups: list[tuple[str, int]]  # answer, how many
    places: list[Place]
    to_ask: int = 0  # seats nobody has asked for yet
    for_nobody: int = 0  # seats of people who came otherwise than announced


def panel(found: Seen, key: str, answer: str = "") -> Panel:
    """One household of the plan."""
    line = found.line(key)
    why = found.explained.why(key)
    hidden = tonight.hidden_units(found.user)
    places = [p for p in why.places if not set(p.verdict.units) & hidden]
    places = [_masked(found, key, p) for p in places]
    groups = Counter(p.verdict.answer for p in places)
    seats = arrived.seats_of(found.plan, found.here, key, line.household)
    wanted = {(number, g.need.domain) for g, number in seats if number}
    asked = set(
        Request.objects.filter(
            person__key__in={number for number, _ in wanted}, status__in=(*OPEN, "confirmed")
        ).values_list("person__key", "domain")
    )  # fmt: skip
    return Panel(
        line, why, tonight.shown_home(found.user, found.here, line.party, line.home),
        [(r, _words(found, r), " ".join(r.home.units)) for r in why.runners_up
         if not set(r.home.units) & hidden],
        [(a, groups[a]) for a in ("possible", "full", "forbidden") if groups[a]],
        [p for p in places if not answer or p.verdict.answer == answer],
        len(wanted - asked), sum(not number for _, number in seats) if line.household else 0,
    )  # fmt: skip


def _masked(found: Seen, key: str, place: Place) -> Place:
    """An exclusion would tell where a protected household lives: to others the place is taken."""
    is_told = place.verdict.rule == "exclusions" and tonight.is_masked(
        found.user, found.plan.problem, key
    )
    if not is_told:
        return place
    there = " + ".join(place.verdict.units)
    text = Text(f"{there}: {tonight.OCCUPIED.de}", f"{there}: {tonight.OCCUPIED.en}")
    verdict = replace(place.verdict, rule="fit", words=tonight.OCCUPIED)
    return replace(place, verdict=verdict, words=text)


def _words(found: Seen, one: RunnerUp) -> Text:
    """What is lost there, and who would move; of those not shown only how many."""
    bits = [one.loss.words]
    bits += [m.words for m in one.moved if m.household in found.shown]
    hidden = sum(m.household not in found.shown for m in one.moved)
    if hidden:
        bits.append(words.others(hidden))
    return Text(
        "; ".join(b.de.rstrip(".") for b in bits), "; ".join(b.en.rstrip(".") for b in bits)
    )


def parts_of(why: Why) -> tuple[list[Text], list[Text]]:
    """What speaks for the place and what against it, by goal."""
    parts: Iterable[Any] = (*why.parts, *why.seats)
    plus = [p.words for p in parts if p.points >= 0]
    return plus, [p.words for p in parts if p.points < 0]
