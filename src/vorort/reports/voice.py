"""Figures, dates and words the way a German or an English reader expects them.

German typography after the style guide of the screens: ``2.558``, ``80 %`` with a no-break space,
ranges with *bis*, a true minus sign. Unknown is written out, never 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

from vorort.reports.words import WORDS

Quantiles = Mapping[str, float]

NBSP = "\u00a0"
THIN = "\u202f"  # narrow no-break space, where a cell has no room
MINUS = "\u2212"
MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "en": "January February March April May June July August September October November December",
}
SHORT = {
    "de": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}


def step_for(spread: float) -> int:
    """The unit a figure is rounded to: a power of ten, at most a twentieth of its band."""
    return 10 ** max(0, math.floor(math.log10(spread / 20))) if spread >= 20 else 1


class Voice:
    """Speaks one language; every text of the report comes from here."""

    def __init__(self, lang: str) -> None:
        if lang not in MONTHS:
            raise ValueError(f"lang must be de or en, not {lang!r}")
        self.lang: Literal["de", "en"] = "en" if lang == "en" else "de"

    def __call__(self, key: str, **fields: object) -> str:
        """The words of a key with its fields filled in."""
        words = WORDS[key][0 if self.lang == "de" else 1]
        return words.format(**fields) if fields else words

    def of(self, both: Any, otherwise: str = "") -> str:
        """One of the two languages of a ``{de, en}`` pair; plain text is passed through."""
        if isinstance(both, Mapping):
            return str(both.get(self.lang) or both.get("de") or otherwise)
        return str(both) if both else otherwise

    def number(self, value: float | None, digits: int = 0) -> str:
        """``2.558`` or ``2,558``; at most ``digits`` decimals, None is *unknown*."""
        if value is None or math.isnan(value):
            return self("unknown")
        written = f"{abs(value):,.{digits}f}"
        negative = value < 0 and any(c in "123456789" for c in written)
        if self.lang == "de":
            written = written.translate(str.maketrans(",.", ".,"))
        return (MINUS if negative else "") + written

    def exact(self, value: float | None, unit: str = "") -> str:
        """A parameter's worth with the decimals it needs, at most four significant."""
        if value is None:
            return self("unknown")
        digits = 0 if value == round(value) else max(0, 3 - math.floor(math.log10(abs(value))))
        written = self.number(value, min(digits, 6))
        mark = "," if self.lang == "de" else "."
        if mark in written and digits:
            written = written.rstrip("0").rstrip(mark)
        return f"{written}{NBSP}{unit}" if unit else written

    def about(self, value: float | None, spread: float = 0) -> str:
        """A figure rounded to what its band allows."""
        if value is None:
            return self("unknown")
        step = step_for(spread)
        return self.number(round(value / step) * step)

    def middle(self, band: Quantiles | None) -> str:
        """The median, rounded by the width of its 90 % band."""
        return self("unknown") if band is None else self.about(band["0.5"], width(band))

    def span(self, band: Quantiles | None, low: str = "0.05", high: str = "0.95") -> str:
        """``20 bis 220``; one figure where both ends round to the same."""
        if band is None:
            return self("unknown")
        ends = [self.about(band[key], width(band)) for key in (low, high)]
        return ends[0] if ends[0] == ends[1] else self("span", low=ends[0], high=ends[1])

    def signed(self, value: float) -> str:
        """``+96`` or ``−84``."""
        return ("+" if value > 0 else "") + self.number(value)

    def share(self, value: float | None, unit: bool = True) -> str:
        """A probability in percent: 0 only where it never happened, ``> 98`` near certainty."""
        if value is None:
            return self("unknown")
        if 0 < value < 0.005:
            written = f"<{NBSP}1"
        elif value > 0.985:
            written = f">{NBSP}98"
        else:
            written = str(per_cent(value))
        return (
            f"{written}{NBSP}%" if unit and self.lang == "de" else written + ("%" if unit else "")
        )

    def share_words(self, value: float | None) -> str:
        """``share`` for running text: *mehr als 98 %* instead of a sign."""
        written = self.share(value)
        for sign, key in ((">", "more_than"), ("<", "less_than")):
            written = written.replace(f"{sign}{NBSP}", self(key) + " ")
        return written

    def percent(self, value: float | None) -> str:
        """A plain percentage without the limits of ``share`` (errors may exceed 100)."""
        if value is None:
            return self("unknown")
        return self.number(100 * value) + (f"{NBSP}%" if self.lang == "de" else "%")

    def euro(self, value: float | None, spread: float = 0) -> str:
        """``0,9 Mio. €``, ``120.000 €``."""
        if value is None:
            return self("unknown")
        if abs(value) >= 1e6:
            return f"{self.number(value / 1e6, 1)}{NBSP}{self('million')}{NBSP}€"
        return f"{self.about(value, max(spread, abs(value)))}{NBSP}€"

    def euros(self, band: Quantiles | None) -> str:
        """Range of an amount of money, the 5 % to the 95 % quantile."""
        if band is None:
            return self("unknown")
        ends = [self.euro(band[key], band["0.95"] - band["0.05"]) for key in ("0.05", "0.95")]
        return ends[0] if ends[0] == ends[1] else self("span", low=ends[0], high=ends[1])

    def month(self, month: str | None, short: bool = False, year: bool = True) -> str:
        """``2027-04`` as *April 2027* or *Apr 2027*."""
        if not month:
            return self("never")
        names = (SHORT if short else MONTHS)[self.lang].split()
        name = names[int(month[5:7]) - 1]
        return f"{name} {month[:4]}" if year else name

    def day(self, iso: str | None) -> str:
        """``2027-04-05`` as *5. April 2027* or *5 April 2027*; other texts unchanged."""
        if not iso:
            return self("unknown")
        if len(iso) == 7:
            return self.month(iso)
        try:
            day = date.fromisoformat(iso[:10])
        except ValueError:
            return iso
        dot = "." if self.lang == "de" else ""
        return f"{day.day}{dot} {MONTHS[self.lang].split()[day.month - 1]} {day.year}"

    def week(self, iso: str | None) -> str:
        """The week that holds a day, named by its Monday; accepts 2027-04-05 and 2027-W14."""
        if not iso:
            return self("unknown")
        day = date.fromisoformat(iso)
        return self("week", day=self.day((day - timedelta(days=day.weekday())).isoformat()))


def per_cent(share: float) -> int:
    """The whole percentage that is printed for a share."""
    return round(100 * share)


def width(band: Quantiles) -> float:
    """Width of the 90 % band."""
    return band["0.95"] - band["0.05"]
