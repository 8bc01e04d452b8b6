"""Named queries: SPARQL files with grlc decorators and BASIL variables.

A query's name is its file name. Its header is a YAML block of `#+` lines (`summary`,
`description`, `tags`, `defaults`); a variable `?_name_iri`, `?_name_string`,
`?_name_integer`, `?_name_date` or `?_name_boolean` is a parameter `name` of that type.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from ccgkg.corpus.forms import Form, Words
from ccgkg.corpus.parameters import PARAMETER_TYPES, parameters_in
from ccgkg.corpus.yamlfile import read_text
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
    except SeedError as error:
        raise QueryError(error.message) from None
    header = [
        (number, line[2:].removeprefix(" "))
        for number, line in enumerate(text.splitlines(), 1)
        if line.startswith("#+")
    ]
    first = header[0][0] if header else 1
    try:
        content = yaml.safe_load("\n".join(line for _, line in header)) or {}
        form = _Header.model_validate(content)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first + (mark.line if mark else 0)
        problem = getattr(error, "problem", error)
        raise QueryError(f"{path}:{line}: the #+ header is not YAML: {problem}") from None
    except ValidationError as error:
        problem = error.errors()[0]
        what = ".".join(str(part) for part in problem["loc"]) or "header"
        raise QueryError(
            f"{path}:{first}: the #+ header: {what}: {problem['msg']}",
            hint="A header has `#+ summary: …` and `#+ description: …`.",
        ) from None
    parameters = parameters_in(text)
    for name, kind in parameters.items():
        if kind not in PARAMETER_TYPES:
            raise QueryError(
                f"{path}: the parameter `?_{name}_{kind}` has no known type; "
                f"known: {', '.join(PARAMETER_TYPES)}"
            )
    unknown = sorted(set(form.defaults) - set(parameters))
    if unknown:
        raise QueryError(f"{path}:{first}: defaults of no parameter: {', '.join(unknown)}")
    return QueryFile(
        name=path.stem,
        summary=form.summary,
        description=form.description,
        tags=form.tags,
        parameters=parameters,
        defaults={name: str(value) for name, value in form.defaults.items()},
        path=str(path),
    )
