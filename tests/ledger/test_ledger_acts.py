"""A random life of a small town: every act, and after each the invariants of DESIGN 3."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from ledger_counter import naive_people, naive_places, naive_rows

from vorort.ledger import Ledger, acts, occupancy
from vorort.problems import Refused
from vorort.vocabulary import (
    Facility,
    Household,
    Membership,
    Office,
    PartialDate,
    Person,
    Placement,
    Unit,
)

START = date(2026, 3, 1)
UNITS = ("A1", "A2", "A3", "B1", "B2")
DAY = st.integers(0, 40).map(lambda n: START + timedelta(days=n))
SPAN = [START + timedelta(days=n) for n in range(0, 60, 3)]
UNIT = st.sampled_from(UNITS)
WHO = st.integers(0, 30)


def town() -> Ledger:
    facilities = (
        Facility("A", "Am Anger", "d", "shared", "housing", date(2026, 1, 1)),
        Facility(
            "B",
            "Bahnhof",
            "d",
            "container",
            "housing",
            date(2026, 1, 1),
            START + timedelta(days=50),
        ),
    )
    units = (
        Unit("A1", "A", "family", "accommodation", 4, adjoins=("A2",)),
        Unit("A2", "A", "family", "accommodation", 2, adjoins=("A1",)),
        Unit("A3", "A", "shared", "accommodation", 3, sex="m"),
        Unit("B1", "B", "shared", "accommodation", 4),
        Unit("B2", "B", "family", "accommodation", 5),
    )
    sizes, households, persons, memberships = (4, 3, 1, 1, 1, 2, 1), [], [], []
    for h, size in enumerate(sizes):
        kind = "single" if size == 1 else "family"
        if h == 6:
            kind = "uam"
        households.append(Household(f"h{h}", kind, "asylum", START))
        for n in range(size):
            born = PartialDate(2012 if h == 6 else 1990 + n)
            sex = None if h == 4 else "mf"[(h + n) % 2]
            persons.append(Person(f"h{h}p{n}", born, sex))
            memberships.append(Membership(f"h{h}p{n}", f"h{h}", START))
    return Ledger(
        tuple(households),
        tuple(persons),
        tuple(memberships),
        facilities,
        units,
        (),
        (),
        (Office("housing", "Amt für Wohnen"),),
    )


def lived_in() -> Ledger:
    """Some have moved in on the first day; one room is full."""
    ledger = town()
    for household, unit, until in (
        ("h0", "A1", None),
        ("h1", "B2", SPAN[15]),
        ("h2", "A3", None),
        ("h3", "B1", SPAN[15]),
    ):
        rows = [
            Placement(f"{p}-start", p, "accommodation", "moved_in", unit, None, START, until)
            for p in ledger.members(household, START)
        ]
        ledger = replace(ledger, placements=(*ledger.placements, *rows))
    beds = dict.fromkeys(ledger.members("h5", START), "A2")
    return acts.hold(ledger, beds, START, entry(), expires=START + timedelta(days=9))


class Town(RuleBasedStateMachine):
    """``log`` holds the ledger after each act with its instant: replay of what was known."""

    @initialize()
    def begin(self) -> None:
        self.ledger = lived_in()
        self.log = [(entry().at, self.ledger)]
        self.refused, self.done = 0, Counter()

    def entry(self, office: str = "housing") -> acts.Entry:
        at = self.log[-1][0] + timedelta(hours=7)
        return acts.Entry(at, office, at.date())

    def act(self, name: str, call, may_overfill: bool = False, rows: list[str] | None = None):
        """Run an act; a refusal changes nothing, an ordinary act overfills nothing."""
        before = self.ledger
        frozen = (before.placements, before.capacity_events, before.memberships)
        if rows == []:
            return  # nobody to do it to
        try:
            found = call(self.entry())
        except Refused as refused:
            assert refused.problems
            assert all(p.reason_de and p.reason_en and p.remedy_de for p in refused.problems)
            assert (before.placements, before.capacity_events, before.memberships) == frozen
            self.refused += 1
            return
        after = found[0] if isinstance(found, tuple) else found
        assert (
            after.placements[: len(before.placements)] == before.placements
        )  # nothing overwritten
        if not may_overfill:
            for day in SPAN:
                was, now = self.over(before, day), self.over(after, day)
                assert all(now[u] <= was[u] for u in UNITS), (name, day, was, now)
        self.ledger = after
        self.done[name] += 1
        self.log.append((self.entry().at, after))

    def over(self, ledger: Ledger, day: date) -> dict[str, int]:
        """People beyond open places, counted naively; neither side counts blocks on whole sites."""
        today = self.entry().today
        found = {}
        for facility in "AB":
            named, _ = naive_places(ledger, facility, day)
            for unit, (nominal, blocked) in named.items():
                people = naive_people(ledger, unit, day)
                expired = [
                    p.id
                    for p in ledger.placements
                    if p.status == "held" and p.kept_until and p.kept_until <= min(day, today)
                ]
                used = sum(len([i for i in ids if i not in expired]) for ids in people.values())
                future = [
                    p
                    for p in naive_rows(ledger.placements)
                    if p.unit == unit
                    and p.status == "held"
                    and p.from_ <= day
                    and p.kept_until > today
                    and (p.until is None or day < p.until)
                    and day >= p.kept_until
                ]
                found[unit] = max(0, used + len(future) - (nominal - blocked))
        return found

    def rows(self, who: int, *statuses: str):
        """The current rows of one household among those who have any with such a status."""
        current = [r for r in naive_rows(self.ledger.placements) if r.status in statuses]
        found = {}
        for row in current:
            found.setdefault(self.ledger.household_of(row.person, self.entry().today), []).append(
                row.id
            )
        names = sorted(found, key=str)
        return found[names[who % len(names)]] if names else []

    def beds(self, who: int, unit: str) -> dict[str, str]:
        household = self.ledger.households[who % len(self.ledger.households)].id
        people = [
            m.person
            for m in self.ledger.memberships
            if m.household == household and m.member_until is None
        ]
        if unit == "A1":  # over two adjoining rooms
            return {p: "A1" if n < 4 else "A2" for n, p in enumerate(people)}
        return dict.fromkeys(people, unit)

    @rule(
        who=WHO,
        unit=UNIT,
        day=DAY,
        length=st.none() | st.integers(1, 9),
        expires=st.integers(0, 20),
    )
    def hold(self, who, unit, day, length, expires):
        until = day + timedelta(days=length) if length else SPAN[15] if unit[0] == "B" else None
        self.act(
            "hold",
            lambda e: acts.hold(
                self.ledger,
                self.beds(who, unit),
                day,
                e,
                expires=e.today + timedelta(days=expires),
                until=until,
            ),
        )

    @rule(who=WHO, day=DAY)
    def confirm_and_move_in(self, who, day):
        self.confirm(who)
        self.move_in(who, day)

    @rule(who=WHO)
    def confirm(self, who):
        rows = self.rows(who, "held")
        self.act("confirm", lambda e: acts.confirm(self.ledger, rows, e), rows=rows)

    @rule(who=WHO, day=DAY)
    def move_in(self, who, day):
        rows = self.rows(who, "confirmed")
        self.act("move_in", lambda e: acts.move_in(self.ledger, rows, day, e), rows=rows)

    @rule(who=WHO, unit=UNIT, day=DAY, length=st.none() | st.integers(1, 9))
    def transfer(self, who, unit, day, length):
        until = None if length is None else day + timedelta(days=length)
        self.act(
            "transfer",
            lambda e: acts.transfer(self.ledger, self.beds(who, unit), day, e, until=until),
        )

    @rule(who=WHO, day=DAY)
    def keep(self, who, day):
        rows = self.rows(who, "moved_in")[:1]
        self.act(
            "keep",
            lambda e: acts.keep(self.ledger, rows, day, day + timedelta(days=5), e),
            rows=rows,
        )

    @rule(who=WHO, day=DAY)
    def come_back(self, who, day):
        rows = self.rows(who, "absent")[:1]
        self.act("come_back", lambda e: acts.come_back(self.ledger, rows, day, e), rows=rows)

    @rule(who=WHO, day=DAY, reason=st.sampled_from(("own_flat", "left", "wohin?")))
    def move_out(self, who, day, reason):
        rows = self.rows(who, "moved_in", "absent")
        self.act("move_out", lambda e: acts.move_out(self.ledger, rows, day, reason, e), rows=rows)

    @rule(who=WHO)
    def cancel(self, who):
        rows = self.rows(who, "held", "confirmed")
        self.act("cancel", lambda e: acts.cancel(self.ledger, rows, "refused", e), rows=rows)

    @rule(who=WHO)
    def no_show(self, who):
        rows = self.rows(who, "confirmed")
        self.act("no_show", lambda e: acts.no_show(self.ledger, rows, e), rows=rows)

    @rule(who=WHO, day=DAY)
    def birth(self, who, day):
        people = list(self.beds(who, "B1"))
        child = f"child{len(self.ledger.persons)}"
        if people and len(self.ledger.persons) < 20:
            count = len(self.ledger.placements)
            self.act(
                "birth",
                lambda e: acts.birth(self.ledger, people[0], child, day, e),
                may_overfill=True,
            )
            assert child in self.ledger.person, "a birth is never refused"
            assert all(r.person == child for r in self.ledger.placements[count:])

    @rule(who=WHO, day=DAY)
    def separate(self, who, day):
        household = self.ledger.households[who % len(self.ledger.households)].id
        people = list(self.beds(who, "B1"))[1:2]
        name = f"h{len(self.ledger.households)}"
        if len(self.ledger.households) < 12:
            self.act(
                "separation",
                lambda e: acts.separation(
                    self.ledger, household, people, name, day, "separation", e
                ),
            )

    @rule(
        where=st.sampled_from(UNITS),
        day=DAY,
        places=st.none() | st.integers(1, 5),
        length=st.none() | st.integers(1, 20),
        kind=st.sampled_from(("block", "reserve")),
    )
    def block(self, where, day, places, length, kind):
        until = None if length is None else day + timedelta(days=length)
        count = len(self.ledger.capacity_events)
        self.act("block", lambda e: acts.block(
            self.ledger, where, day, e, reason="Reparatur", places=places, until=until, kind=kind),
            may_overfill=True)  # fmt: skip
        assert len(self.ledger.capacity_events) == count + 1, "a block is never refused"

    @rule(where=st.sampled_from(("A", "B")), day=DAY)
    def lease_end(self, where, day):
        if len(self.ledger.capacity_events) > 3:
            self.act(
                "lease_end", lambda e: acts.lease_end(self.ledger, where, day, e), may_overfill=True
            )

    @rule(who=WHO, unit=UNIT, day=DAY)
    def over_occupy(self, who, unit, day):
        self.act(
            "over_occupy",
            lambda e: acts.over_occupy(
                self.ledger,
                self.beds(who, unit),
                day,
                e,
                reason="Nachtankunft",
                over_until=day + timedelta(days=3),
            ),
            may_overfill=True,
        )

    @rule(who=WHO, unit=UNIT, day=DAY)
    def emergency(self, who, unit, day):
        self.act(
            "emergency",
            lambda e: acts.emergency_move(
                self.ledger, self.beds(who, unit), day, e, reason="Brand", over_until=day
            ),
            may_overfill=True,
        )

    @rule(
        who=WHO,
        unit=st.none() | UNIT,
        day=st.none() | DAY,
        until=st.none() | DAY,
        accept=st.booleans(),
    )
    def correct(self, who, unit, day, until, accept):
        rows = self.rows(who, "confirmed", "moved_in")
        changes = {
            k: v for k, v in {"unit": unit, "from_": day, "until": until}.items() if v is not None
        }
        if not rows or not changes:
            return
        seen = ()
        if accept:
            try:
                acts.correct(self.ledger, rows[0], "Zettel gefunden", self.entry(), **changes)
            except Refused as refused:
                seen = refused.problems
        self.act(
            "correct",
            lambda e: acts.correct(
                self.ledger, rows[0], "Zettel gefunden", e, seen=seen, **changes
            ),
            may_overfill=bool(seen),
        )

    @rule(office=st.just("library"), who=WHO)
    def another_office_never_confirms(self, office, who):
        rows = self.rows(who, "held")
        if rows:
            try:
                acts.confirm(self.ledger, rows, self.entry(office))
            except Refused as refused:
                assert any("library" in p.reason_de for p in refused.problems)
            else:
                raise AssertionError("an office that does not own the place has confirmed it")

    @invariant()
    def every_total_equals_the_naive_count(self):
        for day in SPAN[:: max(1, len(SPAN) // 5)]:
            found = occupancy(self.ledger, day)
            total = Counter()
            for facility in "AB":
                named, unnamed = naive_places(self.ledger, facility, day)
                for unit, (nominal, blocked) in named.items():
                    people = naive_people(self.ledger, unit, day)
                    state = found.units[unit]
                    counts = {k: len(v) for k, v in people.items()}
                    assert {k: getattr(state, k) for k in counts} == counts
                    assert (state.nominal, state.blocked_places) == (nominal, blocked)
                    used = sum(counts.values())
                    total.update(counts, nominal=nominal, over=max(0, used - nominal + blocked))
                assert unnamed == 0
            assert all(getattr(found.overall, name) == n for name, n in total.items())

    @invariant()
    def nobody_sleeps_in_two_places(self):
        rows = naive_rows(self.ledger.placements)
        for day in SPAN:
            there = Counter(
                r.person for r in rows
                if r.status in ("confirmed", "moved_in", "ended") and r.unit and not r.second_place
                and r.from_ <= day and (r.until is None or day < r.until)
            )  # fmt: skip
            assert all(n == 1 for n in there.values()), (day, there)

    @invariant()
    def no_bed_for_an_unaccompanied_minor(self):
        ids = {m.person for m in self.ledger.memberships if m.household == "h6"}
        assert not [r for r in self.ledger.placements if r.person in ids]

    @invariant()
    def what_was_known_equals_the_replay(self):
        for at, then in self.log[-6::2]:
            for day in SPAN[::7]:
                assert dict(occupancy(self.ledger, day, at).units) == dict(
                    occupancy(then, day).units
                )

    @invariant()
    def no_two_versions_have_one_id(self):
        ids = Counter(r.id for r in self.ledger.placements)
        assert max(ids.values()) == 1, ids.most_common(2)

    @invariant()
    def over_occupancy_by_hand_always_has_a_reason(self):
        for row in self.ledger.placements:
            assert row.over_until is None or row.over_occupancy_reason


Town.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestATownsLife = Town.TestCase


def entry(day: date = START, office: str = "housing") -> acts.Entry:
    return acts.Entry(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), office, day)


def settled(unit: str = "A1", household: str = "h0") -> Ledger:
    ledger = town()
    beds = dict.fromkeys(ledger.members(household, START), unit)
    end = START + timedelta(days=49) if unit.startswith("B") else None
    ledger = acts.hold(ledger, beds, START, entry(), expires=START + timedelta(days=2), until=end)
    ledger = acts.confirm(ledger, [r.id for r in ledger.current], entry())
    return acts.move_in(ledger, [r.id for r in ledger.current], START, entry())


def refusal(call) -> str:
    try:
        call()
    except Refused as refused:
        return " ".join(p.text("de") for p in refused.problems)
    raise AssertionError("was not refused")


def test_a_transfer_into_the_same_unit_and_two_stays_ended_at_once_keep_their_own_ids():
    ledger = settled("B2")
    person, day = "h0p0", START + timedelta(days=5)
    end = START + timedelta(days=49)
    ledger = acts.transfer(ledger, {person: "B2"}, day, entry(), until=end)
    ledger = acts.transfer(ledger, {person: "B2"}, START + timedelta(days=7), entry(), until=end)
    rows = [r for r in ledger.current if r.person == person and r.status != "cancelled"]
    assert len(rows) == 3
    ledger = acts.correct(ledger, rows[0].id, "Abreise", entry(), until=START + timedelta(days=1))
    assert len({r.id for r in ledger.placements}) == len(ledger.placements)
    mine = [r.id for r in ledger.current if r.person == person and r.status == "confirmed"]
    after = acts.cancel(ledger, mine, "refused", entry())
    assert len(mine) == 2 and len({r.id for r in after.placements}) == len(after.placements)


def test_a_birth_in_a_full_room_over_occupies_and_says_why():
    ledger = acts.birth(settled(), "h0p0", "baby", START + timedelta(days=3), entry())
    state = occupancy(ledger, START + timedelta(days=3)).units["A1"]
    assert (state.over, state.moved_in, state.free) == (1, 5, 0)
    assert ledger.current[-1].over_occupancy_reason == "birth"
    assert ledger.members("h0", START + timedelta(days=3))[-1] == "baby"


def test_a_family_unit_is_not_given_to_a_second_party():
    text = refusal(
        lambda: acts.hold(
            settled("B2"), {"h2p0": "B2"}, START, entry(), expires=START + timedelta(days=2)
        )
    )
    assert "andere" in text and "B2" in text


def test_a_separation_makes_two_parties_in_one_unit_and_moves_nobody():
    before = settled("B2")
    after = acts.separation(
        before, "h0", ["h0p1"], "h9", START + timedelta(days=5), "separation", entry()
    )
    day = START + timedelta(days=6)
    assert occupancy(after, day).units == occupancy(before, day).units
    assert after.household_of("h0p1", day) == "h9"
    assert after.household_of("h0p1", START) == "h0"


def test_an_unaccompanied_minor_gets_a_task_for_the_youth_office_and_no_bed():
    text = refusal(
        lambda: acts.hold(town(), {"h6p0": "A3"}, START, entry(), expires=START + timedelta(days=2))
    )
    assert "Jugendamt" in text and "42" in text


def test_someone_of_unknown_sex_gets_a_room_alone_or_by_a_reasoned_decision():
    ledger = settled("B1", "h2")
    later, end = START + timedelta(days=2), START + timedelta(days=49)
    bed = {"h4p0": "B1"}
    assert "Geschlecht" in refusal(
        lambda: acts.hold(ledger, bed, START, entry(), expires=later, until=end)
    )
    ledger = acts.hold(
        ledger, bed, START, entry(), expires=later, until=end, despite="beide einverstanden"
    )
    assert occupancy(ledger, START).units["B1"].held == 1


def test_an_expired_hold_frees_its_place_and_can_still_be_confirmed_where_nobody_came():
    ledger = acts.hold(town(), {"h2p0": "A3"}, START, entry(), expires=START + timedelta(days=2))
    late = START + timedelta(days=4)
    assert occupancy(ledger, late).units["A3"].held == 0
    assert occupancy(ledger, late, today=START).units["A3"].held == 1  # planned, still alive today
    after = acts.confirm(ledger, [ledger.current[0].id], entry(late))
    assert occupancy(after, late).units["A3"].confirmed == 1
    assert "expired" in after.current[0].source


def test_a_stay_without_end_is_refused_where_the_lease_ends_and_names_the_day():
    text = refusal(
        lambda: acts.hold(town(), {"h1p0": "B2"}, START, entry(), expires=START + timedelta(days=2))
    )
    assert str(START + timedelta(days=50)) in text


def test_a_correction_lists_all_conflicts_together_and_saves_only_once_they_were_seen():
    ledger = settled("B2")
    for person in ("h2p0", "h3p0"):
        unit = "A3" if ledger.person[person].sex == "m" else "B1"
        ledger = acts.hold(
            ledger,
            {person: unit},
            START,
            entry(),
            expires=START + timedelta(days=9),
            until=START + timedelta(days=20),
        )
    target = next(r for r in ledger.current if r.person == "h0p0")
    change = {"unit": "A3"}
    ledger = acts.hold(
        ledger,
        {"h5p0" if ledger.person["h5p0"].sex == "m" else "h5p1": "A3"},
        START,
        entry(),
        expires=START + timedelta(days=9),
    )
    ledger = acts.block(ledger, "A3", START, entry(), reason="repair", places=2)
    try:
        acts.correct(ledger, target.id, "war im anderen Zimmer", entry(), **change)
    except Refused as refused:
        seen = refused.problems
    after = acts.correct(ledger, target.id, "war im anderen Zimmer", entry(), seen=seen, **change)
    row = after.current[-1]
    assert row.replaces == target.id and row.over_occupancy_reason == "war im anderen Zimmer"
    assert target in after.placements  # the old version stays


def test_eighty_people_are_moved_at_night_by_one_act_with_a_task_for_each_household():
    ledger = settled("A1")
    ledger = replace(
        ledger, units=(*ledger.units, Unit("H", "A", "shared", "accommodation", 2, sex="any"))
    )
    beds = dict.fromkeys(ledger.members("h0", START), "H")
    night = START + timedelta(days=9)
    after, tasks = acts.emergency_move(
        ledger, beds, night, entry(night), reason="Brand", over_until=night
    )
    assert occupancy(after, night).units["H"].over == 2
    assert occupancy(after, night).units["A1"].used == 0
    assert [t.household for t in tasks] == ["h0"]
    assert tasks[0].due - entry(night).at == timedelta(hours=72)


def test_absence_keeps_the_place_until_a_person_ends_it():
    ledger = settled("B2")
    row = next(r for r in ledger.current if r.person == "h0p0")
    gone, back = START + timedelta(days=5), START + timedelta(days=30)
    ledger = acts.keep(ledger, [row.id], gone, START + timedelta(days=8), entry())
    assert occupancy(ledger, START + timedelta(days=20)).units["B2"].kept == 1
    absent = next(r for r in ledger.current if r.status == "absent")
    ledger = acts.come_back(ledger, [absent.id], back, entry(back))
    assert occupancy(ledger, back).units["B2"].moved_in == 4
    assert occupancy(ledger, gone).units["B2"].kept == 1
