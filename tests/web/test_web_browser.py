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

sync_api.expect.set_options(timeout=60_000)  # other tests may have the machine meanwhile
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs a loop beside us
ROLES = ("-", "belegung", "schutz", "bereitschaft", "standort", "jugendamt", "planung",
         "verwaltung", "kita", "revision")  # fmt: skip
# What dark colours and a narrow window can change; all else is the same page looked at again.
LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
# What another language can change, and what a narrow window hides or folds.
LANGUAGE = ["html-has-lang", "html-lang-valid", "valid-lang", "document-title", "button-name",
            "link-name", "label", "select-name", "aria-hidden-focus", "bypass", "empty-heading",
            "image-alt", "aria-input-field-name", "summary-name"]  # fmt: skip
BLOCKED = "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective + ' ' + e.blockedURI))"  # noqa: E501
# Where 300 rows of a table or list differ in words only, the first three are looked at.
DROP_ALIKE = """() => {
    const seen = new Map();
    const shape = e => e.tagName + '.' + e.className + '[' + e.getAttributeNames().join() + ']'
        + [...e.childNodes].map(c => c.nodeType === 1 ? shape(c) : c.data?.trim() ? 't' : '');
    for (const row of document.querySelectorAll('tbody > tr, li')) {
        const kind = shape(row.parentElement.cloneNode(false)) + shape(row);
        const many = (seen.get(kind) || 0) + 1;
        seen.set(kind, many);
        if (many > 3) row.remove();
    }
}"""
FULL = os.environ.get("VORORT_FULL") == "1"


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


def one_of_each_kind() -> list[tuple[str, str]]:
    """The same walk, of each page of the register the first address only."""
    from django.urls import resolve

    kinds: dict[str, tuple[str, str]] = {}
    for role, path in WALK:
        kinds.setdefault(resolve(path.split("?")[0]).view_name, (role, path))
    return list(kinds.values())


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


def _open(page: Any, address: str) -> list[str] | None:
    """Opens an address and everything folded on it; what is wrong, None if it is no page."""
    page.complaints.clear()
    try:
        answer = page.goto(address)
    except sync_api.Error as error:
        if "Download is starting" in str(error):  # a file, not a page
            return None
        raise
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return None
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    return [f"answers {answer.status}"] if answer.status != 200 else []


def _wrong(page: Any, rules: dict[str, Any]) -> list[str]:
    """What is wrong with a page as it is shown now."""
    found = []
    width = page.viewport_size["width"]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"scrolls sideways at {width}")
    if not FULL:
        page.evaluate(DROP_ALIKE)
    told = page.evaluate(RUN, {**rules, "resultTypes": ["violations"]})
    found += [f"{rule}: {targets[:3]}" for rule, targets in told]
    return found + page.complaints


def _looked_at(page: Any, address: str, views: list[Any]) -> list[str] | None:
    """An address in one view after the other."""
    width, scheme, _ = views[0]
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    wrong = _open(page, address)
    for width, scheme, rules in views if wrong is not None else ():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        wrong += [f"{scheme}: {w}" for w in _wrong(page, rules)]
    return wrong


RUN = """options => axe.run(document, options).then(
    told => told.violations.map(v => [v.id, v.nodes.map(n => n.target)]))"""
