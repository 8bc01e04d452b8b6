"""What is wrong with a query that is not SPARQL, told so that it can be mended.

Each case is decided from the text. What no case of this module tells is a matter of single
tokens, and `mending` tries what would be right there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ccgkg.corpus.tokens import Token
from ccgkg.dataset.mending import FORMS, REPAIRS, Told, either, misspelt
from ccgkg.dataset.probing import CLOSING, Broken, offset, position
from ccgkg.errors import nearest

__all__ = ["Fault", "fault"]

_PROLOGUE = {"PREFIX": (3, "PREFIX name: <IRI>"), "BASE": (2, "BASE <IRI>")}
"""What may stand before: how many tokens it has, and its shape."""
_QUOTES = "“”„‘’‚«»"
_MEANINGS = {
    "SELECT contains a variable that is unbound": "SELECT shows a variable that is neither in "
    "GROUP BY nor inside COUNT or the like",
    "SELECT overrides an existing variable": "SELECT gives a value the name (AS) of a variable "
    "that the query has already; take a new name",
    "SELECT * is not authorized": "SELECT * does not go with GROUP BY: name the columns",
    "Duplicated variable name": "SELECT has two columns of the same name",
}
"""The parser's words for what is no matter of tokens, to ours."""
_BAD_ESCAPE = r"(?:[^\\]|\\[tbnrf\"'\\uU])*(\\[^tbnrf\"'\\uU])"


class Fault(NamedTuple):
    """What is wrong with a query.

    Attributes:
        line: 1-based.
        column: 1-based, in characters.
        what: what is wrong and what may help.
    """

    line: int
    column: int
    what: str


def fault(text: str, message: str, prefixes: Mapping[str, str]) -> Fault:
    """Tell what is wrong with a query.

    Args:
        text: the query.
        message: what the engine's parser said.
        prefixes: those that need no declaration.
    """
    line, column, words = position(message)
    if words == message:  # it tells no place
        return Fault(line, column, message)
    broken = Broken.of(text, prefixes, offset(text, line, column), words)
    at, what = next(filter(None, (case(broken) for case in _CASES)))
    return Fault(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at), what)


def _no_form(broken: Broken) -> Told:
    """The text does not begin as a query does."""
    begins = _prologue(broken)
    if begins >= len(broken.pieces):
        return broken.end, f"there is no query here; it begins with {either(FORMS)}"
    head = broken.pieces[begins]
    word = head.text.upper()
    if word in FORMS:
        return None
    told = f"this is no SPARQL query: it begins with {either(FORMS)}, after its PREFIX lines"
    if word in _PROLOGUE:
        told = f"this line is not complete: it is `{_PROLOGUE[word][1]}`"
    elif word[1:] in _PROLOGUE:
        told = f"SPARQL writes {word[1:]}, without `@` and without `.` at the end"
    elif word == "." and begins:
        told = "a PREFIX line has no `.` at its end"
    elif (near := misspelt(broken)) is not None:
        return near
    return head.start, told


def _prologue(broken: Broken) -> int:
    """Which token follows the PREFIX and BASE lines that are whole."""
    at = 0
    kinds = [piece.kind for piece in broken.pieces]
    while True:
        word = broken.pieces[at].text.upper() if at < len(kinds) else ""
        long, _ = _PROLOGUE.get(word, (0, ""))
        if not long or kinds[at + long - 1 : at + long] != ["iri"] or at + long > broken.at:
            return at
        at += long


def _unclosed(broken: Broken) -> Told:
    """A string or an IRI has no end."""
    for at, piece in enumerate(broken.pieces[: broken.at + 1]):
        if piece.text in ("'", '"') and piece.kind == "other":
            before = broken.pieces[at - 1] if at else piece
            if before.text == 2 * piece.text and before.start == piece.start - 2:
                quotes = 3 * piece.text
                return before.start, f"the string that begins here has no closing `{quotes}`"
            return piece.start, (
                f"the string that begins here has no closing `{piece.text}` in its line"
            )
        if piece.text == "<" and _opens_iri(broken, piece):
            return piece.start, "the IRI that begins here has no `>` before the next space"
    return None


