"""The acts of the plain ledger's stateful test, done by the web: same names, same arguments.

`Direct` calls the actions, `Forms` posts the forms that a clerk sends. Both give the ledger as the
register holds it afterwards, and raise `Refused`.
"""

from __future__ import annotations

import re
import uuid
from collections import namedtuple
from datetime import date

from vorort.ledger import acts as plain
from vorort.problems import Problem, Refused

Entry = plain.Entry


class Clock:
    """The register's clock, set by each entry."""

    def __init__(self, monkeypatch):
        from vorort.web import clock

        self.at, self.today = None, None
        monkeypatch.setattr(clock, "now", lambda: self.at)
        monkeypatch.setattr(clock, "today", lambda: self.today)

    def set(self, entry):
        self.at, self.today = entry.at, entry.today


class Direct:
    """Actions, called as the views call them."""

    Entry = Entry

    def __init__(self, clock):
        self.clock = clock
        self.done = 0

    def user(self, office="housing"):
        from vorort.web.accounts.models import User

        return User.objects.select_related("office", "role").get(username=office)

    def _do(self, entry, act, *arguments, **named):
        from vorort.web import bridge

        self.clock.set(entry)
        act(self.user(entry.office), uuid.uuid4(), *arguments, **named)
        self.done += 1
        return bridge.whole_ledger()

    def hold(self, ledger, beds, day, entry, *, expires, until=None):
        from vorort.web.placing import actions

        return self._do(entry, actions.hold, beds, day, expires, until)

    def confirm(self, ledger, rows, entry):
        from vorort.web.placing import actions

        return self._do(entry, actions.confirm, rows)

    def move_in(self, ledger, rows, day, entry):
        from vorort.web.placing import actions

        return self._do(entry, actions.move_in, rows, day)

    def move_out(self, ledger, rows, day, reason, entry):
        from vorort.web.placing import actions

        return self._do(entry, actions.move_out, rows, day, reason)

    def transfer(self, ledger, beds, day, entry, *, until=None):
        from vorort.web.placing import more

        return self._do(entry, more.transfer, beds, day, until)

    def keep(self, ledger, rows, day, kept_until, entry):
        from vorort.web.placing import more

        return self._do(entry, more.keep, rows, day, kept_until)

    def come_back(self, ledger, rows, day, entry):
        from vorort.web.placing import more

        return self._do(entry, more.come_back, rows, day)

    def cancel(self, ledger, rows, reason, entry):
        from vorort.web.placing import more

        return self._do(entry, more.cancel, rows, reason)

    def no_show(self, ledger, rows, entry):
        from vorort.web.placing import more

        return self._do(entry, more.no_show, rows)

    def over_occupy(self, ledger, beds, day, entry, *, reason, over_until):
        from vorort.web.placing import more

        return self._do(entry, more.over_occupy, beds, day, over_until, reason)

    def emergency_move(self, ledger, beds, day, entry, *, reason, over_until):
        from vorort.web.placing import more

        return self._do(entry, more.emergency, beds, day, over_until, reason), ()

    def correct(self, ledger, row, reason, entry, *, seen=(), **changes):
        from vorort.web.placing import more

        return self._do(entry, more.correct, row, reason, more.mark(seen) if seen else "", changes)

    def block(self, ledger, where, day, entry, *, reason, places, until, kind):
        return self.event(entry, kind, where, day, until, places, reason)

    def lease_end(self, ledger, where, day, entry):
        return self.event(entry, "lease_end", where, day, None, None, "")

    def event(self, entry, kind, where, day, until, places, reason):
        from vorort.web.accounts import rights
        from vorort.web.town import actions

        values = {"kind": kind, "target": where, "date": day, "until": until, "places": places,
                  "status": "decided", "reason_kind": "repair", "reason": reason}  # fmt: skip
        right = rights.BLOCK if kind == "block" else rights.PLACES_EDIT
        return self._do(entry, actions.write_event, values, [where], right)

    def birth(self, ledger, parent, born, entry):
        from vorort.web.intake import events
        from vorort.web.intake.models import Person

        return self._do(entry, events.birth, Person.objects.get(key=parent), born, "f", "Neu")

    def separation(self, ledger, household, people, new, on, reason, entry):
        from vorort.web.intake import events
        from vorort.web.intake.models import Household, Person

        rows = [Person.objects.get(key=p) for p in people]
        return self._do(entry, events.separate, Household.objects.get(key=household), rows, on,
                        reason)  # fmt: skip

    def depart(self, person, on, entry):
        from vorort.web.intake import events
        from vorort.web.intake.models import Person

        return self._do(entry, events.depart, Person.objects.get(key=person), on, "left")

    def delete(self, person, entry):
        from vorort.web import bridge
        from vorort.web.accounts.models import User
        from vorort.web.intake.models import Person
        from vorort.web.retention import actions

        self.clock.set(entry)
        boss = User.objects.select_related("office", "role").get(username="boss")
        actions.delete(boss, uuid.uuid4(), Person.objects.get(key=person))
        return bridge.whole_ledger()


