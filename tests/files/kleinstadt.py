"""Kleinstadt, a small fictional town as a scenario folder; every figure is invented."""

from pathlib import Path

POOLS = {"accommodation": ("general",), "childcare": ("u3", "o3"), "registration": ("general",)}
TOWN = """\
name: Kleinstadt
land: nw
ags: "00000000"
kind: Stadt
today: 2026-11-23
months: 24
population: 21000
area_km2: 42.5
districts:
  - {id: mitte, name: Mitte, population: 12000}
  - {id: au, name: Au}
offices:
  - {id: housing, name: Amt für Wohnen}
  - {id: youth, name: Jugendamt}
key:
  kind: typed
  share_permille: 1.4
  source: {cite: project estimate, grade: estimate}
  lag_days: 30
scenarios: {trend: 0.7, high_plateau: 0.3}
passing: 3
tolerance:
  childcare: {days: 90, amount: 2}
reported_cycle_days: 30
"""
FILES = {
    "town.yaml": TOWN,
    "households.csv": """\
id;kind;group;arrived_on;district;hosted;protected;size_stated;announced_id;source
h1;family;asylum;2026-05-01;mitte;0;0;;;Liste
h2;single;temporary;2026-06-01;au;;1;;;
h3;unknown;other;;;;0;5;;"Anruf; Müller"
""",
    "persons.csv": """\
household;id;member_from;member_until;reason;born;sex;legal_basis;legal_from;legal_until;second_basis;claim_basis;needs_access
h1;p1;2026-05-01;2026-10-01;;1990-05-17;f;asylum_pending;2026-05-02;;tolerated;1;0
h2;p1;2026-10-01;;separation;1990-05-17;f;asylum_pending;2026-05-02;;tolerated;1;0
h1;p2;2026-05-01;;;2020-08;m;;;;;;
h3;p3;;;;;;;;;;;
""",
    "facilities.csv": """\
id;name;district;kind;owner;opens_on;lease_until;cost_month_eur
anger;Am Anger;mitte;shared;housing;;2027-12-31;12000
kita;Kita Au;au;kita;youth;;;
amt;Meldeamt;mitte;office;housing;;;
""",
    "units.csv": """\
id;facility;adjoins;kind;sex;domain;pool;places;per;for;access;features;reported_on;reported_by;other_places;other_by
a1;anger;a2;family;;accommodation;general;4;place;newcomers;1;bath kitchen;;;;
a2;anger;a1;family;;accommodation;general;2;place;newcomers;;;;;;
k1;kita;;shared;;childcare;o3;20;place;everyone;;;2026-10-01;youth;18;housing
m1;amt;;shared;;registration;general;40;week;everyone;;;;;;
""",
    "placements.csv": """\
id;person;domain;unit;status;requested_on;from;until;ended_reason;kept_until;second_place;recorded_at;replaces
b1;p1;accommodation;a1;held;;2026-05-01;;;2026-05-03;0;2026-05-01T08:00:00Z;
b1v2;p1;accommodation;a1;moved_in;;2026-05-01;;;;0;2026-05-02T08:00:00Z;b1
b2;p2;accommodation;a1;moved_in;;2026-05-01;;;;0;;
w1;p2;childcare;;requested;2026-09-01;;;;;0;;
""",
    "capacity_events.csv": """\
id;target;date;kind;places;until;status;delay_low_days;delay_high_days;reason
e1;a2;2026-11-01;block;;2027-02-01;decided;0;30;Reparatur: Wasser
e2;a1;2027-01-01;step;-1;;decided;;;
""",
    "resident_demand.csv": """\
month;district;domain;pool;low;central;high;source
2026-11;all;childcare;o3;18;20;22;Statistik
2026-11;au;registration;;unknown;unknown;unknown;nicht erhoben
""",
    "announced.csv": """\
id;expected_on;group;kind;persons;ages;sexes;source;probability_permille
n1;2026-12-01;resettlement;family;4;34 31 6 2;f m - f;BAMF;900
""",
    "measures.csv": """\
id;name;decision_on;lead_low_days;lead_mid_days;lead_high_days;domain;pool;places;lifetime_months;once_eur;month_eur;owner;source;status
c1;Container Au;2026-10-01;150;180;270;accommodation;general;60;60;\
900000;21000;housing;Ratsbeschluss;decided
c2;Anbau;;;;;childcare;u3;10;;;;youth;Idee;option
""",
    "values.yaml": "childcare.uptake_u3:\n  - {from: 2026-01-01, value: 0.4}\n",
}


def write(folder: Path, **changes: str | bytes | None) -> Path:
    """The town in a folder; a change replaces a file (`units_csv=...`), None leaves it out."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, str | bytes | None] = dict(FILES)
    files.update(
        {
            ("_yaml" in k and k.replace("_yaml", ".yaml")) or k.replace("_csv", ".csv"): v
            for k, v in changes.items()
        }
    )
    for name, content in files.items():
        if content is not None:
            raw = content.encode() if isinstance(content, str) else content
            (folder / name).write_bytes(raw)
    return folder
