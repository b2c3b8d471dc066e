"""The report of a placement: everything of the result is in it, in both languages, and no more."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

sys.path.insert(0, str(Path(__file__).parents[1] / "placement"))

from busy_towns import busy_problem

from vorort.placement import Problem, place, told
from vorort.placement.holding import as_record, holding, told_of
from vorort.reports.placement_page import placement_page
from vorort.reports.placement_text import placement_table
from vorort.reports.placement_words import _WORDS, needs
from vorort.vocabulary import Unit


def results() -> Iterator[dict[str, Any]]:
    for number in range(12):
        yield told(place(busy_problem(number)))


class Reader(HTMLParser):
    """Ids, targets, tags and the words of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.tags: list[str] = []
        self.words = ""
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._silent += tag in ("style", "title")
        for name, value in attrs:
            assert name != "style" and not name.startswith("on")
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.targets.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        self.words += "" if self._silent else f" {data}"


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_household_its_place_and_its_reasons_are_on_the_page(lang: str) -> None:
    waiting = 0
    for result in results():
        page = Reader(placement_page(result, lang))
        text = re.sub(r"\s+", " ", page.words)
        assert len(set(page.ids)) == len(page.ids)
        assert {t[1:] for t in page.targets} <= set(page.ids), "every link leads somewhere"
        assert "script" not in page.tags
        placed = set()
        for row in result["assignments"]:
            if row["need"] == "accommodation":
                assert row["household"] in text
            if row["need"] == "accommodation" and row["unit"]:
                placed.add(row["household"])
                assert row["unit"] in text
            if row["need"] != "accommodation":
                assert row["person"] in text and needs(row["need"], lang) in text
        for household, why in result["why"].items():
            said = why["sentences"] if household in placed else why["text"]
            assert re.sub(r"\s+", " ", said[lang]) in text
            waiting += household not in placed
        asked = {r["household"] for r in result["assignments"] if r["need"] == "accommodation"}
        assert f"{len(placed)} {'of' if lang == 'en' else 'von'} {len(asked)} " in text
    assert waiting > 3


def test_both_languages_have_the_same_shape_and_every_word() -> None:
    for result in results():
        one, other = (Reader(placement_page(result, lang)) for lang in ("de", "en"))
        assert (one.tags, one.ids) == (other.tags, other.ids)
    for pair in _WORDS.values():
        assert all(pair)
        fields = [re.findall(r"{.*?}", text) for text in pair]
        assert fields[0] == fields[1]


def test_the_same_result_gives_the_same_bytes() -> None:
    result = told(place(busy_problem(3)))
    assert placement_page(result) == placement_page(told(place(busy_problem(3))))


def named(problem: Problem, name: str) -> Problem:
    """The first unit of a problem under another name."""
    first = problem.lodgings[0]
    unit = Unit(**{f: getattr(first.unit, f) for f in first.unit.__dataclass_fields__} | {
        "id": name})  # fmt: skip
    return problem.changed(
        lodgings=(replace(first, unit=unit), *problem.lodgings[1:]), locks=(), exclusions=()
    )


def test_names_are_never_markup() -> None:
    seen = 0
    for number in range(12):
        result = told(place(named(busy_problem(number), "<b>U&9</b>")))
        page = placement_page(result)
        assert "<b>U&9</b>" not in page
        seen += "&lt;b&gt;U&amp;9" in page
    assert seen > 3


def test_what_is_held_back_stands_on_page_and_in_the_terminal_and_is_else_absent() -> None:
    from test_placement_holding import outlook
    from test_placement_reserve import TWO

    held = holding(TWO, outlook({(2, True): [1] * 10}))
    plan = place(held.within(TWO))
    result = told(plan)
    assert "vorgehalten" not in placement_page(result)
    result["reserve"] = as_record(held, told_of(plan, held))
    for text in (Reader(placement_page(result)).words, printed(result, "de")):
        flat = re.sub(r"\s+", " ", text)
        assert "Für morgen vorgehalten" in flat and "step_free" in flat
        assert result["reserve"]["cost"]["de"] in flat
        assert result["reserve"]["replay"]["de"] in flat


def printed(result: dict[str, Any], lang: str) -> str:
    page = Console(file=io.StringIO(), width=140)
    for part in placement_table(result, lang):
        page.print(part)
    assert isinstance(page.file, io.StringIO)
    return page.file.getvalue()


def test_the_terminal_names_everybody_with_day_and_need_in_words() -> None:
    for result in results():
        text = printed(result, "de")
        assert "Vergabevorschlag vom 02.03.2026" in text
        for row in result["assignments"]:
            assert row["household"] in text or row["person"] in text
        assert "school/primary" not in text
        assert re.search(r"Wert -?[\d]+,\d von höchstens", text)
        assert "Placement proposal of 2026-03-02" in printed(result, "en")


def test_a_need_nobody_named_is_read_out_as_it_is() -> None:
    assert needs("school/primary", "de") == "Schule, Grundschule"
    assert needs("language/general", "en") == "language course"
    assert needs("swimming/evening", "de") == "swimming, evening"