ALL: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}}
DARK: dict[str, Any] = {"runOnly": {"type": "rule", "values": LOOKS[:2]}}  # colours move nothing
# Contrast costs as much as all else together and is asked at one width.
NARROW: dict[str, Any] = {"runOnly": {"type": "rule", "values": [*LOOKS[1:], *LANGUAGE]}}
# Each line is a walk: a language, and on each page one look after the other: width, colours, rules.
# Of rows alike three of a kind are asked, and in English or in the dark one address of each kind
# (one household, not three). The whole run loads each page for each view and asks every rule about
# every row.
VIEWS: list[tuple[str, list[tuple[int, str, dict[str, Any]]]]] = [
    ("de", [(1280, "light", ALL), (1280, "dark", DARK)]),
    ("en", [(390, "light", NARROW)]),
]
if FULL:
    VIEWS = [
        ("de", [(1280, "light", ALL)]), ("de", [(1280, "dark", ALL)]),
        ("en", [(390, "light", ALL)]), ("de", [(390, "dark", ALL)]),
    ]  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize(
    ("lang", "views"), VIEWS, ids=[f"{v[0]}-{'-'.join(map(str, v[1][0][:2]))}" for v in VIEWS]
)
def test_no_page_breaks_a_rule_of_access_or_of_the_policy(
    browser: Any, address: str, lang: str, views: list[tuple[int, str, dict[str, Any]]]
) -> None:
    by_role: dict[str, Any] = {}
    found = {}
    kinds = one_of_each_kind()
    walk = WALK if FULL or lang == "de" else kinds
    for role, path in walk:
        width, scheme, _ = views[0]
        if role not in by_role:
            options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
            page = by_role[role] = logged_in(browser, address, role, **options)
            page.context.add_init_script(axe.Axe().axe_script)
            page.context.add_cookies([{"name": "lang", "value": lang, "url": address}])
        asked = views if FULL or (role, path) in kinds else views[:1]
        wrong = _looked_at(by_role[role], address + path, asked)
        if wrong:
            found[f"{role} {path}"] = wrong
    assert found == {}
    assert len(walk) > 50


@pytest.mark.browser
def test_what_is_wrong_with_a_page_is_found(browser: Any, address: str) -> None:
    page = logged_in(browser, address, "belegung")
    page.context.add_init_script(axe.Axe().axe_script)
    page.goto(address + "/hilfe/")
    assert _wrong(page, ALL) == []
    page.evaluate("""() => {
        const main = document.querySelector('main');
        main.insertAdjacentHTML('beforeend', '<input><p class="pale">Zu blass</p>');
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('.pale { color: #aaa; background: #fff } main { min-width: 1700px }');
        document.adoptedStyleSheets = [sheet];
    }""")
    found = " ".join(_wrong(page, ALL))
    assert "label:" in found and "color-contrast:" in found and "scrolls sideways" in found


@pytest.mark.browser
def test_the_pages_of_a_weeks_plan_break_no_rule_of_access(browser: Any, address: str) -> None:
    """With a plan, its reasons, its fairness sheet with a floor, and two runs compared."""
    from django.utils import timezone

    from vorort.web.proposals import runs
    from vorort.web.proposals.models import Lock, Run
    from vorort.web.town.models import Announcement, Unit

    first, second = (Run.objects.create(at=timezone.now()) for _ in range(2))
    runs.execute(first.pk)
    first.refresh_from_db()
    units = runs.plan_of(first).of["A-003"].home
    assert units is not None
    Lock.objects.create(
        announced=Announcement.objects.get(key="A-003"), kind="forbid",
        unit=Unit.objects.get(key=units.units[0]),
    )  # fmt: skip
    runs.execute(second.pk)
    group = "size:1,2"
    paths = (
        "/vergabe/", "/vergabe/?haushalt=H-0858&antwort=full", f"/vergabe/{first.pk}/ausgleich/",
        f"/vergabe/{first.pk}/ausgleich/?boden={group}&anteil=900", "/vergabe/vergleich/",
        f"/vergabe/vergleich/?eins={first.pk}&zwei={first.pk}",
    )  # fmt: skip
    page = logged_in(browser, address, "belegung")
    page.context.add_init_script(axe.Axe().axe_script)
    wrong = {path: _looked_at(page, address + path, VIEWS[0][1]) for path in paths}
    assert wrong == {path: [] for path in paths}


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


@pytest.mark.browser
def test_the_key_for_searching_leads_into_the_field_and_is_a_letter_where_somebody_writes(
    browser: Any, address: str
) -> None:
    page = logged_in(browser, address, "belegung")
    page.context.add_init_script(axe.Axe().axe_script)
    page.goto(address + "/haushalte/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    assert page.input_value("#find") == ""
    page.keyboard.type("zie/")
    assert page.input_value("#find") == "zie/", "within a field it is a letter"
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/")
    assert "Ziegelhof" in page.inner_text("main")
    assert _wrong(page, VIEWS[0][1][0][2]) == []
    page.focus("#find")
    page.goto(address + "/haushalte/")
    page.focus("#q")
    page.keyboard.press("/")
    assert page.input_value("#q") == "/" and page.complaints == []
