"""Citations are never invented: each is looked up in the research, and the printed list is true.

Without the shared folder each must at least say where in the research it stands.
"""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from vorort import laender
from vorort.parameters import Catalogue, load

ROOT = Path(__file__).parents[2]
SHARED = os.environ.get("VORORT_SHARED")
needs_research = pytest.mark.skipif(
    not SHARED, reason="VORORT_SHARED is not set: the research is not shipped"
)
TAG = re.compile(r"(?<![A-Za-z])S[0-9]{1,3}[a-z]?\b")
KEY = re.compile(r"parameters_simulation ([a-z0-9_.]+)")
ENTRY = re.compile(
    r"\b(domain|simulation)\.md (?:section )?(?:[0-9.]+ )?([a-z][a-z0-9_]+(?:\.[a-z0-9_]+)*)"
)
PROVENANCE = re.compile(r"(PROVENANCE(?:_simulation)?) ([A-Za-z0-9_/.]+)")
SECTION = re.compile(r"\b(domain|simulation)\.md (?:section )?([0-9]+(?:\.[0-9]+)?)")
DATA = re.compile(r"\b(?:data/)?((?:municipal|asylum|base|ukraine|inkar|geo)/[A-Za-z0-9_/.]+)")
NAME = re.compile(r"\b[a-z]+\.[a-z][a-z0-9_]+\b")
OWN = re.compile(r"estimate|invented|erfunden|nicht erhoben|scenario definition", re.I)


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("citations", ROOT / "tools" / "citations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["citations"] = module
    spec.loader.exec_module(module)
    return module


tool = _tool()
USED = tool.citations()
DISTINCT = sorted({(c.cite, c.grade) for c in USED})


def research(name: str) -> str:
    return (Path(str(SHARED)) / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    declaring = [p.parent for p in sorted((ROOT / "src").glob("vorort/**/parameters.yaml"))]
    return load([*declaring, *laender.folders()])


def has_anchor(cite: str) -> bool:
    return any(p.search(cite) for p in (TAG, KEY, PROVENANCE, SECTION, ENTRY, DATA))


def says_unverified(cite: str, grade: str) -> bool:
    """Rows that have no grade of their own say it in words."""
    return grade == "case" and "unverified" in cite


def test_the_printed_list_of_citations_is_up_to_date() -> None:
    assert tool.LIST.read_text(encoding="utf-8") == tool.page(), "run python tools/citations.py"


def test_the_list_is_not_empty_and_counts_every_use() -> None:
    rows = re.findall(
        r"^\| (?:law|statistics|study|local|estimate|case) \| (\d+) \| (\d+) \|$", tool.page(), re.M
    )
    assert sum(int(n) for n, _ in rows) == len(USED) > 100
    assert sum(int(n) for _, n in rows) == len(DISTINCT)


def test_every_citation_says_where_in_the_research_it_stands_or_that_it_is_our_own() -> None:
    """Anything that is neither anchored, computed by hand, nor called an estimate is an orphan."""
    of_a_case = {c.cite for c in USED if c.grade == "case" and c.cite.startswith("computed")}
    orphans = [
        cite
        for cite, grade in DISTINCT
        if grade != "estimate"
        and not has_anchor(cite)
        and cite not in of_a_case
        and not (grade == "case" and OWN.search(cite))
    ]
    assert orphans == []


def test_what_is_only_confidence_medium_or_memory_is_graded_estimate() -> None:
    doubtful = [
        (c, g) for c, g in DISTINCT if re.search(r"confidence [MKL]\b|memory|recall|, M\]", c)
    ]
    assert [d for d in doubtful if d[1] != "estimate" and not says_unverified(*d)] == []
    assert len(doubtful) > 3


def test_a_case_computed_from_a_parameter_names_one_that_exists(catalogue: Catalogue) -> None:
    heads = {name.split(".")[0] for name in catalogue.parameters}
    named = {
        n
        for c in USED
        if c.cite.startswith("computed")
        for n in NAME.findall(re.sub(r"\[[^]]*\]", "", c.cite))
        if n.split(".")[0] in heads
    }
    assert len(named) > 5 and named - set(catalogue.parameters) == set()


@needs_research
def test_every_source_tag_stands_in_the_list_of_sources() -> None:
    listed = research("research/domain.md").split("\n## 11.")[1].split("\n## 12.")[0]
    known = set(TAG.findall(listed))
    assert len(known) > 150
    cited = {tag for cite, _ in DISTINCT for tag in TAG.findall(cite)}
    assert len(cited) > 10 and cited - known == set()


@needs_research
def test_every_cited_parameter_of_the_research_exists_and_doubtful_ones_are_estimates() -> None:
    rows = yaml.safe_load(research("data/parameters_simulation.yaml"))["parameters"]
    confidence = {r["key"]: r["confidence"] for r in rows}
    cited = [(key, d) for d in DISTINCT for key in KEY.findall(d[0])]
    # a group of keys (composition.ukraine) may be cited as one
    groups = {key.rsplit(".", n)[0] for key in confidence for n in (1, 2)}
    assert len(cited) > 10 and {k for k, _ in cited} - set(confidence) - groups == set()
    memory = [(k, d) for k, d in cited if confidence.get(k) == "M"]
    assert [(k, d) for k, d in memory if d[1] != "estimate" and not says_unverified(*d)] == []


@needs_research
def test_values_taken_from_the_parameters_of_the_research_are_those_values(
    catalogue: Catalogue,
) -> None:
    rows = {
        r["key"]: r
        for r in yaml.safe_load(research("data/parameters_simulation.yaml"))["parameters"]
    }
    compared, differing = 0, []
    for name, parameter in catalogue.parameters.items():
        for value in parameter.values:
            key = KEY.search(value.source.cite)
            if key is None or value.amount is None or value.source.cite.startswith("computed"):
                continue
            row, compared = rows[key[1]], compared + 1
            if value.amount != pytest.approx(row["value"], rel=0.02):
                differing.append((name, value.amount, row["value"]))
    assert compared >= 8 and differing == []


@needs_research
def test_every_cited_section_data_set_and_file_exists() -> None:
    pages = {n: research(f"research/{n}.md") for n in ("domain", "simulation")}
    gone: list[str] = []
    for cite, _ in DISTINCT:
        for page, number in SECTION.findall(cite):
            if not re.search(rf"^#+ {re.escape(number)}[ .]", pages[page], re.M):
                gone.append(cite)
        for page, entry in ENTRY.findall(cite):
            if not all(word in pages[page] for word in entry.split(".")):
                gone.append(cite)
        for file, entry in PROVENANCE.findall(cite):
            if entry.rstrip(".") not in research(f"data/{file}.md"):
                gone.append(cite)
        gone += [
            cite
            for path in DATA.findall(cite)
            if not list((Path(str(SHARED)) / "data").glob(path.rstrip(".") + "*"))
        ]
    assert gone == []
