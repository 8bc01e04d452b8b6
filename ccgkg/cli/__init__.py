"""The command line: each command opens, calls, prints.

Commands are imported when they are called, so that a cold query pays for itself only.
Answers go to stdout, talk to stderr.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from ccgkg import __version__
from ccgkg.errors import CcgkgError, NotBuildable, UsageError

__all__ = ["COMMANDS", "Place", "cli", "main", "standard_input", "talk", "values_of"]

COMMANDS = {
    "build": "Build the dataset and say what it holds.",
    "check": "Check sources, claims and queries without writing anything.",
    "cite": "Cite claims with their passages, chains and sources.",
    "export": "Write the dataset as N-Quads, TriG or JSON-LD.",
    "find": "Find claims by words, quote or actor, without SPARQL.",
    "network": "Draw the network as one page that opens without a network connection.",
    "push": "Load the dataset into a SPARQL server, and check that all of it is there.",
    "query": "Run a named query, a file, SPARQL text, or - for standard input.",
    "serve": "Serve a SPARQL endpoint, a query page and the pages of the site.",
    "site": "Write the claims, their sources and every view of them as web pages.",
    "terms": "Show what the ontology declares and the registers hold.",
}
"""Every command and its one-line help; each is a module of this package."""


class Place:
    """Where the corpus and the cache are, as the user said; opens the store when asked."""

    def __init__(self, corpus: Path | None, cache: Path | None) -> None:
        self.corpus, self.cache = corpus, cache

    def store(self) -> Any:
        """The store, built first where that is needed."""
        from ccgkg.dataset.opening import open_store

        return open_store(self.corpus, self.cache, talk)


class _Lazy(click.Group):
    """A group whose commands are modules, imported one at a time."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run; errors of ours become one message and their exit code."""
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                sys.stdout.flush()
        except CcgkgError as error:
            talk(f"Error: {error}")
            sys.exit(error.exit_code)
        except BrokenPipeError:
            _give_up_output()
            sys.exit(1)  # whoever read the answer has seen enough
        except OSError as error:
            _give_up_output()
            talk(f"Error: the answer cannot be written: {error.strerror or error}")
            sys.exit(NotBuildable.exit_code)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ccgkg.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from ccgkg.errors import nearest

            near = nearest(args[0], COMMANDS)
            hint = f" Did you mean {near[0]}?" if near else ""
            ctx.fail(f"No such command {args[0]!r}.{hint} Commands: {', '.join(sorted(COMMANDS))}")
        return super().resolve_command(ctx, args)


def talk(message: str) -> None:
    """Say something that is not the answer."""
    click.echo(message, err=True)


def _give_up_output() -> None:
    """Let nothing be tried again when the interpreter ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def standard_input() -> str:
    """All of standard input, as UTF-8 text whatever the locale says.

    Raises:
        UsageError: it is something else.
    """
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8 text (byte {error.start})") from None


def values_of(parameters: Iterable[str]) -> dict[str, str]:
    """The values given as `name=value`, by name.

    Raises:
        UsageError: one is no such pair, or a name is given twice.
    """
    values = {}
    for given in parameters:
        name, equals, value = given.partition("=")
        if not equals:
            raise UsageError(
                f"`{given}` is no parameter", hint="Parameters are given as name=value."
            )
        if name in values:
            raise UsageError(f"the parameter `{name}` is given twice")
        values[name] = value
    return values


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    manifest = Place(ctx.params.get("corpus"), ctx.params.get("cache")).store().manifest
    corpus = manifest.corpus
    click.echo(
        f"ccgkg {__version__}\n"
        f"corpus {corpus['name']} {corpus['version']} ({corpus['title']})\n"
        f"dataset sha256:{manifest.digest} ({manifest.quads} quads)\n"
        f"engine pyoxigraph {version('pyoxigraph')}"
    )
    ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    is_eager=True,
    help="Another corpus: a folder with seeds/, ontology/ and queries/.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    is_eager=True,
    envvar="CCGKG_CACHE",
    help="Where built datasets lie (also CCGKG_CACHE).",
)
@click.option(
    "--version",
    is_flag=True,
    callback=_version,
    expose_value=False,
    help="Show the versions of tool, corpus, dataset and engine.",
)
@click.pass_context
def cli(ctx: click.Context, corpus: Path | None, cache: Path | None) -> None:
    """Ask a small library of documents who says what about whom, and cite the answer.

    \b
    Example:
      ccgkg query carrots-and-sticks
      ccgkg find influence --actor GPs
      ccgkg cite pulse-2016/influence-20
    """  # noqa: D301
    ctx.obj = Place(corpus, cache)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Quotes hold typographic characters whatever the locale says.
            stream.reconfigure(encoding="utf-8", errors="replace")
    cli(prog_name="ccgkg")
