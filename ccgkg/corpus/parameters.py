"""The parameters of a query: BASIL variables, as `?_name_type`.

This is apart from the reading of query files, for a cold query needs nothing else of it.
"""

from __future__ import annotations

import re

__all__ = ["PARAMETER_TYPES", "parameters_in"]

PARAMETER_TYPES = ("iri", "string", "integer", "date", "boolean")

_PARAMETER = re.compile(r"[?$]_([A-Za-z0-9]+)_([a-z]+)\b")


def parameters_in(text: str) -> dict[str, str]:
    """The parameters of a query text, name to type.

    >>> parameters_in("SELECT ?a { ?a ?b ?_who_iri, ?_least_integer }")
    {'who': 'iri', 'least': 'integer'}
    """
    return {m.group(1): m.group(2) for m in _PARAMETER.finditer(text)}
