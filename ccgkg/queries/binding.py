"""Binding: values for the parameters of a query, as typed and validated terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ccgkg.corpus.parameters import is_of_type
from ccgkg.corpus.tokens import insert
from ccgkg.errors import UsageError, nearest
from ccgkg.queries.naming import Talk, resolve_iri

if TYPE_CHECKING:
    from ccgkg.dataset.asking import Askable

__all__ = ["bind"]

_XSD = "http://www.w3.org/2001/XMLSchema#"


def bind(
    store: Askable,
    text: str,
    parameters: Mapping[str, str],
    values: Mapping[str, str],
    talk: Talk,
) -> str:
    """Put values into a query.

    Args:
        store: knows what keys, labels and aliases there are.
        text: the query.
        parameters: name to type.
        values: name to what the user typed, or to the default where the user left it out.
        talk: told what was taken for a name that is not exact.

    Raises:
        UsageError: a name that is no parameter, a value of the wrong type, or a
            parameter without value.
    """
    listed = ", ".join(f"{name} ({kind})" for name, kind in sorted(parameters.items())) or "none"
    for name in values:
        if name not in parameters:
            near = nearest(name, parameters)
            hint = f"nearest: {near[0]}; " if near else ""
            raise UsageError(f"the query has no parameter `{name}`; {hint}parameters: {listed}")
    terms = {}
    for name, kind in parameters.items():
        value = values.get(name)
        if value is None:
            raise UsageError(
                f"the parameter `{name}` ({kind}) needs a value; parameters: {listed}",
                hint=f"Give it as {name}=…",
            )
        if kind == "iri":
            terms[f"_{name}_{kind}"] = f"<{resolve_iri(store, value, talk)}>"
        else:
            terms[f"_{name}_{kind}"] = _literal(name, kind, value)
    return insert(text, terms)


def _literal(name: str, kind: str, value: str) -> str:
    if kind == "string":
        return _quoted(value)
    if is_of_type(value, kind):
        return str(int(value)) if kind == "integer" else _typed(value, kind)
    example = {"integer": "3", "boolean": "true or false", "date": "2014-04-01"}[kind]
    raise UsageError(f"`{name}` is {_article(kind)}, such as {example}; `{value}` is none")


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _typed(value: str, kind: str) -> str:
    return value if kind == "boolean" else f'"{value}"^^<{_XSD}{kind}>'


def _quoted(value: str) -> str:
    escapes = {
        "\\": "\\\\",
        '"': '\\"',
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\b": "\\b",
        "\f": "\\f",
    }
    return '"' + "".join(escapes.get(character, character) for character in value) + '"'
