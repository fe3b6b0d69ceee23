"""Where the time goes, as ratios in one run: `make bench`.

Machines are noisy, so nothing here is compared with a number from another day. Every quantity is measured in turn, round after
round, and its median is taken; the ratios are between medians of the same run.
"""

from __future__ import annotations

import inspect
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from autograder.at_home.public import FILE_NAME, ROOT_FILE, public_bytes, public_record
from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, load_topic, topic_names
from autograder.grading.engine import Grader, warm_grader
from autograder.submission.read import Submission, read_submission
from autograder.wall.inside.lent import from_library
from autograder.wall.inside.perform import Script
from tests.proof import scripts_and_cases
from tests.watched import Watch

ROOT = Path(__file__).resolve().parent.parent
# As on a machine of a user's: compiled modules are kept, which some build machines forbid.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
CORE = ("activations", "layers", "initializers", "optimizers", "regularization", "normalization")


def seconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def run(*command: str, code: int = 0) -> None:
    """Run a command to its end, which must have this exit code; its output is thrown away."""
    done = subprocess.run(command, capture_output=True, cwd=ROOT, env=ENVIRONMENT, check=False)
    if done.returncode != code:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()}")


# --- the bare program: the same calls with the same inputs, and nothing else ---------------------------------------------


def bare_source(script: Script, name: str) -> str:
    """A script as the plain Python that a person would write for it: a function of the module and the constants."""

    held: set[int] = set()
    lines = [f"def {name}(module, c):"]

    def text(expression: list[Any]) -> str:
        tag, body = expression
        if tag == "held":  # a list or a dict that is made once
            number, content = body
            if number not in held:
                held.add(number)
                lines.append(f"    h{number} = {text(content)}")
            return f"h{number}"
        if tag == "slot":
            return f"s{body}" if body else "module"
        if tag == "constant":
            return f"c[{body}]"
        if tag == "value":
            return repr(body)
        items = [f"{key!r}: {text(item)}" for key, item in body.items()] if tag == "dict" else list(map(text, body))
        return {"list": "[{}]", "tuple": "({},)", "dict": "{{{}}}"}[tag].format(", ".join(items)) if items else {
            "list": "[]", "tuple": "()", "dict": "{}"}[tag]  # fmt: skip

    def call(function: Any, arguments: Any, keywords: Any) -> str:
        return f"{text(function)}({', '.join([*map(text, arguments), *(f'{k}={text(v)}' for k, v in keywords.items())])})"

    for word, target, *operands in script.steps:
        if word == "attribute":
            line = f"s{target} = {text(operands[0])}.{operands[1]}"
        elif word == "call":
            line = f"s{target} = {call(*operands)}"
        elif word == "attempt":
            lines += ["    try:", f"        {call(*operands)}", f"        s{target} = 'returned'"]
            line = f"except Exception as error: s{target} = type(error).__name__"
        elif word == "item":
            line = f"s{target} = {text(operands[0])}[{text(operands[1])}]"
        elif word == "fill":
            line = f"{text(operands[0])}[...] = {text(operands[1])}"
        elif word == "assign":
            line = f"{text(operands[0])}.{operands[1]} = {text(operands[2])}"
        elif word == "library":  # what a check lends, in its own text: importing this package would count for it
            found = from_library(*operands)
            lines.append(textwrap.indent(inspect.getsource(found), "    "))
            line = f"s{target} = {found.__name__}"
        elif word == "random":
            line = f"s{target} = np.random.default_rng({operands[0]})"
        elif word == "write_over":
            written = text(operands[0])
            line = f"if isinstance({written}, np.ndarray) and {written}.flags.writeable: {written}[...] = -1.0"
        elif word in ("snapshot", "kept"):
            line = f"s{target} = copy.deepcopy({text(operands[0])})"
        else:
            function = {
                "same_memory": "np.shares_memory",
                "same_object": "operator.is_",
                "length": "len",
                "sorted_keys": "sorted",
            }
            line = f"s{target} = {function[word]}({', '.join(map(text, operands))})"
        lines.append("    " + line)
    answer = text(["list", list(script.outputs.values())])
    if script.due >= 0:  # from here on it may refuse: what it answered until then counts
        lines[1:] = ["    try:", *(textwrap.indent(line, "    ") for line in lines[1:]), "    except Exception: return"]
    return "\n".join([*lines, "    return " + answer])