class Forms(Direct):
    """By forms: what a clerk's browser sends."""

    def __init__(self, clock, client):
        super().__init__(clock)
        self.client = client

    def _post(self, ledger, entry, address, **fields):
        from vorort.web import bridge

        self.clock.set(entry)
        sent = {k: "" if v is None else v.isoformat() if isinstance(v, date) else v
                for k, v in fields.items()}  # fmt: skip
        answer = self.client(entry.office).post(address, {"key": str(uuid.uuid4()), **sent})
        self.done += 1
        if answer.status_code in (403, 404, 409):
            text = answer.content.decode()
            found = [t.strip() for t in re.findall(r"<li>\s*([^<]+)", text)] or ["no reason"]
            self.seen = re.search(r'name="seen" value="(\w+)"', text)
            raise Refused([Problem("", t, t, t, t) for t in found])
        assert answer.status_code == 302, (address, sent, answer.status_code)
        return bridge.whole_ledger()

    def _home(self, ledger, entry, rows=(), people=()):
        """The household whose page a form stands on; some other one where there is none."""
        people = [*people, *(ledger.placement[r].person for r in rows if r in ledger.placement)]
        for day in (entry.today, date(2026, 4, 20)):
            for person in people:
                found = ledger.household_of(person, day)
                if found:
                    return f"/haushalte/{found}/"
        return "/haushalte/h0/"

    def hold(self, ledger, beds, day, entry, *, expires, until=None):
        units = " ".join(dict.fromkeys(beds.values()))
        return self._post(
            ledger, entry, self._home(ledger, entry, people=beds) + "vormerken/", units=units,
            expires=expires, until=until, **{"from": day},
        )  # fmt: skip

    def confirm(self, ledger, rows, entry):
        return self._post(ledger, entry, self._home(ledger, entry, rows) + "bestaetigen/",
                          stay=rows)  # fmt: skip

    def move_in(self, ledger, rows, day, entry):
        return self._post(ledger, entry, self._home(ledger, entry, rows) + "einzug/", stay=rows,
                          on=day, rules="1", keys="12")  # fmt: skip

    def move_out(self, ledger, rows, day, reason, entry):
        return self._post(ledger, entry, self._home(ledger, entry, rows) + "auszug/", stay=rows,
                          on=day, reason=reason)  # fmt: skip

    def _act(self, ledger, entry, what, rows=(), people=(), **fields):
        home = self._home(ledger, entry, rows, people)
        return self._post(ledger, entry, f"{home}belegung/{what}/", stay=list(rows), **fields)

    def transfer(self, ledger, beds, day, entry, *, until=None):
        units = " ".join(dict.fromkeys(beds.values()))
        return self._act(ledger, entry, "transfer", (), beds, units=units, on=day, until=until)

    def keep(self, ledger, rows, day, kept_until, entry):
        return self._act(ledger, entry, "keep", rows, on=day, kept_until=kept_until)

    def come_back(self, ledger, rows, day, entry):
        return self._act(ledger, entry, "come_back", rows, on=day)

    def cancel(self, ledger, rows, reason, entry):
        return self._act(ledger, entry, "cancel", rows, reason=reason)

    def no_show(self, ledger, rows, entry):
        return self._act(ledger, entry, "no_show", rows)

    def over_occupy(self, ledger, beds, day, entry, *, reason, over_until):
        units = " ".join(dict.fromkeys(beds.values()))
        return self._act(ledger, entry, "over_occupy", (), beds, units=units, on=day,
                         over_until=over_until, reason=reason)  # fmt: skip

    def correct(self, ledger, row, reason, entry, *, seen=(), **changes):
        was = ledger.placement[row]
        fields = {"unit": changes.get("unit", ""), "status": "", "reason": reason,
                  "from_on": changes.get("from_", was.from_),
                  "until": changes.get("until", was.until)}  # fmt: skip
        mark = self.seen[1] if seen and getattr(self, "seen", None) else ""
        return self._act(ledger, entry, "correct", [row], seen=mark, **fields)

    def event(self, entry, kind, where, day, until, places, reason):
        return self._post(None, entry, f"/standorte/{where[0]}/ereignis/", kind=kind, target=where,
                          date=day, until=until, places=places, status="decided",
                          reason_kind="repair" if kind == "block" else "quarantine",
                          reason=reason, sure="1")  # fmt: skip

    def birth(self, ledger, parent, born, entry):
        home = self._home(ledger, entry, people=[parent])
        return self._post(ledger, entry, f"{home}personen/{parent}/birth/", on=born, given="Neu",
                          sex="f")  # fmt: skip

    def separation(self, ledger, household, people, new, on, reason, entry):
        return self._post(ledger, entry, f"/haushalte/{household}/trennen/", person=list(people),
                          on=on, reason=reason)  # fmt: skip


