"""Takes the pictures of the handbook from the register of Musterstadt itself.

    python tools/docs_screens.py [name ...]

Only the named ones, else all. Needs Chromium and playwright; takes about a minute. Each picture is
a page as the named role sees it, after the steps a clerk takes. Nothing is drawn by hand.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

PICTURES = ROOT / "docs" / "handbuch" / "bilder"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--lang=de",
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LARGEST = 250_000  # bytes a picture may have
WIDE, PHONE = (1160, 760), (390, 760)
PASSWORD = "musterstadt"  # noqa: S105 of the demo


def _family(page: Any, name: str = "Yilvantis") -> None:
    """A mother with three children, typed but not saved."""
    page.fill("#family", name)
    people = [("Amira", "12.03.1992", "f"), ("Sami", "2015", "m"), ("Lina", "6", "f"),
              ("Adam", "2", "m")]  # fmt: skip
    for n, (given, born, sex) in enumerate(people):
        page.fill(f"#given-{n}", given)
        page.fill(f"#born-{n}", born)
        page.select_option(f"#sex-{n}", sex)


def _saved(page: Any, name: str = "Yilvantis") -> None:
    _family(page, name)
    page.locator("form.stack button.main").last.click()
    page.wait_for_load_state()
    if page.locator("button[name=sure]").count():  # the picture before registered the same people
        page.click("button[name=sure]")
    page.wait_for_url("**/haushalte/H-*/")


def _offers(page: Any) -> None:
    _saved(page, "Berquantz")
    page.click("text=Freie Einheit suchen")


def _blocked(page: Any) -> None:
    """What is shown before a unit with people in it is blocked."""
    unit = page.locator("table tbody tr").filter(has=page.locator("td.n:nth-child(5)")).first
    unit.locator("input[type=checkbox]").check()
    page.click("button[value=block]")
    page.select_option("#f-reason_kind", "repair")
    page.fill("#f-reason", "Wasserschaden")
    page.locator("form.stack button.main").last.click()


def _list(page: Any) -> None:
    page.fill("#text", "Name;Vorname;Geb.-Datum;Zimmer;Einzug\n"
              "Hadun;Samiha;1985;GU-ZIE-001;20.11.2026\nOstrenko;Taras;31.02.1990;;\n"
              "Gorova;Tala;12.5.1991;GU-GIBTS-NICHT;23.11.2026\n")  # fmt: skip
    page.locator("form.stack button.main").click()


def _run() -> int:
    """A week's plan, computed here once."""
    from vorort.web import clock
    from vorort.web.proposals import runs
    from vorort.web.proposals.models import Run

    if not Run.objects.exists():
        runs.execute(Run.objects.create(at=clock.now()).pk)
    return int(Run.objects.order_by("id").values_list("pk", flat=True)[0])


def _at(page: Any, path: str) -> None:
    page.goto(page.url.split("/vergabe/")[0] + path)


def _week(page: Any) -> None:
    """A run, then the reasons for a family."""
    _run()
    _at(page, "/vergabe/?haushalt=H-0858#grund")


def _fair(page: Any) -> None:
    _at(page, f"/vergabe/{_run()}/ausgleich/")


def _held(page: Any) -> None:
    _run()
    _at(page, "/vergabe/#h-held")
    page.evaluate("document.getElementById('h-held').scrollIntoView()")


def _compared(page: Any) -> None:
    """Somebody's place is ruled out; the run before and the one after."""
    first = _run()
    _at(page, "/vergabe/?haushalt=H-0858#grund")
    page.get_by_role("button", name="Diesen Platz ausschließen").first.click()
    page.fill("#why", "Treppenhaus zu eng für den Kinderwagen")
    page.get_by_role("button", name="So speichern").click()
    page.wait_for_load_state()
    _at(page, f"/vergabe/vergleich/?eins={first}")


def _emergency(page: Any) -> None:
    """Friday's fire, entered on Monday: who would go where."""
    for name, value in (("start", "WO-LIN-005"), ("units", "HA-WES-001"), ("on", "2026-11-20"),
                        ("reason", "Brand in der Nacht zum Samstag")):  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Zeigen, wer wohin kommt").click()


def _nothing(page: Any) -> None:
    return None


# name -> role, address, what to do there, size
SCREENS: dict[str, tuple[str, str, Callable[[Any], None], tuple[int, int]]] = {
    "anmelden": ("", "/anmelden/", _nothing, WIDE),
    "heute": ("belegung", "/heute/", _nothing, WIDE),
    "erfassen": ("belegung", "/haushalte/neu/", _family, WIDE),
    "haushalt": ("belegung", "/haushalte/neu/", _saved, WIDE),
    "frei-fuer": ("belegung", "/haushalte/neu/", _offers, WIDE),
    "plaetze": ("belegung", "/plaetze/?standort=GU-GER#offen", _nothing, WIDE),
    "plaetze-telefon": ("standort", "/plaetze/woche/", _nothing, PHONE),
    "sperren": ("belegung", "/standorte/GU-GER/", _blocked, WIDE),
    "liste": ("belegung", "/listen/", _list, WIDE),
    "notverlegung": ("belegung", "/notverlegung/", _emergency, WIDE),
    "gestern": ("belegung", "/plaetze/?tag=2026-11-22&bekannt=2026-11-22", _nothing, WIDE),
    "betrieb": ("verwaltung", "/betrieb/", _nothing, WIDE),
    "rollen": ("verwaltung", "/verwaltung/rollen/", _nothing, WIDE),
    "loeschen": ("verwaltung", "/loeschen/", _nothing, WIDE),
    "heute-nacht": (
        "belegung",
        "/vergabe/nacht/?frauen=1&kinder=3&alter=2,6,11",
        _nothing,
        WIDE,
    ),
    "vergabe": ("belegung", "/vergabe/", _week, WIDE),
    "ausgleich": ("belegung", "/vergabe/", _fair, WIDE),
    "vorgehalten": ("belegung", "/vergabe/", _held, WIDE),
    "zwei-laeufe": ("belegung", "/vergabe/", _compared, WIDE),
    "ausblick": ("planung", "/ausblick/", _nothing, WIDE),
}


def take(address: str, names: list[str]) -> None:
    """Write the named pictures; none named: every one."""
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS,
            env={**os.environ, "LANGUAGE": "de"},  # date fields as a German browser shows them
        )  # fmt: skip
        for name, (role, path, act, (width, height)) in SCREENS.items():
            if names and name not in names:
                continue
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme="light", locale="de-DE"
            )
            page = context.new_page()
            if role:
                page.goto(address + "anmelden/")
                page.fill("#id_username", role)
                page.fill("#id_password", PASSWORD)
                page.click("button.main")
            page.goto(address.rstrip("/") + path)
            act(page)
            page.wait_for_timeout(300)
            target = PICTURES / f"{name}.png"
            page.screenshot(path=str(target))
            size = target.stat().st_size
            if size >= LARGEST:
                raise SystemExit(f"{name}: {size} bytes, more than {LARGEST}")
            print(f"{target.relative_to(ROOT)}: {size // 1000} kB")
            context.close()
        browser.close()


def main() -> int:
    """A demo register, thrown away afterwards."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from vorort.web import demo

    with tempfile.TemporaryDirectory() as folder:
        found = demo.start(Path(folder), 0, draws=100)
        threading.Thread(target=found.server.serve_forever, daemon=True).start()
        try:
            take(found.address, sys.argv[1:])
        finally:
            found.server.shutdown()
            found.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