def write_bare_program(folder: Path, grader: Grader, topics: tuple[str, ...]) -> Path:
    """The bare program for these topics: it imports each module and calls its functions on the recorded inputs."""
    source, plan = ["import copy, operator", "from math import inf, nan", "from typing import Any", "import numpy as np"], []
    for topic in topics:
        calls = []
        for number, (check_id, _, _) in enumerate(load_topic(topic).checks()):
            scripts, cases = scripts_and_cases(grader.answers(topic)[check_id])
            for index, script in enumerate(scripts):
                source.append(bare_source(script, f"{topic}_{number}_{index}"))
            calls += [(f"{topic}_{number}_{case.script}", [array.copy() for array in case.constants]) for case in cases]
        plan.append((topic, calls))
    (folder / "bare_calls.py").write_text("\n".join(source))
    (folder / "plan.pickle").write_bytes(pickle.dumps(plan, protocol=5))
    program = folder / "bare.py"
    program.write_text(
        "import importlib, pickle, sys\nimport numpy\nnumpy.seterr(all='ignore')\n"
        f"sys.path[:0] = [{str(folder)!r}]\nimport bare_calls\n"
        "for topic, calls in pickle.load(open(sys.path[0] + '/plan.pickle', 'rb')):\n"
        "    module = importlib.import_module(topic)\n"
        "    for name, constants in calls:\n        getattr(bare_calls, name)(module, constants)\n"
    )
    return program


# --- the topic that is written in Keras ---------------------------------------------------------------------------------

OWN_CALLS = """
import sys, time
from autograder.declare.keras_oracle import keras
keras()
from autograder.recording.answers import DEFAULT_SECRET
from autograder.declare.catalogue import load_topic
from autograder.declare.catalogue import OURS
from autograder.recording.misconceptions import make_module
from tests.proof import scripts_and_cases
from autograder.recording.record import answers_for
from autograder.wall.inside.perform import perform_all
answers = answers_for("keras_models", DEFAULT_SECRET)
asked = [scripts_and_cases(answers[check_id]) for check_id, _, _ in load_topic("keras_models").checks()]
module = make_module("keras_models", OURS.reference_source("keras_models"))
begun = time.perf_counter()
for scripts, cases in asked: perform_all(module, scripts, cases)
print(time.perf_counter() - begun)
"""


def own_fits() -> float:
    """Seconds of a submission's own Keras: the same calls in a process that has loaded Keras, without wall and verdicts."""
    done = subprocess.run(
        [sys.executable, "-c", OWN_CALLS], capture_output=True, text=True, cwd=ROOT, env=ENVIRONMENT, check=True
    )
    return float(done.stdout)


# --- on a student's own machine -----------------------------------------------------------------------------------------

KIT = ROOT / "assignments" / "activations"


def write_kit(folder: Path) -> Path:
    """A kit of one topic, its module filled in rightly; the module's path."""
    topic = folder / "activations"
    shutil.copytree(KIT, topic, ignore=shutil.ignore_patterns("figures"))
    (folder / ROOT_FILE).write_text("{}", encoding="utf-8")
    (topic / FILE_NAME).write_bytes(public_bytes(public_record("activations")))
    module = topic / "activations.py"
    module.write_text(OURS.reference_source("activations"), encoding="utf-8")
    return module


def answered_saves(module: Path, saves: int) -> list[float]:
    """Seconds from each save of a module to the whole answer of `grade check --watch`; empty and right take turns."""
    sources = [(KIT / module.name).read_text(encoding="utf-8"), OURS.reference_source("activations")]
    watch = Watch(
        [sys.executable, "-m", "autograder.cli", "check", str(module), "--watch"], module, module.parent, ENVIRONMENT
    )

    def save(source: str) -> None:
        watch.save(source)
        watch.until("checks right")

    try:
        watch.until("Ctrl-C ends.")
        return [seconds(partial(save, sources[number % 2])) for number in range(saves)]
    finally:
        watch.end()


# --- the parts of a cold grading ----------------------------------------------------------------------------------------


def parts(submission: Submission, topics: tuple[str, ...]) -> dict[str, float]:
    """Seconds of each part of a cold grading, one after the other in a fresh process; the real command overlaps some."""
    code = f"""
import time; t0 = time.perf_counter()
import autograder.cli, autograder.grading.engine, numpy
from pathlib import Path
from autograder.course.settings import Course
from autograder.submission.read import read_submission
t1 = time.perf_counter()
from autograder.wall.sandbox import start_sandbox
sandbox = start_sandbox(); t2 = time.perf_counter()
grader = autograder.grading.engine.Grader(Course(), sandbox)
for topic in {topics!r}: grader.answers(topic)
t3 = time.perf_counter()
submission = read_submission(Path({submission.name!r})); t4 = time.perf_counter()
results = grader.verdicts(submission, list({topics!r})); t5 = time.perf_counter()
report = grader.grade(submission, list({topics!r})); t6 = time.perf_counter()
from rich.console import Console
from autograder.render.terminal import print_report
print_report(report, "x", Console(file=open("/dev/null", "w"))); t7 = time.perf_counter()
sandbox.close(); t8 = time.perf_counter()
print(t1-t0, t2-t1, t3-t2, t4-t3, t5-t4, max(0, (t6-t5)-(t5-t4)), t7-t6, t8-t7)
"""
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=ENVIRONMENT
    ).stdout
    names = (
        "imports", "starting the sandbox", "loading recorded answers", "reading the submission", "functions and verdicts",
        "diagnosis and report", "rendering (with Rich's import)", "taking the sandbox down",
    )  # fmt: skip
    return dict(zip(names, map(float, said.split()), strict=True))


