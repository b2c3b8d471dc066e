"""Two records become one: nothing that hung on the one that goes is lost, and all comes back."""

import random
import uuid
from datetime import date, datetime, timedelta

import pytest

pytest.importorskip("django")

from test_web_intake import people, post, register

TODAY = date(2026, 11, 23)


def relations():
    """Every column of the register that names a person or a household: table, column."""
    from vorort.web.intake.models import Household, Person

    found = {
        (r.related_model, r.field.attname)
        for table in (Person, Household)
        for r in table._meta.get_fields(include_hidden=True)
        if r.auto_created and (r.one_to_many or r.one_to_one)
    }
    assert len(found) > 40
    return sorted(found, key=lambda x: (x[0].__name__, x[1]))


def goes():
    from vorort.web.intake.ties import OF_HOUSEHOLD, OF_PERSON

    return {*OF_PERSON.values(), *OF_HOUSEHOLD.values()}


def test_every_column_that_names_somebody_goes_along_or_stays_for_a_reason(town):
    from vorort.web.intake.ties import STAYS

    staying = {name: reason for name, reason in STAYS.items() if reason}
    for table, column in relations():
        is_named = (table, column) in goes(), (table.__name__, column) in staying
        assert sum(is_named) == 1, f"{table.__name__}.{column}: say in `ties` what becomes of it"
    named = {*((t.__name__, c) for t, c in goes()), *staying}
    assert named == {(t.__name__, c) for t, c in relations()}, "nothing there is not"


def a_row(table, luck, **given):
    """A row of any table, whatever its columns are."""
    values = {}
    for field in table._meta.concrete_fields:
        is_left = field.has_default() or field.null or field.blank
        if field.attname in given or field.primary_key or is_left:
            continue
        kind = field.get_internal_type()
        if field.many_to_one:
            values[field.attname] = other(field.related_model, luck)
        elif "Integer" in kind:
            values[field.attname] = luck.randrange(1, 10**6)
        elif kind == "DateField":
            values[field.attname] = TODAY
        elif kind == "DateTimeField":
            values[field.attname] = datetime.fromisoformat("2026-11-23T08:00:00+00:00")
        elif kind == "BooleanField":
            values[field.attname] = False
        elif kind == "UUIDField":
            values[field.attname] = uuid.UUID(int=luck.getrandbits(128))
        else:
            values[field.attname] = f"{luck.getrandbits(60):x}"[: field.max_length or 15]
    return table.objects.create(**{**values, **given})


def other(table, luck):
    from vorort.web.intake.models import Household, Person

    if table not in (Person, Household) and table.objects.exists():
        return table.objects.order_by("pk").first().pk
    return a_row(table, luck).pk


def about(table, column, whom, home, luck):
    """What a row says whom it is about; one that needs a household, and says a person, both."""
    from vorort.web.intake.models import Household

    given = {column: whom}
    if column == "other_id":
        home = a_row(Household, luck)
    columns = {f.attname for f in table._meta.concrete_fields}
    if "announced_id" in columns and table.__name__ != "RunInput":  # about exactly one
        given.setdefault("household_id", home.pk)
    return given


def snapshot(tables):
    return {
        (t.__name__, *sorted((k, str(v)) for k, v in row.items()))
        for t in tables for row in t.objects.values()
        if t.__name__ not in ("Due", "Merge")  # made anew; says itself what became of it
    }  # fmt: skip


