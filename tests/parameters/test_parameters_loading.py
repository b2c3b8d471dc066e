"""What the loader takes, and that it names every fault of every file at once."""

# ruff: noqa: E501 - a table of faults, one a line

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from parameter_files import ESTIMATE, declared, folder, good, sets

from vorort.parameters import load, read_own
from vorort.parameters.plain import MOST_BYTES, plain
from vorort.problems import Refused

SRC = Path(__file__).parents[2] / "src"
WHOLE = """
domain: {name: {de: Kita, en: Childcare}, unit: {de: Kinder, en: children}, capacity: known}
parameters:
  childcare.uptake:
    name: {de: Inanspruchnahme, en: Uptake}
    unit: {de: Anteil, en: share}
    minimum: 0
    maximum: 1
    before: [0.05, 0.95]
    values:
      - from: 2022-06-01
        value: unknown
        reason: looked for a figure after 2022, found none
        source: {cite: project estimate, grade: estimate}
      - from: 2000-01-01
        value: 0.23
        range: [0.12, 0.35]
        reason: measured
        source: {cite: "a study [S1]", url: "https://example.org", published: 2017, grade: study, unverified: true}
"""


def complaints(tmp_path: Path, text: str) -> list[tuple[str, int | None, str]]:
    """Place, row and English reason with remedy of each complaint."""
    with pytest.raises(Refused) as refused:
        load([folder(tmp_path, "childcare", text)])
    for p in refused.value.problems:
        assert p.file == "childcare/parameters.yaml"
        assert all((p.reason_de, p.reason_en, p.remedy_de, p.remedy_en))
    return [(p.column, p.row, f"{p.reason_en} {p.remedy_en}") for p in refused.value.problems]


def test_a_whole_file_is_read_as_it_stands(tmp_path: Path) -> None:
    catalogue = load([folder(tmp_path, "childcare", WHOLE)])
    head = catalogue.domains["childcare"]
    assert (head.label.de, head.unit.en, head.capacity) == ("Kita", "children", "known")
    uptake = catalogue["childcare.uptake"]
    assert (uptake.minimum, uptake.maximum, uptake.before) == (0.0, 1.0, (0.05, 0.95))
    first, second = uptake.values  # in order of their first day
    assert (first.valid_from, first.amount, first.low, first.high) == (
        date(2000, 1, 1),
        0.23,
        0.12,
        0.35,
    )
    assert (first.distribution, first.scope, first.source.published) == (
        "triangular",
        "bund",
        "2017",
    )
    assert first.source.unverified and first.source.url == "https://example.org"
    assert (
        second.amount is None and second.distribution == "fixed" and "found none" in second.reason
    )


