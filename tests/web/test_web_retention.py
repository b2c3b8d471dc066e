"""A deleted person is nowhere but in the certificate; the totals stay what they were."""

import random
import re
import uuid
from datetime import UTC, date, datetime, timedelta

from test_web_intake import housed, people, person_address, post, register

TODAY = date(2026, 11, 23)


def totals(ledger, day, known_at):
    """Beds by site as the board shows them."""
    from vorort.web.retention import kept

    counted = kept.totals(ledger, day, known_at, TODAY)
    found = kept.added(counted, kept.kept_on([day], known_at)[0])
    return {
        site: tuple(getattr(s, n) for n in ("nominal", *kept.COUNTED)) for site, s in found.items()
    }


def delete(client, number, status=302):
    answer = post(client, "/loeschen/person/", number=number, sure="1")
    assert answer.status_code == status, re.findall(r"<li>[^<]+", answer.content.decode())
    return answer


def gone(client, key, n=0, on="2026-11-23"):
    """A member moves away on a day."""
    assert (
        post(client, person_address(key, n) + "departure/", on=on, reason="left").status_code == 302
    )
    return people(key)[n]


def test_past_totals_true_and_known_stay_what_they_were(browse):
    """Also where a family's rest of beds changes with one member, and after a correction."""
    from vorort.web import bridge

    client = browse("belegung")
    key, unit = housed(client)
    first = people(key)[0].key
    stay = re.findall(
        rf'value="({first}[^"]+)"', client.get(f"/haushalte/{key}/").content.decode()
    )[0]
    correct = {"stay": stay, "from_on": "2026-11-20", "reason": "kam schon am 20."}
    answer = post(client, f"/haushalte/{key}/belegung/correct/", correct)
    if answer.status_code == 409:
        seen = re.search(r'name="seen" value="(\w+)"', answer.content.decode())[1]
        answer = post(client, f"/haushalte/{key}/belegung/correct/", correct, seen=seen)
    assert answer.status_code == 302
    person = gone(client, key)
    luck = random.Random(4)
    pairs = [
        (TODAY + timedelta(days=luck.randrange(-400, 60)),
         luck.choice([None, datetime(2026, 11, 23, luck.randrange(24), tzinfo=UTC)
                      + timedelta(days=luck.randrange(-40, 3))]))
        for _ in range(60)
    ] + [(TODAY + timedelta(days=n), None) for n in range(-6, 3)]  # fmt: skip
    ledger = bridge.whole_ledger()
    before = [totals(ledger, *pair) for pair in pairs]
    delete(browse("verwaltung"), person.key)
    ledger = bridge.whole_ledger()
    assert [totals(ledger, *pair) for pair in pairs] == before
    board = client.get(f"/plaetze/?tag=2026-11-20&standort={unit.rsplit('-', 1)[0]}")
    assert board.status_code == 200 and first not in board.content.decode()


def test_somebody_with_a_place_is_not_deleted(browse):
    from vorort.web.intake.models import Person

    client = browse("belegung")
    key, _ = housed(client)
    answer = delete(browse("verwaltung"), people(key)[0].key, 409)
    assert "Es gilt noch ein Platz" in answer.content.decode()
    assert Person.objects.filter(pk=people(key)[0].pk).exists()


def test_the_rest_of_the_family_stays(browse):
    client = browse("belegung")
    key, unit = housed(client)
    person = gone(client, key, 3)
    delete(browse("verwaltung"), person.key)
    assert len(people(key)) == 3
    page = client.get(f"/haushalte/{key}/").content.decode()
    assert person.key not in page and unit in page


def test_what_was_merged_goes_with_the_record_that_counts(browse):
    from vorort.web.intake.models import Person

    client = browse("belegung")
    one = register(client)
    two = register(client, {"given-0": "Ameera"}, sure="1")
    kept, other = people(one)[0], people(two)[0]
    post(client, f"/haushalte/{one}/personen/{kept.key}/doppelt/", other=other.key)
    delete(browse("verwaltung"), kept.key)
    assert not Person.objects.filter(pk__in=[kept.pk, other.pk]).exists()
    from vorort.web.retention import actions

    assert actions.noted() == {kept.pk, other.pk}, "a backup from before the merge holds both"
    actions.list_file().unlink()
    actions.nightly(TODAY)
    assert actions.noted() == {kept.pk, other.pk}, "noted again after a crash"


