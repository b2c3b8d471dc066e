"""Reading and writing a scenario folder."""

import os
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import kleinstadt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vorort.files import TABLES, pools_of, read_scenario, scenario_files, write_scenario
from vorort.ledger import capacity_steps, incomplete, occupancy
from vorort.problems import Problem, Refused
from vorort.vocabulary import Household, Membership, PartialDate, Person, Placement, Unit, Wish


def read(folder: Path):
    return read_scenario(folder, kleinstadt.POOLS)


def complaints(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refused:
        read(folder)
    return refused.value.problems


def test_a_folder_becomes_nouns(tmp_path):
    found = read(kleinstadt.write(tmp_path / "kleinstadt"))
    assert found.folder == "kleinstadt"
    assert found.municipality.today == date(2026, 11, 23)
    assert found.municipality.tolerances == {"childcare": (90, 2)}
    assert found.municipality.ags == "00000000"
    ledger = found.ledger
    assert ledger.household["h3"] == Household(
        "h3", "unknown", "other", size_stated=5, source="Anruf; Müller"
    )
    assert ledger.person["p2"].born == PartialDate(2020, 8)
    assert [b.opens_claim for b in ledger.person["p1"].legal] == [True, False]
    assert ledger.household_of("p1", date(2026, 11, 1)) == "h2"
    assert ledger.unit["a1"].access is True and ledger.unit["a2"].access is None
    assert [a.sexes for a in found.announced] == [("f", "m", None, "f")]
    assert found.announced[0].probability == 0.9
    assert found.resident_demand[1].central is None
    assert found.own_values["childcare.uptake_u3"][0]["value"] == 0.4
    on = occupancy(ledger, date(2026, 11, 23))
    assert on.units["a1"].moved_in == 2 and on.units["a2"].blocked == {"repair": 2}
    assert {g.what for g in incomplete(ledger) if g.id in ("p3", "h3")} >= {
        "born",
        "sex",
        "arrived_on",
    }


def test_a_decided_measure_opens_after_its_middle_lead_time(tmp_path):
    ledger = read(kleinstadt.write(tmp_path)).ledger
    (row,) = capacity_steps(ledger, "accommodation", start=date(2026, 11, 23), end=date(2036, 1, 1))
    opening = next(c for c in row.changes if c.places == 60)
    assert (opening.date, opening.is_opening) == (date(2027, 3, 30), True)
    assert (opening.delay_low_days, opening.delay_high_days) == (-30, 90)
    assert any(
        c.places == -60 and c.is_opening and c.date == date(2032, 3, 28) for c in row.changes
    )


def test_written_and_read_again_is_the_same_and_written_twice_the_same_bytes(tmp_path):
    first = read(kleinstadt.write(tmp_path / "kleinstadt"))
    write_scenario(first, tmp_path / "again" / "kleinstadt")
    second = read(tmp_path / "again" / "kleinstadt")
    assert second == first
    assert scenario_files(second) == scenario_files(first)
    raw = (tmp_path / "again" / "kleinstadt" / "households.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid;kind;") and b"\r\n" in raw
    write_scenario(second, tmp_path / "again" / "kleinstadt")  # over an existing folder
    assert [p.name for p in (tmp_path / "again").iterdir()] == ["kleinstadt"]


def test_nothing_is_written_where_a_text_would_run_as_a_formula(tmp_path):
    found = read(kleinstadt.write(tmp_path / "kleinstadt"))
    house = replace(found.ledger.households[0], source="=cmd()")
    bad = replace(
        found, ledger=replace(found.ledger, households=(house, *found.ledger.households[1:]))
    )
    with pytest.raises(Refused):
        write_scenario(bad, tmp_path / "new")
    assert not (tmp_path / "new").exists()


FAULTY = {
    "placements_csv": None,  # 1 missing file
    "town_yaml": kleinstadt.TOWN.replace("name: Au", "name: mitte").replace(
        "reported_cycle", "reportd_cycle"
    ),
    "households_csv": kleinstadt.FILES["households.csv"].replace(
        "arrived_on", "arived_on"
    ),  # 2 wrong column
    "units_csv": kleinstadt.FILES["units.csv"]
    .replace(";4;place", ";4,5;place")
    .replace(";20;place", ";-20;place"),
    "facilities_csv": kleinstadt.FILES["facilities.csv"]
    .replace("Am Anger", "Grün")
    .encode("cp1252"),
    "persons_csv": kleinstadt.FILES["persons.csv"]
    .replace("h1;p1;2026-05-01;2026-10-01", "h1;p1;2026-05-01;2026-04-01")
    .replace("2020-08", "1823")
    .replace("h3;p3", "h9;p3")
    + "h3;p3;;;;1999;m;;;;;;\n",
    "announced_csv": kleinstadt.FILES["announced.csv"].replace("900", "1900"),
    "measures_csv": kleinstadt.FILES["measures.csv"].replace(";Idee;", ";;"),
    "resident_demand_csv": "",
}


def test_fifteen_mixed_faults_are_all_named_at_once_with_remedies(tmp_path):
    folder = kleinstadt.write(tmp_path / "faulty", **FAULTY)
    with (folder / "capacity_events.csv").open("wb") as huge:
        huge.truncate(200 * 2**20)
    with (folder / "households.csv").open("a") as file:
        file.write('h4;family;asylum;;;;0;;;"=HYPERLINK(1)"\n')
    before = sorted((p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in folder.iterdir())
    found = complaints(folder)
    said = {(p.file, p.row, p.column) for p in found}
    expected = {
        "missing file": ("placements.csv", None, ""),
        "wrong column": ("households.csv", 1, "arived_on"),
        "decimal comma": ("units.csv", 2, "places"),
        "negative places": ("units.csv", 4, "places"),
        "cp1252": ("facilities.csv", 2, ""),
        "unknown key": ("town.yaml", None, "reportd_cycle_days"),
        "two districts with one name": ("town.yaml", None, "districts.name"),
        "dates out of order": ("persons.csv", 2, "member_until"),
        "age 203": ("persons.csv", 4, "born"),
        "unknown household": ("persons.csv", 5, "household"),
        "duplicate id": ("persons.csv", 6, "id"),
        "outside its range": ("announced.csv", 2, "probability_permille"),
        "without source": ("measures.csv", 3, "source"),
        "empty file": ("resident_demand.csv", None, ""),
        "200 MB": ("capacity_events.csv", None, ""),
        "formula": ("households.csv", 5, "source"),
    }
    assert {name for name, place in expected.items() if place not in said} == set()
    assert all(p.reason_de and p.reason_en and p.remedy_de and p.remedy_en for p in found)
    assert len(found) == len(expected), "follow-up complaints drown the real ones"
    near = {p.column: p.remedy_de for p in found}
    assert "reported_cycle_days" in near["reportd_cycle_days"] and "arrived_on" in near["arived_on"]
    assert "UTF-8" in near["places"] or any("UTF-8" in p.remedy_de for p in found)
    assert (
        sorted((p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in folder.iterdir()) == before
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("units_csv", "a2;anger;a1", "a2;anger;", ("units.csv", 2, "adjoins")),
        ("units_csv", ";other_by", ";id", ("units.csv", 1, "id")),
        ("units_csv", "k1;kita;;shared", "k1;kita;;shared;;;;", ("units.csv", 4, "")),
        ("units_csv", ";o3;", ";o4;", ("units.csv", 4, "pool")),
        ("placements_csv", ";b1\n", ";b7\n", ("placements.csv", 3, "replaces")),
        (
            "placements_csv",
            "b1v2;p1;accommodation;a1",
            "b1v2;p1;accommodation;",
            ("placements.csv", 3, "unit"),
        ),
        (
            "placements_csv",
            "b2;p2;accommodation;a1",
            "b2;p1;accommodation;a1",
            ("placements.csv", 4, "from"),
        ),
        ("placements_csv", "p2;childcare", "p2;childcar", ("placements.csv", 5, "domain")),
        ("placements_csv", "b1v2;p1", "b1v2;p2", ("placements.csv", 3, "replaces")),
        ("persons_csv", "2026-05-01;2026-10-01", "2026-05-01;", ("persons.csv", 3, "id")),
        ("resident_demand_csv", "18;20;22", "18;20;unknown", ("resident_demand.csv", 2, "low")),
        (
            "resident_demand_csv",
            "2026-11;au;",
            "2026-12;au;childcare;o3;1;2;3;Statistik\n2026-11;au;",
            ("resident_demand.csv", 3, "district"),
        ),
        ("capacity_events_csv", "step;-1", "step;", ("capacity_events.csv", 3, "places")),
        (
            "capacity_events_csv",
            "e2;a1;2027-01-01;step;-1",
            "e2;a1;2027-01-01;block;-1",
            ("capacity_events.csv", 3, "places"),
        ),
        ("announced_csv", "34 31 6 2", "34 31 6 203", ("announced.csv", 2, "ages")),
        ("town_yaml", "0.7", "0.8", ("town.yaml", None, "scenarios")),
        ("measures_csv", "general;60;", "general;-60;", ("measures.csv", 2, "places")),
        ("town_yaml", "trend:", "trnd:", ("town.yaml", None, "scenarios.trnd")),
        (
            "town_yaml",
            "  source: {cite: project estimate, grade: estimate}\n",
            "",
            ("town.yaml", None, "key.source"),
        ),
        ("town_yaml", "kind: Stadt", "kind: &a Stadt\nx: *a", ("town.yaml", None, "")),
        ("facilities_csv", "Kita Au", "Kita\x00 Au", ("facilities.csv", 3, "")),
        ("households_csv", "h2;single", "h2;singel", ("households.csv", 3, "kind")),
    ],
)
def test_each_of_these_faults_is_named_at_its_place(tmp_path, file, old, new, place):
    name = file.replace("_csv", ".csv").replace("_yaml", ".yaml")
    content = kleinstadt.FILES[name]
    assert old in content
    found = complaints(kleinstadt.write(tmp_path, **{file: content.replace(old, new, 1)}))
    assert place in {(p.file, p.row, p.column) for p in found}, [p.text() for p in found]


def test_incomplete_people_are_no_fault_and_commas_are_read_like_semicolons(tmp_path):
    text = kleinstadt.FILES["persons.csv"].replace(";", ",") + "h3,p4,,,,1971,,,,,,,\n"
    found = read(kleinstadt.write(tmp_path, persons_csv="\ufeff" + text))
    assert found.ledger.person["p4"].born == PartialDate(1971)


def test_placement_files_are_read_where_they_lie_in_the_folder(tmp_path):
    folder = kleinstadt.write(tmp_path)
    (folder / "wishes.csv").write_text("household;kind;target\nh1;district;au\n")
    (folder / "open_needs.csv").write_text("household;person;domain;due;since\n")
    found = read(folder)
    assert found.later == ("wishes.csv", "open_needs.csv")
    assert found.placing.wishes == (Wish("h1", "district", "au"),)
    assert found.placing.open_needs == ()
    assert found.placing.locks == ()
    (folder / "open_needs.csv").write_text("household;persn;domain;due;since\n")
    assert [(p.file, p.column) for p in complaints(folder)] == [("open_needs.csv", "persn")]


def test_a_file_with_a_slip_in_its_name_is_noticed_and_other_files_may_lie_there(tmp_path):
    folder = kleinstadt.write(tmp_path)
    (folder / "README.md").write_text("hello")
    (folder / "notes.csv").write_text("a;b")
    assert read(folder)
    (folder / "wishs.csv").write_text("household;wish\n")
    assert [p.file for p in complaints(folder)] == ["wishs.csv"]


@settings(
    max_examples=int(os.environ.get("VORORT_FULL", "0")) * 2000 + 250,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_no_mutation_of_bytes_raises_anything_but_a_refusal(tmp_path, data):
    name = data.draw(st.sampled_from(sorted(kleinstadt.FILES)))
    raw = bytearray(kleinstadt.FILES[name].encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        piece = data.draw(
            st.sampled_from(
                [
                    b"\x00",
                    b"\xff",
                    b'"',
                    b";",
                    b",",
                    b"\n",
                    b"\r",
                    b"-",
                    b"=",
                    b"'",
                    b"*",
                    b"&a ",
                    b"[",
                    b"{",
                    b": ",
                    b"9" * 30,
                    b"0000-00-00",
                    b"\t",
                    b"!!python/object:os.system ",
                    b"\xe2\x80\xae",
                    b"99999999999",
                ]
            )
            | st.binary(min_size=1, max_size=4)
        )
        cut = data.draw(st.integers(0, 5))
        raw[at : at + cut] = piece
    folder = kleinstadt.write(tmp_path)
    (folder / name).write_bytes(bytes(raw))
    try:
        scenario = read(folder)
    except Refused as refused:
        assert refused.problems
        for problem in refused.problems:
            assert problem.text("de") and problem.text("en")
    else:
        assert scenario_files(scenario)


def many(tmp_path: Path, households: int) -> Path:
    found = read(kleinstadt.write(tmp_path / "small"))
    houses, people, members, units, rows = [], [], [], [], []
    for n in range(households):
        houses.append(Household(f"H{n}", "family", "asylum", date(2026, 1, 1)))
        units.append(Unit(f"U{n}", "anger", "family", "accommodation", 3))
        for m in range(3):
            name = f"P{n}-{m}"
            people.append(Person(name, PartialDate(1980 + m, 1, 1), "f"))
            members.append(Membership(name, f"H{n}", date(2026, 1, 1)))
            rows.append(
                Placement(
                    f"B{n}-{m}", name, "accommodation", "moved_in", f"U{n}", None, date(2026, 1, 1)
                )
            )
    ledger = replace(
        found.ledger, households=tuple(houses), persons=tuple(people), memberships=tuple(members),
        units=(*found.ledger.units, *units), placements=tuple(rows),
    )  # fmt: skip
    write_scenario(replace(found, ledger=ledger), tmp_path / "many")
    return tmp_path / "many"


@pytest.mark.parametrize(
    ("households", "seconds"),
    [
        (900, 1.0),
        pytest.param(
            20_000,
            15.0,
            marks=pytest.mark.skipif(
                not os.environ.get("VORORT_FULL"),
                reason="20,000 households: only with VORORT_FULL=1",
            ),
        ),
    ],
)
def test_a_large_folder_is_read_quickly(tmp_path, households, seconds):
    folder = many(tmp_path, households)
    start = time.process_time()
    found = read(folder)
    took = time.process_time() - start
    assert len(found.ledger.households) == households
    assert took < seconds, took


def test_the_page_of_the_folder_is_the_one_the_tables_make():
    import runpy

    root = Path(__file__).parents[2]
    page = runpy.run_path(str(root / "tools" / "scenario_folder_page.py"))["page"]()
    assert (root / "docs" / "reference" / "scenario-folder.md").read_text("utf-8") == page
    assert all(f"`{c.name}`" in page for t in TABLES for c in t.columns)


def test_pools_are_read_from_the_rules_without_running_them():
    from vorort import domains

    found = pools_of(domains.folders())
    assert found["childcare"] == ("u3", "o3")


MUSTERSTADT = Path(__file__).parents[2] / "examples" / "musterstadt"


@pytest.mark.skipif(
    not (MUSTERSTADT / "town.yaml").exists(), reason="examples/musterstadt is not there yet"
)
def test_musterstadt_is_read_and_its_sums_close(tmp_path):
    found = read_scenario(MUSTERSTADT)
    total = occupancy(found.ledger, found.municipality.today).overall
    left = total.nominal + total.over
    assert left == total.used + total.blocked_places + total.unfit + total.free
    write_scenario(found, tmp_path / "musterstadt")
    assert read_scenario(tmp_path / "musterstadt") == found
