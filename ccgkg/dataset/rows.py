"""Rows: values as SPARQL writes them, and answers made of rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import pyoxigraph as ox

from ccgkg.dataset.store import Answer, Value
from ccgkg.errors import QueryError

__all__ = ["answer_of", "notation", "results", "values_clause"]

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_KINDS = {"iri": "uri", "literal": "literal", "blank": "bnode"}


def notation(value: Value | None) -> str:
    r"""A value as a term of SPARQL; what is unbound as UNDEF.

    >>> notation(Value("literal", 'say "so"', language="en"))
    '"say \\"so\\""@en'
    """
    if value is None:
        return "UNDEF"
    if value.kind == "iri":
        return str(ox.NamedNode(value.text))
    if value.language:
        return str(ox.Literal(value.text, language=value.language))
    return str(ox.Literal(value.text, datatype=ox.NamedNode(value.datatype)))


def values_clause(variables: Sequence[str], rows: Iterable[Sequence[Value | None]]) -> str:
    """A VALUES clause.

    Args:
        variables: with their question marks.
        rows: of as many values, none of them a blank node.
    """
    told = " ".join(f"({' '.join(map(notation, row))})" for row in rows)
    return f"VALUES ({' '.join(variables)}) {{ {told} }}"


def answer_of(variables: Sequence[str], rows: Iterable[Sequence[Value | None]]) -> Answer:
    """Rows as the answer of a SELECT, so that they can be written in every format.

    Args:
        variables: the columns, without question marks.
        rows: of as many values.
    """
    told = json.dumps(results(variables, rows)).encode("utf-8")
    result = ox.parse_query_results(told, format=ox.QueryResultsFormat.JSON)
    return Answer(result, {}, lambda error: QueryError(str(error)))


def results(variables: Sequence[str], rows: Iterable[Sequence[Value | None]]) -> dict[str, Any]:
    """Rows as SPARQL 1.1 has them in JSON.

    Args:
        variables: the columns, without question marks.
        rows: of as many values.

    >>> results(["a", "b"], [(Value("iri", "http://x/"), None)])["results"]
    {'bindings': [{'a': {'type': 'uri', 'value': 'http://x/'}}]}
    """
    bindings = [
        {
            name: _binding(value)
            for name, value in zip(variables, row, strict=True)
            if value is not None
        }
        for row in rows
    ]
    return {"head": {"vars": list(variables)}, "results": {"bindings": bindings}}


def _binding(value: Value) -> dict[str, str]:
    told = {"type": _KINDS[value.kind], "value": value.text}
    if value.language:
        told["xml:lang"] = value.language
    elif value.datatype not in ("", _XSD_STRING):  # which a plain literal has anyway
        told["datatype"] = value.datatype
    return told
