"""All sources of a corpus at once, for tests that look at more than one of them.

A build reads them one by one, and forgets each before the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ccgkg.corpus.accounts import Whole, account_of
from ccgkg.corpus.coverage import Coverage
from ccgkg.corpus.findings import Findings
from ccgkg.corpus.library import Corpus, read_shared
from ccgkg.corpus.parts import read_part
from ccgkg.corpus.places import CorpusPlace
from ccgkg.corpus.vocabulary import Vocabulary
from ccgkg.corpus.wholes import check_whole


@dataclass(frozen=True)
class WholeCorpus(Corpus):
    """A corpus with all its sources, and how much of each is curated."""

    coverage: Mapping[str, Coverage]


def read_corpus(place: CorpusPlace, vocabulary: Vocabulary, findings: Findings) -> WholeCorpus:
    """Read a corpus; what is wrong is added to `findings`."""
    shared = read_shared(place, vocabulary, findings)
    folders = place.source_folders() if shared.readable else []
    read = [read_part(shared, folder, findings) for folder in folders]
    parts = {part.source.key: part for part in read if part is not None}
    check_whole(Whole(shared, {key: account_of(part) for key, part in parts.items()}), findings)
    return WholeCorpus(
        **{
            **vars(shared.corpus),
            "sources": {key: part.source for key, part in parts.items()},
            "readings": {key: part.reading for key, part in parts.items() if part.reading},
            "coverage": {key: part.coverage for key, part in parts.items()},
        }
    )
