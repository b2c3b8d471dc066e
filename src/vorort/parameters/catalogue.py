"""All parameters of a set of folders. German: Kennwerte

A folder declares parameters (``parameters.yaml``) or sets values of a Land (``values.yaml`` in a
folder named after the Land). The caller hands the folders; this package knows no domain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from vorort.parameters.complaints import Complaints
from vorort.parameters.plain import Content, read_plain
from vorort.parameters.schema import Head, Owner, read_head, read_parameter, read_values
from vorort.problems import Problem, Refused
from vorort.vocabulary import LAENDER, Parameter, Text, Value

DECLARES, SETS = "parameters.yaml", "values.yaml"


@dataclass(frozen=True)
class Catalogue:
    """Declared parameters by name, with the values of the Bund and of every Land."""

    parameters: Mapping[str, Parameter]
    domains: Mapping[str, Head] = field(default_factory=dict)

    def __contains__(self, name: object) -> bool:
        return name in self.parameters

    def __getitem__(self, name: str) -> Parameter:
        return self.parameters[name]

    def laender(self) -> tuple[str, ...]:
        """Länder for which at least one value is set."""
        found = {
            v.scope_name for p in self.parameters.values() for v in p.values if v.scope == "land"
        }
        return tuple(sorted(found))


def load(folders: Iterable[Path]) -> Catalogue:
    """Read every folder; raises ``Refused`` with all complaints of all files at once."""
    folders = [Path(f) for f in folders]
    parameters: dict[str, Parameter] = {}
    domains: dict[str, Head] = {}
    problems: list[Problem] = []
    for folder in folders:
        if (folder / DECLARES).exists():
            problems += _declared(folder, parameters, domains)
        elif not (folder / SETS).exists():
            problems.append(_no_file(folder))
    for folder in folders:
        if (folder / SETS).exists():
            values, found = _set(folder, parameters)
            problems += found
            for name, dated in values.items():
                parameters[name] = replace(parameters[name], values=parameters[name].values + dated)
    if problems:
        raise Refused(problems)
    return Catalogue(parameters, domains)


def read_own(
    path: Path, catalogue: Catalogue, town: str, file: str = ""
) -> tuple[dict[str, tuple[Value, ...]], tuple[Problem, ...]]:
    """A Kommune's own ``values.yaml``: what it sets, and every complaint. It declares nothing."""
    return own_values(read_plain(path, file), catalogue, town)


def own_values(
    content: Content, catalogue: Catalogue, town: str
) -> tuple[dict[str, tuple[Value, ...]], tuple[Problem, ...]]:
    """The same of content that is already read."""
    return set_values(content, catalogue.parameters, Owner("kommune", town))


def set_values(
    content: Content, parameters: Mapping[str, Parameter], owner: Owner
) -> tuple[dict[str, tuple[Value, ...]], tuple[Problem, ...]]:
    """Dated values of declared parameters; an undeclared name is a complaint with a near miss."""
    complaints = Complaints(content)
    found: dict[str, tuple[Value, ...]] = {}
    if content.tree is None:
        if not complaints.problems:
            complaints.missing(
                (), "values", Text("Mit „values:“ beginnen.", "Begin with “values:”.")
            )
        return found, tuple(complaints.problems)
    block = complaints.mapping(content.tree, (), ("values",))
    inner = block.get("values")
    # an empty block is no fault: nothing is set
    names = {} if inner is None and "values" in block else inner
    if not isinstance(names, dict):
        complaints.mapping(names, ("values",), ())
        return found, tuple(complaints.problems)
    for name, dated in names.items():
        if name not in parameters:
            complaints.unknown_key(("values", name), name, parameters)
            continue
        found[name] = read_values(dated, parameters[name], owner, ("values", name), complaints)
    return found, tuple(complaints.problems)


def _declared(
    folder: Path, parameters: dict[str, Parameter], domains: dict[str, Head]
) -> list[Problem]:
    content = read_plain(folder / DECLARES, f"{folder.name}/{DECLARES}")
    complaints = Complaints(content)
    if content.tree is None:
        if not complaints.problems:
            complaints.missing(
                (), "parameters", Text("Mit „parameters:“ beginnen.", "Begin with “parameters:”.")
            )
        return complaints.problems
    block = complaints.mapping(content.tree, (), ("domain", "parameters"))
    if "domain" in block:
        domains[folder.name] = read_head(block["domain"], folder.name, complaints)
    declared = block.get("parameters")
    if not isinstance(declared, dict):
        complaints.missing(
            ("parameters",),
            "parameters",
            Text("Namen mit Kennwerten angeben.", "Give names with parameters."),
        )
        return complaints.problems
    for name, found in declared.items():
        if name in parameters:
            complaints.add(
                ("parameters", name),
                Text(
                    f"„{name}“ ist schon in einem anderen Ordner erklärt.",
                    f"“{name}” is declared in another folder already.",
                ),
                Text("Nur an einer Stelle erklären.", "Declare it in one place only."),
            )
            continue
        parameters[name] = read_parameter(name, found, complaints)
    return complaints.problems


def _set(
    folder: Path, parameters: Mapping[str, Parameter]
) -> tuple[dict[str, tuple[Value, ...]], tuple[Problem, ...]]:
    content = read_plain(folder / SETS, f"{folder.name}/{SETS}")
    values, problems = set_values(content, parameters, Owner("land", folder.name))
    if folder.name not in LAENDER:
        complaints = Complaints(content)
        complaints.unknown_key((folder.name,), folder.name, LAENDER)
        problems = (*problems, complaints.problems[-1])
    return values, problems


def _no_file(folder: Path) -> Problem:
    return Problem(
        folder.name,
        "Der Ordner hat keine Kennwerte.",
        "The folder has no parameters.",
        f"{DECLARES} anlegen (oder {SETS} für ein Land).",
        f"Add {DECLARES} (or {SETS} for a Land).",
    )
