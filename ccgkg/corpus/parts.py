"""One source with all that is said on it, read alone.

It needs what all sources share, and of the others only those that it prints again or whose
claims its own speak of. So each source can be read in any process, in any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ccgkg.corpus.coverage import MOST_NO_CLAIM, MOST_OUTSIDE, Coverage, cover
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.laws import LawBook
from ccgkg.corpus.library import Corpus, Shared
from ccgkg.corpus.mirrors import find_mirrored
from ccgkg.corpus.reading import ClaimReader, Reading
from ccgkg.corpus.sources import Source, read_source
from ccgkg.corpus.upholding import uphold

__all__ = ["Part", "read_part"]


@dataclass(frozen=True)
class Part:
    """One source, with what is said on it.

    Attributes:
        source: its text and record.
        reading: its claims; None if it has none that can be read.
        coverage: how much of it is curated.
        corpus: the corpus with this source and those that it rests on.
    """

    source: Source
    reading: Reading | None
    coverage: Coverage
    corpus: Corpus


def read_part(shared: Shared, folder: Path, findings: Findings) -> Part | None:
    """Read one source and hold it against laws and doubts.

    Args:
        shared: what it is read against.
        folder: where it lies.
        findings: where faults go.

    Returns:
        The source with its claims, or None if its text or record cannot be read.
    """
    source = read_source(folder, shared.keys, findings)
    if source is None:
        return None
    sources, readings = {source.key: source}, {}
    reading = _read_claims(shared, source, findings)
    if reading is not None:
        readings[source.key] = reading
    for key in sorted(_rests_on(source, reading) - {source.key}):
        _read_beside(shared, key, sources, readings)
    corpus = replace(shared.corpus, sources=sources, readings=readings)
    if reading is not None:
        reading = _mirrored(corpus, source, reading, shared.laws, findings)
        corpus = replace(corpus, readings={**readings, source.key: reading})
        uphold(corpus, source.key, (shared.laws, shared.names), findings)
    covered = cover(source, reading or Reading((), {}))
    _check_coverage(source, reading, covered, findings)
    return Part(source, reading, covered, corpus)


def _read_claims(shared: Shared, source: Source, findings: Findings) -> Reading | None:
    path = source.folder / "claims.yaml"
    if not path.exists():
        return None
    corpus = shared.corpus
    reader = ClaimReader(source, corpus.registers, corpus.vocabulary, shared.keys, findings)
    return reader.read(path)


def _rests_on(source: Source, reading: Reading | None) -> set[str]:
    """The keys of the sources without whose claims this one cannot be understood."""
    named = {reason for known in source.form.known.values() for reason in known.reasons}
    for claim in reading.claims if reading else ():
        named.update(claim.speaks_of())
    keys = {short.partition("/")[0] for short in named if "/" in short}
    return keys | {reading.mirrors.source} if reading and reading.mirrors else keys


def _read_beside(
    shared: Shared, key: str, sources: dict[str, Source], readings: dict[str, Reading]
) -> None:
    """Read another source; what is wrong with it is told where it is read for its own sake."""
    folder = shared.place.source_folder(key)
    if folder is None:
        return  # a name of nothing is told where all names are known
    unheard = Findings(shared.place.root)
    source = read_source(folder, shared.keys, unheard)
    reading = _read_claims(shared, source, unheard) if source else None
    if source is not None and reading is not None:
        sources[source.key], readings[source.key] = source, reading


def _mirrored(
    corpus: Corpus, source: Source, reading: Reading, laws: LawBook, findings: Findings
) -> Reading:
    """The reading with the passages of the claims that its text prints again."""
    if reading.mirrors is None or reading.mirrors.source == source.key:
        return reading
    original = corpus.readings.get(reading.mirrors.source)
    if original is None or original.mirrors is not None:
        return reading  # told where all sources are known
    return replace(reading, mirrored=find_mirrored(source, reading, original, laws, findings))


def _check_coverage(
    source: Source, reading: Reading | None, covered: Coverage, findings: Findings
) -> None:
    raised = list(_doubts(source, reading, covered))
    for rule, file, line, message in raised:
        if rule not in source.form.accept:
            findings.add(source.folder / file, line, rule, message)
    for rule in sorted(set(source.form.accept) - {rule for rule, *_ in raised}):
        path = source.folder / "source.yaml"
        findings.add(path, 0, "accept-unused", f"nothing asks to accept `{rule}`")


def _doubts(
    source: Source, reading: Reading | None, covered: Coverage
) -> Iterator[tuple[str, str, int, str]]:
    """Rule, file, line and message of each warning about a source as a whole."""
    if not source.is_pinned:
        message = "The sentence boundaries are not pinned: run ccgkg check --pin."
        yield "not-pinned", "source.yaml", 0, message
    if reading is None:
        if not (source.folder / "claims.yaml").exists():
            yield "not-curated", "source.yaml", 0, "The source has no claims yet."
        return
    for sentence in covered.open:
        words = " ".join(source.text[sentence].split())
        line = source.text.line(sentence.start)
        yield "sentence-open", "source.txt", line, f"no claim and no reason why not: “{words}”"
    if covered.outside > MOST_OUTSIDE:
        message = (
            f"{covered.outside:.0%} of the words of claim-bearing sentences stand inside no "
            f"passage; {MOST_OUTSIDE:.0%} are no matter"
        )
        yield "words-outside", "source.yaml", 0, message
    if covered.no_claim > MOST_NO_CLAIM:
        message = (
            f"{covered.no_claim:.0%} of the words of body and comments are declared no claim; "
            f"{MOST_NO_CLAIM:.0%} are no matter"
        )
        yield "no-claim-share", "source.yaml", 0, message
