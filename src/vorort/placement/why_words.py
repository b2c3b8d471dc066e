"""Sentences of the reasons of a household that go with no single place. German: Begründungstexte"""

from __future__ import annotations

from collections.abc import Sequence

from vorort.placement.groups import CLASS_WORDS, in_group
from vorort.placement.kept import floors_of
from vorort.placement.plan import Plan
from vorort.placement.problem import Party
from vorort.placement.sentences import Part
from vorort.placement.verdicts import Verdict
from vorort.vocabulary import Text


def sentence(text: Text) -> Text:
    return Text(*(x if x.endswith((".", "!")) else f"{x}." for x in (text.de, text.en)))


def floor_words(plan: Plan, party: Party) -> list[Text]:
    """Which floor a household counts for; and which goes before it where it waits."""
    bits = []
    is_placed = plan.of[party.id].home is not None if party.id in plan.of else True
    for floor in floors_of(plan):
        if in_group(party, floor.key):
            bits.append(Text(f"Zählt zur {floor.name.de}", f"Counts towards the {floor.name.en}"))
        elif not is_placed:
            bits.append(Text(f"Vorrang vor diesem Haushalt hat die {floor.name.de}",
                             f"The {floor.name.en} goes before this household"))  # fmt: skip
    return bits


def unplaced_words(party: Party, who: Text, verdicts: Sequence[Verdict]) -> Text:
    """Why nobody could place them, counted."""
    count = {a: sum(v.answer == a for v in verdicts) for a in ("possible", "full", "forbidden")}
    kind = CLASS_WORDS[party.urgency]
    if count["possible"]:
        why = Text(
            f"{count['possible']} Plätze wären erlaubt, sind aber zusammen gesehen anderen "
            "zugedacht",
            f"{count['possible']} places would be allowed, but together they go to others",
        )
    else:
        why = Text("kein Platz ist erlaubt und frei", "no place is allowed and free")
    return Text(
        f"{party.id} ({who.de}, {kind.de}) wartet: {why.de}; {count['full']} voll, "
        f"{count['forbidden']} durch Regeln ausgeschlossen.",
        f"{party.id} ({who.en}, {kind.en}) waits: {why.en}; {count['full']} full, "
        f"{count['forbidden']} ruled out.",
    )


def differing(mine: Sequence[Part], there: Sequence[Part]) -> list[Part]:
    """Parts that are worth another number of points there."""
    here = {p.goal: p.points for p in mine}
    return [p for p in there if here.get(p.goal, 0) != p.points]
