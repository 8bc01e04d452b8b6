"""Binding: values for the parameters of a query, as typed and validated terms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ccgkg.corpus.parameters import is_of_type
from ccgkg.corpus.tokens import insert
from ccgkg.errors import UsageError, nearest

if TYPE_CHECKING:
    from ccgkg.dataset.store import Store

__all__ = ["bind", "resolve_iri"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*$")
_RESOURCES = ("actor/", "topic/", "work/", "source/", "wave/", "measure/", "time/", "issue/")


def bind(
    store: Store,
    text: str,
    parameters: Mapping[str, str],
    values: Mapping[str, str],
    defaults: Mapping[str, str],
) -> str:
    """Put values into a query.

    Args:
        store: knows what keys, labels and aliases there are.
        text: the query.
        parameters: name to type.
        values: name to what the user typed.
        defaults: values of parameters that the user left out.

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
        value = values.get(name, defaults.get(name))
        if value is None:
            raise UsageError(
                f"the parameter `{name}` ({kind}) needs a value; parameters: {listed}",
                hint=f"Give it as {name}=…",
            )
        terms[f"_{name}_{kind}"] = _term(store, name, kind, value)
    return insert(text, terms)


def _term(store: Store, name: str, kind: str, value: str) -> str:
    if kind == "iri":
        return f"<{resolve_iri(store, value)}>"
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


def resolve_iri(store: Store, value: str) -> str:
    """The IRI that a user means: an IRI, a prefixed name, a short id, a key, a label.

    Raises:
        UsageError: nothing or several things answer to it.
    """
    given = value.strip().removeprefix("<").removesuffix(">")
    prefix, colon, local = given.partition(":")
    if colon and prefix in store.manifest.prefixes and not local.startswith("//"):
        given = store.manifest.prefixes[prefix] + local
    if _IRI.match(given):
        if store.knows(given):
            return given
        raise UsageError(
            f"the dataset says nothing of <{given}>", hint=_nearest_names(store, _tail(given))
        )
    base = store.manifest.corpus["base"]
    if "/" in given and _IRI.match(f"{base}claim/{given}") and store.knows(f"{base}claim/{given}"):
        return f"{base}claim/{given}"
    named = _by_key(store, given) or _by_label(store, given)
    if len(named) == 1:
        return named[0]
    if named:
        listed = ", ".join(store_name.removeprefix(base) for store_name in named)
        raise UsageError(f"`{value}` may be any of: {listed}", hint="Give one of these IRIs.")
    raise UsageError(f"nothing is called `{value}`", hint=_nearest_names(store, given))


def _by_key(store: Store, key: str) -> list[str]:
    """Resources with this key; only if there are none, terms of the vocabularies."""
    if not re.fullmatch(r"[\w.~-]+", key):
        return []
    base = store.manifest.corpus["base"]
    everything = dict.fromkeys(store.manifest.prefixes.values())
    resources = [ns for ns in everything if ns in {base + path for path in _RESOURCES}]
    for namespaces in (resources, [ns for ns in everything if ns not in resources]):
        found = [ns + key for ns in namespaces if store.knows(ns + key)]
        if found:
            return found
    return []


def _by_label(store: Store, name: str) -> list[str]:
    from ccgkg.corpus.text import fold

    wanted = fold(name).content.casefold()
    found = [iri for iri, label in _labels(store) if fold(label).content.casefold() == wanted]
    return list(dict.fromkeys(found))


def _labels(store: Store) -> list[tuple[str, str]]:
    """Every label and alias of the corpus's resources, except the sentences of claims."""
    rows = store.rows("SELECT ?thing ?label WHERE { ?thing rdfs:label|skos:altLabel ?label }")
    ours = tuple(store.manifest.corpus["base"] + path for path in _RESOURCES)
    return [
        (thing.text, label.text)
        for thing, label in rows
        if thing and label and thing.text.startswith(ours)
    ]


def _nearest_names(store: Store, word: str) -> str:
    labels = _labels(store)
    keys = {_tail(iri) for iri, _ in labels} | {label for _, label in labels}
    if "/" in word:
        rows = store.rows("SELECT ?claim WHERE { ?claim a ccg:Claim }")
        claims = f"{store.manifest.corpus['base']}claim/"
        keys |= {claim.text.removeprefix(claims) for (claim,) in rows if claim}
    near = nearest(word, keys)
    return f"Nearest: {', '.join(near)}" if near else "See: ccgkg find, ccgkg terms"


def _tail(iri: str) -> str:
    if "/claim/" in iri:
        return iri.partition("/claim/")[2]
    return iri.rstrip("/").rpartition("/")[2]
