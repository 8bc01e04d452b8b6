"""Parsing: from the text of a well-formed SELECT query to its patterns."""

from __future__ import annotations

from itertools import count

from ccgkg.corpus.tokens import Token, pieces
from ccgkg.dataset.prefixes import RDF
from ccgkg.queries.patterns import (
    Alternative,
    Bind,
    Closure,
    Column,
    Element,
    Excluded,
    Filter,
    Group,
    InGraph,
    Inverse,
    Lateral,
    Minus,
    Optional,
    Path,
    Pattern,
    Select,
    Sequence,
    Step,
    Union,
    Values,
)

__all__ = ["Fresh", "NotUnderstood", "parsed"]

_TYPE = f"<{RDF}type>"
_CLAUSES = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
_OPENING = {"(": 1, "{": 1, "[": 1, ")": -1, "}": -1, "]": -1}
_VERBS = ("^", "!", "(")


class NotUnderstood(Exception):
    """A part of a query that cannot be read here.

    Args:
        start: its offset.
    """

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.start = start


class Fresh:
    """Names of variables that a text does not have."""

    def __init__(self, text: str) -> None:
        self._stem = next(stem for stem in (f"_{n or ''}t" for n in count()) if stem not in text)
        self._number = count(1)

    def one(self) -> str:
        """Another one, with its question mark."""
        return f"?{self._stem}{next(self._number)}"


def parsed(text: str, fresh: Fresh) -> tuple[str, Select]:
    """The prologue of a SELECT query as written, and the query.

    Args:
        text: well formed, not an update.
        fresh: gives blank nodes their names as variables.

    Raises:
        NotUnderstood: it holds what cannot be read here.
    """
    reader = _Reader(text, fresh)
    while reader.word != "SELECT":
        reader.next()
    prologue = text[: reader.here.start]
    query = reader.select()
    if reader.here.text:
        raise NotUnderstood(reader.here.start)
    return prologue, query


