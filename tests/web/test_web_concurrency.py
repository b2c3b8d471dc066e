"""Many at once: no place is given twice, nothing confirmed is lost, nobody sees a lock error.

Through Django's HTTP client, each client on its own thread and its own connection. Half of all
attempts go to a few units, so that they meet. The same run without the lock must go wrong.
"""

import os
import random
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

TODAY = date(2026, 11, 23)
THREADS = 8
ATTEMPTS = 10_000 if os.environ.get("VORORT_FULL") == "1" else 160
FEW = 8


@pytest.fixture
def field(town):
    """Single men without a place, and free family units: each unit takes one of them only."""
    from django.db.models import Max

    from vorort.ledger import occupancy
    from vorort.web import bridge
    from vorort.web.intake.models import Household, LegalBasis, Membership, Person

    first = Person.objects.aggregate(n=Max("number"))["n"] + 1
    names = []
    for n in range(60):
        household = Household.objects.create(
            key=f"X-{n:03d}", kind="single", group="asylum", arrived_on=TODAY,
            responsible="sozialamt",
        )  # fmt: skip
        person = Person.objects.create(number=first + n, key=f"XP-{n:03d}", born="1990", sex="m")
        LegalBasis.objects.create(person=person, name="asylum_seeker", valid_from=TODAY)
        Membership.objects.create(person=person, household=household, member_from=TODAY)
        names.append(household.key)
    bridge._KEPT.clear()
    ledger = bridge.whole_ledger()
    states = occupancy(ledger, TODAY).units
    units = [
        u.id
        for u in ledger.units
        if u.domain == "accommodation" and u.kind == "family" and states[u.id].free
    ]
    assert len(units) > FEW
    return names, units


@pytest.fixture(autouse=True)
def slow_disk(monkeypatch, town):
    """Between check and write lie some milliseconds, as on a busy disk; in both runs alike."""
    from vorort.web.placing import actions

    write = actions.write_versions

    def later(*args):
        time.sleep(0.01)
        write(*args)

    monkeypatch.setattr(actions, "write_versions", later)


def _attempts(names, units, seed):
    """Who tries what: half of all go to the few units, several of them to the same one at once."""
    luck = random.Random(seed)
    few, rest = units[:FEW], units[FEW:]
    plan = []
    for n in range(ATTEMPTS):
        unit = few[n // (2 * THREADS) % FEW] if n % (2 * THREADS) < THREADS else luck.choice(rest)
        plan.append((luck.choice(names), unit))
    return plan


def _run(browse, plan):
    """Each attempt: hold a unit; where it succeeds confirm it, and now and then give it back."""
    from django.db import connection

    said, confirmed, wrong = Counter(), [], []
    gate = threading.Lock()
    clients = {n: browse("belegung") for n in range(THREADS)}
    hand_out = iter(range(THREADS))
    own = threading.local()

    def one(attempt):
        household, unit = attempt
        if not hasattr(own, "client"):
            with gate:
                own.client = clients[next(hand_out)]
        answers = [_hold(own.client, household, unit)]
        if answers[0].status_code == 302:
            versions = _held(household, unit)
            answers.append(_send(own.client, household, "bestaetigen", stay=versions))
            if answers[1].status_code == 302 and versions:
                with gate:
                    confirmed.append((household, unit))
        with gate:
            said.update(a.status_code for a in answers)
            wrong.extend(a for a in answers if a.status_code not in (302, 409))

    def closed(attempt):
        try:
            one(attempt)
        except Exception as error:
            with gate:
                wrong.append(error)

    def end():
        connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(closed, plan))
        list(pool.map(lambda _: end(), range(THREADS)))
    return said, confirmed, wrong


def _send(client, household, step, **fields):
    sent = {"key": str(uuid.uuid4()), **fields}
    return client.post(f"/haushalte/{household}/{step}/", sent)


def _hold(client, household, unit):
    return _send(
        client, household, "vormerken", units=unit, until="2026-12-20",
        **{"from": TODAY.isoformat(), "expires": (TODAY + timedelta(days=2)).isoformat()},
    )  # fmt: skip


def _held(household, unit):
    from vorort.web.placing.models import Stay

    return list(
        Stay.objects.filter(
            person__membership__household__key=household, unit__key=unit, status="held"
        ).values_list("key", flat=True)
    )


def _faults(units, confirmed):
    """Counted from the rows, not by the rules under test."""
    from vorort.web.placing.models import Stay

    rows = Stay.objects.filter(unit__key__in=units, status__in=("held", "confirmed")).values_list(
        "person__membership__household__key", "person__key", "unit__key", "status"
    )
    parties, persons, stand = {}, Counter(), set()
    for household, person, unit, status in rows:
        parties.setdefault(unit, set()).add(household)
        if status == "confirmed":
            persons[person] += 1
            stand.add((household, unit))
    return {
        "unit given twice": sum(len(p) > 1 for p in parties.values()),
        "person twice": sum(n > 1 for n in persons.values()),
        "confirmation lost": len(set(confirmed) - stand),
    }


def test_eight_clients_at_once_give_nothing_twice_and_lose_nothing(browse, field):
    names, units = field
    said, confirmed, wrong = _run(browse, _attempts(names, units, 1))
    assert not wrong, Counter(map(str, wrong)).most_common(5)
    assert _faults(units, confirmed) == {
        "unit given twice": 0, "person twice": 0, "confirmation lost": 0,
    }  # fmt: skip
    assert len(confirmed) >= min(len(units), len(names)) // 2
    assert said[409] > FEW


def test_the_same_run_without_the_lock_goes_wrong(browse, field, monkeypatch):
    """On SQLite the lock is that a transaction begins IMMEDIATE. Without one transaction around
    reading and writing, units are given to two households."""
    from contextlib import nullcontext
    from types import SimpleNamespace

    from vorort.web.accounts import trail
    from vorort.web.placing import actions

    monkeypatch.setattr(trail, "transaction", SimpleNamespace(atomic=nullcontext))
    monkeypatch.setattr(actions.locks, "lock", _only_sites)
    names, units = field
    _, confirmed, wrong = _run(browse, _attempts(names, units, 1)[: ATTEMPTS // 2])
    faults = _faults(units, confirmed)
    assert faults["unit given twice"], (faults, len(wrong))


def _only_sites(people, units):
    from vorort.web.town.models import Unit

    return sorted(set(Unit.objects.filter(id__in=set(units)).values_list("facility_id", flat=True)))
