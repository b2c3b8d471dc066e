"""Placement: proposals, with reasons, where each household and each of its needs goes.

People decide; the machine proposes. German: Vergabe. The public surface::

    problem = problem_of(ledger, day, files, around)      # or problem_of_folder(folder)
    plan = place(problem)                                 # Plan: assigned, seats, objective, bound
    told(plan)                                            # the JSON of DESIGN 14

    homes = homes_of(problem)                             # what could be assigned, as columns
    answer = tonight(problem, problem.party["H-1"], homes)
    answer.fits[0].home.units, answer.fits[0].words       # ranked, each in words
    answer.refused, answer.refused_by_rule                # every other unit with its rule
    nearest_seats(problem, "childcare", "o3", "mitte")    # unknown minutes stay unknown
    misses(party, homes)                                  # no home: which rule, by how much

    explained = Explained(plan)                           # why here, why not there
    explained.why("H-1")                                  # sentences, runners-up, every place
    explained.forced("H-1", ("E3",))                      # one place, exact: on click
    found = redo(plan, Override("lock", "H-1", ("E3",)))  # or forbid, swap, decline, free
    found.plan, found.moved, found.words                  # who else moves, from where to where

    changes(explained, "H-2"), worths(explained)          # what would have to change; one more
    fairness(plan).of("sex"), floored(plan, "sex", "women", 900)
    holding(problem, outlook_json).within(problem)        # rare units held back, by prices
    snapshot(plan).text, read_snapshot(text)              # the whole run, same bytes
    compared(old, new).differences                        # who goes elsewhere, and why
    altered(old.problem, new.problem)                     # what differs in the input
    pooled(plan)                                          # the sheet without small groups

A `Problem` is frozen and sorted by key; ``problem.changed(locks=...)`` is the same one with another
lock. Rules (`rules/`) and goals (`goals/`) are one file each, found by `all_rules`, `all_goals`;
`broken(party, homes)` says which rule forbids which home, ``rule.because`` says it in words,
`parts(party, homes)` what each goal gives. Points are whole thousandths everywhere.
"""

from vorort.placement.altered import Altered, altered
from vorort.placement.change import Change, Kind, Worth, change_for, changes, kinds, worth, worths
from vorort.placement.compare import Comparison, Difference, SeatMoved, compared
from vorort.placement.fairness import Group, Sheet, fairness
from vorort.placement.floors import Floor, floored
from vorort.placement.gather import Surroundings, lodgings_of, open_needs_of, problem_of
from vorort.placement.goals import Goal, all_goals, home_points, parts
from vorort.placement.groups import FLOORS, SHEETS, floor_text
from vorort.placement.holding import Holding, holding, told_of
from vorort.placement.homes import Home, Homes, homes_of
from vorort.placement.misses import Miss, misses
from vorort.placement.options import Options, admissible, options_of
from vorort.placement.override import Decline, Override, locks_of
from vorort.placement.plan import Assigned, Plan
from vorort.placement.pooled import pooled
from vorort.placement.problem import (
    CLASSES,
    HeldBack,
    HeldSeat,
    LeftOut,
    Lodging,
    Member,
    Party,
    Problem,
    SeatLimit,
    SeatNeed,
    Seats,
    Step,
    There,
)
from vorort.placement.redo import redo
from vorort.placement.redone import Moved, Redone
from vorort.placement.replay import Replay, replay
from vorort.placement.reserve import Cost, Reserve, cost_today, futures_of, reserve
from vorort.placement.rulebook import SETTINGS, Rulebook, read_rulebook
from vorort.placement.rules import Rule, all_rules, broken
from vorort.placement.seats import Granted
from vorort.placement.snapshot import Snapshot, input_hash, read_snapshot, snapshot
from vorort.placement.solve import place
from vorort.placement.told import told
from vorort.placement.tonight import Fit, Near, Refusal, Tonight, nearest_seats, tonight
from vorort.placement.why import Explained, Forced, Loss, RunnerUp, Why, why_not

__all__ = [
    "CLASSES", "FLOORS", "SETTINGS", "SHEETS", "Altered", "Assigned", "Change", "Comparison",
    "Cost", "Decline", "Difference", "Explained", "Fit", "Floor", "Forced", "Goal", "Granted",
    "Group", "HeldBack", "HeldSeat", "Holding", "Home", "Homes", "Kind", "LeftOut", "Lodging",
    "Loss", "Member", "Miss", "Moved", "Near", "Options", "Override", "Party", "Plan", "Problem",
    "Redone", "Refusal", "Replay", "Reserve", "Rule", "Rulebook", "RunnerUp", "SeatLimit",
    "SeatMoved", "SeatNeed", "Seats", "Sheet", "Snapshot", "Step", "Surroundings", "There",
    "Tonight", "Why", "Worth", "admissible", "all_goals", "all_rules", "altered", "broken",
    "change_for", "changes", "compared", "cost_today", "fairness", "floor_text", "floored",
    "futures_of", "holding", "home_points", "homes_of", "input_hash", "kinds", "locks_of",
    "lodgings_of", "misses", "nearest_seats", "open_needs_of", "options_of", "parts", "place",
    "pooled", "problem_of", "read_rulebook", "read_snapshot", "redo", "replay", "reserve",
    "snapshot", "told", "told_of", "tonight", "why_not", "worth", "worths",
]  # fmt: skip
