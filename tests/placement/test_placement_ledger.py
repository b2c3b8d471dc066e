"""From Musterstadt's ledger to a plan, and back: the ledger's own acts accept every proposal."""

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vorort.cli import app
from vorort.files import read_scenario
from vorort.ledger import acts
from vorort.placement import Surroundings, place, problem_of, told
from vorort.placement.front import problem_of_folder
from vorort.problems import Refused
from vorort.vocabulary import (
    Exclusion,
    Lock,
    OpenNeed,
    PlacementFiles,
    Reach,
    Request,
    Requirement,
    Wish,
)

MUSTERSTADT = Path(__file__).parents[2] / "examples" / "musterstadt"


@pytest.fixture(scope="module")
def town():
    return read_scenario(MUSTERSTADT)


def settled(town, households):
    """These households sleep nowhere any more: a morning after they all had to leave."""
    people = {p for h in households for p in town.ledger.members(h, town.municipality.today)}
    rows = tuple(
        p for p in town.ledger.placements if p.person not in people or p.domain != "accommodation"
    )
    return replace(town.ledger, placements=rows)


def open_now(town, count, step):
    """Every so manieth household that sleeps somewhere."""
    day = town.municipality.today
    found = [
        h.id
        for h in town.ledger.households
        if not h.hosted and h.kind not in ("uam", "unknown") and town.ledger.members(h.id, day)
        and any(
            r.unit and r.domain == "accommodation" and r.status == "moved_in"
            for p in town.ledger.members(h.id, day)
            for r in town.ledger.rows_of.get(p, ())
        )
    ]  # fmt: skip
    return found[::step][:count]


@pytest.mark.parametrize("step", [3, 7, 11])
def test_every_home_of_a_plan_can_be_held_by_the_acts_of_the_ledger(town, step):
    households = open_now(town, 60, step)
    ledger = settled(town, households)
    day = town.municipality.today
    needs = tuple(OpenNeed(h, "accommodation") for h in households)
    plan = place(problem_of(ledger, day, PlacementFiles(needs)))
    assert sum(plan.placed.values()) > 60
    entry = acts.Entry(datetime(2026, 11, 23, 9, tzinfo=UTC), "sozialamt", day)
    expires = day + timedelta(days=30)
    for one in plan.assigned:
        if one.home is not None:
            ledger = acts.hold(
                ledger, plan.beds[one.party], one.start, entry, expires=expires,
                until=one.home.until,
            )  # fmt: skip


def test_the_acts_refuse_what_the_plan_says_is_full_or_not_for_them(town):
    """The other direction, where the ledger's acts have the same rule: places, party, sex."""
    from vorort.placement import homes_of, tonight

    day = town.municipality.today
    households = open_now(town, 12, 53)
    ledger = settled(town, households)
    problem = problem_of(
        ledger, day, PlacementFiles(tuple(OpenNeed(h, "accommodation") for h in households))
    )
    entry = acts.Entry(datetime(2026, 11, 23, 9, tzinfo=UTC), "sozialamt", day)
    homes = homes_of(problem)
    tried = 0
    for party in problem.parties:
        for one in tonight(problem, party, homes).refused[::40]:
            if one.rule not in ("fit", "sex") or party.size > len(party.members):
                continue
            tried += 1
            beds = {m.id: one.unit for m in party.members}
            with pytest.raises(Refused):
                acts.hold(ledger, beds, day, entry, expires=day + timedelta(days=3))
    assert tried > 40


def test_open_needs_come_from_the_ledger_where_no_file_names_them(town):
    problem = problem_of_folder(MUSTERSTADT)
    names = {p.id for p in problem.parties}
    assert {"A-001", "A-002"} <= names  # announced within the week
    assert not {x.party for x in problem.left_out} & {p.id for p in problem.parties if p.asks_home}
    assert {x.rule for x in problem.left_out} <= {"minors", "later", "size"}


def test_files_of_the_folder_reach_the_problem(town):
    day = town.municipality.today
    name = open_now(town, 1, 5)[0]
    files = PlacementFiles(
        (OpenNeed(name, "accommodation", None, day + timedelta(days=3), day),),
        (
            Requirement(name, "quiet", strength="should"),
            Requirement(name, "own_unit"),
            Requirement(name, "screening_open", until=day),
        ),
        (Wish(name, "district", "nord"),),
        (Exclusion(name, facility="GU-ZIE"),),
        (Reach("mitte", "nord", 12),),
        (Lock(name, "GU-ZIE-001", "forbid", "Treppe"),),
    )
    problem = problem_of(town.ledger, day, files, Surroundings(seed=4))
    party = problem.party[name]
    assert (party.must, party.should, party.screened) == (("own_unit",), ("quiet",), None)
    assert party.urgency == "protection"
    assert (party.due, party.since) == (day + timedelta(days=3), day)
    assert party.now
    assert party.wishes == (Wish(name, "district", "nord"),)
    assert problem.minutes("nord", "mitte") == problem.minutes("mitte", "nord") == 12
    assert problem.minutes("nord", "hafen") is None
    assert problem.seed == 4


SEATS = ("childcare", "school")


