"""Checking the parts of a dataset against the shapes, one by one.

The tool's shapes ask of a thing only what its own part says, and of which class the others are:
so each source can be checked alone, and many at once. That a claim or a source of another part
exists is checked by name, where all names are known; here whoever has its address is one. A
corpus's own shapes may ask anything, and are held against the whole dataset.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from ccgkg.dataset.ground import Ground
from ccgkg.dataset.prefixes import CCG

__all__ = ["breaches_of_shared", "breaches_of_source", "breaches_of_whole"]

Breaches = list[tuple[str, str]]
"""IRI and message of each shape that is broken."""


def breaches_of_source(ground: Ground, key: str, quads: Iterable[ox.Quad]) -> Breaches:
    """What of a source breaks a shape.

    Args:
        ground: shapes, and the classes of all that is no source or claim.
        key: the source.
        quads: its own.
    """
    # pySHACL and rdflib cost 0.4 s to import: only a build pays it.
    from ccgkg.dataset.shapes import breaches

    base = ground.shared.corpus.form.base

    def elsewhere(iri: str) -> Iterable[str]:
        own = iri.startswith(f"{base}claim/{key}/")
        return ground.classes(iri) or (() if own else _class_by_address(base, iri))

    return breaches([*quads, *ground.beside(key)], ground.shapes, elsewhere)


def breaches_of_shared(ground: Ground, quads: Iterable[ox.Quad]) -> Breaches:
    """What of ontology, registers, issues and dataset breaks a shape."""
    from ccgkg.dataset.shapes import breaches

    base = ground.shared.corpus.form.base
    return breaches(quads, ground.shapes, lambda iri: _class_by_address(base, iri))


def breaches_of_whole(ground: Ground, quads: Iterable[ox.Quad]) -> Breaches:
    """What of a whole dataset breaks a shape."""
    from ccgkg.dataset.shapes import breaches

    return breaches(quads, ground.shapes)


def _class_by_address(base: str, iri: str) -> tuple[str, ...]:
    """The class of what the address of a claim or a source stands for."""
    kind, *keys = iri.removeprefix(base).split("/")
    if kind == "claim" and len(keys) == 2:
        return (CCG + "Claim",)
    return (CCG + "Source",) if kind == "source" and len(keys) == 1 else ()
