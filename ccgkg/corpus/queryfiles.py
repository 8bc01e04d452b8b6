"""Named queries: SPARQL files with grlc decorators and BASIL variables.

A query's name is its file name. Its header is a YAML block of `#+` lines (`summary`,
`description`, `tags`, `defaults`); a variable `?_name_iri`, `?_name_string`,
`?_name_integer`, `?_name_date` or `?_name_boolean` is a parameter `name` of that type.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from ccgkg.corpus.forms import Form, Words
from ccgkg.corpus.parameters import PARAMETER_TYPES, is_of_type, parameters_in
from ccgkg.corpus.tokens import tokens
from ccgkg.corpus.yamlfile import Document, parse_yaml, read_text
from ccgkg.errors import QueryError, SeedError

__all__ = ["QueryFile", "read_query"]


class _Header(Form):
    summary: Words
    description: Words
    tags: tuple[Words, ...] = ()
    defaults: dict[str, str | int | bool] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueryFile:
    """A named query.

    Attributes:
        name: the file's name without `.rq`.
        summary: one line.
        description: what it answers, what to watch for.
        tags: for grouping.
        parameters: name to type (`iri`, `string`, `integer`, `date`, `boolean`).
        defaults: values of parameters that may be left out.
        path: where it lies.
    """

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: dict[str, str]
    defaults: dict[str, str]
    path: str

    def to_json(self) -> dict[str, Any]:
        """As the manifest keeps it."""
        return {name: getattr(self, name) for name in self.__slots__}


def read_query(path: Path) -> QueryFile:
    """Read the header of a named query.

    Raises:
        QueryError: no header, a malformed one, or an unknown type of parameter.
    """
    try:
        text = read_text(path)
        header = _header(text, path)
    except SeedError as error:
        raise QueryError(str(error).replace("not YAML", "the #+ header is not YAML")) from None
    try:
        form = _Header.model_validate(header.content)
    except ValidationError as error:
        problem = error.errors()[0]
        what = ".".join(str(part) for part in problem["loc"]) or "header"
        told = f"{what}: {problem['msg']}"
        if problem["type"] == "extra_forbidden":
            told = f"unknown field `{what}`; fields: {', '.join(_Header.model_fields)}"
        raise QueryError(
            f"{path}:{header.line(problem['loc'])}: the #+ header: {told}",
            hint="A header has `#+ summary: …` and `#+ description: …`.",
        ) from None
    parameters = _parameters(text, path)
    defaults = {}
    for name, value in form.defaults.items():
        place = f"{path}:{header.line(('defaults', name))}"
        if name not in parameters:
            listed = ", ".join(parameters) or "none"
            raise QueryError(f"{place}: default of no parameter: {name}; parameters: {listed}")
        defaults[name] = _default(value)
        if not is_of_type(defaults[name], parameters[name]):
            raise QueryError(
                f"{place}: `{name}` is of type {parameters[name]}; its default "
                f"`{defaults[name]}` is not"
            )
    return QueryFile(
        name=path.stem,
        summary=form.summary,
        description=form.description,
        tags=form.tags,
        parameters=parameters,
        defaults=defaults,
        path=str(path),
    )


def _header(text: str, path: Path) -> Document:
    """The `#+` lines as YAML, with their lines in the file."""
    lines = text.splitlines()
    marked = [at for at, line in enumerate(lines) if line.startswith("#+")]
    if not marked:
        raise SeedError(
            "has no #+ header",
            path=path,
            line=1,
            hint="A header has `#+ summary: …` and `#+ description: …`.",
        )
    first, last = marked[0], marked[-1]
    if marked != list(range(first, last + 1)):
        raise SeedError("the #+ header is interrupted", path=path, line=first + 1)
    block = "\n".join(line[2:].removeprefix(" ") for line in lines[first : last + 1])
    return parse_yaml(block, path, before=first)


def _default(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parameters(text: str, path: Path) -> dict[str, str]:
    """The parameters, if each has one known type."""
    kinds: dict[str, str] = {}
    for token in tokens(text):
        if token.kind != "variable" or not token.text[1:].startswith("_"):
            continue
        line = text.count("\n", 0, token.start) + 1
        found = parameters_in(token.text)
        if not found or next(iter(found.values())) not in PARAMETER_TYPES:
            raise QueryError(
                f"{path}:{line}: `{token.text}` looks like a parameter but is none: parameters are "
                "`?_name_type`, letters and digits, with a type; "
                f"known: {', '.join(PARAMETER_TYPES)}"
            )
        ((name, kind),) = found.items()
        if kinds.setdefault(name, kind) != kind:
            raise QueryError(f"{path}:{line}: `{name}` is a {kinds[name]} and a {kind}")
    return kinds