@click.command()
@click.option("--rounds", default=7, help="How often each is measured.")
def main(rounds: int) -> None:
    """Measure, and print the table of README."""
    topics = tuple(name for name in CORE if name in topic_names())
    python = sys.executable
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "six"
        folder.mkdir()
        for topic in topics:
            shutil.copy(ROOT / "reference" / f"{topic}.py", folder)
        run(python, "-m", "autograder.cli", str(folder))  # records what is not recorded yet
        whole, in_keras = Path(name) / "whole", Path(name) / "in_keras"
        for place, names in ((whole, [t for t in topic_names() if t != "keras_models"]), (in_keras, ["keras_models"])):
            place.mkdir()
            for topic in names:
                (place / f"{topic}.py").write_text(OURS.reference_source(topic), encoding="utf-8")
            run(python, "-m", "autograder.cli", str(place))
        submission = read_submission(folder)
        with warm_grader(Course(), jobs=1) as grader, warm_grader(Course(), jobs=2) as two:
            shutil.copytree(folder, Path(name) / "bare")
            module = write_kit(Path(name) / "kit")
            bare = write_bare_program(Path(name) / "bare", grader, topics)
            grader.grade(submission, list(topics))
            two.grade(submission, list(topics))
            actions: dict[str, Callable[[], object]] = {
                "import tensorflow": lambda: run(python, "-c", "import tensorflow"),
                "import numpy": lambda: run(python, "-c", "import numpy"),
                "cold, six topics": lambda: run(python, "-m", "autograder.cli", str(folder)),
                "cold, all without Keras": lambda: run(python, "-m", "autograder.cli", str(whole)),
                "cold, one module": lambda: run(python, "-m", "autograder.cli", str(folder / "layers.py")),
                "cold, a student's own check": lambda: run(python, "-m", "autograder.cli", "check", str(module)),
                "cold, six topics, half wrong": lambda: run(python, "-m", "autograder.cli", "docs/examples/first_try", code=1),
                "half wrong, without the search for lines": lambda: run(
                    python, "-m", "autograder.cli", "docs/examples/first_try", "--no-locate", code=1
                ),
                "right, without the search for lines": lambda: run(python, "-m", "autograder.cli", str(folder), "--no-locate"),
                "bare Python, same calls": lambda: run(python, str(bare)),
                "one more submission, 1 job": lambda: grader.grade(submission, list(topics)),
                "one more submission, 2 jobs": lambda: two.grade(submission, list(topics)),
                "import keras": lambda: run(python, "-c", "import keras"),
                "cold, keras_models": lambda: run(python, "-m", "autograder.cli", str(in_keras)),
            }
            for action in actions.values():
                action()  # once to warm the disk's cache, not counted
            measured: dict[str, list[float]] = {name: [] for name in actions}
            for _ in range(rounds):
                for label, action in actions.items():
                    measured[label].append(seconds(action))
        of = {label: statistics.median(times) for label, times in measured.items()}
        of["a save under --watch"] = statistics.median(answered_saves(module, rounds))
        own = statistics.median(own_fits() for _ in range(3))
        each_part = [parts(_at(folder), topics) for _ in range(max(3, rounds // 2))]
    _show(of, own, each_part)


def _at(folder: Path) -> Submission:
    return Submission(str(folder))


def _show(of: dict[str, float], own: float, each_part: list[dict[str, float]]) -> None:
    tensorflow, bare = of["import tensorflow"], of["bare Python, same calls"]
    click.echo(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}\n")
    click.echo("| what | seconds | ratio |")
    click.echo("| --- | ---: | --- |")
    for label, time_ in of.items():
        ratio = ""
        if label == "cold, keras_models":
            ratio = f"{(time_ - own) / of['import keras']:.2f} × import keras, beside {own:.2f} s of its own fits"
        elif label in ("cold, a student's own check", "a save under --watch"):
            ratio = f"{time_ / of['import numpy']:.2f} × import numpy"
        elif label.endswith("the search for lines"):
            searched = of["cold, six topics, half wrong" if label.startswith("half") else "cold, six topics"]
            ratio = f"the search takes {max(0.0, searched - time_):.2f} s"
        elif label.startswith("cold"):
            ratio = f"{time_ / tensorflow:.2f} × import tensorflow"
        elif label.startswith("one more"):
            ratio = f"{time_ / bare:.2f} × bare Python"
        click.echo(f"| {label} | {time_:.2f} | {ratio} |")
    click.echo("\n| part of a cold grading of six topics | seconds |\n| --- | ---: |")
    for name in each_part[0]:
        click.echo(f"| {name} | {statistics.median(part[name] for part in each_part):.3f} |")


if __name__ == "__main__":
    main()
