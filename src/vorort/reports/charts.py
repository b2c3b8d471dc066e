"""Pictures: Altair describes them, vl-convert draws them, ``ink`` fits them into the page.

Everything is drawn at its natural size with 15 px text and direct labels; a narrow screen scrolls
the picture instead of shrinking it. Texts lie in pixels (``scale=None``), marks in data units.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import altair as alt
import vl_convert as vlc
from altair.utils import schemapi

from vorort.reports.ink import ink

Rows = list[dict[str, Any]]
Layers = list[Any]

LINE = 19  # px between two lines of text
LETTER = 7.6  # px, mean width of a letter at 15 px
_VEGA_LITE = "6.4"
# Altair checks each piece against its schema as it is made: half of a report's time. A test does.
schemapi.disable_debug_mode()


@dataclass(frozen=True)
class Label:
    """Words at the right edge, at the height of the value they name."""

    words: str
    value: float
    ink: str = "text"
    bold: bool = False


@dataclass(frozen=True)
class Flag:
    """Words above the plot with a thin rule down to a moment, ``x`` in axis units."""

    words: str
    x: float
    foot: float  # value at which the rule ends
    ink: str = "capacity"


@dataclass(frozen=True)
class Frame:
    """The sheet all charts share: size in px, axes in data units.

    ``ticks`` are (x, label, year or ""), ``levels`` are (y, label) of the grid lines.
    """

    x_low: float
    x_high: float
    y_low: float
    y_high: float
    ticks: Sequence[tuple[float, str, str]]
    levels: Sequence[tuple[float, str]]
    width: int = 696
    height: int = 250
    right: int = 200
    labels: Sequence[Label] = ()
    flags: Sequence[Flag] = ()
    left: int = field(default=64)

    def px(self, x: float) -> float:
        """Pixels from the left of the plot."""
        return (x - self.x_low) / (self.x_high - self.x_low) * self.width

    def py(self, y: float) -> float:
        """Pixels from the top of the plot."""
        return (self.y_high - y) / (self.y_high - self.y_low) * self.height


def nice_axis(values: Iterable[float], from_zero: bool = False) -> tuple[float, float, list[float]]:
    """Bounds and about four ticks that hold all values, at steps of 1, 2 or 5."""
    known = list(values)
    low, high = (min(0.0, *known) if from_zero else min(known)), max(known)
    if not from_zero and low > 0 and low < 0.4 * high:
        low = 0.0
    spread = max(high - low, 1.0)
    size = 10.0 ** math.floor(math.log10(spread / 4))
    step = max(1.0, next(size * k for k in (1, 2, 5, 10) if spread / (size * k) <= 5))
    bottom, top = math.floor(low / step) * step, math.ceil(high / step) * step
    top = top if top > bottom else bottom + step
    count = round((top - bottom) / step)
    return bottom, top, [bottom + step * i for i in range(count + 1)]


def in_lanes(flags: Sequence[Flag], frame: Frame) -> list[tuple[Flag, int, str]]:
    """Each flag with its lane above the plot (0 is lowest) and the side its words stand on.

    From right to left, and above everything that begins under its words: so no rule crosses words.
    """
    placed: list[tuple[Flag, int, str]] = []
    for flag in sorted(flags, key=lambda f: -f.x):
        start, size = frame.px(flag.x), len(flag.words) * LETTER + 14
        fits = start + size <= frame.width + frame.right
        end = start + size if fits else start + 4
        lane = max((n + 1 for other, n, _ in placed if frame.px(other.x) < end), default=0)
        if any(side == "right" for _, _, side in placed):
            lane = max(lane, 1 + max(n for _, n, side in placed if side == "right"))
        placed.append((flag, lane, "left" if fits else "right"))
    return placed


def spread_out(heights: Sequence[float], low: float, high: float) -> list[float]:
    """Heights moved apart to a line each, in the same order, kept within the bounds."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    moved = [min(max(h, low), high) for h in heights]
    for before, this in pairwise(order):
        moved[this] = max(moved[this], moved[before] + LINE)
    for after, this in pairwise(reversed(order)):
        moved[order[-1]] = min(moved[order[-1]], high)
        moved[this] = min(moved[this], moved[after] - LINE)
    return moved


def draw(frame: Frame, marks: Layers) -> str:
    """The SVG of all layers on one sheet."""
    placed = in_lanes(frame.flags, frame)
    lanes = max((lane for _, lane, _ in placed), default=-1) + 1
    layers = [_grid(frame), *marks, *_flags(placed, frame), *_words(frame)]
    chart = (
        alt.layer(*layers)
        .properties(
            width=frame.width,
            height=frame.height,
            autosize=alt.AutoSizeParams(type="none"),
            padding={
                "left": frame.left,
                "right": frame.right,
                "top": 14 + lanes * LINE,
                "bottom": 48,
            },
        )
        .configure_view(stroke=None)
    )
    return vlc.vegalite_to_svg(chart.to_dict(validate=False), vl_version=_VEGA_LITE)


