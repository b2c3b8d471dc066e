"""Sums of deltas are the ledger's own totals: any day, any instant of knowing, any today."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from vorort.ledger import BEDS, Ledger, UnitDay, occupancy
from vorort.ledger.deltas import act_deltas, counts_apart, empty_units, site_deltas, sum_of
from vorort.vocabulary import CapacityEvent, Facility, Placement, Unit

START = date(2026, 1, 1)
days = st.integers(0, 30).map(lambda n: START + timedelta(days=n))
later = st.one_of(st.none(), days)
instants = st.one_of(
    st.none(), st.integers(0, 20).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(n))
)
UNITS = (
    Unit("A-1", "A", "family", BEDS, 4), Unit("A-2", "A", "shared", BEDS, 3),
    Unit("A-3", "A", "shared", "language", 20), Unit("B-1", "B", "family", BEDS, 2),
    Unit("B-2", "B", "shared", BEDS, 5, per="week"),
)  # fmt: skip
UNIT = st.sampled_from([u.id for u in UNITS] + [None])


@st.composite
def versions(draw):
    """Stays with their versions: status, unit and days change, recorded one after the other."""
    found = []
    for stay in range(draw(st.integers(0, 6))):
        at, before = draw(instants), None
        for n in range(draw(st.integers(1, 4))):
            key = f"S{stay}.{n}"
            found.append(Placement(
                key, f"P{stay % 4}", BEDS,
                draw(st.sampled_from(["held", "confirmed", "moved_in", "absent", "ended",
                                      "cancelled", "requested"])),
                draw(UNIT), from_=draw(later), until=draw(later), kept_until=draw(later),
                second_place=draw(st.booleans()), recorded_at=at, replaces=before,
            ))  # fmt: skip
            before = key
            at = (at or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(draw(st.integers(0, 5)))
    return tuple(found)


@st.composite
def events(draw):
    targets = [u.id for u in UNITS] + ["A", "B"]
    found = []
    for n in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["block", "reserve", "unblock", "release", "close", "open",
                                     "lease_end", "step"]))  # fmt: skip
        places = draw(st.integers(-2, 3)) if kind == "step" else draw(
            st.one_of(st.none(), st.integers(1, 4)))  # fmt: skip
        found.append(CapacityEvent(
            f"E{n}", draw(st.sampled_from(targets)), draw(days), kind,
            draw(st.sampled_from(["decided", "decided", "planned"])), places, draw(later),
            reason=draw(st.sampled_from(["repair: x", "closed", ""])), recorded_at=draw(instants),
        ))  # fmt: skip
    return tuple(found)


@st.composite
def ledgers(draw):
    sites = tuple(
        Facility(name, name, "d", "shared", "o", opens_on=draw(later), lease_until=draw(later))
        for name in ("A", "B")
    )
    return Ledger((), (), (), sites, UNITS, draw(versions()), draw(events()))


def counted(ledger, day, known_at, today):
    """The ledger's own totals of beds by site."""
    found = defaultdict(list)
    for unit, state in occupancy(ledger, day, known_at, today=today).units.items():
        noun = ledger.unit[unit]
        if (noun.domain, noun.per) == (BEDS, "place"):
            found[noun.facility].append(state)
    return {site: UnitDay.total(states) for site, states in found.items()}


def same(summed, own):
    return {s: summed.get(s, UnitDay()) for s in own} == own


@settings(max_examples=400)
@given(ledgers(), days, instants, days)
def test_sums_of_deltas_are_the_ledgers_totals(ledger, day, known_at, today):
    deltas = [d for site in ("A", "B") for d in site_deltas(ledger, site)]
    assert same(sum_of(deltas, day, known_at, today), counted(ledger, day, known_at, today))


@settings(max_examples=300)
@given(ledgers(), days, days, st.data())
def test_deltas_of_an_act_lead_from_the_totals_before_to_those_after(ledger, day, today, data):
    """Whatever rows and events come and go with it, in whichever units."""
    rows, learnt = ledger.placements, ledger.capacity_events
    gone = set(data.draw(st.sets(st.sampled_from([r.id for r in rows] or ["-"]))))
    off = set(data.draw(st.sets(st.sampled_from([e.id for e in learnt] or ["-"]))))
    before = Ledger(
        facilities=ledger.facilities, units=ledger.units,
        placements=tuple(r for r in rows if r.id not in gone),
        capacity_events=tuple(e for e in learnt if e.id not in off),
    )  # fmt: skip
    at = datetime(2026, 3, 1, tzinfo=UTC)
    deltas = act_deltas(before, ledger, at, {u.id for u in UNITS})
    summed = sum_of(deltas, day, None, today)
    was, now = (counted(x, day, None, today) for x in (before, ledger))
    for site in now:
        moved = summed.get(site, UnitDay())
        for name in ("nominal", "held", "confirmed", "moved_in", "kept", "over", "unfit", "free",
                     "blocked_places"):  # fmt: skip
            difference = getattr(now[site], name) - getattr(was[site], name)
            assert getattr(moved, name) == difference, (site, name)


@settings(max_examples=300)
@given(ledgers(), days, instants, days)
def test_units_nobody_was_in_add_what_they_alone_offer(ledger, day, known_at, today):
    """The site counted without them and what they give make the site counted with them."""
    new = (Unit("A-8", "A", "family", BEDS, 3), Unit("A-9", "A", "shared", "language", 9))
    more = tuple(  # what happens to an old unit happens to a new one as well
        replace(e, id=f"{e.id}-new", target="A-8")
        for e in ledger.capacity_events if e.target == "A-1"
    )  # fmt: skip
    known = (*ledger.capacity_events, *more)
    before = replace(ledger, capacity_events=known, units=ledger.units)
    after = replace(before, units=(*ledger.units, *new))
    if not counts_apart(after, "A"):
        kinds = {e.kind for e in known if e.target == "A"}
        assert kinds & {"block", "reserve", "step"}
        return
    deltas = [*site_deltas(before, "A"), *empty_units(after, "A", {"A-8", "A-9"})]
    own = counted(after, day, known_at, today)
    assert same(sum_of(deltas, day, known_at, today), {"A": own["A"]})
