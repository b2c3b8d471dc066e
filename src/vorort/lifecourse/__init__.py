"""What becomes of people: decision, move-out right, departure, return, births.

German: Lebenslauf
"""

from vorort.lifecourse.course import complete

__all__ = ["complete"]
