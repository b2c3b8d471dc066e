"""The report as a reader and a screen reader meet it."""

from __future__ import annotations

import copy
import re
import string
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair as alt
import invented
import pytest
from jsonschema import ValidationError

from vorort.reports import charts
from vorort.reports.case_chart import verdict
from vorort.reports.heat import tint
from vorort.reports.page import report, write_report
from vorort.reports.summary import summary_lines
from vorort.reports.voice import Voice, step_for
from vorort.reports.words import WORDS

VOID = {"meta", "br", "link", "col"}


class Outline(HTMLParser):
    """Elements in order, with a check that every one is closed by its own end."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None], str]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found, "/".join(self.open)))
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.elements if name == tag]


def outline(page: str) -> Outline:
    parser = Outline()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


def text_of(page: str) -> str:
    """What is read aloud, element by element, a bar between."""
    body = re.sub(r"<(style|title|desc)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s*\|[\s|]*", " | ", re.sub(r"<[^>]+>", "|", body)).replace("\u202f", " ")


@pytest.fixture(scope="module")
def german() -> str:
    return report(invented.result(), invented.backtests(), "de")


@pytest.fixture(scope="module")
def english() -> str:
    return report(invented.result(), invented.backtests(), "en")


def test_headings_descend_without_a_gap_and_the_page_has_one_question(german: str) -> None:
    levels = [int(e[0][1]) for e in outline(german).elements if re.fullmatch(r"h[1-6]", e[0])]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_sections_come_in_the_order_of_the_question(german: str) -> None:
    heads = re.findall(r'<h2 id="([a-z]+)"', german)
    assert heads == [
        "heat",
        "first",
        "fans",
        "start",
        "static",
        "scenarios",
        "sensitivity",
        "cost",
        "backtests",
        "limits",
        "incomplete",
        "sources",
        "glossary",
    ]
    assert set(re.findall(r'href="#([a-z]+)"', german)) == set(heads) | {"content"}


def test_the_sentence_is_the_first_thing_said(german: str) -> None:
    sentence = invented.result()["sentence"]["de"]
    main = german[german.index("<main") :]
    assert main.index(sentence) < main.index("<table")


def test_the_page_needs_no_script_no_network_and_no_style_attribute(german: str) -> None:
    found = outline(german)
    assert not found.all("script") and not found.all("link") and not found.all("img")
    for _, attributes, _ in found.elements:
        assert not [a for a in attributes if a == "style" or a.startswith("on") or a == "src"]
    assert "url(" not in german and "@import" not in german
    assert re.findall(r'(?:href|xlink:href)="(?!#|https://example\.org)', german) == []


def test_the_style_sheet_is_the_one_the_policy_allows(german: str) -> None:
    from base64 import b64encode
    from hashlib import sha256

    style = re.search(r"<style>(.*?)</style>", german, re.S)
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in german.replace("&#x27;", "'")


def test_every_picture_has_a_title_a_message_and_a_table_beside_it(german: str) -> None:
    figures = re.findall(r"<figure>.*?</figure>", german, re.S)
    assert len(figures) == 8 + 1 + 2  # domains, arrivals, two cases with points
    for figure in figures:
        assert re.search(r'role="img" aria-labelledby="[\w-]+-t [\w-]+-d"', figure)
        assert re.search(
            r"<title id=[^>]+>[^<]{10,}</title><desc id=[^>]+>[^<]{10,}</desc>", figure
        )
        assert "<details><summary>" in figure and "<table" in figure


def test_ids_are_unique_and_every_reference_leads_somewhere(german: str) -> None:
    found = outline(german)
    assert len(found.ids) == len(set(found.ids))
    for _, attributes, _ in found.elements:
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in found.ids


def test_tables_have_captions_and_scopes(german: str) -> None:
    found = outline(german)
    assert len(found.all("caption")) == len(found.all("table")) > 20
    assert all(th.get("scope") for th in found.all("th"))
    assert all(
        box.get("aria-label") and box.get("tabindex") == "0"
        for box in found.all("div")
        if box.get("role")
    )


def test_no_sentinel_colour_is_left_in_a_picture(german: str) -> None:
    assert not re.search(r"#01010[0-9a-f]", german)
    assert 'class="f-wide"' in german and 'class="s-capacity"' in german


def test_every_picture_is_one_the_drawing_language_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Altair is asked not to check each piece as it is made; so the whole is checked here."""
    drawn: list[dict[str, Any]] = []

    def kept(spec: dict[str, Any], vl_version: str) -> str:
        drawn.append(spec)
        return drawing(spec, vl_version=vl_version)

    drawing = charts.vlc.vegalite_to_svg
    monkeypatch.setattr(charts.vlc, "vegalite_to_svg", kept)
    report(invented.result(months=3), invented.backtests(), "de")
    assert len(drawn) > 5
    kinds = {str(sorted({str(part["mark"]) for part in spec["layer"]})): spec for spec in drawn}
    assert len(kinds) > 1
    for spec in kinds.values():
        alt.LayerChart.from_dict(spec, validate=True)
    with pytest.raises(ValidationError):
        alt.LayerChart.from_dict({**drawn[0], "width": "wide"}, validate=True)


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_say_everything_with_the_same_fields(key: str) -> None:
    german, english = WORDS[key]
    assert german and english

    def fields(text: str) -> list[str]:
        return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)

    assert fields(german) == fields(english)


