"""The frame of the designed screens, counted from the CSV files alone."""

from __future__ import annotations

from collections import Counter

from musterstadt_rows import Town


def _states(town: Town) -> dict[str, dict[str, int]]:
    found = {}
    for unit in town.beds():
        rows = town.using(unit["id"])
        kinds = Counter(
            "held" if r["status"] == "held"
            else "kept" if r["status"] == "absent" or r["second_place"] == "1" else "there"
            for r in rows
        )  # fmt: skip
        room = int(unit["places"]) - town.blocked(unit["id"])
        rest = max(0, room - len(rows))
        is_rest = unit["kind"] == "family" and bool(rows)
        found[unit["id"]] = {
            "nominal": int(unit["places"]), "blocked": town.blocked(unit["id"]),
            "held": kinds["held"],
            "used": len(rows), "kept": kinds["kept"], "over": max(0, len(rows) - room),
            "unfit": rest if is_rest else 0, "free": 0 if is_rest else rest,
        }  # fmt: skip
    return found


def test_thirty_sites_of_every_type_are_in_operation(town: Town) -> None:
    sites = {u["facility"] for u in town.beds()}
    assert len(sites) == 30
    kinds = Counter(town.site[s]["kind"] for s in sites)
    assert set(kinds) == {"shared", "container", "hotel", "hall", "rented_flats"}
    assert all(town.site[s]["cost_month_eur"] for s in sites)


def test_the_places_add_up_exactly(town: Town) -> None:
    total: Counter[str] = Counter()
    for state in _states(town).values():
        total.update(state)
    assert (total["nominal"], total["blocked"], total["unfit"]) == (2558, 74, 232)
    assert total["nominal"] - total["blocked"] - total["unfit"] == 2252
    assert total["used"] - total["held"] - total["over"] == 2120
    assert (total["held"], total["free"], total["over"]) == (46, 86, 1)
    assert (
        total["nominal"] + total["over"]
        == total["used"] + total["blocked"] + total["unfit"] + total["free"]
    )
    for state in _states(town).values():
        used = state["used"] + state["blocked"] + state["unfit"] + state["free"]
        assert state["nominal"] + state["over"] == used


def test_free_places_are_those_of_the_screens_unit_by_unit(town: Town) -> None:
    free: Counter[tuple[str, int]] = Counter()
    rooms: Counter[str] = Counter()
    for unit, state in _states(town).items():
        row = town.unit[unit]
        if state["free"]:
            who = row["sex"] if row["kind"] == "shared" else "family"
            free[who, state["free"]] += 1
            rooms[who] += 1
    places = Counter()  # type: ignore[var-annotated]
    for (who, n), units in free.items():
        places[who] += n * units
    assert (places["m"], rooms["m"], places["f"], rooms["f"]) == (33, 24, 12, 9)
    assert {n: c for (who, n), c in free.items() if who == "family"} == {2: 7, 3: 3, 4: 2, 5: 2}


def test_nobody_sleeps_in_two_places_and_rooms_for_one_sex_hold_that_sex(town: Town) -> None:
    nights: Counter[str] = Counter()
    for unit in town.beds():
        for row in town.using(unit["id"]):
            nights[row["person"]] += row["second_place"] == "0"
            sex = town.person[row["person"]]["sex"]
            if unit["kind"] == "shared" and unit["sex"] in ("f", "m"):
                assert sex in (unit["sex"], ""), row["id"]
    assert max(nights.values()) == 1


def test_container_sued_has_84_usable_places_and_ends_before_the_96_new_ones_open(
    town: Town,
) -> None:
    sites = {s["name"]: s for s in town["facilities"]}
    south = sites["Containeranlage Süd"]
    states = [s for u, s in _states(town).items() if town.unit[u]["facility"] == south["id"]]
    assert sum(s["nominal"] - s["blocked"] - s["unfit"] for s in states) == 84
    new = [e for e in town["capacity_events"] if e["kind"] == "open" and e["status"] == "decided"]
    places = {
        e["target"]: sum(int(u["places"]) for u in town["units"] if u["facility"] == e["target"])
        for e in new
    }
    assert sorted(places.values()) == [96, 120]
    opening = next(e for e in new if places[e["target"]] == 96)
    assert south["lease_until"] == "2027-03-31" < opening["date"] == "2027-07-01"
    assert int(opening["delay_high_days"]) > 0


def test_waiting_lists_are_those_of_the_screens(town: Town) -> None:
    waiting = Counter(r["domain"] for r in town.placements if r["status"] == "requested")
    assert {d: waiting[d] for d in ("childcare", "school", "language", "flat")} == {
        "childcare": 38, "school": 9, "language": 61, "flat": 147,
    }  # fmt: skip
    asked = {
        (r["domain"], r["person"]): r["requested_on"]
        for r in town.placements
        if r["status"] == "requested"
    }
    for (_, person), day in asked.items():
        assert day >= town.household[town.person[person]["household"]]["arrived_on"]
    late = {d: sum(day <= "2026-10-26" for (x, _), day in asked.items() if x == d) for d in waiting}
    assert (late["childcare"], late["school"], late["language"]) == (21, 2, 44)


def test_no_seat_of_a_class_group_or_course_is_given_twice(town: Town) -> None:
    taken = Counter(r["unit"] for r in town.placements if r["status"] == "moved_in")
    for unit in town["units"]:
        if unit["domain"] in ("childcare", "school", "language"):
            assert taken[unit["id"]] <= int(unit["places"]), unit["id"]
