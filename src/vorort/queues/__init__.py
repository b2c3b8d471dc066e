"""Queues: who gets a place when. One compiled kernel serves every domain, lane by lane.

A lane is one queue of one draw: draw x pool, where a pool is a size of flat, a level of school, an
age of childcare. A domain admits on its own admission days (every day, every Monday, the first of
August, course starts). A rate is a stock: a weekly appointment is a place held for seven days, so
unused appointments perish. Nobody is evicted: where places go away, admission stops.
"""

from vorort.queues.queue import Capacity, Served, Step, Trigger, present, serve

__all__ = ["Capacity", "Served", "Step", "Trigger", "present", "serve"]
