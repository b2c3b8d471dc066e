"""When rules of dates change, it is told which, and whose dates moved from when to when."""

import re
import uuid
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

TODAY = date(2026, 11, 23)


def kept():
    from vorort.web.deadlines.models import Due

    return set(Due.objects.values_list("person__key", "rule", "day"))


def reckon():
    from vorort.web.deadlines import keeping

    keeping.up_to_date(TODAY)
    return kept()


@pytest.fixture
def change(town, monkeypatch):
    """Rules as an upgrade would bring them; afterwards they are as they were."""
    from vorort.deadlines import read_rules
    from vorort.web.deadlines import keeping

    before = reckon()

    def to(key, rule):
        if rule is None:
            monkeypatch.delitem(read_rules(), key)
        else:
            monkeypatch.setitem(read_rules(), key, rule)
        keeping._told.cache_clear()

    to.before = before
    yield to
    monkeypatch.undo()
    keeping._told.cache_clear()


def longer(key, amount):
    from vorort.deadlines import read_rules

    rule = read_rules()[key]
    return replace(rule, terms=tuple(replace(t, amount=amount) for t in rule.terms))


def told_moves():
    """Days that went and days that came, of each person and rule."""
    from vorort.web.deadlines.models import Moved

    gone, come = Counter(), Counter()
    for m in Moved.objects.select_related("person"):
        assert m.had or m.has
        if m.had:
            gone[m.person.key, m.rule, m.before] += 1
        if m.has:
            come[m.person.key, m.rule, m.after] += 1
    return gone, come


def test_every_moved_date_stands_there_with_both_days(change):
    import json

    from vorort.web.deadlines.models import RulesChange

    change("work", longer("work", 6))
    after = reckon()
    gone, come = told_moves()
    assert gone == Counter(change.before - after) and come == Counter(after - change.before)
    assert len(gone) > 20 and {rule for _, rule, _ in gone} == {"work"}
    row = RulesChange.objects.get()
    [rule] = json.loads(row.rules)
    people = {person for person, _, _ in (*gone, *come)}
    assert (rule["key"], rule["kind"], rule["people"]) == ("work", "changed", len(people))
    assert row.people == len(people)


def test_another_land_moves_what_its_rules_say(change):
    from vorort.web.deadlines.models import RulesChange
    from vorort.web.town.models import Kommune

    land = Kommune.objects.get().land
    Kommune.objects.update(land="by" if land != "by" else "th")
    after = reckon()
    gone, come = told_moves()
    assert gone == Counter(change.before - after) and come == Counter(after - change.before)
    assert any(day is None for _, _, day in gone), "an unknown day became known"
    assert RulesChange.objects.get().land_before == land


def test_nothing_is_told_while_rules_stay_or_when_a_register_is_new(change):
    from vorort.web.deadlines import keeping
    from vorort.web.deadlines.models import Moved, Reckoned, RulesChange

    keeping.reckon_all(TODAY)
    keeping.nightly(TODAY)
    Reckoned.objects.all().delete()
    reckon()
    assert not RulesChange.objects.exists() and not Moved.objects.exists()


def test_a_rule_that_is_worded_otherwise_is_named_and_moves_nobody(change, browse):
    from vorort.deadlines import read_rules
    from vorort.vocabulary import Text

    rule = read_rules()["kita"]
    change("kita", replace(rule, name=Text("Kitarecht", "childcare right")))
    page = browse("belegung").get("/fristen/").content.decode()
    notice = page.split('<section class="note"')[1].split("</section>")[0]
    assert "Kitarecht: 0 Personen" in notice and "Keine Frist" in notice
    assert told_moves() == (Counter(), Counter())


def number():
    from vorort.web.deadlines.models import RulesChange

    return RulesChange.objects.get().pk


def test_each_office_sees_its_own_people_until_it_has_taken_note(change, browse):
    from vorort.web.accounts import rights
    from vorort.web.accounts.models import Act, User
    from vorort.web.sight import households_for

    change("kita", longer("kita", 2))
    clerk, youth = browse("belegung"), browse("jugendamt")
    notice = clerk.get("/fristen/").content.decode().split('<section class="note"')[1]
    seen = int(re.search(r"Bei (\d+) Personen, die Sie sehen", notice)[1])
    address = f"/fristen/geaendert/{number()}/"
    page = clerk.get(address).content.decode()
    assert seen == len({p for p, _, _ in told_moves()[0] + told_moves()[1]}) > 3
    user = User.objects.get(username="jugendamt")
    mine = set(households_for(user, rights.DATES).values_list("key", flat=True))
    found = youth.get(address).content.decode()
    assert set(re.findall(r">(H-\d{4})<", found)) <= mine
    assert "Kitaplatz:" not in found, "how many in all is not for one office"
    for _ in range(2):
        sent = {"key": str(uuid.uuid4())}
        assert clerk.post(address, sent).url == "/fristen/"
    assert '<section class="note"' not in clerk.get("/fristen/").content.decode()
    assert "Zur Kenntnis" not in clerk.get(address).content.decode()
    assert '<section class="note"' in youth.get("/fristen/").content.decode()
    assert address in clerk.get("/fristen/").content.decode(), "it can be read later"
    assert Act.objects.filter(kind="rules_seen").count() == 2
    assert "vorher" in page


