"""Sharding: from a corpus folder and the key of a source to its part of the dataset.

`compile_shard` is a pure function of the files: in any process, in any order and under any hash
seed the same files give the same bytes. It returns plain values, so that it can run in another
process or on another machine that sees the folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ccgkg.corpus.accounts import Account, account_of
from ccgkg.corpus.findings import Finding, Findings
from ccgkg.corpus.parts import Part, read_part
from ccgkg.corpus.places import CorpusPlace
from ccgkg.dataset.checking import breaches_of_source
from ccgkg.dataset.compile_claims import compile_claims
from ccgkg.dataset.compile_registers import compile_source
from ccgkg.dataset.ground import ground_of
from ccgkg.dataset.views import source_view

__all__ = ["Shard", "compile_shard", "lines_of"]


@dataclass(frozen=True, slots=True)
class Shard:
    """What was made of one source.

    Attributes:
        folder: the name of its folder.
        account: what the rest of the corpus must know of it; None if it cannot be read.
        findings: what is wrong with it by itself.
        lines: its quads as N-Quads, sorted, each once; empty if it has errors.
        named: how many of these stand in named graphs.
        breaches: IRI and message of each shape that it breaks.
        row: what it adds to the table of coverage.
        view: what pages show of it beside its claims.
    """

    folder: str
    account: Account | None
    findings: tuple[Finding, ...]
    lines: bytes = b""
    named: int = 0
    breaches: tuple[tuple[str, str], ...] = ()
    row: dict[str, Any] | None = None
    view: dict[str, Any] | None = None


def compile_shard(root: Path, folder: str) -> Shard:
    """Read, compile and check one source.

    Args:
        root: the corpus.
        folder: the name of the source's folder, which is its key.

    Raises:
        BadInput: ontology, shapes or `corpus.yaml` cannot be read at all.
    """
    place = CorpusPlace(root)
    ground = ground_of(place)
    findings = Findings(root)
    part = read_part(ground.shared, place.seeds / folder, findings)
    if part is None:
        return Shard(folder, None, tuple(findings.found))
    account, found = account_of(part), tuple(findings.found)
    row, view = _row(part), source_view(part.source, part.coverage)
    if findings.of("error") or not ground.is_sound:
        return Shard(folder, account, found, row=row, view=view)
    quads = [*compile_source(part.corpus, folder), *compile_claims(part.corpus, folder)]
    return Shard(
        folder,
        account,
        found,
        lines=b"".join(lines_of(quads)),
        named=len({quad for quad in quads if not isinstance(quad.graph_name, ox.DefaultGraph)}),
        breaches=tuple(breaches_of_source(ground, folder, quads)) if ground.checks_parts else (),
        row=row,
        view=view,
    )


def lines_of(quads: Iterable[ox.Quad]) -> list[bytes]:
    """Quads as lines of N-Quads, sorted, each once."""
    written = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    assert written is not None
    return sorted(set(written.splitlines(True)))


def _row(part: Part) -> dict[str, Any]:
    """Sentences, coverage, claims and verdicts of a source."""
    covered, claims = part.coverage, part.reading.claims if part.reading else ()
    verdicts = [passage.verdict for claim in claims for passage in claim.passages]
    return {
        "source": part.source.key,
        "curated": part.reading is not None,
        "sentences": covered.sentences,
        "claimed": covered.claimed,
        "declared": sum(covered.declared.values()),
        "open": len(covered.open),
        "outside": covered.outside,
        "no_claim": covered.no_claim,
        "claims": len(claims),
        "exact": verdicts.count("exact"),
        "folded": verdicts.count("folded"),
    }
