"""Everything awkward is in the folder: each is found by what it is, never by its id."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from musterstadt_rows import TODAY, Town


def test_a_room_is_over_occupied_with_reason_and_end(town: Town) -> None:
    over = [
        u
        for u in town.beds()
        if len(town.using(u["id"])) > int(u["places"]) - town.blocked(u["id"])
    ]
    assert len(over) == 1
    rows = town.using(over[0]["id"])
    assert any(r["over_occupancy_reason"] and r["over_until"] > TODAY for r in rows)


def test_a_family_lives_in_two_adjoining_units(town: Town) -> None:
    units = defaultdict(set)
    for unit in town.beds():
        for row in town.using(unit["id"]):
            if row["second_place"] == "0":
                units[town.person[row["person"]]["household"]].add(unit["id"])
    over_two = [sorted(u) for u in units.values() if len(u) == 2]
    assert len(over_two) == 1 and max(map(len, units.values())) == 2
    one, two = over_two[0]
    assert town.unit[one]["adjoins"] == two and town.unit[two]["adjoins"] == one


def test_single_people_share_rooms_of_one_sex(town: Town) -> None:
    shared = [u for u in town.beds() if u["kind"] == "shared" and len(town.using(u["id"])) > 1]
    assert {u["sex"] for u in shared} == {"f", "m"} and len(shared) > 50


def test_somebody_is_absent_and_a_second_place_is_kept(town: Town) -> None:
    absent = [r for r in town.placements if r["status"] == "absent"]
    second = [r for r in town.placements if r["second_place"] == "1"]
    assert absent and second and all(r["kept_until"] > TODAY for r in absent + second)
    for row in second:
        other = [
            r for r in town.placements if r["person"] == row["person"] and r["second_place"] == "0"
        ]
        assert any(r["status"] == "moved_in" and r["unit"] != row["unit"] for r in other)


def test_a_household_is_protected(town: Town) -> None:
    assert any(h["protected"] == "1" for h in town["households"])


def test_an_offer_was_refused(town: Town) -> None:
    rows = [
        r for r in town.placements if r["status"] == "cancelled" and r["ended_reason"] == "refused"
    ]
    assert rows and all(r["unit"] for r in rows)


def test_ages_sexes_a_status_and_a_size_are_unknown(town: Town) -> None:
    people = town.here.values()
    assert any(not p["born"] for p in people)
    assert any(not p["sex"] for p in people)
    assert any(not p["legal_basis"] for p in people)
    sizes = Counter(p["household"] for p in people)
    assert any(
        h["size_stated"] and int(h["size_stated"]) > sizes[h["id"]] for h in town["households"]
    )
    assert any(a["persons"] and not a["ages"] for a in town["announced"])


def test_births_are_known_by_year_or_by_month_only(town: Town) -> None:
    lengths = Counter(len(p["born"]) for p in town.here.values())
    assert lengths[4] and lengths[7]


def test_a_blocked_block_has_its_people_elsewhere(town: Town) -> None:
    wings = [u for u in town.beds() if u["building"] and town.blocked(u["id"]) == int(u["places"])]
    assert len(wings) > 1 and len({(u["facility"], u["building"]) for u in wings}) == 1
    ids = {u["id"] for u in wings}
    gone = [r for r in town.placements if r["unit"] in ids and r["status"] == "ended"]
    now = {r["person"]: r["unit"] for u in town.beds() for r in town.using(u["id"])}
    assert gone and all(now[r["person"]] not in ids for r in gone)


def test_a_lease_ends_before_what_replaces_it_opens(town: Town) -> None:
    ends = [s["lease_until"] for s in town["facilities"] if TODAY < s["lease_until"] < "2028-11-23"]
    opens = [
        e["date"] for e in town["capacity_events"]
        if e["kind"] == "open" and e["status"] == "decided"
        and town.site[e["target"]]["kind"] == "container"
    ]  # fmt: skip
    assert ends and opens and min(ends) < min(opens)


def test_somebody_did_not_come(town: Town) -> None:
    rows = [r for r in town.placements if r["status"] == "no_show"]
    assert rows and all(town.person[r["person"]]["left_on"] for r in rows)


def test_minors_are_alone_without_a_bed_and_one_turns_18_soon(town: Town) -> None:
    alone = {h["id"] for h in town["households"] if h["kind"] == "uam"}
    minors = [p for p in town.here.values() if p["household"] in alone]
    assert minors and all((town.age(p) or 99) < 18 for p in minors)
    housed = {r["person"] for u in town.beds() for r in town.using(u["id"])}
    assert not housed & {p["id"] for p in minors}
    birthdays = [
        date(int(p["born"][:4]) + 18, int(p["born"][5:7]), int(p["born"][8:])) for p in minors
    ]
    assert any(0 < (d - date.fromisoformat(TODAY)).days < 60 for d in birthdays)


def test_two_legal_bases_overlap_and_one_opens_the_claim(town: Town) -> None:
    both = [p for p in town.here.values() if p["second_basis"]]
    assert both
    for p in both:
        assert not p["legal_until"] or p["legal_until"] > p["second_from"] >= p["legal_from"]
        assert p["claim_basis"] in ("1", "2")


def test_two_offices_report_different_seats_and_one_report_is_stale(town: Town) -> None:
    assert any(
        u["other_places"] and u["other_places"] != u["places"] and u["other_by"]
        for u in town["units"]
    )
    cycle = town.yaml["reported_cycle_days"]
    days = [
        (date.fromisoformat(TODAY) - date.fromisoformat(u["reported_on"])).days
        for u in town["units"]
        if u["reported_on"]
    ]
    old = {
        u["facility"] for u in town["units"] if u["reported_on"] and u["reported_on"] < "2026-08-01"
    }
    assert max(days) > cycle and len(old) == 1


def test_a_household_separated_in_place(town: Town) -> None:
    rows = defaultdict(list)
    for p in town["persons"]:
        rows[p["id"]].append(p)
    moved = [r for r in rows.values() if len(r) > 1]
    assert moved
    for first, then in moved:
        assert first["reason"] == "separation" and first["member_until"] == then["member_from"]
        assert first["household"] != then["household"]
        homes = {
            r["unit"]
            for r in town.placements
            if r["person"] == first["id"] and r["domain"] == "accommodation"
        }
        left = {
            r["unit"]
            for r in town.placements
            if town.person[r["person"]]["household"] == first["household"]
            and r["domain"] == "accommodation"
        }
        assert homes == left and len(homes) == 1


def test_a_placement_was_corrected_and_both_versions_stay(town: Town) -> None:
    rows = {r["id"]: r for r in town["placements"]}
    versions = [(rows[r["replaces"]], r) for r in town["placements"] if r["replaces"]]
    assert versions
    for old, new in versions:
        assert old["person"] == new["person"] and old["recorded_at"] < new["recorded_at"]
        assert old["from"] != new["from"]


def test_announced_are_uncertain_partly_and_one_is_already_here(town: Town) -> None:
    assert any(
        a["probability_permille"] and int(a["probability_permille"]) < 1000
        for a in town["announced"]
    )
    ids = {a["id"] for a in town["announced"]}
    here = {h["announced_id"] for h in town["households"]} - {""}
    assert here and here <= ids


def test_measures_are_decided_planned_and_options_and_some_demand_is_unknown(town: Town) -> None:
    assert {m["status"] for m in town["measures"]} == {"decided", "planned", "option"}
    assert any(r["central"] == "unknown" for r in town["resident_demand"])
    assert {e["kind"] for e in town["capacity_events"]} >= {
        "block",
        "reserve",
        "open",
        "step",
        "release",
    }