class _Reader:
    """Reads tokens one after the other."""

    def __init__(self, text: str, fresh: Fresh) -> None:
        self._text, self._fresh = text, fresh
        self._pieces = [*pieces(text), Token("other", "", len(text))]
        self._at = 0
        self._blank: dict[str, str] = {}

    @property
    def here(self) -> Token:
        """The token that is next; an empty one at the end."""
        return self._pieces[self._at]

    @property
    def word(self) -> str:
        """The text of the token that is next, words in capitals."""
        return self.here.text.upper() if self.here.kind == "word" else self.here.text

    def next(self) -> Token:
        """Take the token that is next."""
        token = self.here
        if not token.text:
            raise NotUnderstood(token.start)
        self._at += 1
        return token

    def took(self, *words: str) -> bool:
        """Take the token that is next if it is one of these."""
        if self.word not in words or self.here.kind == "string":
            return False
        self._at += 1
        return True

    def _want(self, word: str) -> None:
        if not self.took(word):
            raise NotUnderstood(self.here.start)

    def _since(self, start: int) -> str:
        """The text from an offset to the end of the last token taken."""
        return self._text[start : self._end]

    @property
    def _end(self) -> int:
        last = self._pieces[self._at - 1]
        return last.start + len(last.text)

    def _balanced(self) -> None:
        """Take a bracket with everything to the one that closes it."""
        depth = 0
        while True:
            depth += _OPENING.get(self.next().text, 0)
            if depth <= 0:
                return

    def select(self) -> Select:
        """A SELECT with its clauses."""
        start = self.here.start
        self._want("SELECT")
        distinct = self.took("DISTINCT", "REDUCED")
        columns, first = [], self._at
        if not self.took("*"):
            while self.here.kind == "variable" or self.here.text == "(":
                columns.append(self._column())
        shown = self._pieces[first : self._at]
        from_ = self.here.start
        while self.took("FROM"):
            self.took("NAMED")
            self.next()
        dataset = self._since(from_) if self.here.start > from_ else ""
        self.took("WHERE")
        group = self.group()
        first = self._at
        keys, clauses = self._clauses()
        grouped = bool(keys) or _aggregates([*shown, *self._pieces[first : self._at]])
        return Select(
            distinct, tuple(columns), dataset, group, keys, grouped, clauses, start, self._end
        )

    def _column(self) -> Column:
        start = self.here.start
        if self.here.kind == "variable":
            name = _variable(self.next())
            return Column(name, name)
        self._balanced()
        inside = self._pieces[self._at - 3 : self._at - 1]
        named = inside[0].text.upper() == "AS" and inside[1].kind == "variable"
        return Column(self._since(start), _variable(inside[1]) if named else "")

    def _clauses(self) -> tuple[tuple[Column, ...], dict[str, str]]:
        """The keys of GROUP BY, and the other clauses as written."""
        keys: list[Column] = []
        clauses: dict[str, str] = {}
        while self.word in _CLAUSES:
            name, start = self.word, self.here.start
            self.next()
            self.took("BY")
            while self.here.text not in ("", "}") and self.word not in _CLAUSES:
                if name == "GROUP":
                    keys.append(self._key())
                elif self.here.text in _OPENING:
                    self._balanced()
                else:
                    self.next()
            if name != "GROUP":
                clauses[name] = self._since(start)
        return tuple(keys), clauses

    def _key(self) -> Column:
        if self.here.kind == "variable" or self.here.text == "(":
            return self._column()
        start = self.here.start
        self.next()
        self._balanced()
        return Column(self._since(start), "")

    def group(self) -> Group:
        """What stands between braces."""
        start = self.here.start
        self._want("{")
        elements: list[Element] = []
        if self.word == "SELECT":
            elements.append(self.select())
        while not self.took("}"):
            if not self.took("."):
                self._element(elements)
        return Group(tuple(elements), start, self._end)

    def _element(self, elements: list[Element]) -> None:
        start = self.here.start
        if self.here.text == "{":
            branches = [self.group()]
            while self.took("UNION"):
                branches.append(self.group())
            elements.append(Union(tuple(branches)))
        elif self.took("OPTIONAL"):
            elements.append(Optional(self.group()))
        elif self.took("LATERAL"):
            elements.append(Lateral(self.group()))
        elif self.took("MINUS"):
            elements.append(Minus(self.group(), start))
        elif self.took("GRAPH"):
            elements.append(InGraph(self._term(elements), self.group()))
        elif self.took("FILTER"):
            elements.append(self._filter(start))
        elif self.took("BIND"):
            self._balanced()
            elements.append(Bind(self._since(start), start, _variable(self._pieces[self._at - 2])))
        elif self.took("VALUES"):
            elements.append(self._values(start))
        else:
            self._triples(elements)

    def _filter(self, start: int) -> Filter:
        negated = self.took("NOT")
        if self.took("EXISTS"):
            group = self.group()
            return Filter(self._since(start), start, group, negated)
        if self.here.text != "(":
            self.next()  # the name of a function
        self._balanced()
        return Filter(self._since(start), start, None, False)

    def _values(self, start: int) -> Values:
        named = []
        self.took("(")
        while self.here.kind == "variable":
            named.append(_variable(self.next()))
        self.took(")")
        self._balanced()
        return Values(self._since(start), tuple(named))

    def _triples(self, elements: list[Element]) -> None:
        """A subject with its properties; one in brackets may have none outside them."""
        inside = self.here.text in ("[", "(")
        subject = self._term(elements)
        if not inside or self._is_verb():
            self._properties(subject, elements)

    def _is_verb(self) -> bool:
        here = self.here
        return here.kind in ("variable", "iri", "name") or here.text in ("a", *_VERBS)

    def _properties(self, subject: str, elements: list[Element]) -> None:
        while True:
            path = self._verb()
            while True:
                elements.append(Pattern(subject, path, self._term(elements)))
                if not self.took(","):
                    break
            if not self.took(";"):
                return
            while self.took(";"):
                pass
            if not self._is_verb():
                return

    def _verb(self) -> Path | str:
        if self.here.kind == "variable":
            return _variable(self.next())
        return self._path()

    def _path(self) -> Path:
        parts = [self._sequence()]
        while self.took("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Alternative(tuple(parts))

    def _sequence(self) -> Path:
        parts = [self._walk()]
        while self.took("/"):
            parts.append(self._walk())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _walk(self) -> Path:
        backwards = self.took("^")
        path: Path
        if self.took("("):
            path = self._path()
            self._want(")")
        elif self.took("!"):
            path = self._excluded()
        else:
            path = Step(self._iri())
        if self.here.text in ("?", "*", "+"):
            path = Closure(path, self.next().text)
        return Inverse(path) if backwards else path

    def _excluded(self) -> Excluded:
        forward: list[str] = []
        backward: list[str] = []
        many = self.took("(")
        while not (many and self.took(")")):
            (backward if self.took("^") else forward).append(self._iri())
            self.took("|")
            if not many:
                break
        return Excluded(tuple(forward), tuple(backward))

    def _iri(self) -> str:
        token = self.next()
        if token.text == "a":
            return _TYPE
        if token.kind not in ("iri", "name"):
            raise NotUnderstood(token.start)
        return token.text

    def _term(self, elements: list[Element]) -> str:
        """A term as written; what blank nodes in brackets say goes to the elements."""
        token = self.next()
        if token.kind == "variable":
            return _variable(token)
        if token.text == "[":
            node = self._fresh.one()
            if not self.took("]"):
                self._properties(node, elements)
                self._want("]")
            return node
        if token.text == "(":
            return self._list(elements)
        if token.text.startswith("_:"):
            return self._blank.setdefault(token.text, self._fresh.one())
        return self._constant(token)

    def _list(self, elements: list[Element]) -> str:
        if self.took(")"):
            return f"<{RDF}nil>"
        node = self._fresh.one()
        elements.append(Pattern(node, Step(f"<{RDF}first>"), self._term(elements)))
        elements.append(Pattern(node, Step(f"<{RDF}rest>"), self._list(elements)))
        return node

    def _constant(self, token: Token) -> str:
        if token.kind == "string":
            if self.here.kind == "language" or self.took("^^"):
                self.next()
            return self._since(token.start)
        number = token.text[:1].isdigit() or token.text[:1] in ("+", "-", ".")
        truth = token.kind == "word" and token.text.lower() in ("true", "false")
        if token.kind in ("iri", "name") or truth or (number and token.text[-1:].isdigit()):
            return token.text
        raise NotUnderstood(token.start)


def _variable(token: Token) -> str:
    """A variable, always with a question mark."""
    return f"?{token.text[1:]}"


def _aggregates(tokens: list[Token]) -> bool:
    return any(token.kind == "word" and token.text.upper() in _AGGREGATES for token in tokens)
