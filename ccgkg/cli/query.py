"""`ccgkg query`."""

from __future__ import annotations

import contextlib
import re
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from ccgkg.cli import Place, standard_input, talk, values_of
from ccgkg.errors import UsageError

if TYPE_CHECKING:
    from ccgkg.dataset.asking import Askable
    from ccgkg.dataset.endpoint import Endpoint
    from ccgkg.dataset.store import Answer, Store, Value
    from ccgkg.queries.running import Query

_FORMATS = {
    "select": ("table", "csv", "tsv", "json", "xml", "markdown"),
    "ask": ("table", "json", "xml"),
    "construct": ("turtle",),
}
_SECONDS = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What a terminal may take for an order; an endpoint's texts may hold anything."""
_ALL = tuple(dict.fromkeys(name for names in _FORMATS.values() for name in names))


@click.command()
@click.argument("name", required=False)
@click.argument("parameters", nargs=-1, metavar="[PARAMETER=VALUE]...")
@click.option("--sparql", metavar="TEXT", help="SPARQL text instead of a name.")
@click.option(
    "--format", "format", type=click.Choice(_ALL), help="Left out: table, or turtle for triples."
)
@click.option("--cite", "citing", is_flag=True, help="Add numbered footnotes and a bibliography.")
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
    address: str | None,
    timeout: int | None,
) -> None:
    """Run a named query, a file, SPARQL text, or - for standard input.

    Without a name it lists the named queries. Values of parameters are keys
    (ccgs), labels or aliases ("NHS England"), short ids (pulse-2016/influence-20)
    or IRIs; a name that is not exact ("Kings Fund", "area team") is taken if it fits
    one thing only, and it says which. All names: ccgkg terms. The prefixes of the
    corpus need no declaration.

    With --endpoint the queries are still those of the corpus here, and so are their
    names and prefixes; every answer, and what --cite tells, comes from the endpoint.
    One that is late, cut or broken is an error.

    \b
    Example:
      ccgkg query
      ccgkg query carrots-and-sticks --cite
      ccgkg query said-by who=holder --format csv
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
        answer = asked.ask(text)
        if not _show(asked, answer, format, citing):
            if elsewhere is not None and query.name:
                elsewhere.require_claims()
            talk(_nothing(query, values, "triples" if answer.kind == "construct" else "rows"))
        # Slips are told by the dataset here, which need not be the one that was asked.
        if not query.name and elsewhere is None:
            _warn(store, text)
    return None


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
    return text_table(["query", "parameters", "answers"], rows, width=_width())


def _width() -> int:
    """The terminal's width; wide enough for three columns of prose in a pipe."""
    if not sys.stdout.isatty():
        return 110
    import shutil

    return shutil.get_terminal_size((110, 24)).columns


def _show(store: Askable, answer: Answer, format: str | None, citing: bool) -> bool:
    """Print an answer; whether there was anything to print."""
    chosen = format or _FORMATS[answer.kind][0]
    if chosen not in _FORMATS[answer.kind]:
        raise UsageError(
            f"a query of this kind ({answer.kind}) has no {chosen}; "
            f"it has: {', '.join(_FORMATS[answer.kind])}"
        )
    if citing and (answer.kind != "select" or chosen not in ("table", "markdown")):
        raise UsageError("--cite goes with a SELECT query shown as table or markdown")
    if answer.kind == "ask" and chosen == "table":
        click.echo("true" if answer.truth else "false")
        return True
    if chosen in ("table", "markdown"):
        rows = list(answer.rows())
        click.echo(_CONTROL.sub("�", _tabled(store, answer.variables, rows, chosen, citing)))
        return bool(rows)
    found = answer.write(chosen, sys.stdout.buffer)
    if answer.kind == "select" and chosen in ("json", "xml"):
        click.echo()
    return found


def _tabled(
    store: Askable,
    variables: Sequence[str],
    rows: Sequence[Sequence[Value | None]],
    chosen: str,
    citing: bool,
) -> str:
    from ccgkg.queries.running import claims_in, shown
    from ccgkg.queries.tables import markdown_table, text_table

    head = [f"?{variable}" if variable.startswith("_") else variable for variable in variables]
    cells = [[shown(store, value) for value in row] for row in rows]

    def table(head: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
        if chosen == "markdown":
            return markdown_table(head, cells)
        return text_table(head, cells, width=_width())

    if not citing:
        return table(head, cells)
    claims = claims_in(store, rows)
    if rows and not any(claims):
        raise UsageError(
            "--cite finds no claim in this answer",
            hint="SELECT the claim as well: SELECT ?claim … WHERE { ?claim a ccg:Claim … }",
        )
    numbers = {
        iri: number for number, iri in enumerate(dict.fromkeys(i for row in claims for i in row), 1)
    }
    marks = [" ".join(f"[{numbers[iri]}]" for iri in row) for row in claims]
    cells = [[*row, mark] for row, mark in zip(cells, marks, strict=True)]
    return "\n\n".join([table([*head, "note"], cells), *_notes(store, numbers)])


def _notes(store: Askable, numbers: dict[str, int]) -> list[str]:
    from ccgkg.citations.citing import bibliography, footnote

    cards = store.cards(numbers)
    notes = [f"[{number}] {footnote(card)}" for number, card in enumerate(cards, 1)]
    dataset = f"Dataset: {store.named()}"
    return ["\n".join(notes), "\n".join(bibliography(cards)), dataset] if cards else [dataset]
