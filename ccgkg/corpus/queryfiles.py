"""Named queries: SPARQL files with grlc decorators and BASIL variables.

A query's name is its file name. Its header is a YAML block of `#+` lines (`summary`,
`description`, `tags`, `defaults`, `lens`); a variable `?_name_iri`, `?_name_string`,
`?_name_integer`, `?_name_date` or `?_name_boolean` is a parameter `name` of that type.

A query with a `lens` is also one reading of the network: the claims in its column `?claim`
are drawn from their subject to their object. Where columns `?from` and `?to` hold IRIs, these
are the ends instead; a column `?as` of words names the kind of the drawn edge.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from ccgkg.corpus.forms import Form, Sentence, Words
from ccgkg.corpus.parameters import PARAMETER_TYPES, is_of_type, parameters_in
from ccgkg.corpus.tokens import columns, tokens
from ccgkg.corpus.yamlfile import Document, parse_yaml, read_text
from ccgkg.errors import QueryError, SeedError

__all__ = ["QueryFile", "read_query", "refuse_shared_places"]


class _Lens(Form):
    place: Annotated[int, Field(strict=True, ge=1)]
    title: Words
    says: Sentence
    topics: Annotated[bool, Field(strict=True)] = False


class _Header(Form):
    summary: Words
    description: Words
    tags: tuple[Words, ...] = ()
    defaults: dict[str, str | int | bool] = Field(default_factory=dict)
    lens: _Lens | None = None


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
        lens: of a reading of the network: `place` among the lenses, `title`, `says` (what one
            sees, in one sentence), `topics` (whether topics and works are drawn beside actors).
    """

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: dict[str, str]
    defaults: dict[str, str]
    path: str
    lens: dict[str, Any] | None

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
        raise _misread(header, error.errors()) from None
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
        lens=_lens(form, text, header, set(parameters) - set(defaults)),
    )


def refuse_shared_places(queries: Iterable[QueryFile]) -> None:
    """Refuse two lenses that want the same place.

    Raises:
        QueryError: at the later of the two, with the places that are taken.
    """
    taken: dict[int, str] = {}
    for query in queries:
        if query.lens is None:
            continue
        place = query.lens["place"]
        if place in taken:
            path = Path(query.path)
            line = _header(read_text(path), path).line(("lens", "place"))
            listed = ", ".join(f"{at} {name}" for at, name in sorted(taken.items()))
            raise QueryError(
                f"{path}:{line}: the lens {query.name} has the place {place} of {taken[place]}",
                hint=f"Each lens has a place of its own. Taken: {listed}.",
            )
        taken[place] = query.name


def _misread(header: Document, problems: list[ErrorDetails]) -> QueryError:
    """The error for a header that pydantic refuses."""
    # A misspelt field is also a missing one: told first, it is the mistake that was made.
    problem = min(problems, key=lambda problem: problem["type"] != "extra_forbidden")
    loc = problem["loc"]
    in_lens = loc[:1] == ("lens",)
    fields = ", ".join((_Lens if in_lens else _Header).model_fields)
    what = ".".join(str(part) for part in loc) or "header"
    told = f"{what}: {problem['msg'].removeprefix('Value error, ')}"
    if problem["type"] == "extra_forbidden":
        told = f"unknown field `{what}`; fields: {fields}"
    elif in_lens and problem["type"] == "model_type":
        told = f"lens: is no mapping; fields: {fields}"
    hint = "A header has `#+ summary: …` and `#+ description: …`."
    if in_lens:
        hint = f"The fields of a lens: {fields}."
    return QueryError(f"{header.path}:{header.line(loc)}: the #+ header: {told}", hint=hint)


def _lens(
    form: _Header, text: str, header: Document, unset: Iterable[str]
) -> dict[str, Any] | None:
    """The lens of a header, if the query can be drawn without being asked anything."""
    if form.lens is None:
        return None
    place = f"{header.path}:{header.line(('lens',))}"
    if "claim" not in columns(text):
        raise QueryError(
            f"{place}: a query with a lens has a column ?claim; this one has none",
            hint="Each drawn edge leads to its claims: SELECT ?claim …",
        )
    if missing := ", ".join(sorted(unset)):
        raise QueryError(
            f"{place}: a query with a lens is drawn unasked; without default: {missing}",
            hint="Give each parameter a value in `#+ defaults: …`, or leave it out.",
        )
    return form.lens.model_dump()


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
