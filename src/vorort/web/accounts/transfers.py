"""What goes to another office about people: always written down. German: Weitergabe

Each ground says which office may get which fields. Needs, counselling, health and notes are
among none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vorort.vocabulary import Text
from vorort.web.accounts.models import Act, Transfer
from vorort.web.intake.models import Person
from vorort.web.town.models import Office

FIELDS: dict[str, Text] = {
    "name": Text("Name", "name"),
    "born": Text("Geburtsdatum", "date of birth"),
    "age": Text("Alter", "age"),
    "sex": Text("Geschlecht", "sex"),
    "address": Text("Anschrift", "address"),
    "area": Text("Gebiet", "area"),
    "arrived_on": Text("Ankunft", "arrival"),
    "legal": Text("Aufenthalt mit Daten", "legal basis with dates"),
    "language": Text("Sprache für Dolmetschen", "interpreter's language"),
    "from": Text("gewünschter Tag", "day asked for"),
}
PLACES = ("address", "area")  # left out for a protected household, whoever asks


@dataclass(frozen=True, slots=True)
class Ground:
    """Why something may go out, what, and to which offices (none named: any). German: Anlass"""

    text: Text
    fields: tuple[str, ...]
    offices: tuple[str, ...] = ()


GROUNDS: dict[str, Ground] = {
    "status": Ground(
        Text("Aufenthaltsrecht", "residence law"),
        ("name", "born", "sex", "address", "arrived_on", "legal"), ("auslaenderbehoerde",),
    ),
    "benefits": Ground(
        Text("Leistungen", "benefits"),
        ("name", "born", "sex", "address", "arrived_on", "legal"), ("sozialamt",),
    ),
    "registration": Ground(
        Text("Meldung", "registration"), ("name", "born", "sex", "address", "arrived_on"),
        ("buergeramt",),
    ),
    "youth": Ground(
        Text("Jugendhilfe", "youth welfare"), ("name", "born", "sex", "address", "arrived_on"),
        ("jugendamt",),
    ),
    "school": Ground(
        Text("Schulpflicht", "school duty"), ("name", "born", "sex", "address", "arrived_on"),
        ("schulamt", "staatliches"),
    ),
    "examination": Ground(
        Text("Erstuntersuchung", "first examination"), ("name", "born", "sex", "address"),
        ("gesundheitsamt",),
    ),
    "course": Ground(
        Text("Sprachkurs", "language course"), ("name", "born", "language"), ("vhs", "sprachhaus"),
    ),
    "flat": Ground(
        Text("Wohnungssuche", "search for a flat"), ("name", "address"), ("wohnungshilfe",),
    ),
}  # fmt: skip
# Grounds that arise by a request and its confirmation, not by choice.
BY_REQUEST = {
    "request": Text("Anfrage nach einem Platz", "request for a place"),
    "confirmed": Text("zugesagter Platz", "place confirmed"),
}
ASKED = ("age", "sex", "area", "from")  # with a request
GIVEN = ("name", "born")  # with its confirmation


@dataclass(frozen=True, slots=True)
class Told:
    """A transfer as a page says it."""

    row: Transfer
    ground: Text
    fields: tuple[Text, ...]

    @classmethod
    def of(cls, row: Transfer) -> Told:
        """The words of a row."""
        ground = GROUNDS.get(row.ground)
        text = ground.text if ground else BY_REQUEST.get(row.ground, Text(row.ground, row.ground))
        fields = tuple(FIELDS[f] for f in row.fields.split() if f in FIELDS)
        return cls(row, text, fields)


def grounds_for(office: str) -> dict[str, Ground]:
    """Grounds on which an office may be told something."""
    return {k: g for k, g in GROUNDS.items() if office in g.offices}


def allowed(fields: Iterable[str], is_protected: bool) -> tuple[str, ...]:
    """Fields that may go; where a protected household lives never does."""
    return tuple(f for f in fields if not (is_protected and f in PLACES))


def note(
    act: Act, to: Office, ground: str, fields: Iterable[str], people: Iterable[Person]
) -> None:
    """Write down that fields of people went to an office, in the act's transaction."""
    text = " ".join(fields)
    Transfer.objects.bulk_create(
        Transfer(act=act, to_office=to, ground=ground, fields=text, subject=p) for p in people
    )
