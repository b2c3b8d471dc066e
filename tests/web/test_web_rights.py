"""Every address, every role, every status: what is not granted is denied."""

import uuid
from pathlib import Path

import pytest
from web_database import POSTGRES

# What each role gets: rows are addresses, columns roles; "-" is nobody, logged out.
ROLES = ("-", "belegung", "schutz", "bereitschaft", "standort", "jugendamt", "planung",
         "verwaltung", "kita", "revision")  # fmt: skip
TABLES = sorted((Path(__file__).parent / "rights").glob("*.txt"))  # one file for each part
LINES = [
    line.split()
    for table in TABLES
    for line in table.read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line[0]} {line[1]}")
def test_each_address_answers_each_role_as_the_table_says(browse, line):
    method, address, *wanted = line
    found = []
    for role in ROLES:
        client = browse("" if role == "-" else role)
        answer = client.get(address) if method == "GET" else client.post(address, {"key": "x"})
        found.append(str(answer.status_code))
    assert found == wanted


def _addresses():
    from django.urls import URLPattern, get_resolver

    def walk(patterns, before=""):
        for found in patterns:
            if isinstance(found, URLPattern):
                yield before + str(found.pattern), found
            else:
                yield from walk(found.url_patterns, before + str(found.pattern))

    return list(walk(get_resolver().url_patterns))


@pytest.mark.skipif(not POSTGRES, reason="on SQLite each address is asked by every role")
def test_each_page_opens_on_this_database_too(browse):
    """Each once, by the first role that may open it; the table itself is asked on SQLite."""
    clients, found = {}, {}
    for method, path, *statuses in LINES:
        if method == "GET" and "200" in statuses:
            role = ROLES[statuses.index("200")]
            client = clients.setdefault(role, browse("" if role == "-" else role))
            status = client.get(path).status_code
            if status != 200:
                found[path] = status
    assert found == {} and len(clients) > 3


def test_the_table_names_every_address_there_is(town):
    """Each address of the table leads to a page, and every page has at least one line."""
    from django.urls import resolve

    known = {resolve(line[1].split("?")[0]).view_name for line in LINES}
    there = {found.name for _, found in _addresses()}
    assert there == known


def test_every_page_of_people_or_places_asks_for_a_right(town):
    free = {
        "start", "login", "login_code", "login_setup", "login_picture", "logout", "password",
        "language", "nothing", "help",
    }  # fmt: skip
    for _, pattern in _addresses():
        if pattern.name not in free:
            assert hasattr(pattern.callback, "right"), pattern.name


def test_the_other_method_is_refused(browse):
    client = browse("belegung")
    assert client.get("/haushalte/H-0002/vormerken/").status_code == 405
    assert client.post("/plaetze/").status_code == 405


def test_a_form_of_another_site_is_refused(town):
    from django.conf import settings
    from django.test import Client

    from vorort.web.accounts.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="belegung"))
    answer = client.post("/haushalte/H-0002/vormerken/", {"key": str(uuid.uuid4())})
    assert answer.status_code == 403


def test_where_a_protected_household_lives_is_on_no_page_but_for_the_named_role(browse):
    """Walks every page of every role: the number of a protected household never stands near a
    place, and its own page names no unit."""
    from vorort.web.intake.models import Household
    from vorort.web.placing.models import Stay
    from vorort.web.town.models import Site

    stays = Stay.objects.filter(
        person__membership__household__protected=True, domain="accommodation", unit__isnull=False
    ).select_related("unit__facility")
    homes = {
        (s.person.membership_set.get().household.key, s.unit.key, s.unit.facility.key)
        for s in stays
    }
    assert homes
    sites = Site.objects.filter(key__in={site for _, _, site in homes})
    for role in ROLES[1:]:
        client = browse(role)
        pages = [f"/plaetze/?standort={s.key}&tag=2026-11-20" for s in sites]
        texts = [client.get(p).content.decode() for p in (*pages, "/heute/")]
        for key, unit, _ in homes:
            own = client.get(f"/haushalte/{key}/").content.decode()
            seen = any(key in t for t in texts)
            if role == "schutz":
                assert unit in own
            else:
                assert not seen, (role, key)
                assert unit not in own, (role, key)
        if role == "schutz":
            assert any(key in t for t in texts for key, _, _ in homes)
    assert Household.objects.filter(protected=True).count() == 14


def test_opening_a_protected_place_is_written_down(browse):
    from vorort.web.accounts.models import ReadLog

    browse("belegung").get("/haushalte/H-0828/")
    assert not ReadLog.objects.exists()
    browse("schutz").get("/haushalte/H-0828/")
    assert {r.actor.username for r in ReadLog.objects.all()} == {"schutz"}


def test_an_office_sees_its_own_sites_only(browse):
    from vorort.web.accounts.models import User
    from vorort.web.town.models import Office

    user = User.objects.get(username="standort")
    user.office = Office.objects.get(key="jugendamt")
    user.save()
    text = browse("standort").get("/plaetze/").content.decode()
    assert "Kein" in text or "keinen Standort" in text
    assert "Ziegelhof" not in text
    assert browse("standort").get("/haushalte/H-0002/").status_code == 404


def test_demo_logins_do_not_open_a_real_database_nor_real_ones_without_second_factor(browse):
    from django.contrib.auth.hashers import make_password

    from vorort.problems import Refused
    from vorort.web import demo
    from vorort.web.accounts.login import refuse_demo_logins
    from vorort.web.accounts.models import User
    from vorort.web.town.models import Kommune

    client = browse("belegung")
    assert client.get("/heute/").status_code == 200
    first = User.objects.first()
    User.objects.create(
        username="echt", password=make_password("ein langes Kennwort"), office=first.office,
        role=first.role,
    )  # fmt: skip
    sent = {"username": "echt", "password": "ein langes Kennwort"}
    assert browse("").post("/anmelden/", sent).status_code == 409, "a real login in a demo"
    refuse_demo_logins()
    Kommune.objects.update(is_demo=False)
    assert client.get("/heute/").status_code == 302
    demo_login = {"username": "belegung", "password": demo.PASSWORD}
    assert browse("").post("/anmelden/", demo_login).status_code == 409
    half = browse("")
    assert half.post("/anmelden/", sent).url == "/anmelden/einrichten/"
    assert half.get("/heute/").status_code == 302
    for refused in (refuse_demo_logins, demo.write_logins):
        with pytest.raises(Refused):
            refused()


def test_a_demo_login_opens_the_demo_by_its_password(browse):
    from vorort.web import demo

    sent = {"username": "belegung", "password": demo.PASSWORD}
    client = browse("")
    assert client.post("/anmelden/", sent).status_code == 302
    assert client.get("/heute/").status_code == 200
    assert browse("").post("/anmelden/", {**sent, "password": "falsch"}).status_code == 409
