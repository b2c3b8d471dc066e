"""Sums of places on random ledgers, counted again by the naive counter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_counter import naive_people, naive_places

from vorort.ledger import CapacityPlan, Ledger, UnitDay, capacity_steps, occupancy, timeline
from vorort.vocabulary import CapacityEvent, Facility, Placement, Unit

START = date(2026, 3, 1)
DAYS = st.integers(0, 60).map(lambda n: START + timedelta(days=n))
INSTANTS = st.integers(0, 40).map(lambda n: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=n))
UNITS = ("A1", "A2", "A3", "B1", "B2")


@st.composite
def ledgers(draw):
    facilities = []
    for name in "AB":
        opens, lease = draw(st.none() | DAYS), draw(st.none() | DAYS)
        if opens and lease and lease <= opens:
            opens = None
        facilities.append(Facility(name, name, "d", "shared", f"office-{name}", opens, lease))
    units = [
        Unit(
            u,
            u[0],
            draw(st.sampled_from(("family", "shared"))),
            "accommodation",
            draw(st.integers(0, 6)),
            draw(st.sampled_from(("general", "other"))) if u == "B2" else "general",
        )
        for u in UNITS
    ]
    events = []
    kinds = ("block", "reserve", "unblock", "release", "open", "close", "lease_end", "step")
    for n in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(kinds))
        target = draw(st.sampled_from(("A", "B", *UNITS) if kind != "step" else UNITS))
        day = draw(DAYS)
        until = draw(st.none() | st.integers(1, 20).map(lambda n, d=day: d + timedelta(days=n)))
        if kind in ("open", "unblock", "release"):
            until = None
        places = draw(st.integers(-3, 3)) if kind == "step" else draw(st.none() | st.integers(1, 6))
        reason = draw(st.sampled_from(("repair: water", "Wechsel", "closed", "", "hat Gründe")))
        events.append(
            CapacityEvent(
                f"e{n}",
                target,
                day,
                kind,
                draw(st.sampled_from(("decided", "decided", "planned"))),
                places,
                until,
                reason=reason,
                recorded_at=draw(st.none() | INSTANTS),
            )
        )
    # An opening needs something closed before, else the naive replay would not know it was shut.
    facilities = [replace(f, opens_on=f.opens_on or START - timedelta(days=30)) for f in facilities]
    events = [e for e in events if not (e.kind == "open" and e.target in UNITS)]
    placements = [
        Placement(
            f"p{n}",
            f"person{n}",
            "accommodation",
            draw(
                st.sampled_from(
                    ("held", "confirmed", "moved_in", "absent", "ended", "cancelled", "requested")
                )
            ),
            draw(st.sampled_from(UNITS)),
            None,
            draw(st.none() | DAYS),
            draw(st.none() | DAYS),
            None,
            draw(st.none() | DAYS),
            second_place=draw(st.booleans()),
            recorded_at=draw(st.none() | INSTANTS),
            replaces=draw(st.none() | st.just(f"p{n - 1}")) if n else None,
        )
        for n in range(draw(st.integers(0, 10)))
    ]
    return Ledger((), (), (), tuple(facilities), tuple(units), tuple(placements), tuple(events), ())


@settings(max_examples=250)
@given(ledgers(), DAYS, st.none() | INSTANTS)
def test_every_sum_is_what_a_naive_counter_counts(ledger, day, known_at):
    found = occupancy(ledger, day, known_at)
    for facility in "AB":
        named, unnamed = naive_places(ledger, facility, day, known_at)
        total_blocked = 0
        for unit, (nominal, blocked) in named.items():
            people = naive_people(ledger, unit, day, known_at)
            state = found.units[unit]
            assert state.nominal == nominal
            assert state.blocked_places >= blocked
            assert state.held == len(people["held"])
            assert state.confirmed == len(people["confirmed"])
            assert state.moved_in == len(people["moved_in"])
            assert state.kept == len(people["kept"])
            used = sum(len(x) for x in people.values())
            rest = state.nominal - state.blocked_places
            assert state.over == max(0, used - rest)
            is_family = ledger.unit[unit].kind == "family"
            assert state.unfit == (max(0, rest - used) if is_family and used else 0)
            assert state.free == (0 if is_family and used else max(0, rest - used))
            total_blocked += state.blocked_places - blocked
        assert total_blocked == unnamed


def closes(state: UnitDay) -> bool:
    left = state.nominal + state.over
    return left == state.assigned + state.kept + state.blocked_places + state.unfit + state.free


@settings(max_examples=100)
@given(ledgers(), DAYS)
def test_the_sum_of_places_closes_in_every_unit_and_every_total(ledger, day):
    found = occupancy(ledger, day)
    assert all(closes(s) and s.free >= 0 and s.over >= 0 for s in found.units.values())
    for totals in (
        found.by_facility,
        found.by_facility_kind,
        found.by_domain,
        found.by_district,
        found.by_owner,
    ):
        assert all(closes(s) for s in totals.values())
        for name in ("nominal", "held", "moved_in", "kept", "over", "unfit", "free"):
            assert sum(getattr(s, name) for s in totals.values()) == getattr(found.overall, name)
    assert found.overall.over == sum(s.over for s in found.units.values())


@settings(max_examples=200)
@given(ledgers(), DAYS, st.sampled_from([("decided",), ("decided", "planned")]))
def test_capacity_steps_add_up_to_the_open_places_of_every_day(ledger, start, statuses):
    end = start + timedelta(days=90)
    steps = capacity_steps(ledger, "accommodation", start=start, end=end, statuses=statuses)
    by_pool = {s.pool: s for s in steps}
    day = start
    static = {s.pool: s.base for s in steps}
    while day < end:
        states = occupancy(ledger, day, statuses=statuses).units
        for pool, row in by_pool.items():
            is_open = sum(s.open for u, s in states.items() if ledger.unit[u].pool == pool)
            assert row.on(day) == is_open
            now = row.on(day, openings=False)
            assert (
                0 <= now <= min(static[pool], is_open)
            )  # static never rises, and never passes the whole
            static[pool] = now
        day += timedelta(days=1)


@settings(max_examples=60)
@given(ledgers(), st.sampled_from(UNITS))
def test_a_timeline_names_every_day_on_which_a_unit_changes(ledger, unit):
    end = START + timedelta(days=70)
    line = dict(timeline(ledger, unit, START, end))
    day, state = START, None
    while day < end:
        state = line.get(day, state)
        assert state == occupancy(ledger, day).units[unit]
        day += timedelta(days=1)


@settings(max_examples=60)
@given(ledgers(), DAYS, st.randoms())
def test_the_order_of_rows_means_nothing(ledger, day, random):
    def shuffled(rows):
        rows = list(rows)
        random.shuffle(rows)
        return tuple(rows)

    other = replace(
        ledger,
        units=shuffled(ledger.units),
        facilities=shuffled(ledger.facilities),
        placements=shuffled(ledger.placements),
        capacity_events=shuffled(ledger.capacity_events),
    )
    assert dict(occupancy(ledger, day).units) == dict(occupancy(other, day).units)


def test_an_extension_is_no_lease_end_but_static_capacity_loses_the_site():
    site = Facility("S", "Süd", "d", "container", "o", None, date(2027, 3, 31))
    unit = Unit("S1", "S", "shared", "accommodation", 84)
    longer = CapacityEvent(
        "e", "S", date(2027, 3, 31), "open", "decided", delay_low_days=0, delay_high_days=30
    )
    ledger = Ledger(facilities=(site,), units=(unit,), capacity_events=(longer,))
    (row,) = capacity_steps(ledger, "accommodation", start=date(2026, 11, 23), end=date(2028, 1, 1))
    assert row.base == 84
    assert row.on(date(2027, 3, 31)) == 84
    assert row.on(date(2027, 3, 31), openings=False) == 0
    assert {(c.places, c.is_opening) for c in row.changes} == {(-84, False), (84, True)}


def test_a_site_that_has_not_opened_has_no_places_and_only_a_decided_opening_gives_them():
    site = Facility("N", "Nord", "d", "container", "o")
    unit = Unit("N1", "N", "shared", "accommodation", 60)
    ledger = Ledger(facilities=(site,), units=(unit,))
    planned = CapacityEvent("e", "N", date(2027, 1, 1), "open", "planned")
    ledger = replace(ledger, capacity_events=(planned,))
    day = date(2027, 2, 1)
    assert occupancy(ledger, day).overall.nominal == 0
    assert occupancy(ledger, day, statuses=("decided", "planned")).overall.nominal == 60
    (row,) = capacity_steps(ledger, "accommodation", start=date(2026, 11, 1), end=date(2028, 1, 1))
    assert (row.base, row.changes) == (0, ())


@pytest.mark.parametrize(("places", "expected"), [(3, 4), (-2, 4), (None, 7)])
def test_a_whole_site_s_step_and_block_go_to_units_by_rule(places, expected):
    site = Facility("A", "A", "d", "shared", "o")
    units = (
        Unit("A1", "A", "family", "accommodation", 4),
        Unit("A2", "A", "family", "accommodation", 3),
    )
    event = CapacityEvent("e", "A", START, "step" if places else "block", "decided", places)
    ledger = Ledger(facilities=(site,), units=units, capacity_events=(event,))
    found = occupancy(ledger, START)
    if places is None:
        assert found.overall.blocked_places == expected
    else:
        assert (
            found.units["A1"].nominal == 7 if places > 0 else found.units["A1"].nominal == expected
        )
        assert found.overall.nominal == 7 + places


def test_a_block_on_a_whole_site_takes_empty_units_before_occupied_ones():
    site = Facility("A", "A", "d", "shared", "o")
    units = (
        Unit("A1", "A", "family", "accommodation", 4),
        Unit("A2", "A", "family", "accommodation", 4),
    )
    row = Placement("p", "x", "accommodation", "moved_in", "A1", None, START)
    event = CapacityEvent("e", "A", START, "block", "decided", 4, reason="Reparatur Heizung")
    ledger = Ledger(facilities=(site,), units=units, placements=(row,), capacity_events=(event,))
    found = occupancy(ledger, START)
    assert found.units["A2"].blocked == {"repair": 4}
    assert found.overall.over == 0
    assert found.units["A1"].unfit == 3


def test_a_plan_lists_every_boundary_of_a_site():
    site = Facility("A", "A", "d", "shared", "o", START, START + timedelta(9))
    event = CapacityEvent(
        "e", "A1", START + timedelta(2), "block", "decided", None, START + timedelta(4)
    )
    ledger = Ledger(
        facilities=(site,),
        units=(Unit("A1", "A", "family", "accommodation", 4),),
        capacity_events=(event,),
    )
    expected = {START + timedelta(n) for n in (0, 2, 4, 9)}
    assert CapacityPlan(ledger).boundaries("A") == expected
