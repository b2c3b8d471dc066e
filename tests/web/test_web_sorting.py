"""Tables sort by their headings: as people read them, unknown last, choice and pages kept."""

import re
from datetime import date
from html import unescape

import pytest


def column(page, number):
    """What stands in a column of the page's list, row by row."""
    body = page.split('<table class="cards">')[1].split("</table>")[0]
    rows = re.findall(r"<tr(?: id=[^>]*)?>(.*?)</tr>", body.split("</thead>")[1], re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)[number] for row in rows]
    return [unescape(re.sub(r"<[^>]*>", "", c)).strip() for c in cells]


def day(text):
    found = re.search(r"(\d\d)\.(\d\d)\.(\d{4})", text)
    return date(*map(int, found.groups()[::-1])) if found else None


def in_order(shown, read, backwards):
    """Known ones sorted, unknown ones behind them."""
    values = [read(x) for x in shown]
    known = [v for v in values if v is not None]
    return values == [*sorted(known, reverse=backwards), *[None] * (len(values) - len(known))]


def text(cell):
    return cell if cell != "–" else None


SITES = {"standort": (0, text), "art": (1, str.casefold), "stadtteil": (2, text),
         "stelle": (3, text), "betreiber": (4, text), "einheiten": (5, int), "vertrag": (6, day),
         "kuendigen": (7, day)}  # fmt: skip


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("name", SITES)
def test_sites_sort_by_every_heading(browse, name, backwards):
    from vorort.web.town.models import Site

    for site in Site.objects.filter(key__startswith="KI-1"):
        site.operator = f"Träger {site.pk % 4}"
        site.save()
    number, read = SITES[name]
    asked = f"sort={'-' * backwards}{name}"
    page = browse("belegung").get(f"/standorte/?{asked}").content.decode()
    shown = column(page, number)
    assert len(shown) > 20 and len(set(shown)) > 1
    assert in_order(shown, read, backwards)
    order = "descending" if backwards else "ascending"
    assert page.count("aria-sort") == page.count(f'aria-sort="{order}"') == 1


def test_choice_and_order_keep_each_other(browse):
    """Headings keep the choice, and choosing again keeps the order; a page is left behind."""
    clerk = browse("belegung")
    page = clerk.get("/standorte/?art=kita&sort=-stelle&seite=1").content.decode()
    links = [unescape(x) for x in re.findall(r'class="sort" href="\?([^"]*)"', page)]
    assert len(links) == len(SITES)
    assert all("art=kita" in x and "seite" not in x and x.count("sort=") == 1 for x in links)
    assert "sort=stelle" in " ".join(links)
    choice = page.split('<form class="filter"')[1].split("</form>")[0]
    assert '<input type="hidden" name="sort" value="-stelle">' in choice
    assert set(column(page, 1)) == {"Kita"}


def test_a_second_page_goes_on_in_the_order(browse, monkeypatch):
    from vorort.web.town import views

    monkeypatch.setattr(views, "ROWS", 7)
    clerk = browse("belegung")
    shown = []
    for number in (1, 2, 3):
        page = clerk.get(f"/standorte/?sort=-einheiten&seite={number}").content.decode()
        assert 'href="?sort=-einheiten&amp;seite=' in page
        shown += column(page, 5)
    assert len(shown) == 21 and in_order(shown, int, True)


def test_a_list_of_sites_goes_out_as_it_is_chosen_and_sorted(browse):
    from uuid import uuid4

    clerk = browse("belegung")
    page = clerk.get("/standorte/?art=kita&sort=-kuendigen").content.decode()
    sent = {"purpose": "check", "als": "csv", "key": str(uuid4())}
    out = clerk.post("/listen/ausgeben/sites/?art=kita&sort=-kuendigen", sent)
    names = [x.split(";")[0] for x in out.content.decode("utf-8-sig").splitlines()[1:]]
    assert [c.split()[-1] for c in column(page, 0)] == names
    assert names


SEATS = {"plaetze": (1, int),
         "belegt": (2, int), "frei": (3, int),
         "gemeldet": (4, day)}  # fmt: skip


@pytest.mark.parametrize("name", ["plaetze", "-frei", "-belegt", "gemeldet", "-gemeldet"])
def test_seats_sort_across_sites_and_say_where_each_is(browse, name):
    from vorort.web.town.models import Unit

    some = Unit.objects.filter(domain="childcare").order_by("key")[3]
    Unit.objects.filter(pk=some.pk).update(reported_by="", reported_on=None)
    number, read = SEATS[name.lstrip("-")]
    clerk = browse("belegung")
    plain, pages = "", []
    for n in (1, 2, 3):
        if n < 3:
            plain += clerk.get(f"/meldungen/childcare/?seite={n}").content.decode()
        address = f"/meldungen/childcare/?sort={name}&seite={n}"
        pages.append(clerk.get(address).content.decode())
    page, shown = "".join(pages), [cell for p in pages for cell in column(p, number)]
    assert len(shown) > 100
    assert in_order(shown, read, name.startswith("-"))
    assert sorted(re.findall(r'<tr id="([^"]*)', page)) == sorted(
        re.findall(r'<tr id="([^"]*)', plain)
    )
    assert 'class="group"' in plain and 'class="group"' not in page
    assert page.count("/standorte/KI-") > len(shown), "each line names its site"
    assert page.count("aria-sort") == 3 and "aria-sort" not in plain


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("name", ["vorgang", "-vorgang", "rolle", "-stelle", "zeit"])
def test_the_audit_sorts_by_words_and_not_by_codes(browse, name, lang):
    from vorort.web import clock
    from vorort.web.accounts.models import Act

    for number, (kind, role, office) in enumerate([
        ("hold", "belegung", "sozialamt"), ("confirm", "schutz", "jugendamt"),
        ("arise", "command line", ""), ("move_in", "standort", "sozialamt"),
        ("user_new", "verwaltung", "sozialamt"),
    ]):  # fmt: skip
        Act.objects.create(key=f"00000000-0000-0000-0000-00000000000{number}", role=role,
                           office=office, at=clock.now(), kind=kind)  # fmt: skip
    reader = browse("revision")
    reader.cookies["lang"] = lang
    page = reader.get(f"/protokoll/?sort={name}").content.decode()
    number = {"vorgang": 1, "rolle": 2, "stelle": 3, "zeit": 0}[name.lstrip("-")]
    shown = column(page, number)
    assert len(shown) >= 5
    assert in_order(shown, lambda c: None if c == "–" else c.casefold(), name.startswith("-"))
    assert page.count("aria-sort") == 1


@pytest.mark.parametrize("name", ["name", "-name", "rolle", "-stelle", "zustand"])
def test_logins_sort_by_their_headings(browse, name):
    page = browse("verwaltung").get(f"/verwaltung/?sort={name}").content.decode()
    number = ["name", "rolle", "stelle", "zustand"].index(name.lstrip("-"))
    shown = column(page, number)
    assert len(shown) > 5 and in_order(shown, str.casefold, name.startswith("-"))
    assert page.count("aria-sort") == 1


def test_what_cannot_be_sorted_by_leaves_the_order_as_it_is(browse):
    clerk = browse("belegung")
    plain = column(clerk.get("/standorte/").content.decode(), 0)
    for asked in ("owner__name", "-", "adresse", "pk"):
        page = clerk.get(f"/standorte/?sort={asked}").content.decode()
        assert column(page, 0) == plain and "aria-sort" not in page