def family(luck, size, **facts):
    from vorort.web.intake.models import Household, Membership, Person

    home = a_row(Household, luck, kind="family", group="asylum", **facts)
    who = [a_row(Person, luck) for _ in range(size)]
    for person in who:
        Membership.objects.create(person=person, household=home, member_from=TODAY)
    return home, who


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_lost_when_two_records_become_one_and_all_comes_back(town, seed):
    from vorort.web.accounts.models import Act, User
    from vorort.web.deadlines.models import Due
    from vorort.web.intake import merging
    from vorort.web.intake.models import Household, Membership, Merge, Person
    from vorort.web.intake.ties import STAYS, WITH_THEIR_HOME

    luck = random.Random(seed)
    clerk = User.objects.get(username="schutz")
    is_last = seed % 2 == 0  # nobody else is left in the household of the one that goes
    home, (kept,) = family(luck, 1)
    left, both = family(luck, 1 if is_last else 2, protected=seed % 4 < 2, announced_id="A-1")
    gone = both[0]
    Person.objects.filter(pk=gone.pk).update(language="uk", born="1990-05-01", age_disputed=True)
    Membership.objects.filter(person=gone).update(member_from=TODAY - timedelta(days=30))
    tables = sorted({t for t, _ in relations()} | {Household, Person}, key=lambda t: t.__name__)
    apart = (Membership, Merge, Person, Due)  # Due: reckoned anew
    pairs = [(t, c) for t, c in relations() if t not in apart]
    whom = {Person: gone.pk, Household: left.pk}
    mine = [
        (t, c, a_row(t, luck, **about(t, c, whom[t._meta.get_field(c).related_model], left, luck)))
        for t, c in pairs for _ in range(luck.choice([1, 1, 2]))
    ]  # fmt: skip
    for table, column in pairs:  # one about both: within the household
        names = {f.attname for f in table._meta.concrete_fields}
        if {"person_id", "household_id"} <= names and column in ("person_id", "household_id"):
            row = a_row(table, luck, person_id=gone.pk, household_id=left.pk)
            mine.append((table, column, row))
    elsewhere = a_row(Person, luck, same_as=gone)  # an earlier duplicate of the one that goes
    mine.append((Person, "same_as_id", elsewhere))
    before = snapshot(tables)

    merging.merge(clerk, uuid.uuid4(), kept, gone)
    for table, column, row in mine:
        row.refresh_from_db()
        is_of_person = table._meta.get_field(column).related_model is Person
        old, new = (gone.pk, kept.pk) if is_of_person else (left.pk, home.pk)
        if (table.__name__, column) in STAYS or not (is_of_person or is_last):
            own_home = not is_of_person and getattr(row, "person_id", None) == kept.pk
            assert getattr(row, column) == (new if own_home and column == "household_id"
                                            and (table, column) in WITH_THEIR_HOME.values()
                                            else old), (table, column)  # fmt: skip
        else:
            assert getattr(row, column) == new, (table, column)
    for table, column in goes():
        if table._meta.get_field(column).related_model is Person:
            assert not table.objects.filter(**{column: gone.pk}).exists(), (table, column)
        elif is_last:
            assert not table.objects.filter(**{column: left.pk}).exists(), (table, column)
    kept.refresh_from_db()
    home.refresh_from_db()
    assert (kept.language, kept.born, kept.age_disputed) == ("uk", "1990-05-01", True)
    assert home.protected == left.protected, "who was protected protects the others"
    assert home.announced_id == ("A-1" if is_last else None), "not expected once more"

    row = Merge.objects.latest("id")
    assert not merging.later_acts(row)
    merging.undo(clerk, uuid.uuid4(), row)
    row.refresh_from_db()
    acts = {str(row.act_id), str(row.undone_by_id)}
    after = {
        r for r in snapshot(tables)
        if not (r[0] == "ActValue" and dict(r[1:])["act_id"] in acts)
        and not (r[0] == "Task" and dict(r[1:])["made_by_id"] in acts)  # children alone: remains
    }  # fmt: skip
    assert sorted(after - before) == sorted(before - after) == []
    assert Act.objects.filter(pk__in=acts).count() == 2