# ---- what stands in the tables, read past all our own code ---------------------------------------

Raw = namedtuple("Raw", "id person unit status from_ until kept_until second_place recorded_at "
                        "replaces")  # fmt: skip
Event = namedtuple("Event", "id target date kind places until status recorded_at")
Town = namedtuple("Town", "placements facilities units capacity_events")
VERSIONS = """
SELECT s.key, p.key, u.key, s.status, s.from_on, s.until, s.kept_until, s.second_place,
       s.recorded_at, s.replaces
FROM {} AS s JOIN intake_person AS p ON p.id = s.person_id LEFT JOIN town_unit AS u ON
u.id = s.unit_id WHERE s.domain = 'accommodation' ORDER BY s.id
"""


def raw(town):
    """Rows of both tables of stays and of the events, by SQL; sites and units of the plain town."""
    from datetime import datetime

    from django.db import connection

    def days(row, *columns):
        found = list(row)
        for n in columns:
            if isinstance(found[n], str):
                found[n] = date.fromisoformat(found[n])
        return found

    def instant(value):
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        return found.replace(tzinfo=None) if found else None

    with connection.cursor() as cursor:
        rows = []
        for table in ("placing_stay", "placing_stayold"):
            cursor.execute(VERSIONS.format(table))
            for row in cursor.fetchall():
                found = days(row, 4, 5, 6)
                found[8] = instant(found[8])
                rows.append(Raw(*found))
        cursor.execute("SELECT key, target, date, kind, places, until, status, recorded_at "
                       "FROM town_capacityevent ORDER BY id")  # fmt: skip
        events = []
        for row in cursor.fetchall():
            found = days(row, 2, 5)
            found[7] = instant(found[7])
            events.append(Event(*found))
    return Town(tuple(rows), town.facilities, town.units, tuple(events))
