"""Writes docs/reference/scenario-folder.md from the tables the reader uses."""

from pathlib import Path

from vorort.files.cells import KINDS
from vorort.files.declared import EVERYWHERE, Column
from vorort.files.placing_tables import OPTIONAL, RULES_FILE
from vorort.files.tables import TABLES
from vorort.files.town import KEYS, PART_KEYS, Key

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "scenario-folder.md"
HEAD = """\
<!-- Made by tools/scenario_folder_page.py from the tables the reader uses; change those. -->

# The scenario folder

A Kommune's stock of people and places as files that open in Excel. German: Planfall-Ordner.
`examples/musterstadt` is a complete one.

**Rules for all tables.** UTF-8 (a BOM is accepted and written), `;` or `,` between cells (`;` is
written), CRLF or LF (CRLF is written), one header row, at most 20 MB a file. Every number is a
whole number; shares are permille, money is euro. A blank cell means *unknown*; it never means 0.
Columns that may be blank may be left out. Other columns are refused, with the name they resemble.
Texts must not begin with `=`, `+`, `-` or `@`. `until` is always the first day on which something
no longer holds. In Excel: File, Save As, "CSV UTF-8 (Comma delimited)".

Reading stops at nothing: all faults of all files are listed together, each with file, row (1 is
the header), column, reason and remedy, and nothing is written. Incomplete people are no fault.

**How places count.** Per unit and day: nominal + over = assigned + kept + blocked + unfit + free.
Assigned: held, confirmed, moved_in (and `ended`, on its past nights). Kept: absent people and
second places, until a person ends it. A hold no longer counts from `kept_until` on. Requests,
proposals, cancelled placements and no-shows count nowhere. A row named by another row's
`replaces` no longer counts.

**How capacity events count.** `block` and `reserve` take places (blank: all) until `until`,
`unblock` or `release`; `close` and `lease_end` take all until `until` or the next `open`; `open`
on the day a lease ends extends it. A site whose first event is `open` and that has no `opens_on`
is closed before. `step` changes the nominal number, with a sign. Blocks of a whole site fill
empty units first. Only `decided` events count unless others are asked for.

**How decided measures count.** A measure with status `decided` and places above 0 becomes a site
of its own that opens on `decision_on` + `lead_mid_days`, with a delay between `lead_low_days -
lead_mid_days` (earlier) and `lead_high_days - lead_mid_days`, until its lifetime is over. It
counts per place, week or month and for whom as the first unit of the same domain and pool does. A
loss of places is recorded as an event of its unit instead.
"""

PLACE = """\
Each file may be missing. The outlook does not use them. Households may be named by the id of an
announcement. Without `open_needs.csv`, open is what the ledger shows: requests without a unit,
households that sleep nowhere and are not hosted, and those announced within the horizon.

**How requests count.** An `open` or `countered` request answers the person's need in its domain
and keeps its seat (the one offered, else the one asked for) from others; without a unit it keeps
none. A `confirmed` one answers a need without `since` as long as `placements.csv` shows the person
in the seat it gave. Beds asked for at another office are held in `placements.csv`; such a request
is carried along and changes nothing. Refused and withdrawn requests are not in the folder.
"""
RULES = """\
Which rules are on, what the goals weigh, and settings. All parts may be missing. Any value may be
dated: a list of `{from: 2026-01-01, value: ...}`, of which the newest in force counts.

```yaml
rules: {space: [{from: 2026-01-01, value: false}, {from: 2027-01-01, value: true}]}
order: [deadline, protection]  # gives these the two highest weights of the default order
weights: {distance: 5}
settings: {horizon_days: 7}
floors: {sex.women: 900}  # of these people at least 90 % are placed, where possible
office: sozialamt  # who decides; places of other offices become requests
```
"""


def _rules() -> str:
    """Rules, goals and settings with their defaults."""
    from vorort.placement import FLOORS, SETTINGS, all_goals, all_rules, floor_text

    rules = [
        f"| `rules.{r.name}` | {'on, may be off' if r.is_optional else 'always on'} | {r.text.en} "
        f"| {r.text.de} |"
        for r in all_rules()
    ]
    goals = [
        f"| `weights.{g.name}` | {g.weight} | {g.text.en} | {g.text.de} |" for g in all_goals()
    ]
    settings = [
        f"| `settings.{s.name}` | {s.default} ({s.low} to {s.high}) | {s.text.en} | {s.text.de} |"
        for s in SETTINGS.values()
    ]
    floors = [
        f"| `floors.{key}` | 0 (0 to 1000) | floor in permille of the people; "
        f"{floor_text(key).en} | Untergrenze; {floor_text(key).de} |"
        for key in FLOORS
    ]
    head = "| key | default | meaning | German |\n|---|---|---|---|\n"
    return head + "\n".join([*rules, *goals, *settings, *floors]) + "\n"


def page() -> str:
    """The whole page."""
    parts = [HEAD, "## town.yaml\n", _keys(KEYS)]
    for name, keys in PART_KEYS.items():
        parts += [f"### `{name}` in town.yaml\n", _keys(keys)]
    for table in TABLES:
        key = ", ".join(f"`{name}`" for name in table.key)
        parts += [f"## {table.file}\n\n{table.text.en} (German: {table.text.de}). Key: {key}.\n"]
        parts += [_table([_column(c) for c in table.columns])]
    parts += ["## In every table\n", _table([_column(c) for c in EVERYWHERE])]
    parts += [
        "## values.yaml\n\nOwn values of the Kommune, as parameters are written. May be missing.\n"
    ]
    parts += ["## Optional: what `vorort place` reads\n\n" + PLACE]
    for table in OPTIONAL:
        parts += [f"### {table.file}\n\n{table.text.en} (German: {table.text.de}).\n"]
        parts += [_table([_column(c) for c in table.columns])]
    parts += [f"### {RULES_FILE}\n\n" + RULES, _rules()]
    return "\n".join(parts)


def _table(rows: list[str]) -> str:
    return (
        "| column | cell | may be blank | meaning | German |\n|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _column(column: Column) -> str:
    cell = KINDS[column.kind].name.en
    if column.choices:
        cell = ", ".join(f"`{c}`" for c in column.choices)
    if column.kind == "ref":
        cell = (
            f"{column.refers} id" if not column.refers.endswith("all") else "district id or `all`"
        )
    if column.kind in ("whole", "level") and column.maximum < 10**9:
        low = -column.maximum if column.minimum is None else column.minimum
        cell += f", {low} to {column.maximum}"
    blank = "yes" if column.blank else "no"
    return f"| `{column.name}` | {cell} | {blank} | {column.en} | {column.de} |"


def _keys(keys: tuple[Key, ...]) -> str:
    rows = []
    for key in keys:
        cell = ", ".join(f"`{c}`" for c in key.choices) if key.choices else key.kind
        rows.append(
            f"| `{key.name}` | {cell} | {'yes' if key.blank else 'no'} | {key.en} | {key.de} |"
        )
    return _table(rows).replace("| column |", "| key |", 1)


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