def test_the_english_page_has_the_same_shape_and_no_german_word(german: str, english: str) -> None:
    shape = [name for name, _, _ in outline(german).elements]
    assert [name for name, _, _ in outline(english).elements] == shape
    assert '<html lang="en">' in english
    for word in ("Verläufe", "überlastet", "nutzbar", "unbekannt", " bis ", "Woche", "Mio."):
        assert word not in re.sub(r"<code>.*?</code>", "", english)


HOSTILE = '<script>alert(1)</script> & "Bad\'stadt" --> {0} %s'


def hostile() -> invented.Json:
    result = invented.result(months=4, town=HOSTILE)
    result["sentence"] = result["static_sentence"] = invented.pair(HOSTILE, HOSTILE)
    result["notes"] = [invented.pair(HOSTILE, HOSTILE)]
    result["incomplete"] = [{"what": invented.pair(HOSTILE, HOSTILE), "count": 1}]
    result["by_scenario"]["trend"]["label"] = invented.pair(HOSTILE, HOSTILE)
    result["domains"]["accommodation"]["label"] = invented.pair(HOSTILE, HOSTILE)
    result["domains"]["accommodation"]["events"] = [
        {"date": "2027-01-10", "places": -9, "facility": HOSTILE, "reason": HOSTILE, "kind": "x<y"}
    ]
    for parameter in result["parameters"]:
        parameter["reason"] = HOSTILE
        parameter["source"] = dict(parameter["source"], cite=HOSTILE, url="javascript:alert(1)")
    return result


