"""The ledger: people x places x time, pure and without a clock. German: Platzbuch"""

from vorort.ledger.book import BEDS, Ledger, age_on
from vorort.ledger.capacity import BLOCKS, CapacityPlan
from vorort.ledger.free import (
    WHY_NOT,
    Offer,
    first_full,
    free_for,
    free_until,
    may_join,
    sexes_allowed,
    why_not,
)
from vorort.ledger.lists import (
    AGES,
    Difference,
    Gap,
    age_group,
    differences,
    expired_holds,
    incomplete,
    is_minor_alone,
    over_occupied,
    overdue,
    stale,
    unaccompanied_minors,
)
from vorort.ledger.occupancy import Occupancy, UnitDay, bucket_of, is_expired, occupancy, timeline
from vorort.ledger.steps import CapacitySteps, Change, capacity_steps

__all__ = [
    "AGES",
    "BEDS",
    "BLOCKS",
    "WHY_NOT",
    "CapacityPlan",
    "CapacitySteps",
    "Change",
    "Difference",
    "Gap",
    "Ledger",
    "Occupancy",
    "Offer",
    "UnitDay",
    "age_group",
    "age_on",
    "bucket_of",
    "capacity_steps",
    "differences",
    "expired_holds",
    "first_full",
    "free_for",
    "free_until",
    "incomplete",
    "is_expired",
    "is_minor_alone",
    "may_join",
    "occupancy",
    "over_occupied",
    "overdue",
    "sexes_allowed",
    "stale",
    "timeline",
    "unaccompanied_minors",
    "why_not",
]
