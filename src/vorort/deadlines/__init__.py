"""Legal dates of persons, from dated rules, each with the office that owns it. German: Fristen"""

from vorort.deadlines.clocks import Deadline, Subject, deadlines, state_of
from vorort.deadlines.rules import Rule, Rules, read_rules

__all__ = [
    "Deadline", "Rule", "Rules", "Subject", "deadlines", "read_rules", "state_of",
]  # fmt: skip
