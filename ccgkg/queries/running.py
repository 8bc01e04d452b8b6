"""Running a named query, a file or a text, and showing its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccgkg.corpus.queryfiles import parameters_in
from ccgkg.dataset.store import Answer, Store, Value
from ccgkg.errors import QueryError, UsageError, nearest
from ccgkg.queries.binding import bind
from ccgkg.queries.tables import markdown_table, text_table
from ccgkg.queries.tokens import refuse_remote

__all__ = ["SHOWN", "Query", "claims_in", "load", "run", "shown", "well_known"]


@dataclass(frozen=True)
class Query:
    """A query before its parameters have values."""

    text: str
    parameters: Mapping[str, str]
    defaults: Mapping[str, str]


def well_known(store: Store) -> Sequence[Mapping[str, str]]:
    """Headers of the named queries."""
    return store.manifest.queries


def load(store: Store, name: str) -> Query:
    """A named query, or one in a file.

    Raises:
        UsageError: neither exists; the nearest names are given.
        QueryError: the file is not UTF-8 text.
    """
    header = store.manifest.query(name)
    if header is not None:
        text = Path(header["path"]).read_text(encoding="utf-8")
        return Query(text, header["parameters"], header["defaults"])
    path = Path(name)
    if path.is_file():
        try:
            return of_text(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            raise QueryError(f"{name}: is not UTF-8 text") from None
    names = [query["name"] for query in store.manifest.queries]
    near = nearest(name, names)
    hint = f"Nearest: {', '.join(near)}. " if near else ""
    raise UsageError(
        f"there is no query and no file `{name}`", hint=f"{hint}All queries: ccgkg query"
    )


def of_text(text: str) -> Query:
    """A query as typed; its BASIL variables are its parameters."""
    return Query(text, parameters_in(text), {})


def run(store: Store, query: Query, values: Mapping[str, str]) -> Answer:
    """Bind the parameters and evaluate.

    Raises:
        UsageError: a parameter is unknown, missing, or of the wrong type.
        QueryError: the query is broken, or would reach out of the dataset.
    """
    bound = bind(store, query.text, query.parameters, values, query.defaults)
    refuse_remote(bound)
    return store.ask(bound)


def shown(store: Store, value: Value | None) -> str:
    """A term for people: prefixed where a prefix fits, literals bare."""
    if value is None:
        return ""
    if value.kind == "blank":
        return f"_:{value.text}"
    if value.kind == "literal":
        return value.text
    fitting = [
        (namespace, prefix)
        for prefix, namespace in store.manifest.prefixes.items()
        if value.text.startswith(namespace)
    ]
    if not fitting:
        return value.text
    namespace, prefix = max(fitting)
    return f"{prefix}:{value.text.removeprefix(namespace)}"


def claims_in(store: Store, rows: Sequence[Sequence[Value | None]]) -> list[list[str]]:
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


SHOWN: Mapping[str, Callable[..., str]] = {"table": text_table, "markdown": markdown_table}
"""The formats for people; all others are written by the engine."""
