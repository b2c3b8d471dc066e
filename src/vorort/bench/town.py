"""The benchmark town: rules that an agent program and the queue engine both carry out.

Five services, 5,000 newcomers, 120 months. In each month, in this order: (1) people leave, find a
flat of their own, finish a course or their counselling, grow out of Kita and school, find work;
(2) the month's arrivals join the queues; (3) each queue is served first come, first served, as far
as there are places; (4) places in use, people waiting and people in work are counted.

Everybody wants a bed on arrival. Children under six want a Kita seat, from six to eighteen a seat
at school, adults a course and counselling. All figures are invented; they mean nothing but work.
"""

from __future__ import annotations

import numpy as np

MONTHS = 120
PEOPLE = 5_000
SERVICES = ("bed", "kita", "school", "course", "counselling")
BED, KITA, SCHOOL, COURSE, COUNSELLING = range(5)
PLACES = (900, 150, 400, 250, 300)
SERIES = (*SERVICES, *(f"waiting for {name}" for name in SERVICES), "in work")

LEAVES, OWN_FLAT, COUNSELLED = 0.008, 0.03, 0.12  # chance a month
COURSE_MONTHS, COURSES = 7, 2  # length of a course; how often it may be taken
PASSES = 0.55
WORK_BEFORE, WORK_AFTER = 0.004, 0.02  # chance a month before and after a passed course
SCHOOL_AGE, GROWN_UP = 72, 216  # months
SMALL_SHARE, SCHOOL_SHARE = 0.13, 0.25  # of arrivals: under six, from six to eighteen

# One cell for each unit of weight: the second year brings six times as many people a month.
ARRIVAL_MONTH = np.repeat(
    np.arange(MONTHS), np.where((np.arange(MONTHS) >= 12) & (np.arange(MONTHS) < 24), 6, 1)
).astype(np.int32)