def test_the_list_sorts_filters_and_leads_to_no_protected_person(change, browse):
    from vorort.web.intake.models import Household

    change("work", longer("work", 6))
    change("school", None)
    hidden = Household.objects.filter(protected=True).values_list("key", flat=True)
    pages = {}
    for name in ("belegung", "schutz"):
        client, pages[name] = browse(name), ""
        client.get("/fristen/")
        for n in range(1, 40):
            address = f"/fristen/geaendert/{number()}/?frist=work&sort=-nachher&seite={n}"
            page = client.get(address).content.decode()
            pages[name] += page
            if f"Seite {n} von {n}" in page or "Seite" not in page:
                break
    assert not any(f"/haushalte/{k}/personen/" in pages["belegung"] for k in hidden)
    assert any(f"/haushalte/{k}/personen/" in pages["schutz"] for k in hidden)
    rows = re.findall(r'data-name="nachher">(.*?)</td>', pages["belegung"])
    days = [re.search(r"(\d\d)\.(\d\d)\.(\d{4})", r) for r in rows]
    known = [d.groups()[::-1] for d in days if d]
    assert known == sorted(known, reverse=True) and len(known) > 20
    assert "Schulpflicht (entfallen)" in pages["belegung"]
    assert "Schulpflicht</td>" not in pages["belegung"]


def test_a_deleted_persons_dates_are_in_no_report(change):
    from vorort.web.deadlines.models import Moved, RulesChange

    change("work", longer("work", 6))
    reckon()
    before = RulesChange.objects.get().people
    one = Moved.objects.first().person
    one.delete()
    assert not Moved.objects.filter(person_id=one.pk).exists()
    assert Moved.objects.exists() and RulesChange.objects.get().people == before


def test_an_act_while_all_is_reckoned_moves_nothing_by_a_rule(change, monkeypatch):
    """Who is changed in these seconds has new dates for another reason."""
    from vorort.web.deadlines import keeping
    from vorort.web.deadlines.models import Stirred
    from vorort.web.intake.models import Person

    change("work", longer("work", 6))
    whole = keeping._rows
    some = {}

    def rows(people, today):
        yield from whole(people, today)
        if people is None:
            found = Person.objects.filter(due__rule="work").first()
            some["one"] = found
            Stirred.objects.create(person=found.pk)

    monkeypatch.setattr(keeping, "_rows", rows)
    after = reckon()
    gone, _ = told_moves()
    assert some["one"].key not in {p for p, _, _ in gone} and len(gone) > 20
    assert any(p == some["one"].key for p, _, _ in after)


def test_the_list_goes_out_as_the_page_shows_it(change, browse):
    from vorort.web.lists.models import Export

    change("kita", longer("kita", 2))
    change("work", longer("work", 6))
    client = browse("belegung")
    client.get("/fristen/")
    address = f"/fristen/geaendert/{number()}/"
    page = client.get(address, {"frist": "work", "sort": "-nachher"}).content.decode()
    target = re.search(r'action="(/listen/ausgeben/moved/[^"]+)"', page)[1].replace("&amp;", "&")
    assert f"aenderung={number()}" in target and "frist=work" in target
    assert client.post(target, {"als": "csv"}).status_code == 409, "without a purpose"

    def rows(who, target):
        answer = browse(who).post(target, {"purpose": "check", "als": "csv"})
        assert answer.status_code == 200
        return [line.split(";") for line in answer.content.decode("utf-8-sig").splitlines()[1:]]

    lines = rows("belegung", target)
    shown = re.findall(r'<th scope="row">(?:<a [^>]*>)?(P-\d+)', page)
    assert len(shown) > 3 and [line[1] for line in lines][:100] == shown
    assert f"{len(lines)} Fristen" in page and len({line[0] for line in lines}) == 1
    days = [line[4].split(".")[::-1] for line in lines if "." in line[4]]
    assert days == sorted(days, reverse=True)
    assert [(e.what, e.purpose, e.rows) for e in Export.objects.all()] == [
        ("moved", "check", len(lines))
    ]
    assert not rows("belegung", "/listen/ausgeben/moved/?aenderung=999999")
    own = browse("jugendamt").get(address, {"frist": "work"}).content.decode()
    mine = {line[1] for line in rows("jugendamt", target)}
    assert set(re.findall(r'<th scope="row">(?:<a [^>]*>)?(P-\d+)', own)) <= mine
    assert mine < {line[1] for line in lines}, "the own office's people and no more"
