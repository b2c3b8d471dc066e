"""Bad input of `place`: every complaint at once with place and remedy, exit code 2, or a reason."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vorort.cli import app
from vorort.files import read_scenario
from vorort.placement import all_goals, all_rules, read_rulebook
from vorort.problems import Refused

MUSTERSTADT = Path(__file__).parents[2] / "examples" / "musterstadt"
DAY = date(2026, 11, 23)
FILES = {
    "needs.csv": "household;person;code;strength;until;language\n",
    "wishes.csv": "household;kind;target\n",
    "exclusions.csv": "household;other;facility;building;until\n",
    "reach.csv": "district;other;minutes\n",
    "open_needs.csv": "household;person;domain;due;since\n",
    "locks.csv": "household;unit;kind;reason\n",
    "requests.csv": "person;domain;asker;owner;status;wanted_from;due;unit;offer_unit;offer_from\n",
}

ASKED = "childcare;sozialamt;jugendamt;open;2026-12-01;2026-11-30"
COUNTERED = ASKED.replace("open", "countered")


@pytest.fixture
def folder(tmp_path):
    """Musterstadt without the files of the placement."""
    for path in MUSTERSTADT.iterdir():
        if path.name not in FILES and path.name != "rules.yaml":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def complaints(folder):
    with pytest.raises(Refused) as refused:
        read_scenario(folder)
    return {(p.file, p.row, p.column): p for p in refused.value.problems}


@pytest.mark.parametrize(
    ("file", "row", "column"),
    [
        ("needs.csv", "H-0857;;own_unitt;must;;", "code"),
        ("needs.csv", "H-0857;;own_unit;perhaps;;", "strength"),
        ("needs.csv", "H-0857;;own_unit;must;;uk", "language"),
        ("needs.csv", "H-0857;P-00001;own_unit;must;;", "person"),
        ("wishes.csv", "H-0857;district;nrod", "target"),
        ("wishes.csv", "H-0857;near;H-9999", "target"),
        ("exclusions.csv", "H-0857;;;;", "other"),
        ("exclusions.csv", "H-0857;H-0857;;;", "other"),
        ("exclusions.csv", "H-0857;H-0858;GU-ZIE;;", "other"),
        ("exclusions.csv", "H-0857;;GU-ZIE;Haus Z;", "building"),
        ("reach.csv", "mitte;nord;-1", "minutes"),
        ("reach.csv", "mitte;nord;12,5", "minutes"),
        ("reach.csv", "mitte;nord;12\nnord;mitte;13", "minutes"),
        ("open_needs.csv", "H-0857;P-00001;language;;", "person"),
        ("open_needs.csv", "H-0857;;flat;;", "domain"),
        ("open_needs.csv", "X-1;;accommodation;;", "household"),
        ("open_needs.csv", "H-0857;;accommodation;;\nH-0857;;accommodation;;", "household"),
        ("locks.csv", "H-0857;GU-ZIE-001;lokc;", "kind"),
        ("locks.csv", "H-0857;GU-NIX;lock;", "unit"),
        ("locks.csv", "H-0857;GU-ZIE-001;lock;\nH-0857;GU-ZIE-002;lock;", "unit"),
        ("requests.csv", f"P-99999;{ASKED};KI-01-001;;", "person"),
        ("requests.csv", f"P-01160;{ASKED};KI-99-001;;", "unit"),
        ("requests.csv", f"P-01160;{ASKED.replace('jugendamt', 'jugend')};KI-01-001;;", "owner"),
        ("requests.csv", f"P-01160;{ASKED.replace('sozialamt', 'socialamt')};;;", "asker"),
        ("requests.csv", f"P-01160;{ASKED.replace('childcare', 'kita')};;;", "domain"),
        ("requests.csv", f"P-01160;{ASKED.replace('open', 'refused')};;;", "status"),
        ("requests.csv", f"P-01160;{ASKED.replace('2026-12-01', '')};;;", "wanted_from"),
        ("requests.csv", f"P-01160;{ASKED};GU-ZIE-001;;", "unit"),
        ("requests.csv", f"P-01160;{ASKED};;KI-01-001;", "offer_unit"),
        ("requests.csv", f"P-01160;{ASKED};;;2026-12-02", "offer_from"),
        ("requests.csv", f"P-01160;{COUNTERED};;KI-01-001;", "offer_from"),
        ("requests.csv", f"P-01160;{COUNTERED};;;2026-12-02", "offer_unit"),
        ("requests.csv", f"P-01160;{ASKED};;;\nP-01160;{ASKED};;;", "person"),
    ],
)
def test_each_of_these_rows_is_named_with_row_column_and_remedy(folder, file, row, column):
    (folder / file).write_text(FILES[file] + row + "\n", "utf-8")
    found = complaints(folder)
    number = 1 + len(row.splitlines())
    assert list(found) == [(file, number, column)]
    said = found[file, number, column]
    assert said.reason_de and said.reason_en and said.remedy_de and said.remedy_en


def test_all_complaints_of_all_files_come_together(folder):
    (folder / "wishes.csv").write_text(FILES["wishes.csv"] + "H-0857;district;nrod\n", "utf-8")
    (folder / "locks.csv").write_text(FILES["locks.csv"] + "H-0857;GU-NIX;lock;\n", "utf-8")
    rows = f"P-99999;{ASKED};KI-99-001;;\nP-01160;{COUNTERED};;;\n"
    (folder / "requests.csv").write_text(FILES["requests.csv"] + rows, "utf-8")
    assert set(complaints(folder)) == {
        ("wishes.csv", 2, "target"), ("locks.csv", 2, "unit"), ("requests.csv", 2, "person"),
        ("requests.csv", 2, "unit"), ("requests.csv", 3, "offer_unit"),
        ("requests.csv", 3, "offer_from"),
    }  # fmt: skip


def rulebook(found):
    return read_rulebook(
        found, DAY, {r.name: r.is_optional for r in all_rules()},
        {g.name: g.weight for g in all_goals()}, ("sozialamt",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "where"),
    [
        ({"rule": {}}, "rule"),
        ({"rules": {"sexx": True}}, "rules.sexx"),
        ({"rules": {"sex": "maybe"}}, "rules.sex"),
        ({"rules": {"together": False}}, "rules.together"),
        ({"rules": ["sex"]}, "rules"),
        ({"rules": {"sex": [{"from": "soon", "value": True}]}}, "rules.sex"),
        ({"weights": {"distance": -1}}, "weights.distance"),
        ({"weights": {"distance": 1.5}}, "weights.distance"),
        ({"weights": {"happiness": 1}}, "weights.happiness"),
        ({"order": ["protection", "protection"]}, "order"),
        ({"order": ["protektion"]}, "order"),
        ({"settings": {"horizon_days": 61}}, "settings.horizon_days"),
        ({"settings": {"horizon_days": 30}}, "settings.shortest_stay_days"),
        ({"office": "sozialmat"}, "office"),
    ],
)
def test_each_fault_of_the_rules_is_named(found, where):
    with pytest.raises(Refused) as refused:
        rulebook(found)
    assert where in [p.column for p in refused.value.problems]
    assert all(
        p.file == "rules.yaml" and p.remedy_de and p.remedy_en for p in refused.value.problems
    )


def test_rules_are_dated_and_an_order_gives_the_weights_of_the_default_order():
    entries = [
        {"from": date(2026, 1, 1), "value": False},
        {"from": date(2027, 1, 1), "value": True},
    ]
    book = rulebook({"rules": {"sex": entries}, "order": ["thrift", "wishes"]})
    assert not book.is_on("sex")
    assert book.is_on("access")
    weights = sorted((g.weight for g in all_goals()), reverse=True)
    assert [book.weights["thrift"], book.weights["wishes"]] == weights[:2]
    assert sorted(book.weights.values(), reverse=True) == weights
    later = [{"from": date(2027, 1, 1), "value": False}]
    assert rulebook({"rules": {"sex": later}}).is_on("sex")


def run(folder, tmp_path):
    out = tmp_path / "out.json"
    result = CliRunner().invoke(app, ["place", str(folder), "--json", str(out)])
    return result, out


def test_a_fault_leaves_no_file_behind(folder, tmp_path):
    (folder / "rules.yaml").write_text("rules: {sexx: true}\n", "utf-8")
    result, out = run(folder, tmp_path / "elsewhere")
    assert isinstance(result.exception, Refused)  # `main` turns it into exit code 2
    assert not out.exists()


def test_a_negative_capacity_or_text_is_a_complaint(folder):
    units = (folder / "units.csv").read_text("utf-8-sig").splitlines()
    cells = [units[1].split(";"), units[2].split(";")]
    at = units[0].split(";").index("places")
    cells[0][at], cells[1][at] = "-1", "vier"
    text = "\n".join([units[0], *(";".join(c) for c in cells), *units[3:]])
    (folder / "units.csv").write_text(text, "utf-8")
    assert {("units.csv", 2, "places"), ("units.csv", 3, "places")} <= set(complaints(folder))


def test_without_any_unit_everybody_waits_and_has_a_reason(folder, tmp_path):
    for name in ("units.csv", "placements.csv", "capacity_events.csv"):
        head = (folder / name).read_text("utf-8-sig").splitlines()[0]
        (folder / name).write_text(head + "\n", "utf-8")
    rows = "A-001;;accommodation;;\nA-002;;accommodation;;\nA-001;;school;;\n"
    (folder / "open_needs.csv").write_text(FILES["open_needs.csv"] + rows, "utf-8")
    result, out = run(folder, tmp_path)
    assert result.exit_code == 0, result.output
    found = json.loads(out.read_text("utf-8"))
    assert {a["status"] for a in found["assignments"]} == {"waiting"}
    assert found["objective"] == found["bound"] == 0
    assert all(why["text"]["de"] for why in found["why"].values())


def test_rules_that_exclude_everything_give_a_reason_for_each(folder, tmp_path):
    rows = "A-001;;accommodation;;\nA-002;;accommodation;;\n"
    (folder / "open_needs.csv").write_text(FILES["open_needs.csv"] + rows, "utf-8")
    everywhere = [line.split(";")[0] for line in (folder / "facilities.csv").read_text(
        "utf-8-sig").splitlines()[1:]]  # fmt: skip
    rows = "".join(f"A-00{n};;{site};;\n" for n in (1, 2) for site in everywhere)
    (folder / "exclusions.csv").write_text(FILES["exclusions.csv"] + rows, "utf-8")
    result, out = run(folder, tmp_path)
    assert result.exit_code == 0, result.output
    found = json.loads(out.read_text("utf-8"))
    assert found["placed"] == {"protection": 0, "deadline": 0, "rest": 0}
    for why in found["why"].values():
        assert why["refused"]
        assert [m["rule"] for m in why["misses"]] == ["exclusions"]
