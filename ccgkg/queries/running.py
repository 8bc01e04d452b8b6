"""Making a named query, a file or a text ready to ask, and showing its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ccgkg.corpus.parameters import parameters_in
from ccgkg.errors import QueryError, UsageError, nearest

if TYPE_CHECKING:
    from ccgkg.dataset.asking import Askable
    from ccgkg.dataset.store import Value
    from ccgkg.queries.naming import Talk

__all__ = ["Query", "bound", "claims_in", "load", "of_text", "prefixed", "shown"]


class Query(NamedTuple):
    """A query before its parameters have values.

    Attributes:
        text: SPARQL text.
        parameters: name to type.
        defaults: values of parameters that the user may leave out.
        name: of a named query; empty where the user wrote it.
    """

    text: str
    parameters: Mapping[str, str]
    defaults: Mapping[str, str]
    name: str = ""


def load(store: Askable, name: str) -> Query:
    """A named query, or one in a file.

    Raises:
        UsageError: neither exists; the nearest names are given.
        QueryError: the file is not UTF-8 text.
    """
    header = store.manifest.query(name)
    if header is not None:
        text = Path(header["path"]).read_text(encoding="utf-8")
        return Query(text, header["parameters"], header["defaults"], name)
    path = Path(name)
    if path.is_file():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise QueryError(f"{name}: is not UTF-8 text") from None
        if not re.search(r"^#\+", text, re.MULTILINE):
            return of_text(text)
        from ccgkg.corpus.queryfiles import read_query

        own = read_query(path)
        return Query(text, own.parameters, own.defaults)
    names = [query["name"] for query in store.manifest.queries]
    near = nearest(name, names)
    hint = f"Nearest: {', '.join(near)}. " if near else ""
    raise UsageError(
        f"there is no query and no file `{name}`", hint=f"{hint}All queries: ccgkg query"
    )


def of_text(text: str) -> Query:
    """A query as typed; its BASIL variables are its parameters."""
    return Query(text, parameters_in(text), {})


def bound(
    store: Askable, query: Query, values: Mapping[str, str], talk: Talk = lambda _: None
) -> str:
    """The text of a query with its parameters bound.

    Args:
        store: the dataset.
        query: before its parameters have values.
        values: name to what the user typed.
        talk: told what was taken for a name that is not exact.

    Raises:
        UsageError: a parameter is unknown, missing, or of the wrong type.
    """
    # A cold query without parameters need not pay for what binds.
    if not query.parameters and not values:
        return query.text
    from ccgkg.queries.binding import bind

    return bind(store, query.text, query.parameters, {**query.defaults, **values}, talk)


def shown(store: Askable, value: Value | None) -> str:
    """A term for people: claims by short id, prefixed where a prefix fits, literals bare."""
    if value is None:
        return ""
    if value.kind == "blank":
        return f"_:{value.text}"
    if value.kind == "literal":
        return value.text
    claims = f"{store.manifest.corpus['base']}claim/"
    if value.text.startswith(claims):
        return value.text.removeprefix(claims)
    return prefixed(store, value.text)


def prefixed(store: Askable, iri: str) -> str:
    """An IRI with the closest prefix of the corpus; as it is where none fits."""
    fitting = [
        (namespace, prefix)
        for prefix, namespace in store.manifest.prefixes.items()
        if iri.startswith(namespace)
    ]
    if not fitting:
        return iri
    namespace, prefix = max(fitting)
    return f"{prefix}:{iri.removeprefix(namespace)}"


def claims_in(store: Askable, rows: Sequence[Sequence[Value | None]]) -> list[list[str]]:
    """For each row the IRIs of the claims in it, each once."""
    claims = f"{store.manifest.corpus['base']}claim/"
    return [
        list(
            dict.fromkeys(
                value.text
                for value in row
                if value is not None
                and value.kind == "iri"
                and value.text.startswith(claims)
                and value.text.removeprefix(claims).count("/") == 1
            )
        )
        for row in rows
    ]
