"""Pairs to look at: code that two share and few others have, unusual wrong answers; what the task asks for is no likeness."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from autograder.classroom.grading import Asked, grade_class
from autograder.classroom.similarity import UNUSUAL, pairs
from autograder.declare.catalogue import OURS
from tests.students import another_style, mistakes, reference, stubs
from tests.test_class import NOW, activations, written
from tests.test_html import Tags

TOPIC = "activations"


def disguised(text: str) -> str:
    """The same program with other names, other space and no comments."""
    renamed = re.sub(r"\bx\b", "values", text)
    return re.sub(r"^\s*#.*\n", "", renamed, flags=re.MULTILINE).replace("    ", "  ")


@cache
def a_class() -> dict[str, str]:
    """Right and wrong ones, all from the reference, which is no likeness; two other styles, and one of these in disguise."""
    made = {f"m{i}": mistakes(i / 8)(TOPIC) for i in range(8)}
    styles = {"ada": another_style(0)(TOPIC), "bo": another_style(1)(TOPIC), "zed": disguised(another_style(0)(TOPIC))}
    return {**made, **styles, "right": reference(TOPIC), "open": stubs(TOPIC)}


def test_a_copy_in_disguise_is_found_and_who_is_right_or_wrong_alike_is_not() -> None:
    texts = a_class()
    (found,) = pairs(list(texts), lambda name: {TOPIC: texts[name]}, [TOPIC], OURS, {})
    assert (found.who, found.topic) == (("ada", "zed"), TOPIC)
    assert found.wrong == []
    for name, code in zip(found.who, found.codes, strict=True):
        lines = texts[name].splitlines()
        assert code
        assert all(lines[number - 1].expandtabs(4) == line for number, line in code)


def test_what_many_wrote_is_the_tasks_and_no_pairs() -> None:
    texts = {f"s{i}": another_style(0)(TOPIC) for i in range(UNUSUAL + 2)}
    assert pairs(list(texts), lambda name: {TOPIC: texts[name]}, [TOPIC], OURS, {}) == []
    assert pairs([], lambda name: {}, [TOPIC], OURS, {}) == []
    assert pairs(["a", "b"], lambda name: {}, [TOPIC, "concepts"], OURS, {}) == []


def test_the_same_unusual_wrong_answers_in_two_exercises_come_first() -> None:
    texts = a_class()
    wrong = {
        (f"{TOPIC}/relu/value", "1"): ["m1", "m2"],
        (f"{TOPIC}/relu/slope", "2"): ["m1", "m2"],
        (f"{TOPIC}/elu/value", "3"): ["m2", "m1"],
        (f"{TOPIC}/selu/value", "4"): ["m3", "m4"],  # in one exercise alone that may be chance
        (f"{TOPIC}/tanh/value", "5"): ["m3", "m4", "m5", "m6"],  # so many have it that it is not unusual
        (f"{TOPIC}/swish/value", "5"): ["m3", "m4", "m5", "m6"],
    }
    found = pairs(list(texts), lambda name: {TOPIC: texts[name]}, [TOPIC], OURS, wrong)
    assert [(pair.who, pair.wrong) for pair in found] == [(("m1", "m2"), ["elu", "relu"]), (("ada", "zed"), [])]


def test_the_page_shows_both_codes_where_it_was_asked_for_and_calls_it_no_verdict(tmp_path: Path) -> None:
    evil = "\n# </pre><script>document.title=1</script>\nclass Evil: pass\n"
    chosen = {name: activations(a_class()[name] + evil) for name in ("ada", "zed")}
    folder = written(tmp_path / "in", chosen)
    grade_class(folder, tmp_path / "out", topics=[TOPIC], layout="plain", jobs=1, now=NOW, similar=True)
    page = (tmp_path / "out" / "index.html").read_bytes()
    text = Tags(page.decode()).text.partition("Pairs to look at")[2].partition("Exercises, from the hardest")[0]
    assert "ada and zed" in text
    assert "no verdict" in text
    assert b"<script>document.title" not in page
    asked = Asked.read(tmp_path / "out")
    assert asked is not None
    assert asked.similar  # so a class that is graded again is looked at again
