"""What a decision of a person has moved: who else, from where to where, what is proved of it.

German: Folgen eines Eingriffs
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from vorort.placement.override import CONSEQUENCES, Override, complaint
from vorort.placement.plan import Plan
from vorort.placement.sentences import day_text, joined, points_text
from vorort.problems import Problem as Complaint
from vorort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody whose proposed place differs; no units = no place. German: Verschiebung"""

    household: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    start_before: date | None = None
    start_after: date | None = None

    @property
    def words(self) -> Text:
        """From where to where."""
        old, new = " + ".join(self.before), " + ".join(self.after)
        if not self.after:
            return Text(f"{self.household}: verliert {old}, wartet.",
                        f"{self.household}: loses {old}, waits.")  # fmt: skip
        if not self.before:
            return Text(f"{self.household}: wartete, bekommt {new}.",
                        f"{self.household}: waited, gets {new}.")  # fmt: skip
        if old == new and self.start_after:
            day = day_text(self.start_after)
            return Text(f"{self.household}: {old}, nun ab {day.de}.",
                        f"{self.household}: {old}, now from {day.en}.")  # fmt: skip
        return Text(f"{self.household}: von {old} nach {new}.",
                    f"{self.household}: from {old} to {new}.")  # fmt: skip


@dataclass(frozen=True)
class Redone:
    """A plan after a decision of a person. ``own``: the households it was about; ``moved``: others
    who had a place and now have another or none; ``gained``: those who waited and got one.
    ``is_fewest``: proved that fewer others cannot move. Where somebody is left without a place:
    ``is_impossible``: proved that everybody cannot have one; ``needed``: for that so many others
    would have to move at least. ``is_bound_loose``: the plan's bound holds, but it is far off.
    """

    plan: Plan
    override: Override
    own: tuple[Moved, ...]
    moved: tuple[Moved, ...]
    gained: tuple[Moved, ...]
    limit: int
    is_fewest: bool
    is_shown: bool  # proved: with no more than ``limit`` others moved there is no plan, or fewest
    points: int  # value now less value before, thousandths
    is_impossible: bool = False
    needed: int = 0
    is_bound_loose: bool = False
    words: Text = field(default_factory=lambda: Text("", ""))

    @property
    def needs_consent(self) -> bool:
        """More others move than allowed unasked, and nobody has proved that they must."""
        return not (self.is_within or self.is_shown)

    @property
    def loses(self) -> bool:
        """Is somebody left without a place who had one and did not give it up?"""
        waits = self.override.kind == "decline" and self.override.consequence == "waits"
        return any(not m.after for m in (*self.moved, *(() if waits else self.own)) if m.before)

    @property
    def why_lost(self) -> Text | None:
        """Why not everybody has a place, where somebody is left without."""
        return _why_lost(self) if self.loses else None

    @property
    def is_within(self) -> bool:
        """No more others move than allowed without being asked."""
        return len(self.moved) <= self.limit


def too_many(found: Redone) -> Complaint:
    """Why a decision is not carried out unasked."""
    count, name = len(found.moved), found.override.household
    return complaint(
        Text(f"{name}: Gefunden ist nur ein Vorschlag, für den {count} andere umziehen; ohne "
             f"Rückfrage dürfen es {found.limit} sein. Dass es mit weniger nicht geht, ist nicht "
             "bewiesen.",
             f"{name}: only a proposal was found for which {count} others move; unasked "
             f"{found.limit} may. That fewer is impossible is not proved."),
        Text("Einen anderen Platz wählen, oder ausdrücklich zustimmen.",
             "Choose another place, or agree explicitly."),
    )  # fmt: skip


def not_solved(override: Override) -> Complaint:
    """The solver has stopped at its limit with no plan and no proof that there is none."""
    name = override.household
    return complaint(
        Text(f"{name}: In der vorgesehenen Rechenarbeit ist kein Vorschlag gefunden. Dass es "
             "keinen gibt, ist nicht bewiesen.",
             f"{name}: with the work allowed no proposal was found. That there is none is not "
             "proved."),
        Text("Einen anderen Platz wählen, oder die Woche neu rechnen.",
             "Choose another place, or solve the week anew."),
    )  # fmt: skip


def told_in_words(found: Redone) -> Text:
    """What happened, in a few sentences."""
    bits = [m.words for m in found.own]
    if not found.own:
        bits.append(Text("Der Haushalt bleibt, wo er war.", "The household stays where it was."))
    if found.override.kind == "decline":
        bits.append(CONSEQUENCES[found.override.consequence])
    count = len(found.moved)
    if not count:
        bits.append(Text("Sonst verschiebt sich niemand.", "Nobody else moves."))
    else:
        who = joined([m.words for m in found.moved])
        bits.append(Text(
            f"{count} {'anderer Haushalt verschiebt' if count == 1 else 'andere verschieben'} "
            f"sich: {who.de}",
            f"{count} {'other household moves' if count == 1 else 'others move'}: {who.en}",
        ))  # fmt: skip
        bits.append(_how_sure(found))
    if found.why_lost:
        bits.append(found.why_lost)
    bits += [m.words for m in found.gained]
    points = points_text(abs(found.points))
    more = found.points >= 0
    bits.append(Text(
        f"Wert des Vorschlags: {points.de} {'mehr' if more else 'weniger'} als zuvor.",
        f"Value of the proposal: {points.en} {'more' if more else 'fewer'} than before.",
    ))  # fmt: skip
    return joined(bits)


def _how_sure(found: Redone) -> Text:
    """Whether fewer would do."""
    if found.is_fewest:
        return Text("Mit weniger geht es nicht (bewiesen).", "Fewer is impossible (proved).")
    if found.is_shown and not found.is_within:
        return Text(f"Mit höchstens {found.limit} geht es nicht (bewiesen).",
                    f"With {found.limit} at most it is impossible (proved).")  # fmt: skip
    return Text("Ob es mit weniger ginge, ist nicht bewiesen.",
                "Whether fewer would do is not proved.")  # fmt: skip


def _why_lost(found: Redone) -> Text:
    """Why not everybody has a place."""
    if found.is_impossible:
        return Text("Dass alle einen Platz behalten, ist unmöglich (bewiesen).",
                    "That everybody keeps a place is impossible (proved).")  # fmt: skip
    if found.needed > found.limit:
        return Text(
            f"Damit alle einen Platz behielten, müssten mindestens {found.needed} andere umziehen "
            "(bewiesen).",
            f"For everybody to keep a place at least {found.needed} others would have to move "
            "(proved).",
        )
    return Text("Ein Vorschlag, in dem alle einen Platz behalten, ist nicht gefunden; dass es "
                "keinen gibt, ist nicht bewiesen.",
                "No proposal was found in which everybody keeps a place; that there is none is "
                "not proved.")  # fmt: skip
