"""What issue 3 asks to be shown at the end, as a newcomer walks it in a browser, role by role.

One walk, because each step stands on the one before; every step goes through pages only, by the
words that stand on them.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_web_browser import address as address
from test_web_browser import browser as browser
from test_web_lists import TEN_FAULTS, a_unit, mended_text
from test_web_operations import SECRET

WHO = {"belegung": "Belegung Sozialamt", "planung": "Planung", "verwaltung": "Verwaltung"}


class Newcomer:
    """Somebody at a browser who knows nothing but what the pages say."""

    def __init__(self, browser: Any, address: str) -> None:
        context = browser.new_context(locale="de-DE", viewport={"width": 1280, "height": 900})
        self.page, self.address = context.new_page(), address
        self.page.set_default_timeout(20_000)
        self.page.goto(address)

    def becomes(self, role: str) -> None:
        """Choose a role on the first page; whoever is somebody already changes first."""
        if self.page.get_by_role("button", name="Rolle wechseln").count():
            self.page.get_by_role("button", name="Rolle wechseln").click()
        self.page.get_by_role("button", name=re.compile(f"^{WHO[role]}")).click()
        self.page.wait_for_selector("aside.look")

    def goes(self, name: str) -> None:
        """By the navigation."""
        self.page.locator("nav .tabs").get_by_role("link", name=name, exact=True).click()

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=re.compile(f"^{name}")).first.click()
        self.page.wait_for_load_state()

    def follows(self, name: str) -> None:
        self.page.get_by_role("link", name=re.compile(f"^{name}")).first.click()
        self.page.wait_for_load_state()

    def reads(self) -> str:
        text: str = self.page.inner_text("main")
        return text


def registers(who: Newcomer, family: str, people: list[tuple[str, str, str]]) -> str:
    """A household by its form; its number."""
    who.page.get_by_label("Familienname", exact=True).fill(family)
    for n, (given, born, sex) in enumerate(people):
        who.page.fill(f"#given-{n}", given)
        who.page.fill(f"#born-{n}", born)
        who.page.select_option(f"#sex-{n}", sex)
    who.page.get_by_role("button", name="Speichern").last.click()
    who.page.wait_for_url("**/haushalte/H-*/")
    return str(who.page.url.rstrip("/").rsplit("/", 1)[1])


def a_mother_gets_a_home(who: Newcomer) -> str:
    who.becomes("belegung")
    who.follows("Einen Haushalt erfassen")
    key = registers(who, "Yilvantis", [
        ("Amira", "12.03.1992", "f"), ("Sami", "2015", "m"), ("Lina", "6", "f"), ("Adam", "2", "m"),
    ])  # fmt: skip
    who.follows("Freie Einheit suchen")
    who.presses("Vormerken")
    assert "vorgemerkt bis" in who.reads()
    who.presses("Bestätigen")
    assert "bestätigt" in who.reads() and "Einzug eintragen" in who.reads()
    return key


def burnt() -> str:
    """A family's flat in which people slept on Friday and sleep today."""
    from vorort.ledger import occupancy
    from vorort.web import bridge

    ledger = bridge.whole_ledger()
    friday, today = (
        occupancy(ledger, date(2026, 11, day), today=date(2026, 11, 23)).units for day in (20, 23)
    )
    return next(
        u for u, s in friday.items()
        if u.startswith("WO-LIN") and s.assigned and today[u].assigned == s.assigned
    )  # fmt: skip


def people_are_told_before_their_room_is_blocked(who: Newcomer) -> None:
    who.goes("Heute")
    who.follows("Eine Einheit sperren")
    who.follows("Gerberstraße 40")
    row = who.page.locator("table tbody tr").filter(
        has=who.page.locator("td[data-name=belegt]", has_text=re.compile("^[2-9]$"))
    )
    row.first.locator("input[type=checkbox]").check()
    who.presses("Sperren")
    who.page.get_by_label(re.compile("^Grund")).select_option(label="Reparatur")
    who.page.get_by_label(re.compile("^Erläuterung")).fill("Wasserschaden")
    who.page.locator("button.main", has_text="Eintragen").last.click()
    who.page.wait_for_selector("[role=alert]")
    assert "Noch nicht gespeichert: Menschen sind betroffen" in who.reads()
    who.presses("Trotzdem eintragen")
    assert "Wasserschaden" in who.reads() and "zu viel" in who.reads()


def fridays_emergency_is_entered_on_monday(who: Newcomer, unit: str, to: str) -> None:
    who.goes("Plätze")
    who.follows("Notverlegung")
    for name, value in (("start", unit), ("units", to), ("on", "2026-11-20"),
                        ("reason", "Brand in der Nacht zum Samstag")):  # fmt: skip
        who.page.fill(f"[name={name}]", value)
    who.presses("Zeigen, wer wohin kommt")
    assert "noch nicht gespeichert" in who.reads()
    who.presses("So verlegen")
    who.goes("Aufgaben")
    assert "Notverlegung" in who.reads(), "a task for each household within 72 hours"


