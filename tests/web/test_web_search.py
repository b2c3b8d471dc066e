"""One field on every page: what it finds, and that it tells nobody of what a role does not see."""

import re
from datetime import date

import pytest
from test_web_intake import register
from test_web_roles import granted


def found(client, text):
    """The links of what was found, in their order; a redirect is its only one."""
    answer = client.post("/suche/", {"q": text})
    if answer.status_code == 302:
        return [answer.url]
    assert answer.status_code == 200
    return re.findall(r'<th scope="row"><a href="([^"]+)"', answer.content.decode())


def named(family, given="Amira", born="1992-03-12"):
    """A household of one, somewhere in the register; its number and the person's."""
    from vorort.ledger.names import sounds
    from vorort.web.intake.models import Household, Membership, Name, Person

    last = Person.objects.order_by("-number").first().number + 1
    home = Household.objects.create(key=f"H-{last:04}", kind="single", group="asylum",
                                    responsible="sozialamt")  # fmt: skip
    person = Person.objects.create(number=last, key=f"P-{last:05}", born=born)
    Membership.objects.create(person=person, household=home)
    heard = " ".join(sounds(family, given))
    Name.objects.create(person=person, family=family, given=given, sound=heard)
    return home, person


def test_a_name_is_found_in_any_spelling_and_script(browse):
    client = browse("belegung")
    home, _ = named("Schewtschenko", "Mohammed")
    wanted = [f"/haushalte/{home.key}/"]
    for text in ("Schewtschenko", "Shevchenko", "Mohammed Schewtschenko", "muhammad Shevtschenko",
                 "  SCHEWTSCHENKO   mochammad ", "Шевченко"):  # fmt: skip
        assert found(client, text)[:1] == wanted, text
    assert wanted[0] not in found(client, "Ostrenkow")


def test_who_is_written_just_so_stands_before_who_only_sounds_so(browse):
    client = browse("belegung")
    first, _ = named("Qerim")
    second, _ = named("Karim")
    third, _ = named("Karimow")
    assert found(client, "Qerim")[:2] == [f"/haushalte/{h.key}/" for h in (first, second)]
    assert found(client, "Karim")[:3] == [f"/haushalte/{h.key}/" for h in (second, third, first)], (
        "the beginning of a name is written so too"
    )


def test_a_day_of_birth_is_found_and_a_year_only_with_a_name(browse):
    client = browse("belegung")
    home, _ = named("Yilvantis", born="1931-02-27")
    other, _ = named("Yilvantis", born="1931")
    wanted = f"/haushalte/{home.key}/"
    for text in ("27.02.1931", "27.2.1931", "1931-02-27", "27021931"):
        assert found(client, text) == [wanted], text
    assert wanted not in found(client, "1931"), "nor all of that year"
    both = {wanted, f"/haushalte/{other.key}/"}
    assert set(found(client, "Yilvantis 1931")) == both
    assert found(client, "27.2.1931 Yilvantis") == [wanted]
    assert found(client, "Yilvantis 1932") == [] == found(client, "31.02.1931")


def test_a_number_leads_to_its_page_and_digits_alone_to_whom_they_fit(browse):
    client = browse("schutz")
    home, person = named("Yilvantis")
    number = int(home.key[2:])
    for text in (home.key, home.key.lower(), f" {home.key} "):
        assert found(client, text) == [f"/haushalte/{home.key}/"]
    assert found(client, person.key) == [f"/haushalte/{home.key}/personen/{person.key}/"]
    assert found(client, str(number)) == [f"/haushalte/{home.key}/"]
    assert found(client, "H-99999") == []
    assert "/haushalte/H-0828/" in found(client, "828")


def test_sites_and_units_are_found_by_name_and_number(browse):
    client = browse("belegung")
    assert found(client, "GU-ZIE") == ["/standorte/GU-ZIE/"]
    assert found(client, "gu-zie-001") == ["/standorte/GU-ZIE/einheiten/GU-ZIE-001/"]
    listed = found(client, "ziegel")
    assert listed[0] == "/standorte/GU-ZIE/"
    page = client.post("/suche/", {"q": "zie"}).content.decode()
    assert "Nur die ersten 30" in page and page.count("/einheiten/GU-ZIE-") == 30
    assert found(client, "Z") == [], "one letter names no place"


def test_what_was_searched_for_is_in_no_address(browse):
    client = browse("belegung")
    home, _ = named("Yilvantis")
    answer = client.post("/suche/", {"q": "Yilvantis"})
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    page = answer.content.decode()
    assert not re.findall(r'(?:href|action)="[^"]*[Yy]ilvantis', page)
    assert 'value="Yilvantis"' in page, "it stays in the field"
    assert f"/haushalte/{home.key}/" not in client.get("/suche/?q=Yilvantis").content.decode()


