"""`ccgkg query`."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from ccgkg.cli import Place, standard_input, talk, values_of
from ccgkg.cli.showing import ALL, show, show_evidence, terminal_width
from ccgkg.errors import UsageError

if TYPE_CHECKING:
    from ccgkg.dataset.asking import Askable
    from ccgkg.dataset.endpoint import Endpoint
    from ccgkg.dataset.store import Store
    from ccgkg.queries.evidence import Evidenced, Untraced
    from ccgkg.queries.running import Query

_SECONDS = 60


@click.command()
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, metavar="[PARAMETER=VALUE]...")
@click.option("--sparql", metavar="TEXT", help="SPARQL text instead of a name.")
@click.option(
    "--format", "format", type=click.Choice(ALL), help="Left out: table, or turtle for triples."
)
@click.option("--cite", "citing", is_flag=True, help="Add numbered footnotes and a bibliography.")
@click.option(
    "--evidence", "evidencing", is_flag=True, help="Add to each row the claims that it rests on."
)
@click.option(
    "--endpoint", "address", metavar="URL", help="Ask this SPARQL endpoint, not the dataset here."
)
@click.option(
    "--timeout",
    type=click.IntRange(1, 86_400),
    metavar="S",
    help=f"Seconds that an endpoint has for each answer; left out: {_SECONDS}.",
)
@click.pass_obj
def command(  # noqa: PLR0913, PLR0917  (click hands over each option)
    place: Place,
    name: str | None,
    parameters: tuple[str, ...],
    sparql: str | None,
    format: str | None,
    citing: bool,
    evidencing: bool,
    address: str | None,
    timeout: int | None,
) -> None:
    """Run a named query, a file, SPARQL text, or - for standard input.

    Without a name it lists the named queries. Values of parameters are keys
    (ccgs), labels or aliases ("NHS England"), short ids (pulse-2016/influence-20)
    or IRIs; a name that is not exact ("Kings Fund", "area team") is taken if it fits
    one thing only, and it says which. All names: ccgkg terms. The prefixes of the
    corpus need no declaration.

    With --evidence each row of a SELECT tells the claims that it rests on, whether
    or not the query mentions claims; with --cite they become its footnotes. What of
    the query cannot be traced is said, and the exit code is 1.

    With --endpoint the queries are still those of the corpus here, and so are their
    names and prefixes; every answer, and what --cite tells, comes from the endpoint.
    One that is late, cut or broken is an error. Name and password go into the address
    (https://NAME:PASSWORD@…); a password that is left out is taken from CCGKG_PASSWORD.

    \b
    Example:
      ccgkg query
      ccgkg query carrots-and-sticks --cite
      ccgkg query said-by who=holder --format csv
      ccgkg query --evidence --sparql 'SELECT ?who ?whom WHERE { ?who nhs:pays ?whom }'
      ccgkg query --sparql 'SELECT ?c WHERE { ?c a ccg:Claim } LIMIT 3'
      ccgkg query figures --endpoint http://127.0.0.1:8000/sparql
    """  # noqa: D301
    from ccgkg.queries.running import load, of_text

    store = place.store()
    if sparql is not None:
        if name is not None:
            parameters = (name, *parameters)
        query = of_text(sparql)
    elif name is None:
        return click.echo(_listing(store))
    elif name == "-":
        query = of_text(standard_input())
    else:
        query = load(store, name)
    values = values_of(parameters)
    elsewhere = _elsewhere(store, address, timeout)
    asked: Askable = elsewhere or store
    with _interruptible():
        text = _bound(asked, query, values, elsewhere)
        if evidencing:
            kind, found, untraced = "select", *_evidenced(asked, text, format, citing)
        else:
            answer, untraced = asked.ask(text), ()
            kind, found = answer.kind, show(asked, answer, format, citing)
        if not found:
            if elsewhere is not None and query.name:
                elsewhere.require_claims()
            talk(_nothing(query, values, "triples" if kind == "construct" else "rows"))
        # Slips are told by the dataset here, which need not be the one that was asked.
        if not query.name and elsewhere is None:
            _warn(store, text)
    for part in untraced:
        talk(f"Not traced: {part}")
    if untraced:
        sys.exit(1)
    return None


def _evidenced(
    asked: Askable, text: str, format: str | None, citing: bool
) -> tuple[bool, Sequence[Untraced]]:
    """Print an answer with its evidence; whether it has rows, and what was not traced."""
    from ccgkg.corpus.tokens import form
    from ccgkg.queries.evidence import evidence

    if form(text) in ("ASK", "CONSTRUCT", "DESCRIBE"):
        raise UsageError(
            f"--evidence goes with a SELECT query; this one is {form(text)}",
            hint="SELECT what the pattern binds, to see the claims behind it.",
        )
    found = evidence(asked, text)
    bare = sum(not claims for claims in found.claims)
    show_evidence(asked, found, format, citing)
    if bare:
        talk(_bare(bare, found))
    return bool(found.rows), found.untraced


def _bare(count: int, found: Evidenced) -> str:
    """That some rows have no claim."""
    rows = len(found.rows)
    if found.untraced:
        return f"no claim is found for {count} of {rows} row{'s' * (rows > 1)} in what is traced"
    return (
        f"{count} of {rows} {'rows rest' if rows > 1 else 'row rests'} on no claim: on the "
        "registers, the ontology and the records of the sources alone"
    )


def _elsewhere(store: Store, address: str | None, timeout: int | None) -> Endpoint | None:
    """The endpoint that is meant, if any."""
    if address is None:
        if timeout is not None:
            raise UsageError("--timeout goes with --endpoint")
        return None
    from ccgkg.dataset.endpoint import Endpoint

    return Endpoint(address, store.manifest, timeout or _SECONDS)


def _bound(
    asked: Askable, query: Query, values: Mapping[str, str], elsewhere: Endpoint | None
) -> str:
    """The text with its values; a name that nothing has may only be asked at the wrong place."""
    from ccgkg.queries.running import bound

    try:
        return bound(asked, query, values, talk)
    except UsageError:
        if elsewhere is not None:
            elsewhere.require_claims()
        raise


def _nothing(query: Query, values: Mapping[str, str], what: str) -> str:
    """That nothing was found; by a named query also for which values, and how to find others."""
    given = {name: values.get(name, query.defaults.get(name)) for name in query.parameters}
    if not query.name or not given:
        return f"no {what}"
    told = ", ".join(f"{name}={value}" for name, value in given.items())
    return f"no {what} for {told}; for other values: ccgkg terms WORD"


def _warn(store: Store, text: str) -> None:
    """Say what is probably not meant in the user's own SPARQL."""
    from ccgkg.queries.slips import slips

    for slip in slips(store, text):
        talk(f"Warning: {slip}")


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process: while the engine runs, Python never sees the signal."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _listing(store: Store) -> str:
    from ccgkg.queries.tables import text_table

    rows = []
    for query in store.manifest.queries:
        named = [
            f"{name}={query['defaults'][name]}" if name in query["defaults"] else f"{name}=…"
            for name in query["parameters"]
        ]
        rows.append([query["name"], " ".join(named), query["summary"]])
    return text_table(["query", "parameters", "answers"], rows, width=terminal_width())
