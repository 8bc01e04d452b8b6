"""Issues as RDF: each question, and how each claim bears on it.

Claims are pointed at by name, so that a change in a source changes nothing here, and a change
here nothing in the quads of a source.
"""

from __future__ import annotations

import pyoxigraph as ox

from ccgkg.corpus.issues import Bearing, Issue
from ccgkg.corpus.library import Corpus
from ccgkg.dataset.emit import Addresses, Emitter, english
from ccgkg.dataset.prefixes import CCG, DCTERMS, RDFS

__all__ = ["compile_issues"]


def compile_issues(corpus: Corpus) -> list[ox.Quad]:
    """All quads of the issues."""
    out = Emitter(Addresses(corpus.form.base))
    for key, issue in sorted(corpus.issues.items()):
        iri = out.addresses.of("issue", key)
        _issue(corpus, issue, out, iri)
        for bearing in issue.bearings:
            _bearing(corpus, bearing, out, iri)
    return out.quads


def _issue(corpus: Corpus, issue: Issue, out: Emitter, iri: str) -> None:
    out.a(iri, CCG + "Issue")
    out.add(iri, RDFS + "label", english(issue.form.label))
    out.words(iri, "note", issue.form.note)
    for key in issue.form.about:
        kind = corpus.registers.type_of(key)
        assert kind is not None
        out.add(iri, DCTERMS + "subject", out.addresses.of(kind, key))


def _bearing(corpus: Corpus, bearing: Bearing, out: Emitter, issue: str) -> None:
    claim = out.addresses.of("claim", bearing.claim)
    out.ccg(claim, "bearsOn", issue)
    where = f"{issue}/bearing/{bearing.claim}"
    out.a(where, CCG + "Bearing")
    out.ccg(where, "issue", issue)
    out.ccg(where, "claim", claim)
    out.ccg(where, "side", corpus.vocabulary.iri("bearing", bearing.side))
    out.words(where, "because", bearing.why)
