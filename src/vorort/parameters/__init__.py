"""Parameters: no value without a source. German: Kennwerte

``load`` reads folders into a ``Catalogue``, ``resolve`` says what holds on a day in a Land and a
Kommune, ``Resolved.values`` draws from it. Nothing here imports compiled code at start-up.
"""

from vorort.parameters.catalogue import Catalogue, load, own_values, read_own
from vorort.parameters.listing import Row, Story, rows, story
from vorort.parameters.resolve import Backtest, Choice, Resolved, resolve
from vorort.parameters.schema import Head

__all__ = [
    "Backtest", "Catalogue", "Choice", "Head", "Resolved", "Row", "Story",
    "load", "own_values", "read_own", "resolve", "rows", "story",
]  # fmt: skip
