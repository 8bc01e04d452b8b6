"""The parameters of a query: BASIL variables, as `?_name_type`.

This is apart from the reading of query files, for a cold query needs nothing else of it.
"""

from __future__ import annotations

import re

__all__ = ["PARAMETER_TYPES", "is_of_type", "parameters_in"]

PARAMETER_TYPES = ("iri", "string", "integer", "date", "boolean")

_PARAMETER = re.compile(r"[?$]_([A-Za-z0-9]+)_([a-z]+)(?!\w)")


def parameters_in(text: str) -> dict[str, str]:
    """The parameters of a query text, name to type.

    >>> parameters_in("SELECT ?a { ?a ?b ?_who_iri, ?_least_integer }")
    {'who': 'iri', 'least': 'integer'}
    """
    if not _PARAMETER.search(text):
        return {}
    from ccgkg.corpus.tokens import tokens

    found = (_PARAMETER.fullmatch(token.text) for token in tokens(text) if token.kind == "variable")
    return {match.group(1): match.group(2) for match in found if match}


def is_of_type(value: str, kind: str) -> bool:
    """Whether a value is written as its type wants it; IRIs are resolved elsewhere.

    >>> is_of_type("2014-02-30", "date"), is_of_type("3", "integer")
    (False, True)
    """
    if kind == "integer":
        return re.fullmatch(r"[+-]?[0-9]{1,18}", value) is not None
    if kind == "boolean":
        return value in ("true", "false")
    if kind == "date":
        import datetime

        try:
            return datetime.date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    return True