def test_names_and_reasons_are_never_markup() -> None:
    past = invented.backtests()
    past["cases"][0]["name"] = past["context"][0]["statement"] = HOSTILE
    past["cases"][1]["case"] = '"><script>'
    page = report(hostile(), past, "de")
    found = outline(page)
    assert not found.all("script")
    assert not [a for a in found.all("a") if str(a["href"]).startswith("javascript")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script" not in page


def test_the_terminal_summary_takes_out_control_characters() -> None:
    result = invented.result(town="Bad\x1b[31mstadt\u202e")
    lines = summary_lines(result, "de")
    assert all(c.isprintable() or c == "\u00a0" for line in lines for c in line)
    assert "Badstadt" in lines[0].replace("[31m", "")


def test_unknown_capacity_is_said_and_never_a_zero(german: str) -> None:
    start = german.index('<section class="domain" aria-labelledby="fan-health">')
    health = [german[start : german.index("</section>", start)]]
    assert "keine Überlastung, kein Leerstand, nicht null" in health[0]
    assert "s-capacity" not in health[0] and "Überlastung</th>" not in health[0]
    assert "Plätze oder Bedarf der Übrigen unbekannt: nicht gerechnet" in german
    assert "keine Kapazität hinterlegt: nicht gerechnet" in german
    assert "Nicht gerechnet, weil die Kapazität fehlt: Gesundheit, Arbeit." in german


def test_assumptions_that_may_be_chance_are_folded_away() -> None:
    result = invented.result(months=3)
    result["sensitivity"] += [
        {"parameter": f"noise.{i}", "share": 0.04, "standard_error": 0.05} for i in range(9)
    ]
    page = report(result, None, "en")
    section = page[page.index('id="sensitivity"') : page.index('id="cost"')]
    shown, folded = section.split("<details>")
    assert "9 more assumptions" in folded and folded.count("noise.") == 9
    assert "noise." not in shown and "Allocations a month" in shown


def test_small_and_crowded_events_do_not_crowd_the_picture() -> None:
    result = invented.result(months=12)
    beds = result["domains"]["accommodation"]
    small = [
        {"date": "2027-02-28", "places": 3, "facility": f"Haus {i}", "reason": "Dach", "kind": "x"}
        for i in range(14)
    ]
    beds["events"] += [*small, dict(small[0], date="2027-05-01", facility="Klein")]
    page = report(result, None, "de")
    start = page.index('aria-labelledby="c-accommodation-t')
    chart = page[start : page.index("</svg>", start)]
    assert "+42: 14 Änderungen" in chart and "Haus 3" not in chart and "Klein" not in chart
    assert "−84: Mietende Container Süd" in chart
    assert "Haus 13" in page and "Klein" in page  # the table has them all


def test_a_failed_case_says_so_and_stays(german: str) -> None:
    case = german[german.index('id="bt-messestadt-2015"') :]
    said = text_of(case[: case.index("<figure")])
    assert "Misslungen." in said and "0 von 3 Beobachtungen" in said
    assert "nicht besser als Fortschreiben mit 40" in said
    assert "Nicht bewertbar" in german


def test_a_wide_band_does_not_save_a_case_that_is_worse_than_carrying_forward() -> None:
    case = invented.backtests()["cases"][0]
    assert verdict(case) == "hit"
    assert verdict(case | {"errors": {"median": 0.4, "persistence": 0.13}}) == "missed"
    outside = dict(case["points"][0], inside_90=False)
    assert verdict(case | {"points": [outside, *case["points"][1:]]}) == "partly"
    assert verdict(case | {"points": [outside] * 4 + case["points"][:3]}) == "missed"
    assert verdict(case | {"points": []}) == "open"


def test_without_backtests_the_section_and_its_entry_are_absent() -> None:
    page = report(invented.result(months=3), None, "de")
    assert "backtests" not in page


def test_an_empty_sensitivity_a_missing_cost_and_no_records_are_explained() -> None:
    result = invented.result(months=3) | {
        "sensitivity": [],
        "incomplete": [],
        "ledger": {},
        "by_scenario": {},
    }
    for domain in result["domains"].values():
        domain["cost"] = None
    said = text_of(report(result, None, "en"))
    for words in (
        "no bed is ever missing",
        "Cost is unknown, not zero",
        "No incomplete records counted",
    ):
        assert words in said


def test_a_parameter_without_a_value_is_unknown() -> None:
    result = invented.result(months=3)
    result["parameters"][0] |= {"value": None, "low": None, "high": None, "source": None}
    assert "unbekannt, nicht null" in report(result, None, "de")


@pytest.mark.parametrize("months", [1, 12, 25, 120])
def test_any_horizon_fits(months: int) -> None:
    page = report(invented.result(months=months), None, "de")
    maps = re.findall(r'<table class="heat.*?</table>', page, re.S)
    cells = [m.count('<td class="h') for m in maps]
    assert len(maps) == -(-months // 24) and sum(cells) == 6 * months


def test_the_frame_stands_on_the_month_by_which_half_were_overloaded(german: str) -> None:
    row = re.search(r'<tr><th scope="row">Unterkunft</th>(.*?)</tr>', german, re.S)
    assert row
    cells = re.findall(r"<td.*?</td>", row[1])
    framed = [i for i, cell in enumerate(cells) if "first" in cell]
    months = [m["month"] for m in invented.result()["domains"]["accommodation"]["months"]]
    assert [months[i] for i in framed] == ["2027-04"]


def test_the_same_result_gives_the_same_bytes(german: str) -> None:
    assert report(invented.result(), invented.backtests(), "de") == german


def test_the_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out.html"
    write_report(invented.result(months=2), None, target)
    before = target.read_bytes()
    broken = copy.deepcopy(invented.result(months=2))
    del broken["domains"]["school"]["months"][0]["demand"]
    with pytest.raises(KeyError):
        write_report(broken, None, target)
    assert target.read_bytes() == before
    assert [p.name for p in target.parent.iterdir()] == ["out.html"]
    assert len(before) < 1_500_000


@pytest.mark.parametrize(
    ("share", "said", "step"),
    [
        (0, "0", 0),
        (0.004, "<\u00a01", 0),
        (0.05, "5", 1),
        (0.199, "20", 2),
        (0.2, "20", 2),
        (0.595, "60", 4),
        (0.8, "80", 5),
        (0.984, "98", 5),
        (0.99, ">\u00a098", 5),
        (1, ">\u00a098", 5),
    ],
)
def test_the_tint_follows_the_figure_that_is_printed(share: float, said: str, step: int) -> None:
    assert Voice("de").share(share, unit=False) == said
    assert tint(share) == step


def test_german_and_english_figures() -> None:
    de, en = Voice("de"), Voice("en")
    assert (de.number(2558), en.number(2558)) == ("2.558", "2,558")
    assert (de.signed(-84), de.signed(96)) == ("\u221284", "+96")
    assert (de.share(0.8), en.share(0.8)) == ("80\u00a0%", "80%")
    assert de.euro(940_000) == "940.000\u00a0€" and de.euro(2.34e6) == "2,3\u00a0Mio.\u00a0€"
    assert de.exact(0.0253) == "0,0253" and de.exact(3) == "3" and de.exact(None) == "unbekannt"
    band = {"0.05": 24, "0.25": 80, "0.5": 118, "0.75": 160, "0.95": 237}
    assert de.span(band) == "20 bis 240" and de.middle(band) == "120"
    assert (de.week("2027-04-07"), en.week("2027-W14")) == (
        "Woche vom 5. April 2027",
        "week of 5 April 2027",
    )


@pytest.mark.parametrize("spread", [0, 5, 19, 20, 199, 200, 3000, 54321])
def test_rounding_never_hides_more_than_a_twentieth_of_the_band(spread: float) -> None:
    assert step_for(spread) == 1 or step_for(spread) <= spread / 20 < 10 * step_for(spread)


GOLDEN = Path(__file__).parent / "tiny.txt"


def tiny() -> invented.Json:
    """Two domains, three months: small enough to be read."""
    result = invented.result(months=3, town="Winzigstadt")
    for part in ("domains", "static"):
        result[part] = {k: result[part][k] for k in ("accommodation", "health")}
    result["parameters"] = result["parameters"][:3]
    return result


def test_the_tables_of_a_tiny_town_read_as_accepted() -> None:
    """To accept a change on purpose: VORORT_ACCEPT=1 pytest tests/reports."""
    import os

    page = report(tiny(), None, "de")
    rows = re.findall(r"<caption>.*?</caption>|<tr>.*?</tr>", page, re.S)
    said = "\n".join(text_of(row).strip("| ") for row in rows).replace("\u00a0", " ") + "\n"
    if os.environ.get("VORORT_ACCEPT"):
        GOLDEN.write_text(said, encoding="utf-8")
    assert said == GOLDEN.read_text(encoding="utf-8")


def test_the_terminal_summary_fits_a_page_and_says_the_sentence() -> None:
    for lang in ("de", "en"):
        lines = summary_lines(invented.result(), lang)
        assert len(lines) < 25 and max(map(len, lines)) <= 100
        assert invented.result()["sentence"][lang].split(":")[0] in "\n".join(lines)
