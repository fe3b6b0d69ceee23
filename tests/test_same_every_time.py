"""The same submission gives the same report, to the byte, and the same secret gives the same questions."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

from autograder.declare.catalogue import load_topic, topic_names
from autograder.recording.answers import DEFAULT_SECRET, seed_for
from autograder.recording.record import draw_cases
from autograder.wall.inside import wire
from tests.conftest import ROOT
from tests.repeat import different_reports

# `make repeat` does 200. Four see both backends, both numbers of jobs, every hash seed, both clocks and both folders.
REPEATS = 4


def test_a_half_wrong_submission_gives_one_report_in_all_circumstances() -> None:
    seen = different_reports(REPEATS)
    assert len(seen) == 1, {digest: where[0] for digest, where in seen.items()}


CASES_DIGEST = """
import hashlib, sys
from autograder.recording.answers import DEFAULT_SECRET, seed_for
from autograder.declare.catalogue import load_topic, topic_names
from autograder.recording.record import draw_cases
from autograder.wall.inside import wire
total = hashlib.sha256()
for topic in topic_names():
    for check_id, _, check in load_topic(topic).checks()[::20]:
        total.update(wire.encode(draw_cases(check, seed_for(DEFAULT_SECRET, check_id))))
print(total.hexdigest())
"""


def test_inputs_do_not_depend_on_hash_seed_or_imported_modules() -> None:
    digests = set()
    for seed, imports in (("0", ""), ("77", "import email.mime.text, tests.random_mutants, tests.repeat\n")):
        done = subprocess.run(
            [sys.executable, "-c", imports + CASES_DIGEST],
            capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        digests.add(done.stdout)
    assert len(digests) == 1


def test_another_secret_asks_other_questions_and_another_check_too() -> None:
    digests = set()
    checks = [(check_id, check) for check_id, _, check in load_topic(topic_names()[0]).checks() if check.name == "value"][:3]
    for secret in (DEFAULT_SECRET, b"another course's secret"):
        for check_id, check in checks:
            cases = draw_cases(check, seed_for(secret, check_id))
            digests.add(hashlib.sha256(wire.encode(cases)).hexdigest())
    assert len(digests) == 2 * len(checks)
