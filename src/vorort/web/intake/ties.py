"""What hangs on a person or a household, and what of it goes over when two records become one.

A test walks the database: a table that names a person or a household stands in one of these lists.

German: was mitgeht
"""

from __future__ import annotations

from typing import Any

from vorort.web.accounts.models import ActValue, ReadLog, Transfer
from vorort.web.deadlines.models import Moved
from vorort.web.intake.models import (
    LegalBasis,
    Name,
    Need,
    NotSame,
    Person,
    Vulnerability,
    Wish,
)
from vorort.web.lists.models import Line, OwnNumber
from vorort.web.placing.models import Stay, StayOld
from vorort.web.proposals import models as placement
from vorort.web.requests.models import Request
from vorort.web.retention.models import LegalHold
from vorort.web.tasks.models import Task

Ties = dict[str, tuple[Any, str]]  # name -> table and the column that names whom

# The names are kept with each merge: one that has been used stays what it is.
OF_PERSON: Ties = {
    "stay": (Stay, "person_id"), "stay_old": (StayOld, "person_id"),
    "legal_basis": (LegalBasis, "person_id"), "name": (Name, "person_id"),
    "need": (Need, "person_id"), "vulnerability": (Vulnerability, "person_id"),
    "task": (Task, "person_id"), "act_value": (ActValue, "subject_id"),
    "read_log": (ReadLog, "subject_id"), "transfer": (Transfer, "subject_id"),
    "request": (Request, "person_id"), "requirement": (placement.Requirement, "person_id"),
    "open_need": (placement.OpenNeed, "person_id"), "letter": (placement.Letter, "person_id"),
    "legal_hold": (LegalHold, "person_id"), "own_number": (OwnNumber, "person_id"),
    "line_who": (Line, "who_id"), "moved_date": (Moved, "person_id"),
    "merged_before": (Person, "same_as_id"),
    "not_same_one": (NotSame, "one_id"), "not_same_other": (NotSame, "other_id"),
}  # fmt: skip
# Of these the household is that of the person, also where it goes on without them.
WITH_THEIR_HOME: Ties = {
    "task_home": (Task, "household_id"),
    "requirement_home": (placement.Requirement, "household_id"),
    "open_need_home": (placement.OpenNeed, "household_id"),
}  # fmt: skip
# Of a household all of whose people are on record elsewhere.
OF_HOUSEHOLD: Ties = {
    **WITH_THEIR_HOME,
    "wish_home": (Wish, "household_id"), "wished_home": (placement.Wish, "household_id"),
    "exclusion_home": (placement.Exclusion, "household_id"),
    "exclusion_other": (placement.Exclusion, "other_id"),
    "lock_home": (placement.Lock, "household_id"),
    "decline_home": (placement.Decline, "household_id"),
    "letter_home": (placement.Letter, "household_id"), "moved_home": (Moved, "household_id"),
}  # fmt: skip
# Wishes to live near a household name it by its number.
NEAR: Ties = {"near": (Wish, "what"), "near_wished": (placement.Wish, "target")}
TIES: Ties = {**OF_PERSON, **OF_HOUSEHOLD, **NEAR}

# Table and column -> why it stays with the record that goes.
STAYS: dict[tuple[str, str], str] = {
    ("Membership", "person_id"): "where it belonged: from this two records are made again",
    ("Membership", "household_id"): "where its people belonged, for the same reason",
    ("Merge", "kept_id"): "says itself which record became which",
    ("Merge", "gone_id"): "says itself which record became which",
    ("Line", "person_id"): "which record a row of a list has made, to take the list back",
    ("Due", "person_id"): "reckoned anew from the record that counts",
    ("Due", "household_id"): "reckoned anew from the record that counts",
    ("RunInput", "person_id"): "what a run was given, kept as it was so that it can be repeated",
    ("RunInput", "household_id"): "what a run was given, kept as it was",
    ("RunInput", "other_id"): "what a run was given, kept as it was",
    ("Proposal", "household_id"): "what a run answered, kept as it was; the next answers anew",
    ("SeatProposal", "person_id"): "what a run answered, kept as it was",
    ("SeatProposal", "household_id"): "what a run answered, kept as it was",
    ("FloorLoss", "household_id"): "what a run answered, kept as it was",
}
