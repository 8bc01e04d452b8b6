"""What would mend a query at the token that the parser could not take.

What is proposed is tried: a word is called misspelt, or a bracket missing, only if the
parser gets further with the other one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ccgkg.corpus.tokens import Token
from ccgkg.dataset.probing import CLOSING, Broken
from ccgkg.errors import nearest

__all__ = ["FORMS", "REPAIRS", "Told", "either", "misspelt"]

Told = tuple[int, str] | None
"""An offset and what is wrong there."""

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_CLAUSES = (
    *("PREFIX", "BASE", "DISTINCT", "REDUCED", "FROM", "NAMED", "WHERE", "GROUP", "ORDER", "BY"),
    *("HAVING", "LIMIT", "OFFSET", "VALUES", "OPTIONAL", "FILTER", "UNION", "MINUS", "GRAPH"),
    *("BIND", "AS", "ASC", "DESC", "UNDEF", "NOT", "EXISTS", "IN", "SEPARATOR", "TRUE", "FALSE"),
)
_FUNCTIONS = (
    *("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "STR", "LANG", "DATATYPE"),
    *("LANGMATCHES", "BOUND", "IRI", "URI", "BNODE", "RAND", "ABS", "CEIL", "FLOOR", "ROUND"),
    *("CONCAT", "STRLEN", "UCASE", "LCASE", "ENCODE_FOR_URI", "CONTAINS", "STRSTARTS", "STRENDS"),
    *("STRBEFORE", "STRAFTER", "YEAR", "MONTH", "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE"),
    *("TZ", "NOW", "UUID", "STRUUID", "MD5", "SHA1", "SHA256", "SHA384", "SHA512", "COALESCE"),
    *("IF", "STRLANG", "STRDT", "SAMETERM", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL"),
    *("ISNUMERIC", "REGEX", "SUBSTR", "REPLACE"),
)
_KEYWORDS = (*FORMS, *_CLAUSES, *_FUNCTIONS)
_ORDER = ("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES")
"""The clauses after the pattern, in their order, in which LIMIT and OFFSET may change places."""
_INSTEAD = {
    "AND": ("&&", "."),
    "OR": ("||", "UNION"),
    "NOT": ("!",),
    "IS": ("=",),
    "==": ("=",),
    "<>": ("!=",),
}
"""What people write out of habit, to what SPARQL has in its place."""
_LIKELY = {
    "a variable": "?v",
    "a prefixed name": "<x:x>",
    "a string": '"x"',
    "a number": "1",
    **{f"`{each}`": each for each in (".", ";", "}", ")", "(", "{")},
    **{each: each for each in ("BY", "AS", "WHERE", "FILTER", "GROUP BY", "ORDER BY", "LIMIT")},
}
"""What may be expected, the likely first, and how it is tried."""
_MOST = 5
_TERMS = {
    "?v": "a variable",
    "<x:x>": "a prefixed name",
    '"x"': "a string",
    "?v ?v": "a predicate and an object",
}
_INSERTED = (".", ";", ",", *_TERMS, "AS", "BY", "ORDER", "FILTER", "EXISTS", "(", ")", "{", "}")
"""What is often forgotten, the likely first."""


def _instead(broken: Broken) -> Told:
    """A word or sign of other languages, for which SPARQL has one of its own."""
    stuck = broken.stuck
    if stuck is None:
        return None
    for right in _INSTEAD.get(stuck.text.upper(), ()):
        if broken.gain([right], drop=1) >= 1:
            return stuck.start, f"SPARQL writes `{right}` here, not `{stuck.text}`"
    return None


def _shape(broken: Broken) -> Told:
    """A word or sign stands where SPARQL wants another shape around it."""
    stuck = broken.stuck
    if stuck is None:
        return None
    word, columns = stuck.text.upper(), _in_columns(broken)
    told = ""
    if "UNION" in (word, broken.before.text.upper() if broken.before else ""):
        told = "UNION stands between two groups: `{ … } UNION { … }`"
    elif word == "(" and broken.before and broken.gain(["("], drop=1) >= 1:
        told = f"`{broken.before.text}` and its `(` have no space between"
    elif not _within(broken, "("):
        if word in ("=", "!=", "<", ">", "<=", ">=", "=="):
            told = f"`{word}` compares only inside brackets, as in FILTER (…)"
        elif columns and word == ",":
            told = "the columns of SELECT stand side by side, without `,`"
        elif columns and word in _FUNCTIONS:
            told = f"a value in SELECT has brackets and a name: `({stuck.text}(…) AS ?name)`"
    return (stuck.start, told) if told else None


def _within(broken: Broken, bracket: str) -> bool:
    opened = broken.opened()
    return bool(opened) and opened[-1].text == bracket


def _in_columns(broken: Broken) -> bool:
    """Whether the place is between SELECT and what it selects from."""
    words = [piece.text.upper() for piece in broken.pieces[: broken.at]]
    after = words[len(words) - words[::-1].index("SELECT") :] if "SELECT" in words else ["{"]
    return not {"{", "WHERE", "FROM"} & set(after)


def _misordered(broken: Broken) -> Told:
    """The clauses after the pattern stand in another order."""
    word = broken.stuck.text.upper() if broken.stuck else ""
    if word not in _ORDER:
        return None
    later = _ORDER[_ORDER.index(word) + 1 :]
    for piece in reversed(broken.pieces[: broken.at]):
        if piece.text == "}":
            return None
        if piece.text.upper() in later and broken.stuck:
            return broken.stuck.start, (
                f"{_clause(word)} stands before {_clause(piece.text.upper())}"
            )
    return None


def _clause(word: str) -> str:
    return f"{word} BY" if word in ("GROUP", "ORDER") else word


def misspelt(broken: Broken) -> Told:
    """A keyword is misspelt: with the nearest the parser gets further."""
    stuck = broken.stuck
    if stuck is None or stuck.kind != "word" or stuck.text.upper() in _KEYWORDS:
        return None
    near = nearest(stuck.text.upper(), _KEYWORDS)
    left = len(broken.pieces) - broken.at - 1
    right = [word for word in near if broken.gain([word], drop=1) >= min(1, left)]
    if not right:
        return None
    best = max(right, key=lambda word: broken.gain([word], drop=1))
    return stuck.start, f"`{stuck.text}` is no keyword; nearest: {best}"


def _bare(broken: Broken) -> Told:
    """A word stands where a variable, a name or a text does."""
    stuck = broken.stuck
    if stuck is None or stuck.kind != "word" or stuck.text.upper() in _KEYWORDS:
        return None
    word = stuck.text
    after = broken.pieces[broken.at + 1 : broken.at + 2]
    if after and after[0].kind == "language":
        return stuck.start, f'a text stands in quotes: `"{word}"{after[0].text}`'
    gains = {
        f"a variable is `?{word}`": broken.gain([f"?{word}"], drop=1),
        f"a name has a prefix, as in `ccg:{word}`": broken.gain(["<x:x>"], drop=1),
        f'a text has quotes: `"{word}"`': broken.gain(['"x"'], drop=1),
    }
    best = max(gains.values())
    right = [way for way, gain in gains.items() if gain == best]
    return (stuck.start, f"`{word}` stands alone: {'; '.join(right)}") if best >= 0 else None


def _missing(broken: Broken) -> Told:
    """With a token before it the parser takes the one it is stuck at."""
    if broken.stuck is None:
        return None
    gains = {each: broken.gain(each.split()) for each in _INSERTED}
    best = max(gains.values())
    if best < 2:
        return None
    right = [each for each, gain in gains.items() if gain == best]
    start, shown = broken.stuck.start, f"`{_shown(broken.stuck)}`"
    if right[0] in (".", ";", ","):
        signs = either([f"`{each}`" for each in right if each in (".", ";", ",")])
        return start, f"the triple before {shown} is complete: is a {signs} missing before it?"
    if right[0] in _TERMS:
        terms = either([_TERMS[each] for each in right if each in _TERMS])
        return start, f"before {shown} something is missing: {terms}"
    if right[0] in CLOSING.values() and (opened := broken.opened()):
        return start, (
            f"is a `{right[0]}` missing before {shown}? {broken.placed(opened[-1])} is open"
        )
    return start, f"is `{right[0]}` missing before {shown}?"


def _too_much(broken: Broken) -> Told:
    """Without a token the parser gets further."""
    if broken.stuck is None:
        return None
    left = len(broken.pieces) - broken.at - 1
    if broken.gain([], drop=1) < min(2, left + 1):
        return None
    return broken.stuck.start, f"`{_shown(broken.stuck)}` is too much here"


def _unexpected(broken: Broken) -> tuple[int, str]:
    """What may stand at the place, the likely first."""
    right = [name for name, tried in _LIKELY.items() if broken.gain(tried.split()) >= 0]
    expected = f"; expected: {either(right[:_MOST])}" if right else ""
    if broken.stuck is None:
        return broken.end, f"the query ends too early{expected}"
    return broken.stuck.start, f"`{_shown(broken.stuck)}` cannot stand here{expected}"


def _shown(piece: Token) -> str:
    line = piece.text.split("\n")[0]
    return line if line == piece.text and len(line) <= 40 else f"{line[:40]}…"


def either(words: Sequence[str]) -> str:
    """Some things as a choice.

    >>> either(["a", "b", "c"])
    'a, b or c'
    """
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


REPAIRS: tuple[Callable[[Broken], Told], ...] = (
    _instead,
    _shape,
    _misordered,
    misspelt,
    _bare,
    _missing,
    _too_much,
    _unexpected,
)
"""Each of the repairs; the last says what is expected, whatever there is."""
