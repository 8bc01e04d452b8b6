"""The directory is wanted while curating: a fault in a register hides nothing that can be read.

What is wrong is told after it, with file and line, and changes the exit code (law 4).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ccgkg.corpus.places import CorpusPlace

TOPICS = """\
root: {label: the root}
other: {label: another root}
both: {label: below both, broader: [root, other]}
leaf: {label: a leaf, broader: both}
one: {label: one of a cycle, broader: two}
two: {label: the other of a cycle, broader: one}
"""
TREE = """\
topics (6), each below what is broader:
  root: the root
    both: below both
      leaf: a leaf
  other: another root
    both: below both
      leaf: a leaf
  one: one of a cycle
    two: the other of a cycle
"""
ACTOR = "society: {label: society, kind: group, "


def test_a_topic_stands_below_each_that_is_broader(corpus: CorpusPlace, run: Callable) -> None:
    (corpus.seeds / "topics.yaml").write_text(TOPICS, encoding="utf-8")
    (corpus.seeds / "issues.yaml").unlink()
    result = run("--corpus", corpus.root, "terms", "topics")
    assert result.out == TREE
    assert result.code == 3
    assert "seeds/topics.yaml:" in result.err
    assert "a cycle in broader" in result.err


@pytest.mark.parametrize(
    ("new", "listed", "said"),
    [
        (ACTOR.replace("group", "gruop"), "patients (group)", ("actors.yaml:", "kind", "gruop")),
        ("society: [", "works (", ("actors.yaml:",)),
    ],
)
def test_faults_are_told_after_what_could_be_read(
    new: str,
    listed: str,
    said: tuple[str, ...],
    spoil: Callable,
    corpus: CorpusPlace,
    run: Callable,
) -> None:
    spoil("seeds/actors.yaml", ACTOR, new)
    result = run("--corpus", corpus.root, "terms", *(["actors"] if "group" in listed else []))
    assert result.code == 3
    assert listed in result.out
    assert [words for words in (*said, "ccgkg check") if words not in result.err] == []
    assert result.err.count(": error: ") == 1


def test_a_fault_in_a_claim_is_none_of_the_directory(corpus: CorpusPlace, run: Callable) -> None:
    (corpus.seeds / "pulse-2016" / "claims.yaml").write_text("claims: [", encoding="utf-8")
    result = run("--corpus", corpus.root, "terms", "actors")
    assert (result.code, result.err) == (0, "")


def test_a_corpus_without_issues_lists_none(corpus: CorpusPlace, run: Callable) -> None:
    (corpus.seeds / "issues.yaml").unlink()
    result = run("--corpus", corpus.root, "terms", "issues")
    assert (result.code, result.out) == (0, "issues (0):\n")


@pytest.mark.parametrize("scheme", ["relation", "lever"])
def test_a_scheme_is_shown_whatever_the_registers_hold(
    scheme: str, corpus: CorpusPlace, run: Callable
) -> None:
    (corpus.seeds / "actors.yaml").write_text("[", encoding="utf-8")
    result = run("--corpus", corpus.root, "terms", scheme)
    assert (result.code, result.err) == (0, "")
