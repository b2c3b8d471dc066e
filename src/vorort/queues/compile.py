"""Compile the kernel and the luck once, at set-up: ``python -m vorort.queues.compile``.

The compiled code is kept in the cache beside the source, so that no first run waits for it.
"""

from __future__ import annotations

import numpy as np

from vorort import luck
from vorort.columns import Dates, Discipline, Needs
from vorort.queues import Capacity, Step, present, serve


def compile_all() -> None:
    """Call every compiled function once with the types that a run uses."""
    day = np.arange(3, dtype=np.int32)
    dates = Dates(day, 3)
    key = luck.worlds(1, np.arange(3))
    luck.poisson(luck.uniform(key, "warm"), np.full(3, 1.0))
    luck.normal(key, "warm")
    needs = Needs(who=day, start=day, end=day + np.int32(2))
    capacity = Capacity(np.ones((1, 1), np.int32), (Step(day[:1], day[:1]),))
    served = serve(needs, day * np.int32(0), 1, day < 0, capacity, Discipline(dates), dates)
    present(day * np.int32(0), 1, needs.start, served.done, 1, dates)


if __name__ == "__main__":
    compile_all()
