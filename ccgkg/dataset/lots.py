"""Lots: the dataset in parts that can be read back from another engine as a whole.

A lot is all that the default graph says of some subjects, or all quads of some named graphs:
an engine can be asked for just that. The file of N-Quads is read as a stream; its lines are
sorted, so those of a subject stand together. Only named graphs, which hold bare triples alone
and are few, are gathered before they are handed out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

import pyoxigraph as ox

__all__ = ["Lot", "graph_lots", "subject_lots"]

MOST_QUADS = 1000
"""In a lot; a subject or graph with more is a lot of its own."""
_MOST_NAMES = 200
"""In a lot: engines take long for a query that lists thousands."""

_DEFAULT = ox.DefaultGraph()


class Lot(NamedTuple):
    """Some quads, and what is asked for to get these and no others.

    Attributes:
        names: of the subjects, or of the graphs.
        quads: all that is said of the subjects in the default graph, or in the graphs.
        graphs: whether the names are those of graphs.
    """

    names: list[ox.NamedNode]
    quads: set[ox.Quad]
    graphs: bool = False


def subject_lots(quads: Iterable[ox.Quad], last: str) -> Iterator[Lot]:
    """The default graph.

    Args:
        quads: sorted, as the canonical artefact has them.
        last: the subject that is handed out last, in a lot of its own.
    """
    described = (quad for quad in quads if quad.graph_name == _DEFAULT)
    held: list[tuple[ox.NamedNode, set[ox.Quad]]] = []

    def others() -> Iterator[tuple[ox.NamedNode, set[ox.Quad]]]:
        for subject, said in groupby(described, key=lambda quad: quad.subject):
            assert isinstance(subject, ox.NamedNode)
            if subject.value == last:
                held.append((subject, set(said)))
            else:
                yield subject, set(said)

    yield from _lots(others(), graphs=False)
    yield from _lots(held, graphs=False)


def graph_lots(quads: Iterable[ox.Quad]) -> Iterator[Lot]:
    """The named graphs."""
    named = [quad for quad in quads if quad.graph_name != _DEFAULT]
    named.sort(key=lambda quad: str(quad.graph_name))
    graphs = groupby(named, key=lambda quad: quad.graph_name)
    yield from _lots(
        ((name, set(held)) for name, held in graphs if isinstance(name, ox.NamedNode)),
        graphs=True,
    )


def _lots(parts: Iterable[tuple[ox.NamedNode, set[ox.Quad]]], *, graphs: bool) -> Iterator[Lot]:
    lot = Lot([], set(), graphs)
    for name, quads in parts:
        full = len(lot.quads) + len(quads) > MOST_QUADS or len(lot.names) == _MOST_NAMES
        if lot.names and full:
            yield lot
            lot = Lot([], set(), graphs)
        lot.names.append(name)
        lot.quads.update(quads)
    if lot.names:
        yield lot