def requests_at_random(town, luck):
    """For half of the children who wait: open, countered, or for any group of an office."""
    waits = [r for r in town.ledger.current
             if r.status == "requested" and r.unit is None and r.domain in SEATS]  # fmt: skip
    day, found = town.municipality.today, []
    for row in luck.sample(waits, len(waits) // 2):
        units = [u.id for u in town.ledger.units if u.domain == row.domain]
        unit, other = luck.choice([*units[:3], None]), luck.choice(units[:3])
        status = luck.choice(("open", "countered"))
        offer = (other, day) if status == "countered" else (None, None)
        found.append(Request(row.person, row.domain, "sozialamt", "jugendamt", status, day, day,
                             unit, *offer))  # fmt: skip
    return tuple(found)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_asked_of_another_office_is_not_proposed_again_and_off_what_is_left(town, seed):
    """Reckoned anew from the problem without any request: needs taken out, seats counted down."""
    day, around = town.municipality.today, Surroundings(resident_demand=town.resident_demand)
    asked = requests_at_random(town, random.Random(seed))
    bare = problem_of(town.ledger, day, None, around)
    found = problem_of(town.ledger, day, PlacementFiles(requests=asked), around)
    about = {(r.person, r.domain) for r in asked}
    wanted = {(n.person, n.domain) for p in bare.parties for n in p.seats}
    assert len(about & wanted) > 5
    assert {(n.person, n.domain) for p in found.parties for n in p.seats} == wanted - about
    assert {p.id for p in found.parties} == {
        p.id for p in bare.parties
        if p.asks_home or {(n.person, n.domain) for n in p.seats} - about
    }  # fmt: skip
    taken = Counter(r.offer_unit or r.unit for r in asked)
    left = {s.unit: max(0, s.left - taken[s.unit]) for s in bare.seats}
    assert {s.unit: s.left for s in found.seats} == left
    shared = {s.unit: (s.domain, s.pool) for s in bare.seats if s.is_shared_with_residents}
    off = Counter(shared[u] for u in taken.elements() if u in shared)
    for before, now in zip(bare.seat_limits, found.seat_limits, strict=True):
        assert now.left == max(0, before.left - off[before.domain, before.pool])


def test_a_seat_that_was_given_answers_the_need_as_long_as_it_is_held(town):
    row = next(r for r in town.ledger.current if r.domain == "childcare"
               and r.status == "moved_in" and r.until is None)  # fmt: skip
    day, ledger = town.municipality.today, town.ledger
    home = ledger.household_of(row.person, day)
    units = [u.id for u in ledger.units if u.domain == "childcare" and u.id != row.unit]

    def is_open(ledger, given=row.unit, since=None):
        made = Request(row.person, "childcare", "sozialamt", "jugendamt", "confirmed", day, day,
                       given, given, row.from_)  # fmt: skip
        needs = (OpenNeed(home, "childcare", row.person, None, since),)
        return bool(problem_of(ledger, day, PlacementFiles(needs, requests=(made,))).parties)

    assert row.from_ < day and not is_open(ledger)
    assert is_open(ledger, given=units[0]), "another seat than the one they have"
    assert is_open(ledger, since=day), "asked for again since"
    assert not is_open(ledger, since=row.from_)
    over = tuple(replace(p, until=day) if p == row else p for p in ledger.placements)
    assert is_open(replace(ledger, placements=over)), "the seat is theirs no longer"


def test_the_command_writes_the_contract_and_the_same_bytes_twice(tmp_path, capsys):
    from typer.testing import CliRunner

    runner = CliRunner()
    found = []
    for name in ("a.json", "b.json"):
        result = runner.invoke(app, ["place", str(MUSTERSTADT), "--json", str(tmp_path / name)])
        assert result.exit_code == 0, result.output
        found.append((tmp_path / name).read_bytes())
    assert found[0] == found[1]
    content = json.loads(found[0])
    assert {
        "assignments", "placed", "objective", "bound", "gap", "rules_broken", "why", "runners_up",
        "seed", "version",
    } <= set(content)  # fmt: skip
    assert content["rules_broken"] == []
    assert content["objective"] <= content["bound"]
    for row in content["assignments"]:
        assert {"person", "household", "need", "unit", "status"} <= set(row)


def test_a_household_without_a_home_has_a_reason(town):
    day = town.municipality.today
    name = next(
        h.id
        for h in town.ledger.households
        if len(town.ledger.members(h.id, day)) == 1 and not h.hosted and h.kind == "single"
    )
    files = PlacementFiles((OpenNeed(name, "accommodation"),), (Requirement(name, "lift"),))
    found = told(place(problem_of(town.ledger, day, files)))
    assert found["placed"] == {"protection": 0, "deadline": 0, "rest": 0}
    assert sum(found["why"][name]["refused"].values()) > 600
    assert found["why"][name]["text"]["de"]


def test_what_is_stale_or_of_unknown_distance_is_used_marked_and_counted():
    from datetime import date

    from vorort.placement import Member, Party, Problem, SeatNeed, Seats

    party = Party(
        "H-1", (Member("a", 7, "f"),), 1, asks_home=False, district="nord",
        seats=(SeatNeed("a", "school", "primary"),),
    )  # fmt: skip
    seats = Seats("G1", "G", "ost", "schulamt", "school", "primary", 1, is_stale=True)
    found = told(place(Problem(date(2026, 11, 23), (party,), seats=(seats,))))
    assert [(a["unit"], a["is_stale"]) for a in found["assignments"]] == [("G1", True)]
    said = " ".join(note["en"] for note in found["notes"])
    assert "1 proposed seat at an unknown distance" in said
    assert "1 proposed seat by a report older" in said


def test_ctrl_c_keeps_the_best_so_far_and_a_second_one_ends():
    import signal

    from vorort.cli import _interrupt

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a job may ignore it
    try:
        with _interrupt() as stop:
            assert not stop()
            signal.raise_signal(signal.SIGINT)
            assert stop()
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