def test_three_records_become_one_one_after_the_other_and_three_again(town):
    from vorort.web.accounts.models import User
    from vorort.web.intake import merging
    from vorort.web.intake.models import Merge, Name
    from vorort.web.retention.models import LegalHold

    luck = random.Random(5)
    clerk = User.objects.get(username="schutz")
    one, two, three = (family(luck, 1)[1][0] for _ in range(3))
    for n, person in enumerate((one, two, three)):
        Name.objects.create(person=person, family=f"Name {n}", sound=f"S{n}")
        LegalHold.objects.create(person=person, until=date(2030, 1, 1 + n), reason="Klage")
    merging.merge(clerk, uuid.uuid4(), two, three)
    merging.merge(clerk, uuid.uuid4(), one, two)
    assert one.holds.count() == one.names.count() == 3
    assert {p.pk for p in one.also.all()} == {two.pk, three.pk}, "deleted together"
    last, first = merging.open_merge(one), Merge.objects.get(kept=two)
    assert merging.open_merge(two) == first or merging.open_merge(two) is None
    merging.undo(clerk, uuid.uuid4(), last)
    assert merging.open_merge(two) == first, "made one and two again is no entry"
    merging.undo(clerk, uuid.uuid4(), first)
    assert [p.holds.get().until.day for p in (one, two, three)] == [1, 2, 3]
    assert [p.names.get().family for p in (one, two, three)] == ["Name 0", "Name 1", "Name 2"]


def test_who_must_not_be_deleted_yet_is_not_deleted_under_another_number(browse):
    from vorort.web.intake.models import Person

    client, chief = browse("belegung"), browse("verwaltung")
    one = register(client)
    two = register(client, {"given-0": "Ameera"}, sure="1")
    kept, gone = people(one)[0], people(two)[0]
    held = {"number": gone.key, "until": "2030-01-01", "reason": "Klage anhängig"}
    assert post(chief, "/loeschen/sperre/", **held).status_code == 302
    post(client, f"/haushalte/{one}/personen/{kept.key}/doppelt/", other=gone.key)
    page = chief.get("/loeschen/").content.decode()
    assert kept.key in page and "Klage" in page
    answer = post(chief, "/loeschen/person/", number=kept.key, sure="1")
    assert answer.status_code == 409 and Person.objects.filter(pk=kept.pk).exists()
    # a hold typed with the number that went is one of the person
    assert post(chief, "/loeschen/sperre/", **held).status_code == 302
    assert kept.holds.count() == 2 and not gone.holds.exists()


def test_letters_of_a_record_that_went_stand_with_the_household_that_counts(browse):
    from vorort.web.accounts.models import Act
    from vorort.web.proposals.models import Exclusion, Letter
    from vorort.web.tasks.models import Task
    from vorort.web.town.models import Office, Site

    client = browse("schutz")
    one = register(client)
    two = register(client, {"given-0": "Ameera"}, sure="1")
    kept, gone = people(one), people(two)
    home = gone[0].membership_set.get().household
    act, site = Act.objects.latest("id"), Site.objects.order_by("id").first()
    letter = Letter.objects.create(
        person=gone[0], household=home, kind="letter", content="UEs=", fingerprint="f" * 64,
        at=act.at, act=act,
    )  # fmt: skip
    Exclusion.objects.create(household=home, facility=site)
    office = Office.objects.get(key="sozialamt")
    Task.objects.create(kind="review", office=office, household=home, note="ruft an", made_by=act)
    for mine, theirs in zip(kept, gone, strict=True):
        address = f"/haushalte/{one}/personen/{mine.key}/doppelt/"
        assert post(client, address, other=theirs.key).status_code == 302, theirs
    page = client.get(f"/haushalte/{one}/bescheid/").content.decode()
    assert f"/bescheid/{letter.pk}.docx" in page
    assert client.get(f"/haushalte/{one}/bescheid/{letter.pk}.docx").status_code == 200
    assert site.name in client.get(f"/haushalte/{one}/vergabe/").content.decode()
    from vorort.web.proposals.bridge import laid_down

    assert [e.facility for e in laid_down().exclusions if e.household == one] == [site.key]
    assert two not in client.get(f"/haushalte/{one}/").content.decode()
    from vorort.web.accounts.models import User
    from vorort.web.tasks.queries import tasks_for

    clerk = User.objects.get(username="belegung")
    assert tasks_for(clerk).filter(note="ruft an", household__key=one).exists()
