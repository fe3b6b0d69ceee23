"""The report as JUnit XML, which every service for continuous integration can show: a suite a topic, a case a check."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from autograder.render import words
from autograder.report import CheckReport, Place, Report, TopicReport
from autograder.statuses import Status

# What each status is in JUnit's words. A failure is a wrong answer; an error is code that broke, or a grader that did; what a
# student has not written yet, and what a person grades, is skipped. Skipped is not passed: the exit code is 0 for all points.
KINDS: dict[Status, str | None] = {
    "passed": None,
    "failed": "failure",
    "missing": "failure",
    "error": "error",
    "not_imported": "error",
    "timeout": "error",
    "crashed": "error",
    "garbled": "error",
    "grader_error": "error",
    "todo": "skipped",
    "manual": "skipped",
}

# The characters that XML 1.0 allows; any other makes the whole file unreadable.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> bytes:
    """The XML document, in UTF-8, with one line break at its end."""
    root = ET.Element("testsuites", {"name": "nablagrade", **_counts([c for topic in report.topics for c in _checks(topic)])})
    for topic in report.topics:
        root.append(_suite(topic, report.timing.topics_seconds.get(topic.name, 0.0)))
    ET.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8") + b"\n"


def _checks(topic: TopicReport) -> list[CheckReport]:
    return [check for exercise in topic.exercises for check in exercise.checks]


def _counts(checks: list[CheckReport]) -> dict[str, str]:
    kinds = [KINDS[check.status] for check in checks]
    named = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    return {"tests": str(len(kinds)), **{name: str(kinds.count(kind)) for name, kind in named.items()}}


def _suite(topic: TopicReport, seconds: float) -> ET.Element:
    suite = ET.Element("testsuite", {"name": topic.name, "time": f"{seconds:.4f}", **_counts(_checks(topic))})
    properties = ET.SubElement(suite, "properties")
    for name, points in (("points", topic.score), ("max_points", topic.max_score)):
        ET.SubElement(properties, "property", name=name, value=f"{points:g}")
    for exercise in topic.exercises:
        for check in exercise.checks:
            case = ET.SubElement(suite, "testcase", classname=f"{topic.name}.{exercise.name}", name=words.short_name(check))
            _add_outcome(case, check, words.place_in(topic, exercise.name))
    if topic.problem:
        ET.SubElement(suite, "system-err").text = _legal(topic.problem)
    return suite


def _add_outcome(case: ET.Element, check: CheckReport, place: Place | None) -> None:
    kind = KINDS[check.status]
    if kind is None:
        return
    said = _legal(words.check_remark(check) or check.sentence)
    if kind == "skipped":
        ET.SubElement(case, kind, message=said)
        return
    named = check.diagnosis.misconception if check.diagnosis else None
    outcome = ET.SubElement(case, kind, message=_legal(check.sentence) or said, type=named or check.status)
    about = [check.diagnosis.evidence, check.diagnosis.text] if check.diagnosis else [said]
    if place is not None and named is None:
        about += [f"{words.place_link(place)}: {line}" for line in words.place_lines(place)]
    outcome.text = _legal("\n".join(text for text in about if text))


def _legal(text: str) -> str:
    return _ILLEGAL.sub("�", text)