def test_facts_past_the_period_of_their_purpose_are_forgotten_and_no_others(browse):
    from vorort.web import clock
    from vorort.web.accounts.models import Act, ActValue, ReadLog, User
    from vorort.web.intake.models import Need
    from vorort.web.lists.models import Batch, Line
    from vorort.web.retention import actions
    from vorort.web.retention.models import LegalHold

    client, boss = browse("belegung"), browse("verwaltung")
    key, _ = housed(client)
    mother, child = people(key)[0], people(key)[1]
    long, user = timedelta(days=40), User.objects.get(username="schutz")
    for person in (mother, child):
        for n in (10, 40):
            Need.objects.create(person=person, code="quiet", since=TODAY - timedelta(90),
                                expires=TODAY - timedelta(n))  # fmt: skip
            ReadLog.objects.create(actor=user, subject=person, purpose_code="needs",
                                   at=clock.now() - timedelta(n))  # fmt: skip
    LegalHold.objects.create(person=child, until=TODAY + timedelta(9), reason="Klage")
    batch = Batch.objects.create(kind="residents", name="x", digest="", header="[]",
                                 office=user.office, actor=user, at=clock.now() - long)  # fmt: skip
    Line.objects.create(batch=batch, number=2, cells='["Name"]')
    Act.objects.filter(pk__lte=Act.objects.latest("pk").pk).update(at=clock.now() - long)
    values = ActValue.objects.filter(subject__isnull=False)
    before, of_child = values.count(), values.filter(subject=child).count()
    assert before > of_child > 0
    assert actions.nightly(TODAY) == 0, "without a period nothing is forgotten"
    sent = dict.fromkeys(("needs", "audit", "reads", "imports"), "30")
    assert post(boss, "/loeschen/fristen/", **sent).status_code == 302
    page = boss.get("/loeschen/").content.decode()
    assert re.search(r"Einsichten, Tage</th><td[^>]*>30</td><td[^>]*>1<", page), "the dry run"
    assert Need.objects.count() == 4, "the dry run changes nothing"
    assert actions.nightly(TODAY) == 1 + 1 + 1 + before - of_child
    assert actions.nightly(TODAY) == 0
    assert [n.expires for n in Need.objects.filter(person=mother)] == [TODAY - timedelta(10)]
    assert Need.objects.filter(person=child).count() == 2, "a legal hold stops every clock"
    assert ReadLog.objects.filter(subject=child).count() == 2
    assert Line.objects.get().cells == "[]" and Batch.objects.get().state == "dropped"
    assert values.count() == of_child and Act.objects.filter(kind="forget").count() == 1


def test_nothing_falls_due_until_a_period_is_set_and_a_hold_stops_it(browse):
    from vorort.web.retention.models import LegalHold

    boss, client = browse("verwaltung"), browse("belegung")
    key, _ = housed(client)
    person = gone(client, key)
    assert "keine Frist gesetzt" in boss.get("/loeschen/").content.decode()
    assert post(boss, "/loeschen/fristen/", register="0").status_code == 302
    page = boss.get("/loeschen/").content.decode()
    assert f"person={person.key}" in page and "fällig" in page
    sent = {"number": person.key, "until": "2027-01-01", "reason": "Klage"}
    assert post(boss, "/loeschen/sperre/", sent).status_code == 302
    assert "auf" not in delete(boss, person.key, 409).content.decode().split("<li>")[0][-5:]
    assert "Löschsperre" in boss.get(f"/loeschen/person/?person={person.key}").content.decode()
    hold = LegalHold.objects.get()
    assert post(boss, f"/loeschen/sperre/{hold.pk}/aufheben/", reason="").status_code == 409
    lifted = post(boss, f"/loeschen/sperre/{hold.pk}/aufheben/", reason="Klage erledigt")
    assert lifted.status_code == 302
    page = boss.get(f"/loeschen/person/?person={person.key}").content.decode()
    assert "Löschsperre bis" not in page and "Namen" in page and "Belegungen" in page
    assert post(boss, "/loeschen/fristen/", register="").status_code == 302
    assert "keine Frist gesetzt" in boss.get("/loeschen/").content.decode()


def test_the_deletion_list_outlives_the_database(browse):
    from vorort.web.retention import actions
    from vorort.web.retention.models import Deletion

    client = browse("belegung")
    key, _ = housed(client)
    person = gone(client, key)
    subject = person.pk
    delete(browse("verwaltung"), person.key)
    assert actions.noted() == {subject}
    with actions.list_file().open("a") as file:
        file.write('{"id": "halb')  # a crash in the middle of a line
    assert actions.noted() == {subject}
    assert actions.list_file().stat().st_mode & 0o077 == 0
    assert Deletion.objects.get().subject == subject


def test_the_same_form_twice_is_one_deletion(browse):
    from vorort.web.retention.models import Deletion

    client, boss = browse("belegung"), browse("verwaltung")
    key, _ = housed(client)
    person = gone(client, key)
    sent = {"key": str(uuid.uuid4()), "number": person.key, "sure": "1"}
    assert boss.post("/loeschen/person/", sent).status_code == 302
    assert boss.post("/loeschen/person/", sent).status_code == 409, "there is nobody any more"
    assert Deletion.objects.count() == 1
