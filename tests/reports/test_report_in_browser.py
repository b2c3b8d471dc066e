"""The report in Chromium: axe, no overflow, nothing blocked, on screen, phone and paper."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import invented
import pytest

from vorort.reports.page import write_report

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}}
# Contrast costs as much as all else together; it is asked in both schemes, at one width.
COLOURS: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
}
SHAPES: dict[str, Any] = {**ALL, "rules": {"color-contrast": {"enabled": False}}}

if not (CHROMIUM.exists() or os.environ.get("CI") == "true"):
    pytest.skip("chromium is not installed: report not looked at", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("report")
    for lang in ("de", "en"):
        for months in (4, 24):  # axe looks at every cell: few months, all kinds of parts
            result = invented.result(months)
            write_report(result, invented.backtests(), folder / f"{lang}{months}.html", lang)
    return {path.stem: path.as_uri() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


def opened(browser: Any, url: str, width: int, scheme: str, media: str = "screen") -> Any:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("request", lambda r: None if r.url == url else page.complaints.append(r.url))
    page.emulate_media(media=media, color_scheme=scheme)
    page.goto(url)
    return page


@pytest.mark.parametrize(
    ("lang", "width", "scheme", "media", "rules"),
    [
        ("de", 1280, "light", "screen", ALL),
        ("de", 1280, "dark", "screen", COLOURS),
        ("en", 390, "light", "screen", SHAPES),
        ("de", 390, "dark", "screen", SHAPES),
        ("de", 794, "light", "print", ALL),
    ],
    ids=lambda value: "" if isinstance(value, dict) else str(value),
)
def test_axe_finds_nothing_and_the_page_never_scrolls_sideways(
    browser: Any,
    files: dict[str, str],
    lang: str,
    width: int,
    scheme: str,
    media: str,
    rules: dict[str, Any],
) -> None:
    for months in (24, 4):
        page = opened(browser, files[f"{lang}{months}"], width, scheme, media)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.complaints == []
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    asked = ALL if os.environ.get("VORORT_FULL") == "1" else rules
    found = axe.Axe().run(page, options={**asked, "resultTypes": ["violations"]})
    told = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found.response["violations"]]
    assert told == []
    for context in browser.contexts:
        context.close()


def test_paper_is_light_and_shows_the_folded_tables(browser: Any, files: dict[str, str]) -> None:
    page = opened(browser, files["de24"], 794, "dark", "print")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    heights = page.evaluate(
        "[...document.querySelectorAll('figure details table')]"
        ".map(t => t.getBoundingClientRect().height)"
    )
    assert heights and min(heights) > 40
    page.context.close()


def test_text_is_never_smaller_than_14_pixels_on_screen(
    browser: Any, files: dict[str, str]
) -> None:
    for width in (390, 1280, 1920):
        page = opened(browser, files["de24"], width, "light")
        smallest = page.evaluate(
            "Math.min(...[...document.querySelectorAll('body *')]"
            ".filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))"
            ".map(e => { const f = parseFloat(getComputedStyle(e).fontSize);"
            " const s = e.ownerSVGElement; return s ? f * s.getBoundingClientRect().width"
            " / s.viewBox.baseVal.width : f; }))"
        )
        assert smallest >= 13.99
        page.context.close()


def test_words_in_pictures_and_on_tints_have_contrast(browser: Any, files: dict[str, str]) -> None:
    """axe does not judge text in pictures; every label there stands on the page itself."""
    script = """() => {
      const lum = c => { const v = c.match(/[0-9.]+/g).slice(0, 3).map(x => { x = x / 255;
        return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; });
        return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
      const page = lum(getComputedStyle(document.documentElement).backgroundColor);
      const ratio = l => (Math.max(l, page) + 0.05) / (Math.min(l, page) + 0.05);
      const of = (query, what) => [...document.querySelectorAll(query)].map(
        e => ratio(lum(getComputedStyle(e)[what])));
      return {text: Math.min(...of('.chart text', 'fill')),
              lines: Math.min(...['capacity', 'middle', 'existing'].flatMap(
                role => of('.chart .s-' + role, 'stroke')))};
    }"""
    for scheme in ("light", "dark"):
        page = opened(browser, files["de24"], 1280, scheme)
        found = page.evaluate(script)
        assert found["text"] >= 4.5 and found["lines"] >= 3.0
        page.context.close()


def test_the_keyboard_reaches_skip_link_contents_and_boxes(
    browser: Any, files: dict[str, str]
) -> None:
    page = opened(browser, files["de24"], 390, "light")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"
    page.context.close()
