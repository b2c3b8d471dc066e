"""Long work in Chromium: its figures move while the page stays where it is, and one can stop them.

Outlook, placement and a long list show them alike.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from test_web_browser import VIEWS, _wrong, address, axe, browser, logged_in, sync_api

__all__ = ["address", "browser"]
MARK = "window.stayed = true; document.querySelector('#lauf-frisch a').focus()"


def begun(kind: str) -> tuple[str, str, Any]:
    """A run that goes on: who looks at it, where, and its row."""
    from django.utils import timezone

    from vorort.web import clock, middleware
    from vorort.web.accounts.models import User
    from vorort.web.lists.models import Batch
    from vorort.web.lists.models import Run as Reading
    from vorort.web.outlook.models import Run as Outlook
    from vorort.web.proposals.models import Run as Placement

    if not middleware.ASSETS:
        pytest.skip("htmx is not fetched: nothing refreshes by itself")
    at = {"at": clock.now(), "state": "running", "beat": timezone.now(), "total": 100, "done": 10}
    if kind == "outlook":
        return "planung", "/ausblick/", Outlook.objects.create(draws=99, **at)
    if kind == "placement":
        return "belegung", "/vergabe/", Placement.objects.create(**at)
    clerk = User.objects.get(username="belegung")
    batch = Batch.objects.create(
        at=clock.now(), actor=clerk, office=clerk.office, kind="residents", name="Liste",
        state="staged", header="[]", mapping="{}", digest="x",
    )  # fmt: skip
    row = Reading.objects.create(batch=batch, what="check", key=uuid4(), **at)
    return "belegung", f"/listen/{batch.pk}/", row


def shown(page: Any, text: str) -> None:
    sync_api.expect(page.locator(".run")).to_contain_text(text)


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["outlook", "placement", "list"])
def test_figures_move_while_the_page_stays_and_the_end_is_said(
    browser: Any, address: str, kind: str
) -> None:
    role, path, row = begun(kind)
    table = type(row).objects.filter(pk=row.pk)
    page = logged_in(browser, address, role)
    page.context.add_init_script(axe.Axe().axe_script)
    page.goto(address + path)
    page.evaluate(MARK)
    said = page.inner_text("#lauf-sagt")
    page.evaluate("""() => {
        window.read = 0;
        new MutationObserver(() => window.read++).observe(
            document.getElementById('lauf-sagt'), {childList: true, subtree: true});
    }""")
    table.update(done=64, total=128)
    sync_api.expect(page.locator("#p")).to_have_attribute("value", "64")
    assert page.inner_text("#lauf-sagt") == said and page.evaluate("window.read") == 0
    assert page.evaluate("document.activeElement.innerText") == "Jetzt nachsehen"
    for _, scheme, rules in VIEWS[0][1]:
        page.emulate_media(color_scheme=scheme)
        assert _wrong(page, rules) == []
    page.set_viewport_size({"width": 390, "height": 700})
    assert _wrong(page, VIEWS[1][1][0][2]) == []
    table.update(is_cancelled=True)
    shown(page, "Wird a")  # abgebrochen, angehalten
    assert page.locator("#lauf-tun button").count() == 0 and page.evaluate("window.read") > 0
    table.update(state="cancelled")
    shown(page, "Ergebnis ansehen")
    assert page.evaluate("window.stayed"), "never loaded anew"
    assert page.locator("#p").count() == 0 and "anhalten" not in page.inner_text(".run")
    page.click("text=Ergebnis ansehen")
    assert page.locator(".run").count() == 0 and "war=" not in page.url
    assert page.complaints == []


@pytest.mark.browser
def test_refreshing_can_be_stopped_and_nothing_refreshes_without_script(
    browser: Any, address: str
) -> None:
    role, path, row = begun("outlook")
    table = type(row).objects.filter(pk=row.pk)
    page = logged_in(browser, address, role)
    page.goto(address + path)
    page.click("text=Auffrischen anhalten")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    table.update(done=50)
    page.wait_for_timeout(4500)
    assert [a for a in asked if path in a] == [] and "10 von 100" in page.inner_text(".run")
    page.click("text=Jetzt nachsehen")
    assert "50 von 100" in page.inner_text(".run")
    page.click("text=Wieder von selbst auffrischen")
    table.update(done=70)
    shown(page, "70 von 100")
    without = logged_in(browser, address, role, java_script_enabled=False)
    without.goto(address + path)
    text = without.inner_text(".run")
    assert "Jetzt nachsehen" in text and "frisch" not in text.casefold()
    without.click("text=Jetzt nachsehen")
    assert "70 von 100" in without.inner_text(".run")


@pytest.mark.browser
def test_what_a_floor_costs_in_a_large_run_is_shown_where_it_was_asked(
    browser: Any, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    from vorort.web.proposals import floors, runs
    from vorort.web.proposals.models import FloorCost, Run

    monkeypatch.setattr(floors, "is_quick", lambda plan: False)
    row = Run.objects.create(at=timezone.now())
    runs.execute(row.pk)
    for script in (True, False):
        page = logged_in(browser, address, "belegung", java_script_enabled=script)
        page.goto(f"{address}/vergabe/{row.pk}/ausgleich/")
        page.select_option("#f-anteil", "900" if script else "800")
        page.click("#boden ~ form button")
        page.wait_for_url("**#boden")
        assert "Wartet auf den Hintergrunddienst" in page.inner_text(".run")
        if script:
            page.evaluate("window.stayed = true")
        floors.execute(FloorCost.objects.latest("id").pk)
        if script:
            shown(page, "Ergebnis ansehen")
            assert page.evaluate("window.stayed"), "never loaded anew"
        page.click("text=Ergebnis ansehen" if script else "text=Jetzt nachsehen")
        sync_api.expect(page.locator(".answer")).to_contain_text("mindestens")
        assert page.locator(".run").count() == 0 and page.url.endswith("#boden")
        assert "war=" not in page.url and page.complaints == []
