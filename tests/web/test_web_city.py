"""The invented city: as large as asked for, the same each time, and true as a ledger."""

from collections import defaultdict
from itertools import pairwise

import pytest

from vorort.files import read_scenario
from vorort.problems import Refused
from vorort.stress.front import examples


@pytest.fixture(scope="module")
def village():
    from vorort.web.city.book import invent
    from vorort.web.city.frame import VILLAGE

    return invent(VILLAGE, read_scenario(examples() / "musterstadt"))


def test_so_many_live_here_as_were_asked_for(village):
    from vorort.web.city.frame import VILLAGE

    here = {p.id for p in village.ledger.persons if p.left_on is None}
    homes = {m.household for m in village.ledger.memberships if m.person in here}
    assert (len(homes), len(here)) == (VILLAGE.households, VILLAGE.persons)
    assert len(village.ledger.facilities) == VILLAGE.sites
    assert abs(len(village.ledger.units) - VILLAGE.units) <= len(village.ledger.units) // 20


def test_nobody_sleeps_in_two_places_and_a_family_unit_has_one_party(village):
    """Counted day by day from the rows, not by the ledger's own check."""
    ledger = village.ledger
    nights = defaultdict(list)
    for row in ledger.current:
        if row.domain == "accommodation" and row.unit:
            nights[row.person].append((row.from_, row.until))
    for spans in nights.values():
        spans.sort()
        for (_, until), (start, _) in pairwise(spans):
            assert until is not None
            assert until <= start
    home = {m.person: m.household for m in ledger.memberships}
    parties = defaultdict(set)
    for row in ledger.current:
        if row.unit and ledger.unit[row.unit].kind == "family":
            parties[row.unit].add((row.from_, row.until, home[row.person]))
    for spans in parties.values():
        listed = sorted(spans, key=lambda s: s[0])
        for (_, until, _), (start, _, _) in pairwise(listed):
            assert until is not None
            assert until <= start


def test_the_same_size_is_the_same_city(village):
    from vorort.web.city.book import invent
    from vorort.web.city.frame import VILLAGE

    again = invent(VILLAGE, read_scenario(examples() / "musterstadt"))
    assert again == village


def test_what_was_invented_is_what_the_register_holds(empty, village):
    """Written past the rows' classes, read by the bridge: the same ledger."""
    from django.db import connection

    from vorort.web import bridge
    from vorort.web.city import frame, load

    if connection.vendor != "sqlite":
        pytest.skip("one database is enough to compare")
    said = []
    empty("village")
    load.load(frame.VILLAGE, lambda *step: said.append(step))
    held = bridge.whole_ledger()
    made = village.ledger
    for noun in ("households", "persons", "memberships", "facilities", "units", "offices"):
        assert getattr(held, noun) == getattr(made, noun), noun
    assert held.placements == made.placements
    assert set(held.capacity_events) == set(made.capacity_events)
    assert said[-1][1] == said[-1][2]


def test_an_unknown_size_is_refused():
    from vorort.web.city.frame import chosen

    with pytest.raises(Refused, match="village"):
        chosen("metropolis")


def test_history_reaches_five_years_back(village):
    first = min(r.recorded_at for r in village.ledger.placements if r.recorded_at)
    assert (2026 - first.year) in (4, 5)
