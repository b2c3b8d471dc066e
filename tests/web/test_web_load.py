"""A whole office at once: 50 clients over HTTP against the server as it runs in an office.

Hold, confirm, transfer; half of all attempts on 20 units. What each client was told is compared
with the rows afterwards, by a count of its own: no place given twice, nothing confirmed lost,
nothing written that was refused, no error shown. The same run without locks has to go wrong.
"""

import os
import random
import threading
import time
import uuid
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from served import Browser, server, session_of
from web_database import POSTGRES, named

pytestmark = pytest.mark.skipif(os.name == "nt", reason="gunicorn does not run there")
TODAY = date(2026, 11, 23)
CLIENTS = 50
FULL = os.environ.get("VORORT_FULL") == "1"
ATTEMPTS = 10_000 if FULL else 250  # without locks half as many, and places are given twice then
FEW, TURN = 20, 8  # so many attempts, then everybody wants the next of the few
DELAY = 20 if FULL else 60  # ms between checking and writing, in both runs


@pytest.fixture
def field(town):
    """Households of one and two, and 15 sites with 20 units each; all of one office."""
    from django.db.models import Max

    from vorort.web.intake.models import Household, LegalBasis, Membership, Person
    from vorort.web.town.models import District, Office, Site, Unit

    owner, district = Office.objects.get(key="sozialamt"), District.objects.first()
    first = Person.objects.aggregate(n=Max("number"))["n"] + 1
    units = []
    for s in range(15):
        site = Site.objects.create(key=f"LD-{s:02}", name=f"Probe {s}", district=district,
                                   kind="shared", owner=owner, opens_on=TODAY)  # fmt: skip
        for u in range(20):
            row = Unit.objects.create(
                key=f"LD-{s:02}-{u:02}", facility=site, kind="family", domain="accommodation",
                places=1 + u % 3, pool="general", adjoins="", per="place", for_whom="newcomers",
                building="", floor="", features="",
            )  # fmt: skip
            units.append(row.key)
    names = []
    for n in range(240):
        household = Household.objects.create(
            key=f"X-{n:03d}", kind="single" if n % 3 else "couple", group="asylum",
            arrived_on=TODAY, responsible="sozialamt",
        )  # fmt: skip
        for m in range(1 if n % 3 else 2):
            person = Person.objects.create(
                number=first + 2 * n + m, key=f"XP-{n:03d}-{m}", born="1990", sex="m"
            )
            LegalBasis.objects.create(person=person, name="asylum_seeker", valid_from=TODAY)
            Membership.objects.create(person=person, household=household, member_from=TODAY)
        names.append(household.key)
    few = [u for n, u in enumerate(units) if n % 20 < 5 and n // 20 < 4]
    assert len(few) == FEW
    return names, few, [u for u in units if u not in few]


def _address(town):
    return f"{POSTGRES}/{named('test')}" if POSTGRES else town


class Client(threading.Thread):
    """Tries things in its own order and writes down what it was told."""

    def __init__(self, port, session, work, field, seed):
        super().__init__(daemon=True)
        self.browser, self.work, self.luck = Browser(port, session), work, random.Random(seed)
        self.names, self.few, self.rest = field
        self.told, self.slowest, self.held, self.broken = [], 0.0, [], None

    def run(self):
        try:
            for n in self.work:
                self.attempt(n)
        except Exception as error:
            self.broken = error

    def attempt(self, n):
        """Every second one goes where everybody is just now: one of the few units, one week."""
        if self.held and self.luck.random() < 0.6:
            household, unit, stays = self.held.pop()
            return self.send("confirm", household, unit, "bestaetigen", stay=stays)
        household, turn = self.luck.choice(self.names), n // TURN
        if self.luck.random() < 0.7:
            unit, start = self.few[turn % FEW], TODAY + timedelta(days=7 * (turn // FEW % 12))
        else:
            unit = self.luck.choice(self.rest)
            start = TODAY + timedelta(days=self.luck.randrange(0, 80))
        end = (start + timedelta(days=self.luck.randrange(1, 7))).isoformat()
        if self.luck.random() < 0.25:
            return self.send("transfer", household, unit, "belegung/transfer", units=unit,
                             on=start.isoformat(), until=end)  # fmt: skip
        expires = (TODAY + timedelta(days=3)).isoformat()
        key, status = self.send(
            "hold", household, unit, "vormerken", units=unit, until=end, expires=expires,
            **{"from": start.isoformat()},
        )  # fmt: skip
        if status == 302:
            self.held.append((household, unit, _stays_of(key)))
        return None

    def send(self, kind, household, unit, step, **fields):
        key = uuid.uuid4()
        begun = time.monotonic()
        status, text = self.browser.post(f"/haushalte/{household}/{step}/", {"key": key, **fields})
        self.slowest = max(self.slowest, time.monotonic() - begun)
        is_odd = status not in (302, 409) or "locked" in text
        self.told.append((key, kind, household, unit, status, text[:400] if is_odd else ""))
        return key, status


def _stays_of(key):
    from vorort.web.placing.models import Stay, StayOld

    return [k for t in (Stay, StayOld)
            for k in t.objects.filter(act__key=key).values_list("key", flat=True)]  # fmt: skip


def _run(town, field, attempts, *, locks=True):
    from django.db import connection

    class Closing(Client):
        def run(self):
            super().run()
            connection.close()

    sessions = [session_of("belegung") for _ in range(CLIENTS)]
    connection.close()
    with server(_address(town), delay_ms=DELAY, locks=locks) as port:
        work = iter(range(attempts))
        gate = threading.Lock()

        def shared():
            while True:
                with gate:
                    n = next(work, None)
                if n is None:
                    return
                yield n

        begun = time.monotonic()
        clients = [Closing(port, s, shared(), field, n) for n, s in enumerate(sessions)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        took = time.monotonic() - begun
    told = [t for c in clients for t in c.told]
    slowest = max(c.slowest for c in clients)
    print(f"{len(told)} attempts, {len(told) / took:.0f} a second, slowest {slowest:.2f} s, "
          f"{Counter((t[1], t[4]) for t in told)}")  # fmt: skip
    return told, [c.broken for c in clients if c.broken]


def _faults(told):
    """From the rows and from what the clients were told; not by the rules under test."""
    from vorort.web.accounts.models import Act
    from vorort.web.placing.models import Stay, StayOld
    from vorort.web.town.models import Unit

    rows = Stay.objects.filter(
        unit__key__startswith="LD-", status__in=("held", "confirmed", "moved_in")
    ).values_list("person__key", "person__membership__household__key", "unit__key", "status",
                  "from_on", "until")  # fmt: skip
    by_night, beds = defaultdict(list), defaultdict(list)
    for person, household, unit, status, start, end in rows:
        for n in range((end - start).days):
            night = start + timedelta(days=n)
            by_night[unit, night].append(household)
            if status != "held":
                beds[person, night].append(unit)
    places = dict(Unit.objects.values_list("key", "places"))
    acts = dict(Act.objects.filter(key__in=[t[0] for t in told]).values_list("key", "id"))
    units = defaultdict(set)
    for table in (Stay, StayOld):
        for act, unit, status in table.objects.filter(act__in=acts.values()).values_list(
            "act_id", "unit__key", "status"
        ):
            units[act].add((unit, status))
    lost = written = 0
    for key, kind, _, unit, status, _ in told:
        there = units.get(acts.get(key), set())
        lost += status == 302 and (unit, "held" if kind == "hold" else "confirmed") not in there
        written += status == 409 and key in acts
    return {
        "unit given twice": sum(len(set(h)) > 1 for h in by_night.values()),
        "too many": sum(len(h) > places[u] for (u, _), h in by_night.items()),
        "person twice": sum(len(u) > 1 for u in beds.values()),
        "lost": lost,
        "written though refused": written,
    }


def test_fifty_clients_at_once_give_nothing_twice_lose_nothing_and_see_no_error(town, field):
    told, broken = _run(town, field, ATTEMPTS)
    assert not broken, broken[:3]
    assert [t for t in told if t[5]] == []
    assert len(told) == ATTEMPTS
    assert set(_faults(told).values()) == {0}, _faults(told)
    kinds = Counter((kind, status) for _, kind, _, _, status, _ in told)
    hot = sum(unit in field[1] for _, _, _, unit, _, _ in told)
    assert hot > 0.45 * len(told)
    assert all(kinds[kind, 302] > len(told) / 60 for kind in ("hold", "confirm", "transfer")), kinds
    assert kinds["hold", 409] > len(told) / 10, "they did meet"


def test_the_same_run_with_the_locks_taken_out_goes_wrong(town, field):
    told, _ = _run(town, field, ATTEMPTS // 2, locks=False)
    faults = _faults(told)
    print(faults)
    assert faults["unit given twice"] > 0, (faults, len(told))
