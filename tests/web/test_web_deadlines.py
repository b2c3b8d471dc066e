"""Dates on pages: of the people one sees, overdue first, with the office that owns them."""

import re

from test_web_intake import MOTHER, post, register


def test_a_registered_family_has_its_dates(browse):
    client = browse("belegung")
    key = register(client)
    page = client.get(f"/haushalte/{key}/").content.decode()
    dates = page.split('id="h-dates"')[1].split("</section>")[0]
    assert "Schulpflicht" in dates and "Schulamt" in dates
    assert "Recht auf einen Kitaplatz" in dates and "Arbeit möglich" in dates
    assert "23.02.2027" in dates, "work three months after the arrival"
    assert "Erstuntersuchung" in dates, "unknown in this Land, and said so"


def test_the_list_filters_and_counts(browse):
    client = browse("belegung")
    page = client.get("/fristen/").content.decode()
    overdue = int(re.search(r"(\d+) überfällig", page)[1])
    assert overdue > 0
    shown = client.get("/fristen/?stand=overdue&stelle=schulamt").content.decode()
    assert "Schulpflicht" in shown and "Kitaplatz</td>" not in shown
    assert re.search(r"<a href=\"/haushalte/H-\d+/personen/P-\d+/\">", shown)
    one = re.search(r"/haushalte/(H-\d+)/personen/(P-\d+)/", shown)
    for who in one.groups():
        found = client.get(f"/fristen/?q={who.lower()}").content.decode()
        assert one[1] in found and len(set(re.findall(r"personen/(P-\d+)", found))) < 12
    person = client.get(one[0]).content.decode().split('id="h-dates"')[1]
    assert "Schulpflicht" in person and one[2] in person, "the person's page has its dates"
    assert "S78" in shown, "every rule has its source on the page"


def test_dates_end_at_the_own_office_and_at_households_one_sees(browse):
    from vorort.web.accounts import rights
    from vorort.web.accounts.models import User
    from vorort.web.sight import households_for

    user = User.objects.get(username="jugendamt")
    mine = set(households_for(user, rights.DATES).values_list("key", flat=True))
    page = browse("jugendamt").get("/fristen/").content.decode()
    shown = set(re.findall(r"H-\d{4}", page))
    assert shown and shown <= mine


def test_nothing_leads_to_a_protected_person_but_for_the_named_role(browse):
    from vorort.web.intake.models import Household

    hidden = Household.objects.filter(protected=True).values_list("key", flat=True)
    for role, opens in (("belegung", False), ("schutz", True)):
        client, seen = browse(role), []
        for n in range(1, 60):
            page = client.get(f"/fristen/?seite={n}").content.decode()
            seen += [k for k in hidden if f"/haushalte/{k}/personen/" in page]
            if f"Seite {n} von {n}" in page:
                break
        assert bool(seen) == opens


def test_who_left_has_no_dates_and_a_place_meets_the_right(browse):
    client = browse("belegung")
    key = register(client, {k: MOTHER[k] for k in MOTHER})
    number = re.findall(r"P-\d{5}", client.get(f"/haushalte/{key}/").content.decode())[0]
    post(client, f"/haushalte/{key}/personen/{number}/departure/", on="2026-11-23", reason="left")
    page = client.get(f"/haushalte/{key}/").content.decode()
    dates = page.split('id="h-dates"')[1].split("</section>")[0]
    assert number not in dates