NO_SOURCE = "{from: 2020-01-01, value: 0.5}"
FAULTS = {
    "value without a source": (NO_SOURCE, "values[0].source", "“source” is missing"),
    "source without a grade": (good(source="{cite: x}"), "values[0].source", "“grade” is missing"),
    "unknown grade": (good(source="{cite: x, grade: statistic}"), "source.grade", "Probably “statistics”"),
    "source without a citation": (good(source="{grade: law}"), "source.cite", "“cite” is missing"),
    "own estimate graded as law": (good(source="{cite: project estimate, grade: law}"), "source.grade", "estimate"),
    "unknown key of a value": (good(more="rang: [0, 1],"), "values[0].rang", "Probably “range”"),
    "unknown key of a source": (good(source="{cit: x, cite: y, grade: law}"), "source.cit", "Probably “cite”"),
    "value outside its range": (good(0.5, more="range: [0.6, 0.7],"), "values[0].value", "outside its own range"),
    "value above the maximum": (good(23), "values[0].value", "outside the bounds 0 … 1"),
    "value below the minimum": (good(-0.1), "values[0].value", "outside the bounds"),
    "range beyond the maximum": (good(0.5, more="range: [0.1, 1.5],"), "values[0].range", "outside the bounds"),
    "range reversed": (good(0.5, more="range: [0.7, 0.3],"), "values[0].range", "[0.3, 0.7]"),
    "range with one number": (good(0.5, more="range: [0.7],"), "values[0].range", "two numbers"),
    "range of words": (good(0.5, more="range: [0.1, high],"), "values[0].range[1]", "not a number"),
    "German date": (good(since="01.02.2020"), "values[0].from", "not a date"),
    "impossible date": (good(since="2020-02-30"), "values[0].from", "not a date"),
    "published as words": (good(source="{cite: x, published: May 2020, grade: law}"), "source.published", "month"),
    "published in month 13": (good(source="{cite: x, published: 2020-13, grade: law}"), "source.published", "month"),
    "published as a full day": (good(source="{cite: x, published: 2020-05-01, grade: law}"), "source.published", "month"),
    "estimate without range": (good(more="reason: because,", source=ESTIMATE), "values[0]", "An estimate needs a range"),
    "estimate without reason": (good(more="range: [0, 1],", source=ESTIMATE), "values[0]", "An estimate needs a reason"),
    "unknown without reason": (good("unknown", source=ESTIMATE), "values[0]", "looked for"),
    "not a number": (good(".nan"), "values[0].value", "not a number"),
    "infinite": (good(".inf"), "values[0].value", "not a number"),
    "infinite by exponent": (good("1e999"), "values[0].value", "not a number"),
    "truth value": (good("true"), "values[0].value", "not a number"),
    "number in quotes": (good("'0.5'"), "values[0].value", "not a number"),
    "decimal comma": (good("'0,5'"), "values[0].value", "not a number"),
    "sixty-based number": (good("1:30"), "values[0].value", "not a number"),
    "distribution misspelt": (good(more="range: [0, 1], distribution: uniforme,"), "distribution", "“uniform”"),
    "distribution without range": (good(more="distribution: uniform,"), "values[0]", "needs a range"),
    "duplicate key": (good(more="value: 0.6,"), "values[0].value", "stands twice"),
    "no value": ("{from: 2020-01-01, source: {cite: x, grade: law}}", "values[0]", "“value” is missing"),
    "empty value": ("{}", "values[0]", "“value” is missing"),
    "a bare number": ("0.5", "values[0]", "Keys are expected"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_a_value_is_named_with_place_and_remedy(tmp_path: Path, fault: str) -> None:
    value, place, words = FAULTS[fault]
    found = complaints(tmp_path, declared(value))
    assert len(found) == 1, found
    column, row, said = found[0]
    assert column.startswith("parameters.childcare.uptake.") and column.endswith(place)
    assert words in said
    assert row == 8, "the line on which the value stands"


HEADS = {
    "unknown key of a parameter": ("minimun: 0", "Probably “minimum”"),
    "before reversed": ("before: [0.9, 0.1]", "reversed"),
    "before beyond the bounds": ("before: [0.1, 9]", "outside the bounds"),
    "minimum twice": ("minimum: 0", "stands twice"),
}


@pytest.mark.parametrize("fault", HEADS)
def test_each_fault_of_a_declaration_is_named(tmp_path: Path, fault: str) -> None:
    line, words = HEADS[fault]
    found = complaints(tmp_path, declared(good(), head=line))
    assert [row for _, row, _ in found] == [7]
    assert words in found[0][2]


def test_missing_languages_names_and_values_are_named_together(tmp_path: Path) -> None:
    text = "parameters:\n  Uptake:\n    name: {de: x}\n    unit: 5\n"
    said = "\n".join(f"{c}: {s}" for c, _, s in complaints(tmp_path, text))
    for words in ("no name of a parameter", "name.en: The English words are missing",
                  "unit: Keys are expected", "unit.de", "values: “values” is missing"):  # fmt: skip
        assert words in said


def test_a_comma_that_cuts_a_label_is_explained(tmp_path: Path) -> None:
    text = declared(good()).replace("{de: Anteil, en: share}", "{de: Anteil, en: per 1,000 heads}")
    assert "quotation marks" in complaints(tmp_path, text)[0][2]


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    one = folder(tmp_path, "childcare", declared(good(23), NO_SOURCE))
    two = folder(tmp_path, "school", declared(good(since="soon"), name="school.share"))
    land = folder(
        tmp_path,
        "by",
        sets({"school.shares": [good()], "childcare.uptake": [good(7)]}),
        "values.yaml",
    )
    empty = tmp_path / "nothing"
    with pytest.raises(Refused) as refused:
        load([one, two, land, empty])
    files = [p.file for p in refused.value.problems]
    assert files.count("childcare/parameters.yaml") == 2
    assert files.count("school/parameters.yaml") == 1
    assert files.count("by/values.yaml") == 2
    assert files.count("nothing") == 1
    assert any("Probably “school.share”" in p.remedy_en for p in refused.value.problems)


def test_a_name_is_declared_once_and_a_day_has_one_value(tmp_path: Path) -> None:
    one = folder(tmp_path, "a", declared(good(), good(0.4)))
    two = folder(tmp_path, "b", declared(good()))
    with pytest.raises(Refused) as refused:
        load([one, two])
    said = [p.reason_en for p in refused.value.problems]
    assert said == [
        "Two values hold from 2020-01-01.",
        "“childcare.uptake” is declared in another folder already.",
    ]


def test_values_of_a_folder_that_is_no_land_are_refused(tmp_path: Path) -> None:
    one = folder(tmp_path, "childcare", declared(good()))
    two = folder(tmp_path, "xx", sets({"childcare.uptake": [good()]}), "values.yaml")
    with pytest.raises(Refused, match="xx"):
        load([one, two])


def test_own_values_are_of_scope_kommune_and_their_faults_are_listed(tmp_path: Path) -> None:
    catalogue = load([folder(tmp_path, "childcare", declared(good()))])
    text = sets({"childcare.uptake": [good(0.7)], "childcare.uptak": [good()]}) + "more: 1\n"
    path = folder(tmp_path, "town", text, "values.yaml") / "values.yaml"
    values, problems = read_own(path, catalogue, "Musterstadt")
    (value,) = values["childcare.uptake"]
    assert (value.amount, value.scope, value.scope_name) == (0.7, "kommune", "Musterstadt")
    assert [p.column for p in problems] == ["more", "values.childcare.uptak"]
    assert {p.file for p in problems} == {"values.yaml"}


def test_own_values_may_be_empty_but_not_absent(tmp_path: Path) -> None:
    catalogue = load([folder(tmp_path, "childcare", declared(good()))])
    empty = folder(tmp_path, "t", "values: {}\n", "values.yaml") / "values.yaml"
    assert read_own(empty, catalogue, "T") == ({}, ())
    blank = folder(tmp_path, "u", "", "values.yaml") / "values.yaml"
    assert len(read_own(blank, catalogue, "T")[1]) == 1
    assert "cannot be read" in read_own(tmp_path / "no.yaml", catalogue, "T")[1][0].reason_en


def test_files_made_to_hurt_are_refused_quickly(tmp_path: Path) -> None:
    started = time.perf_counter()
    bomb = "a: &a [x, x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    endless = "parameters: &p\n  x: *p\n"
    deep = "parameters: " + "[" * 900 + "]" * 900
    cut = "parameters: {childcare.x: ["
    for text, words in (
        (bomb, "alias"),
        (endless, "alias"),
        (deep, "deeply"),
        (cut, "Not valid YAML"),
    ):
        assert any(words in said for _, _, said in complaints(tmp_path, text)), words
    (tmp_path / "childcare" / "parameters.yaml").write_bytes("parameters: {ä: 1}".encode("cp1252"))
    with pytest.raises(Refused, match="UTF-8"):
        load([tmp_path / "childcare"])
    with (tmp_path / "childcare" / "parameters.yaml").open("wb") as file:
        file.truncate(200 * 1024 * 1024)  # sparse: checked by its size, never read
    with pytest.raises(Refused, match="20 MB"):
        load([tmp_path / "childcare"])
    assert MOST_BYTES == 20 * 1024 * 1024
    assert time.perf_counter() - started < 2


YAML_LIKE = st.text(alphabet="ab:-[]{}&*!'\"#|> \n\t,.0123é%@?", max_size=80)


def shape(tree: Any) -> Any:
    """Keys and lengths, without what stands in the leaves."""
    if isinstance(tree, dict):
        return {key: shape(child) for key, child in tree.items()}
    return [shape(child) for child in tree] if isinstance(tree, list) else None


@settings(max_examples=500)
@given(YAML_LIKE)
@example("{a: [1, {b: c}], d: 2}")
@example("{{a: b}: c}")
def test_any_text_is_read_as_yaml_reads_it_or_complained_about(text: str) -> None:
    content = plain(text, "x.yaml")
    if content.problems:
        assert all(p.reason_de and p.remedy_en for p in content.problems)
    else:
        plainly = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes texts only
        assert shape(content.tree) == shape(plainly)


NUMBERS = st.floats(-1, 2, allow_nan=False).map(lambda x: round(x, 3))


@settings(max_examples=150)
@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_range_passes_exactly_when_it_is_in_order_and_in_bounds(
    tmp_path_factory: pytest.TempPathFactory, low: float, value: float, high: float
) -> None:
    text = declared(good(f"{value:.3f}", more=f"range: [{low:.3f}, {high:.3f}],"))
    place = folder(tmp_path_factory.getbasetemp() / "range", "childcare", text)
    if 0 <= low <= value <= high <= 1:
        assert load([place])["childcare.uptake"].values[0].low == pytest.approx(low)
    else:
        with pytest.raises(Refused):
            load([place])


def test_start_up_imports_nothing_compiled_and_no_arrays() -> None:
    code = "import sys, vorort.parameters; print(sorted(set(sys.modules) & {'numba', 'numpy', 'vorort.luck', 'pydantic'}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_all_folders_of_the_project_load_in_time_and_without_a_complaint() -> None:
    places = [
        p.parent
        for p in sorted(SRC.glob("vorort/**/parameters.yaml"))
        + sorted(SRC.glob("vorort/laender/*/values.yaml"))
    ]
    load(places)
    started = time.process_time()
    catalogue = load(places)
    assert time.process_time() - started < 0.15
    assert len(catalogue.parameters) > 30
    assert all(re.fullmatch(r"[a-z_]+\.[a-z0-9_]+", name) for name in catalogue.parameters)
