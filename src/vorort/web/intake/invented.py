"""Invented names for the people of a demo, from given names and endings put together by luck.

Nobody's name, and no hint at anybody's origin: the same syllables for all.
"""

from __future__ import annotations

from random import Random

from vorort.ledger.names import sounds
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


def name_everybody(seed: int = 1) -> None:
    """A name for each person, one family name for each household; the same for the same seed."""
    luck = Random(seed)  # noqa: S311 invented people, nothing secret
    families: dict[int, str] = {}
    rows = []
    households = dict(Membership.objects.order_by("id").values_list("person_id", "household_id"))
    for person in Person.objects.order_by("number"):
        household = households.get(person.pk, 0)
        if household not in families:
            families[household] = luck.choice(FIRST) + luck.choice(LAST)
        given = luck.choice(GIVEN.get(person.sex or "", GIVEN["f"] + GIVEN["m"]))
        family = families[household]
        rows.append(
            Name(person=person, family=family, given=given, sound=" ".join(sounds(family, given)))
        )
    Name.objects.bulk_create(rows, batch_size=500)
