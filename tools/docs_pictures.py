"""Takes the pictures of README and handbook from the report of Musterstadt itself.

    python tools/docs_pictures.py              runs the stress test first, 1,000 draws
    python tools/docs_pictures.py out.json     from a result already written

Needs Chromium and playwright. Nothing is drawn by hand: each picture is a part of the page.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

PICTURES = ROOT / "docs" / "pictures"
SENTENCE = PICTURES / "sentence.txt"  # what the pictures say; a test compares it with a new run
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTH, EDGE = 1080, 16
LARGEST = 300_000  # bytes a picture may have
BEDS = "section[aria-labelledby=fan-accommodation]"
HEAT = "section[aria-labelledby=heat]"
# name -> from the top of the first part to the bottom of the last; what to hide before
PARTS: dict[str, tuple[str, str, str]] = {
    "outlook": (
        "main .title", f"{BEDS} figure svg",
        "main nav, section[aria-labelledby=first], #fans, #fans ~ p, figure details, figure ~ *, "
        f"section[aria-labelledby=fans] section.domain:not({BEDS.removeprefix('section')})",
    ),
    "satz": ("main .title", "main .lead", ""),
    "waermekarte": (HEAT, HEAT, ""),
    "zuerst": ("section[aria-labelledby=first]", "section[aria-labelledby=first]", ""),
    "faecher": (BEDS, f"{BEDS} figure svg", "figure details"),
    "annahmen": (
        "section[aria-labelledby=sensitivity]", "section[aria-labelledby=sensitivity]", "",
    ),
}  # fmt: skip


def page(result: dict[str, Any], folder: Path) -> Path:
    """The German report as one file."""
    from vorort.reports.page import write_report

    path = folder / "report.html"
    write_report(result, None, path, "de")
    return path


def musterstadt() -> dict[str, Any]:
    """The result that `vorort stress examples/musterstadt` gives."""
    from vorort.reports.figures import figures
    from vorort.stress.front import run_folder

    return figures(run_folder(ROOT / "examples" / "musterstadt"))


def take(report: Path) -> None:
    """Write every picture."""
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(
            viewport={"width": WIDTH, "height": 900}, color_scheme="light", device_scale_factor=1.2
        )
        for name, (first, last, hidden) in PARTS.items():
            tab = context.new_page()
            tab.goto(report.as_uri())
            if (
                hidden
            ):  # the page's own policy forbids style elements, so each part is hidden by script
                tab.eval_on_selector_all(hidden, "all => all.forEach(e => e.hidden = true)")
                tab.eval_on_selector_all(
                    "[hidden]", "all => all.forEach(e => e.style.display = 'none')"
                )
            top, end = (
                tab.locator(first).first.bounding_box(),
                tab.locator(last).first.bounding_box(),
            )
            if top is None or end is None:
                raise SystemExit(f"{name}: not on the page")
            clip = {
                "x": top["x"] - EDGE, "y": top["y"] - EDGE, "width": top["width"] + 2 * EDGE,
                "height": end["y"] + end["height"] - top["y"] + 2 * EDGE,
            }  # fmt: skip
            path = PICTURES / f"{name}.png"
            tab.screenshot(path=str(path), full_page=True, clip=clip)
            size = path.stat().st_size
            if size >= LARGEST:
                raise SystemExit(f"{name}: {size} bytes, more than {LARGEST}")
            print(f"{path.relative_to(ROOT)}: {size // 1000} kB")
            tab.close()
        browser.close()


def main() -> int:
    """Run, write the page, take the pictures."""
    files = sys.argv[1:]
    result = json.loads(Path(files[0]).read_text("utf-8")) if files else musterstadt()
    with tempfile.TemporaryDirectory() as folder:
        take(page(result, Path(folder)))
    SENTENCE.write_text(result["sentence"]["de"] + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