def area(frame: Frame, rows: Rows, low: str, high: str, role: str) -> Any:
    """A band between two columns of the rows."""
    return _base(frame, rows).mark_area(color=ink(role)).encode(y=_y(frame, low), y2=alt.Y2(high))


def line(
    frame: Frame,
    rows: Rows,
    column: str,
    role: str,
    width: float,
    dash: Sequence[int] = (),
    step: bool = False,
) -> Any:
    """A line through a column; ``step`` keeps the value until the next x."""
    mark: dict[str, Any] = {"stroke": ink(role), "strokeWidth": width, "strokeJoin": "round"}
    if dash:
        mark["strokeDash"] = list(dash)
    if step:
        mark["interpolate"] = "step-after"
    return _base(frame, rows).mark_line(**mark).encode(y=_y(frame, column))


def bars(frame: Frame, rows: Rows, low: str, high: str, role: str, size: int) -> Any:
    """Upright intervals, one per row, ``size`` px wide."""
    return (
        _base(frame, rows)
        .mark_rule(stroke=ink(role), strokeWidth=size)
        .encode(y=_y(frame, low), y2=alt.Y2(high))
    )


def points(frame: Frame, rows: Rows, column: str, role: str, shape: str, size: int) -> Any:
    """One mark per row with a rim in the colour of the page."""
    dash = shape == "stroke"  # a level mark has no inside, its line carries the colour
    mark: dict[str, Any] = {
        "stroke": ink(role if dash else "paper"),
        "strokeWidth": 3 if dash else 1.5,
    }
    if not dash:
        mark["fill"] = ink(role)
    return _base(frame, rows).mark_point(shape=shape, size=size, **mark).encode(y=_y(frame, column))


def _base(frame: Frame, rows: Rows) -> Any:
    scale = alt.Scale(domain=[frame.x_low, frame.x_high], nice=False, zero=False)
    return alt.Chart(_data(rows)).encode(x=alt.X("x:Q", scale=scale, axis=None))


def _data(rows: Rows) -> Any:
    return alt.Data(values=tuple(rows))  # Altair copies lists with each step, item by item


def _y(frame: Frame, column: str) -> Any:
    scale = alt.Scale(domain=[frame.y_low, frame.y_high], nice=False, zero=False)
    return alt.Y(f"{column}:Q", scale=scale, axis=None)


def _grid(frame: Frame) -> Any:
    rows = [{"x": 0, "x2": frame.width, "y": frame.py(y)} for y, _ in frame.levels]
    rules = alt.Chart(_data(rows)).mark_rule(stroke=ink("grid"), strokeWidth=1)
    return rules.encode(
        x=alt.X("x:Q", scale=None, axis=None),
        x2=alt.X2("x2"),
        y=alt.Y("y:Q", scale=None, axis=None),
    )


def _text(rows: Rows, role: str, align: str, bold: bool = False) -> Any:
    mark: dict[str, Any] = {"fill": ink(role), "fontSize": 15, "align": align, "baseline": "middle"}
    if bold:
        mark["fontWeight"] = 600
    return (
        alt.Chart(_data(rows))
        .mark_text(**mark)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            text=alt.Text("words:N"),
        )
    )


def _words(frame: Frame) -> Layers:
    """Figures left of the plot, month names under it, labels at its right edge."""
    under = [{"x": frame.px(x), "y": frame.height + 16, "words": t} for x, t, _ in frame.ticks]
    under += [
        {"x": frame.px(x), "y": frame.height + 36, "words": y} for x, _, y in frame.ticks if y
    ]
    beside = [{"x": -10, "y": frame.py(y), "words": t} for y, t in frame.levels]
    layers = [_text(under, "quiet", "center"), _text(beside, "quiet", "right")]
    heights = spread_out([frame.py(label.value) for label in frame.labels], 4, frame.height - 4)
    for label, height in zip(frame.labels, heights, strict=True):
        rows = [{"x": frame.width + 10, "y": height, "words": label.words}]
        layers.append(_text(rows, label.ink, "left", label.bold))
    return layers


def _flags(placed: Sequence[tuple[Flag, int, str]], frame: Frame) -> Layers:
    layers: Layers = []
    for flag, lane, align in placed:
        x, y = frame.px(flag.x), -10 - lane * LINE
        rule = {"x": x, "y": y + 8, "y2": frame.py(flag.foot)}
        layers.append(
            alt.Chart(_data([rule]))
            .mark_rule(stroke=ink(flag.ink), strokeWidth=1, strokeDash=[3, 3])
            .encode(
                x=alt.X("x:Q", scale=None, axis=None),
                y=alt.Y("y:Q", scale=None, axis=None),
                y2=alt.Y2("y2"),
            )
        )
        rows = [{"x": x + (4 if align == "left" else -4), "y": y, "words": flag.words}]
        layers.append(_text(rows, flag.ink, align, bold=True))
    return layers