def _opens_iri(broken: Broken, piece: Token) -> bool:
    failed = '">"' in broken.said or "IRI parsing failed" in broken.said
    return failed and re.match(r"<\w[\w+.-]*:", broken.text[piece.start :]) is not None


def _undeclared(broken: Broken) -> Told:
    """A name has a prefix that nobody declares."""
    if broken.stuck is None or broken.stuck.kind != "name":
        return None
    names = [piece for piece in broken.pieces if piece.kind == "name"]
    before = [piece.text.upper() for piece in (broken.pieces[0], *broken.pieces)]
    declared = {
        piece.text.partition(":")[0]
        for piece, word in zip(broken.pieces, before, strict=False)
        if word == "PREFIX"
    }
    missing = {piece.text.partition(":")[0] for piece in names} - declared - set(broken.prefixes)
    if broken.stuck.text.partition(":")[0] not in missing:
        return None
    if address := re.match(r"https?:[^\s<>]+", broken.text[broken.stuck.start :]):
        return broken.stuck.start, f"an IRI stands in angle brackets: `<{address.group()}>`"
    told = []
    for prefix in sorted(missing):
        near = nearest(prefix, broken.prefixes)
        told.append(f"`{prefix}:`" + (f" (nearest: {', '.join(near)})" if near else ""))
    return broken.stuck.start, f"a prefix is not declared: {', '.join(told)}"


def _inside(broken: Broken) -> Told:
    """A token is wrong in itself."""
    stuck = broken.stuck
    if stuck is None:
        return None
    if stuck.text in _QUOTES:
        return stuck.start, f'`{stuck.text}` is no quotation mark of SPARQL: write `"…"`'
    if stuck.kind == "string" and (escape := re.search(_BAD_ESCAPE, stuck.text)):
        return stuck.start + escape.start(1), (
            f"a string has no `{escape.group(1)}`; for the backslash itself write two: "
            f"`\\{escape.group(1)}`"
        )
    if stuck.kind == "iri" and "IRI parsing failed" in broken.said:
        return stuck.start, f"`{stuck.text}` is no whole IRI, and the query has no BASE"
    return None


def _brackets(broken: Broken) -> Told:
    """A bracket is closed that was not open, or another one is open, or the text ends."""
    opened = broken.opened()
    if broken.stuck is None:
        if not opened:
            return None
        places = " and ".join(broken.placed(each) for each in reversed(opened))
        missing = " ".join(CLOSING[each.text] for each in reversed(opened))
        return broken.end, f"the query ends here without `{missing}`; still open: {places}"
    pairs = {close: open_ for open_, close in CLOSING.items()}
    wanted = pairs.get(broken.stuck.text)
    if wanted is None or (opened and opened[-1].text == wanted):
        return None
    if wanted not in [each.text for each in opened]:
        return broken.stuck.start, f"`{broken.stuck.text}` closes nothing: no `{wanted}` is open"
    return broken.stuck.start, (
        f"`{CLOSING[opened[-1].text]}` is missing before this `{broken.stuck.text}`: "
        f"{broken.placed(opened[-1])} is not closed"
    )


def _meaning(broken: Broken) -> Told:
    """The tokens are in order, what they say is not."""
    for theirs, ours in _MEANINGS.items():
        if theirs in broken.told:
            return _select(broken), ours
    return None


def _bound_twice(broken: Broken) -> Told:
    """BIND names a variable that has its value already; told only where the group ends."""
    if broken.stuck is None or broken.stuck.text != "}":
        return None
    for at, piece in enumerate(broken.pieces[: broken.at]):
        before = broken.pieces[at - 1].text.upper() if at else ""
        if piece.kind == "variable" and before == "AS" and broken.renamed(at) > broken.at:
            return piece.start, f"`{piece.text}` has a value already: BIND takes a new name"
    return None


def _select(broken: Broken) -> int:
    """Where the last SELECT before the place begins."""
    found = [p.start for p in broken.pieces[: broken.at] if p.text.upper() == "SELECT"]
    return found[-1] if found else 0


_CASES: tuple[Callable[[Broken], Told], ...] = (
    _no_form,
    _unclosed,
    _undeclared,
    _inside,
    _brackets,
    _meaning,
    _bound_twice,
    *REPAIRS,
)
"""What may be wrong; the first that is decides."""
