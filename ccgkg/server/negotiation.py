"""Negotiation: which of the formats that there are a client likes best (RFC 9110, section 12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["HTML", "PLAIN", "RESULTS", "TRIPLES", "best", "preferred", "takes_gzip"]

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"

RESULTS: Mapping[str, tuple[str, ...]] = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv; charset=utf-8",),
    "tsv": ("text/tab-separated-values; charset=utf-8",),
}
"""Format of rows or a truth to its media types, the best first."""

TRIPLES: Mapping[str, tuple[str, ...]] = {
    "turtle": ("text/turtle; charset=utf-8", "application/x-turtle"),
    "ntriples": ("application/n-triples",),
    "jsonld": ("application/ld+json", "application/json"),
    "trig": ("application/trig",),
    "nquads": ("application/n-quads",),
    "rdfxml": ("application/rdf+xml", "application/xml", "text/xml"),
}
"""Format of triples to its media types, the best first."""

_MOST = 2000
"""Characters of a header that are read; browsers send a hundred."""


def preferred(accept: str) -> list[tuple[str, float]]:
    """The media ranges of an `Accept` header with their weights, as they stand.

    >>> preferred("text/csv;q=0.5, */*; q=0.1")
    [('text/csv', 0.5), ('*/*', 0.1)]
    """
    found = []
    for part in accept[:_MOST].split(","):
        name, *parameters = (piece.strip() for piece in part.casefold().split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    weight = min(1.0, max(0.0, float(value)))
                except ValueError:
                    weight = 0.0
        if name:
            found.append((name, weight))
    return found


def best(accept: str, offered: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """The format that a client likes best, with its media type; None where it takes none.

    Args:
        accept: its `Accept` header; empty: anything.
        offered: format to its media types; of those it likes alike, the first.

    >>> best("application/xml;q=0.9, text/csv", RESULTS)
    ('csv', 'text/csv; charset=utf-8')
    """
    ranges = preferred(accept) or [("*/*", 1.0)]
    chosen, most = None, 0.0
    for format, types in offered.items():
        for media in types:
            weight = _weight(media.partition(";")[0], ranges)
            if weight > most:
                chosen, most = (format, media), weight
    return chosen


def takes_gzip(accept: str) -> bool:
    """Whether an `Accept-Encoding` header takes gzip.

    >>> takes_gzip("br, gzip;q=0.5"), takes_gzip("gzip;q=0, *"), takes_gzip("identity")
    (True, False, False)
    """
    weights = dict(reversed(preferred(accept)))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weight(media: str, ranges: Sequence[tuple[str, float]]) -> float:
    """How much a client likes a media type: what its most specific range says."""
    whole = media.partition("/")[0] + "/*"
    for wanted in (media, whole, "*/*"):
        weights = [weight for name, weight in ranges if name == wanted]
        if weights:
            return max(weights)
    return 0.0