def a_list_with_ten_faults_is_mended(who: Newcomer, unit: str, folder: Path) -> None:
    from python_calamine import CalamineWorkbook

    first, second = folder / "liste-erfunden.csv", folder / "liste-erfunden-2.csv"
    first.write_text(TEN_FAULTS.format(unit=unit), "utf-8", newline="")
    who.goes("Listen")
    who.page.set_input_files("#file", str(first))
    who.presses("Ansehen, noch nichts speichern")
    assert "10 fehlerhaft" in who.reads()
    with who.page.expect_download() as got:
        who.page.get_by_role("link", name="Fehlerdatei").click()
    got.value.save_as(str(folder / "fehler.xlsx"))
    rows = CalamineWorkbook.from_path(str(folder / "fehler.xlsx")).get_sheet_by_index(0).to_python()
    second.write_text(mended_text(rows, unit), "utf-8")
    who.presses("2 neue Zeilen übernehmen")
    who.goes("Listen")
    who.page.set_input_files("#file", str(second))
    who.presses("Ansehen, noch nichts speichern")
    assert "10 neu" in who.reads() and "0 fehlerhaft" in who.reads()
    who.presses("10 neue Zeilen übernehmen")
    assert "10 neu" in who.reads()


def yesterdays_board_shows_yesterday(who: Newcomer, key: str) -> None:
    who.goes("Plätze")
    today = who.reads()
    who.page.get_by_label("ab Tag").fill("2026-11-22")
    who.page.get_by_label(re.compile("^bekannt am")).fill("2026-11-22")
    who.presses("Anwenden")
    who.page.wait_for_url("**2026-11-22**")
    who.page.wait_for_function("document.querySelector('main').innerText.includes('22.11.2026')")
    assert "22.11.2026" in who.reads() and who.reads() != today
    assert key not in who.reads(), "nobody knew of her yesterday"


def somebody_is_deleted(who: Newcomer, folder: Path) -> str:
    from vorort.web.operations import backup

    who.becomes("belegung")
    who.goes("Haushalte")
    who.follows("Haushalt erfassen")
    registers(who, "Zwetrunin", [("Levan", "1980", "m")])
    person = who.page.locator("table tbody th a").first.inner_text().split()[0]
    backup.write(folder / "gestern.vorort", SECRET)
    who.becomes("verwaltung")
    who.goes("Löschen")
    who.follows("Eine Person löschen")
    who.page.get_by_label("Nummer der Person").fill(person)
    who.presses("Zeigen")
    who.presses("Endgültig löschen")
    assert "Löschnachweis" in who.reads() or "Nachweis" in who.reads()
    return str(person)


def a_backup_comes_back_without_whom_was_deleted(
    who: Newcomer, folder: Path, switch: Any, key: str
) -> None:
    from vorort.web.operations import backup
    from vorort.web.retention import actions

    listed = actions.list_file().read_bytes()
    switch()
    actions.list_file().write_bytes(listed)
    assert backup.restore(folder / "gestern.vorort", SECRET).again == 1
    who.page.context.clear_cookies()  # no session outlives a restore
    who.page.goto(who.address)
    who.becomes("belegung")
    who.goes("Haushalte")
    for name, is_there in (("Yilvantis", True), ("Zwetrunin", False)):
        who.page.get_by_label(re.compile("^Name")).fill(name)
        who.page.locator("form", has=who.page.locator("#name")).get_by_role("button").click()
        who.page.wait_for_load_state()
        assert (key in who.reads()) == is_there
        assert ("Niemand mit diesem Namen" in who.reads()) != is_there


def the_outlook_runs_on_all_of_that(who: Newcomer) -> None:
    from django.core.management import call_command

    who.becomes("planung")
    who.follows("Den Ausblick neu rechnen")
    who.presses("Erster Blick: 100 Verläufe")
    assert "Wartet auf den Hintergrunddienst" in who.reads()
    call_command("db_worker", batch=True, interval=1, startup_delay=False)
    who.page.wait_for_selector("text=Ergebnis ansehen")  # the figures are refreshed, not the page
    who.follows("Ergebnis ansehen")
    assert "Wo es wann eng wird" in who.reads() and "100 Verläufe" in who.reads()
    who.follows("Bericht lesen")
    assert "Musterstadt" in who.page.inner_text("body")


@pytest.mark.browser
def test_a_newcomer_walks_through_everything_the_register_is_for(
    browser: Any,
    address: str,
    empty: Any,
    tmp_path: Path,
) -> None:
    who = Newcomer(browser, address)
    to, full = a_unit(3), a_unit(4)
    key = a_mother_gets_a_home(who)
    people_are_told_before_their_room_is_blocked(who)
    fridays_emergency_is_entered_on_monday(who, burnt(), to)
    a_list_with_ten_faults_is_mended(who, full, tmp_path)
    yesterdays_board_shows_yesterday(who, key)
    somebody_is_deleted(who, tmp_path)
    a_backup_comes_back_without_whom_was_deleted(who, tmp_path, empty, key)
    the_outlook_runs_on_all_of_that(who)
