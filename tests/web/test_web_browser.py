"""Every page of the register in Chromium: axe, no overflow, nothing blocked by the policy.

The pages are those of the tables in `rights/`: a new page is looked at without a line here.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

if not (CHROMIUM.exists() or os.environ.get("CI") == "true"):
    pytest.skip("chromium is not installed: register not looked at", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs a loop beside us
ROLES = ("-", "belegung", "schutz", "bereitschaft", "standort", "jugendamt", "planung",
         "verwaltung", "kita", "revision")  # fmt: skip
BLOCKED = "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"  # noqa: E501
VIEWS = [("de", 1280, "light"), ("de", 1280, "dark"), ("en", 390, "light"), ("de", 390, "dark")]


def pages_of(role: str) -> list[str]:
    """Addresses that answer this role with a page."""
    found = []
    for table in sorted((Path(__file__).parent / "rights").glob("*.txt")):
        for line in table.read_text("utf-8").splitlines():
            if line.startswith("GET") and line.split()[2:][ROLES.index(role)] == "200":
                found.append(line.split()[1])
    return found


# Each page once, by the first role of these that opens it; a page looks alike to all.
WALK: list[tuple[str, str]] = []
for _role in ("-", "schutz", "planung", "verwaltung", "revision", "kita", "jugendamt"):
    known = {address for _, address in WALK}
    WALK += [(_role, address) for address in pages_of(_role) if address not in known]


@pytest.fixture
def address(town: Path) -> Any:
    """The register, served on this machine."""
    from django.conf import settings

    from vorort.web import register

    settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
    server = register.server(0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def browser() -> Any:
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


def logged_in(browser: Any, address: str, role: str, **options: Any) -> Any:
    """A page of a browser in which somebody of this role is logged in; notes what is wrong."""
    from django.test import Client

    from vorort.web.accounts.models import User

    context = browser.new_context(**options)
    if role != "-":
        client = Client()
        client.force_login(User.objects.get(username=role))
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    context.add_init_script(BLOCKED)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: page.complaints.append(str(e)))
    return page


def _wrong(page: Any, address: str, path: str, width: int) -> list[str]:
    page.complaints.clear()
    try:
        answer = page.goto(address + path)
    except sync_api.Error as error:
        if "Download is starting" in str(error):  # a file, not a page
            return []
        raise
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    found = [f"answers {answer.status}"] if answer.status != 200 else []
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("scrolls sideways")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    told = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    found += [
        f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in told.response["violations"]
    ]
    return found + page.complaints


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "width", "scheme"), VIEWS)
def test_no_page_breaks_a_rule_of_access_or_of_the_policy(
    browser: Any, address: str, lang: str, width: int, scheme: str
) -> None:
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    by_role: dict[str, Any] = {}
    found = {}
    for role, path in WALK:
        if role not in by_role:
            by_role[role] = logged_in(browser, address, role, **options)
            by_role[role].context.add_cookies([{"name": "lang", "value": lang, "url": address}])
        wrong = _wrong(by_role[role], address, path, width)
        if wrong:
            found[f"{role} {path}"] = wrong
    assert found == {}
    assert len(WALK) > 8


@pytest.mark.browser
def test_pages_work_without_script_and_keep_nothing_in_the_browser(
    browser: Any, address: str
) -> None:
    """htmx swaps what a filter finds; without it the same form loads the same page."""
    with_script = logged_in(browser, address, "belegung")
    without = logged_in(browser, address, "belegung", java_script_enabled=False)
    texts = []
    for page in (with_script, without):
        page.goto(address + "/plaetze/")
        page.select_option("#art", "container")
        page.locator("form.filter", has=page.locator("#art")).locator("button").click()
        page.wait_for_url("**art=container**")
        page.wait_for_timeout(300)
        texts.append(page.inner_text("tbody"))
        page.goto(address + "/heute/")
    assert texts[0] == texts[1] and texts[0]
    kept = with_script.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert set(kept) <= {"htmx-current-path-for-history"}, "the address only, as in the history"
    assert with_script.complaints == []


MOST_KEYS = 120  # for a mother with three children


@pytest.mark.browser
def test_a_mother_with_three_children_is_registered_by_keyboard_alone(
    browser: Any, address: str
) -> None:
    """Names, birth dates, sexes, relations, legal basis and interpreter; every key is counted."""
    from vorort.web.intake.models import Household

    page = logged_in(browser, address, "belegung", locale="de-DE")
    page.goto(address + "/haushalte/neu/")
    pressed = 0

    def typed(text: str) -> None:
        nonlocal pressed
        page.keyboard.type(text)
        pressed += len(text)

    def tab(times: int = 1) -> None:
        nonlocal pressed
        for _ in range(times):
            page.keyboard.press("Tab")
            pressed += 1

    typed("Kastan")  # the first field has the focus
    people = [("Amira", "12031992", "w"), ("Sami", "2015", "m"), ("Lina", "6", "w"),
              ("Adam", "2", "m")]  # fmt: skip
    for n, (given, born, sex) in enumerate(people):
        tab()
        typed(given)
        tab()
        typed(born)
        tab()
        typed(sex)
        tab()
        typed("" if n == 0 else "K")  # the first is the head already; the others: Kind
        tab(2)  # over other family name and step-free
    tab(3)  # over more lines and group
    typed("A")  # Asylverfahren
    tab()
    typed("Arabisch")
    page.keyboard.press("Enter")
    pressed += 1
    page.wait_for_url("**/haushalte/H-*/")
    assert pressed <= MOST_KEYS, pressed
    row = Household.objects.order_by("-id").first()
    assert row is not None and row.kind == "lone_parent"
    sexes = row.membership_set.order_by("id").values_list("person__sex", flat=True)
    assert list(sexes) == ["f", "m", "f", "m"]
    relations = row.membership_set.order_by("id").values_list("relation", flat=True)
    assert list(relations) == ["self", "child", "child", "child"]
    facts = row.membership_set.values_list("person__legalbasis__name", "person__language")
    assert set(facts) == {("asylum_seeker", "Arabisch")}
    assert "Freie Einheit suchen" in page.inner_text("main")
    print(f"{pressed} key presses")
