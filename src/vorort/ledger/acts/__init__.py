"""Acts: each a pure function from a ledger to a ledger, or `Refused`. German: Vorgänge"""

from vorort.ledger.acts.corrections import conflicts, correct
from vorort.ledger.acts.entry import Entry
from vorort.ledger.acts.events import (
    Task,
    birth,
    block,
    emergency_move,
    enter,
    lease_end,
    over_occupy,
    record_event,
    separation,
)
from vorort.ledger.acts.places import (
    cancel,
    come_back,
    confirm,
    extend,
    grant,
    hold,
    keep,
    move_in,
    move_out,
    no_show,
    request,
    transfer,
)

__all__ = [
    "Entry",
    "Task",
    "birth",
    "block",
    "cancel",
    "come_back",
    "confirm",
    "conflicts",
    "correct",
    "emergency_move",
    "enter",
    "extend",
    "grant",
    "hold",
    "keep",
    "lease_end",
    "move_in",
    "move_out",
    "no_show",
    "over_occupy",
    "record_event",
    "request",
    "separation",
    "transfer",
]
