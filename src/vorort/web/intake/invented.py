"""Invented names for the people of a demo, from given names and endings put together by luck.

Nobody's name, and no hint at anybody's origin: the same syllables for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from vorort.ledger.names import sounds
from vorort.web import bulk
from vorort.web.intake.models import Membership, Name, Person

GIVEN = {
    "f": ("Amira", "Olena", "Sara", "Lina", "Mariam", "Nadia", "Iryna", "Hana", "Rana", "Daria",
          "Yara", "Selma", "Zoya", "Leila", "Anna", "Maya", "Rosa", "Tala"),
    "m": ("Karim", "Andrij", "Yusuf", "Omar", "Sami", "Bohdan", "Ivan", "Malik", "Adam", "Nuri",
          "Taras", "Idris", "Emil", "Rami", "Jonas", "Marko", "Tarek", "Levan"),
}  # fmt: skip
FIRST = ("Ba", "Ko", "Sal", "Mir", "Tes", "Had", "Or", "Lev", "Nas", "Gor", "Fa", "Dem", "Zar",
         "Bel", "Kas", "Ruz", "Yan", "Ham")  # fmt: skip
LAST = ("dari", "enko", "amin", "ova", "ridi", "man", "as", "tan", "uri", "chuk", "ani", "adze",
        "osh", "im", "ela", "un", "avi", "ek")  # fmt: skip


def name_everybody(seed: int = 1, wrote: bulk.Wrote = bulk.quietly) -> None:
    """A name for each person, one family name for each household; the same for the same seed."""
    bulk.write(Name, _names(Random(seed)), wrote)  # noqa: S311 invented people, nothing secret


def _names(luck: Random) -> Iterator[bulk.Row]:
    families: dict[int, str] = {}
    heard: dict[tuple[str, str], str] = {}
    households = dict(Membership.objects.order_by("id").values_list("person_id", "household_id"))
    people = Person.objects.order_by("number").values_list("pk", "sex")
    for person, sex in list(people):
        household = households.get(person, 0)
        if household not in families:
            families[household] = luck.choice(FIRST) + luck.choice(LAST)
        family = families[household]
        given = luck.choice(GIVEN.get(sex or "", GIVEN["f"] + GIVEN["m"]))
        if (family, given) not in heard:
            heard[family, given] = " ".join(sounds(family, given))
        yield {"person_id": person, "family": family, "given": given, "sound": heard[family, given]}
