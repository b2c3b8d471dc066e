"""Who needs a place tonight, as typed without names; and as a party of placement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vorort.placement import Member, Party
from vorort.problems import Problem
from vorort.vocabulary import Text
from vorort.web import forms
from vorort.web.forms import Field

GROWN = 18
MOST = 20
OPEN, DONE = "open", "done"
# What counts tonight. The first two are facts of the people, the others features of a unit.
ASKED = (
    ("step_free", Text("stufenlos", "step-free")),
    ("protected", Text("besonderer Schutz", "special protection")),
    ("own_unit", Text("eigene Einheit", "a unit of their own")),
    ("women_only", Text("Haus nur für Frauen", "women only house")),
    ("ground_floor", Text("Erdgeschoss", "ground floor")),
    ("pets", Text("Haustier", "pet")),
)
FACTS = ("step_free", "protected")
FIELDS = (
    Field("frauen", Text("Frauen", "Women"), "number", high=MOST),
    Field("maenner", Text("Männer", "Men"), "number", high=MOST),
    Field("kinder", Text("Kinder", "Children"), "number", high=MOST),
    Field("andere", Text("weitere", "others"), "number", high=MOST,
          hint=Text("divers, unbekannt", "diverse, unknown")),
    Field("alter", Text("Alter der Kinder", "Ages of the children"),
          hint=Text("mit Komma, zum Beispiel 2, 6, 11; unbekannt: ?",
                    "by comma, for example 2, 6, 11; unknown: ?")),
    Field("untersuchung", Text("Erstuntersuchung", "First examination"), "choice",
          choices=((DONE, Text("liegt vor", "is done")), (OPEN, Text("fehlt noch", "is missing")))),
)  # fmt: skip
COUNTS = FIELDS[:4]


@dataclass(frozen=True, slots=True)
class Family:
    """People without names: how many, how old, what counts tonight. German: kurze Angabe"""

    women: int = 0
    men: int = 0
    others: int = 0
    children: tuple[int | None, ...] = ()
    screened: bool | None = None
    needs: tuple[str, ...] = ()

    @property
    def adults(self) -> int:
        """How many are grown."""
        return self.women + self.men + self.others

    @property
    def size(self) -> int:
        """How many they are."""
        return self.adults + len(self.children)

    def party(self) -> Party:
        """As placement sees them."""
        adults = ["f"] * self.women + ["m"] * self.men + [None] * self.others
        members = [Member(f"{n:02}", None, sex) for n, sex in enumerate(adults)]  # type: ignore[arg-type]
        members += [Member(f"{n:02}", age) for n, age in enumerate(self.children, len(members))]
        return Party(
            "", tuple(members), self.size, "step_free" in self.needs, "protected" in self.needs,
            self.screened, tuple(sorted(n for n in self.needs if n not in FACTS)),
        )  # fmt: skip


def read(sent: Any) -> tuple[Family, tuple[Problem, ...]]:
    """What the form says, and every complaint."""
    values, problems = forms.read(FIELDS, sent)
    counts = {f.name: values.get(f.name) or 0 for f in COUNTS}
    ages, wrong = _ages(values.get("alter") or "")
    missing = counts["kinder"] - len(ages)
    problems = (*problems, *wrong)
    if not problems and missing < 0:
        problems = (*problems, Problem(
            "", f"{len(ages)} Alter für {counts['kinder']} Kinder.",
            f"{len(ages)} ages for {counts['kinder']} children.",
            "Anzahl oder Alter berichtigen.", "Correct the number or the ages.", column="alter",
        ))  # fmt: skip
    size = sum(counts.values())
    if not problems and not 0 < size <= MOST:
        problems = (*problems, Problem(
            "", "Wie viele Personen?" if not size else f"Höchstens {MOST} Personen.",
            "How many people?" if not size else f"At most {MOST} people.",
            "Anzahl eintragen.", "Enter the number.", column="frauen",
        ))  # fmt: skip
    known = {"": None, OPEN: False, DONE: True}
    listed = sent.getlist("braucht") if hasattr(sent, "getlist") else ()
    chosen = tuple(code for code, _ in ASKED if code in listed)
    return Family(
        counts["frauen"], counts["maenner"], counts["andere"],
        (*ages, *[None] * max(0, missing)), known[values.get("untersuchung") or ""], chosen,
    ), problems  # fmt: skip


def _ages(text: str) -> tuple[list[int | None], tuple[Problem, ...]]:
    """Ages by comma or blank; a question mark is unknown."""
    found: list[int | None] = []
    for part in text.replace(";", ",").replace(" ", ",").split(","):
        word = part.strip()
        if word == "?":
            found.append(None)
        elif re.fullmatch("[0-9]{1,2}", word) and int(word) < GROWN:
            found.append(int(word))
        elif word:
            return [], (Problem(
                "", f"„{word[:20]}“ ist kein Alter eines Kindes.",
                f"“{word[:20]}” is no age of a child.",
                f"0 bis {GROWN - 1}, oder ? für unbekannt.", f"0 to {GROWN - 1}, or ? for unknown.",
                column="alter",
            ),)  # fmt: skip
    return found, ()


CHILDREN_DE = ("Kind", "Kinder", "Jahr", "Jahre", "und", "Alter unbekannt")
CHILDREN_EN = ("child", "children", "year", "years", "and", "age unknown")


def told(family: Family) -> Text:
    """4 Personen (1 Frau, Kinder 2, 6 und 11 Jahre)"""
    de, en = [], []
    for count, (one_de, more_de, one_en, more_en) in (
        (family.women, ("Frau", "Frauen", "woman", "women")),
        (family.men, ("Mann", "Männer", "man", "men")),
        (family.others, ("weitere Person", "weitere Personen", "other person", "other people")),
    ):
        if count:
            de.append(f"{count} {one_de if count == 1 else more_de}")
            en.append(f"{count} {one_en if count == 1 else more_en}")
    if family.children:
        de.append(_children(family.children, CHILDREN_DE))
        en.append(_children(family.children, CHILDREN_EN))
    people = ("Person", "person") if family.size == 1 else ("Personen", "people")
    return Text(f"{family.size} {people[0]} ({', '.join(de)})",
                f"{family.size} {people[1]} ({', '.join(en)})")  # fmt: skip


def _children(ages: tuple[int | None, ...], words: tuple[str, ...]) -> str:
    """Kinder 2, 6 und 11 Jahre; 2 Kinder, Alter unbekannt; Kinder 2 Jahre und 1 unbekannt"""
    one, more, year, years, and_, unknown = words
    known = [str(age) for age in sorted(a for a in ages if a is not None)]
    child = one if len(ages) == 1 else more
    if not known:
        return f"{len(ages)} {child}, {unknown}"
    missing = len(ages) - len(known)
    listed = known[0] if len(known) == 1 else f"{', '.join(known[:-1])} {and_} {known[-1]}"
    years = year if known == ["1"] else years
    return f"{child} {listed} {years}" + (f", {missing}: {unknown}" if missing else "")


def query(family: Family) -> Mapping[str, Any]:
    """The form's values again, to be sent along with a hold."""
    return {
        "frauen": family.women, "maenner": family.men, "andere": family.others,
        "kinder": len(family.children),
        "alter": ", ".join("?" if a is None else str(a) for a in family.children),
        "untersuchung": {None: "", False: OPEN, True: DONE}[family.screened],
        "braucht": list(family.needs),
    }  # fmt: skip
