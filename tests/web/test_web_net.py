"""The net below the locks: whoever writes past the actions, nobody sleeps in two places at once."""

import random
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

FIRST = date(2026, 3, 1)
STATUSES = ("held", "confirmed", "moved_in", "absent", "ended", "cancelled", "no_show", "requested")


@pytest.fixture
def bed(town):
    """Makes rows of one person who has none, past every action."""
    from vorort.web.intake.models import Person
    from vorort.web.placing.models import Stay
    from vorort.web.town.models import Unit

    person = Person.objects.create(number=9_000_001, key="P-net", born="1990")
    units = list(Unit.objects.filter(domain="accommodation")[:2])
    made = iter(range(10_000))

    def write(start, end, status="moved_in", unit=0, **more):
        with transaction.atomic():
            return Stay.objects.create(
                number=10**9, key=f"net-{next(made)}", person=more.pop("person", person),
                unit=None if unit is None else units[unit], status=status, from_on=start,
                until=end, domain=more.pop("domain", "accommodation"), **more,
            )  # fmt: skip

    return write


def day(n):
    return None if n is None else FIRST + timedelta(days=n)


def test_a_second_bed_in_the_same_night_is_refused_by_the_database_itself(bed):
    from vorort.web.placing.models import Stay

    first = bed(day(0), day(10))
    for start, end in ((9, 12), (0, 10), (3, 4), (-5, 1), (-5, None), (9, None)):
        with pytest.raises(IntegrityError, match="stay_sleeps_once"):
            bed(day(start), day(end), unit=1)
    next_door = bed(day(10), None, unit=1)
    with pytest.raises(IntegrityError, match="stay_sleeps_once"), transaction.atomic():
        Stay.objects.filter(pk=next_door.pk).update(from_on=day(9))
    with pytest.raises(IntegrityError, match="stay_sleeps_once"), transaction.atomic():
        Stay.objects.filter(pk=first.pk).update(until=None)
    with pytest.raises(IntegrityError, match="stay_sleeps_once"), transaction.atomic():
        rows = [Stay(number=10**9, key=f"bulk-{n}", person=first.person, unit=first.unit,
                     status="confirmed", from_on=day(n), until=day(n + 2), domain="accommodation")
                for n in (-9, -8)]  # fmt: skip
        Stay.objects.bulk_create(rows)
    assert Stay.objects.filter(person=first.person).count() == 2


def test_a_record_made_one_with_another_does_not_slip_through(bed):
    from vorort.web.intake.models import Person
    from vorort.web.placing.models import Stay

    other = Person.objects.create(number=9_000_002, key="P-net-2", born="1990")
    mine, theirs = bed(day(0), day(10)), bed(day(5), day(15), unit=1, person=other)
    with pytest.raises(IntegrityError, match="stay_sleeps_once"), transaction.atomic():
        Stay.objects.filter(pk=theirs.pk).update(person=mine.person)


def test_two_records_that_slept_in_the_same_nights_are_not_made_one_and_it_says_which(bed):
    import uuid

    from vorort.problems import Refused
    from vorort.web.accounts.models import User
    from vorort.web.intake import merging
    from vorort.web.intake.models import Person

    clerk = User.objects.get(username="belegung")
    other = Person.objects.create(number=9_000_002, key="P-net-2", born="1990")
    mine = bed(day(0), day(10), status="ended")
    theirs = bed(day(9), day(15), status="ended", unit=1, person=other)
    with pytest.raises(Refused, match=f"{day(9)} an dieselben Nächte"):
        merging.merge(clerk, uuid.uuid4(), mine.person, other)
    theirs.from_on = day(10)
    theirs.save()
    merging.merge(clerk, uuid.uuid4(), mine.person, other)


def test_the_net_catches_what_the_rule_forbids_and_nothing_else(bed):
    """Random pairs of rows; night by night, by a count of its own."""
    luck = random.Random(11)

    def row():
        often = luck.random() < 0.7  # all that makes it a night's sleep, but for the days
        return {
            "start": day(luck.choice([*range(6)] if often else [None, *range(8)])),
            "end": day(luck.choice([None, *range(3, 9)] if often else [None, *range(8)])),
            "status": luck.choice(STATUSES[1:5:3] if often else STATUSES),
            "unit": luck.choice([0, 1] if often else [0, 1, None]),
            "second_place": not often and luck.random() < 0.3,
            "domain": "accommodation" if often else luck.choice(["accommodation", "childcare"]),
        }  # fmt: skip

    def nights(r):
        sleeps = r["status"] in ("confirmed", "moved_in", "ended") and not r["second_place"]
        if not sleeps or r["unit"] is None or r["domain"] != "accommodation" or not r["start"]:
            return set()
        if r["status"] == "ended" and r["end"] is None:
            return set()
        return {
            n for n in range(30) if r["start"] <= day(n) and (not r["end"] or day(n) < r["end"])
        }

    caught = 0
    for _ in range(250):
        pair = [row(), row()]
        is_twice = bool(nights(pair[0]) & nights(pair[1]))
        try:
            with transaction.atomic():
                for r in pair:
                    bed(**r)
                transaction.set_rollback(True)
        except IntegrityError as error:
            assert "stay_sleeps_once" in str(error)
            assert is_twice, pair
            caught += 1
        else:
            assert not is_twice, pair
    assert caught > 15


def test_the_net_can_be_taken_up_and_laid_again(town):
    from django.core.management import call_command

    def laid():
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            else:
                cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")
            return [r[0] for r in cursor.fetchall() if r[0].startswith("stay_sleeps_once")]

    before = laid()
    assert before
    call_command("migrate", "placing", "0001", verbosity=0)
    assert laid() == []
    call_command("migrate", "placing", verbosity=0)
    assert laid() == before