def test_a_protected_household_is_found_by_the_named_role_only_and_leaves_no_hint(browse):
    """Whatever of it one asks for, the answer is that for somebody who does not exist."""
    sees, sees_not = browse("schutz"), browse("belegung")
    home, person = named("Verborgenow", born="1931-02-27")
    asked = {
        home.key: "H-99999", person.key: "P-99999", str(person.number): "99999",
        "Verborgenow": "Xanthippoqu", "27.2.1931": "28.2.1931",
        "Verborgenow 1931": "Xanthippoqu 1931",
    }  # fmt: skip
    for text in asked:
        assert any(home.key in link for link in found(sees_not, text)), text
    home.protected = True
    home.save()

    def said(text):
        page = sees_not.post("/suche/", {"q": text}).content.decode()
        page = page.replace(text, "…")
        return re.sub(r'value="[^"]{40,}"|Stand \S+ \S+', "", page)

    for text, nobody in asked.items():
        assert any(home.key in link for link in found(sees, text)), text
        assert said(text) == said(nobody), text


def test_a_shelter_and_its_units_are_found_by_the_named_role_only(browse):
    from vorort.web.town.models import Site

    site = Site.objects.get(key="GU-ZIE")
    site.address_protected = True
    site.save()
    for text in ("GU-ZIE", "Ziegelhof", "GU-ZIE-001"):
        assert found(browse("schutz"), text)
        assert found(browse("belegung"), text) == [] == found(browse("planung"), text)


def test_each_role_finds_what_it_opens_and_no_more(browse):
    """Every link of every role leads to a page; whoever sees no names finds nobody by name."""
    from vorort.web.accounts.models import Grant

    named("Yilvantis")
    home, _ = named("Kastanow")
    home.responsible = "jugendamt"
    home.save()
    register(browse("belegung"), {"family": "Yilvantis"}, sure="1")
    texts = ("Yilvantis", "Kastanow", "12.3.1992", home.key, "0002", "GU", "Kita", "KI-05", "Haus")
    for role in ("belegung", "schutz", "bereitschaft", "standort", "jugendamt", "planung", "kita"):
        client = browse(role)
        for text in texts:
            for link in found(client, text)[:3]:
                assert client.get(link).status_code == 200, (role, text, link)
    assert found(browse("jugendamt"), "Kastanow") and not found(browse("jugendamt"), "Yilvantis")
    assert not found(browse("planung"), "Kastanow") and not found(browse("planung"), home.key)
    Grant.objects.filter(role__key="belegung", right="names.view").delete()
    assert ("names.view", False) not in granted("belegung")
    clerk = browse("belegung")
    assert found(clerk, "Yilvantis") == []
    page = clerk.post("/suche/", {"q": "12.3.1992"}).content.decode()
    assert f"/haushalte/{home.key}/" in page and "Kastanow" not in page


@pytest.mark.parametrize(
    "text",
    ["", "   ", "%", "_", "'", '"', "\\", "<b>", "x" * 5000, "\x00", "1" * 400, "-", ".", "H-", "٣",
     "31.12.9999", "0", "H-0", "É" * 90, "🙂", "a b c d e f g h i j k l"],
)  # fmt: skip
def test_whatever_is_typed_is_answered(browse, text):
    for role in ("schutz", "kita"):
        answer = browse(role).post("/suche/", {"q": text})
        assert answer.status_code == 200
        assert "<b>" not in answer.content.decode().split("<h1>")[1]


def test_somebody_merged_or_moved_is_found_where_they_are_now(browse):
    from vorort.web.intake.models import Membership

    client = browse("belegung")
    home, person = named("Yilvantis")
    _, same = named("Yilvantis")
    same.same_as = person
    same.save()
    assert found(client, "Yilvantis") == [f"/haushalte/{home.key}/"], "an emptied one is gone"
    third, _ = named("Sarentis")
    Membership.objects.filter(person=person).update(member_until=date(2026, 11, 1))
    Membership.objects.create(person=person, household=third, member_from=date(2026, 11, 1))
    assert f"/haushalte/{third.key}/" in found(client, "Yilvantis")


def test_the_key_that_leads_into_the_field_can_be_turned_off(browse):
    client = browse("belegung")
    with_key = client.get("/haushalte/").content.decode()
    assert "keys.js" in with_key and 'aria-keyshortcuts="/"' in with_key
    assert client.post("/suche/taste/", {"keys": "off"}).url == "/suche/"
    without = client.get("/haushalte/").content.decode()
    assert "keys.js" not in without and "aria-keyshortcuts" not in without
    assert 'id="find"' in without, "the field stays"
    client.post("/suche/taste/", {"keys": "on"})
    assert "keys.js" in client.get("/haushalte/").content.decode()
    assert 'id="find"' not in browse("verwaltung").get("/verwaltung/").content.decode()


def test_names_there_were_are_listened_to_anew_when_the_rule_has_changed(browse):
    from importlib import import_module

    from django.apps import apps
    from django.db import connection

    from vorort.web.intake.models import Name

    client = browse("belegung")
    key = register(client, {"family": "Dzhemilev", "given-0": "Сергій", "sure": "1"})
    right = dict(Name.objects.values_list("pk", "sound"))
    Name.objects.filter(family="Dzhemilev").update(sound="DSMLV SRG")
    assert found(client, "Cemilev Serhii") == []
    renewed = import_module("vorort.web.intake.migrations.0006_sounds_anew")
    with connection.schema_editor() as editor:
        renewed.renew(apps, editor)
    assert dict(Name.objects.values_list("pk", "sound")) == right
    assert found(client, "Cemilev Serhii") == [f"/haushalte/{key}/"]
