"""A record of answers is stale as soon as anything that its answers depend on has changed, and not before."""

from __future__ import annotations

import ast
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from autograder.at_home.public import public_bytes, public_record, read_public
from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, Catalogue
from autograder.errors import GraderFault, Unfit
from autograder.recording import answers, depends
from autograder.recording.answers import DEFAULT_SECRET, MadeFrom, file_of, load, made_from
from autograder.recording.misconceptions import can_run, functions_of, make_module, mutant_tree, mutants, runs
from autograder.recording.record import answers_for, called_in, record_topic
from autograder.wall.inside import wire
from autograder.wall.inside.perform import perform_all
from tests import proof
from tests.conftest import ROOT, topics_parameter
from tests.test_catalogue import MEAN, course_of

PACKAGE = ROOT / "autograder"
Change = Callable[[Path, bytes, bytes], None]


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Iterator[Change]:
    """Lets a file hold what somebody might have written: one text in the place of another, or something more at its end."""
    read = depends.content

    def forget() -> None:
        for cached in (depends._digest, depends._imported, answers._engine_digest):
            cached.cache_clear()

    def changed(path: Path, old: bytes = b"", new: bytes = b"\n# changed\n") -> None:
        def content(asked: str) -> bytes:
            held = read(asked)
            if asked != str(path):
                return held
            assert old in held, f"{path} does not hold {old!r}"
            return held.replace(old, new) if old else held + new

        monkeypatch.setattr(depends, "content", content)
        forget()

    yield changed
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize(
    ("topic", "file", "old", "new"),
    [
        ("layers", "recording/answers.py", b'"sha256")[:8]', b'"sha256")[8:16]'),  # seed_for
        ("layers", "recording/record.py", b"phases=[hypothesis.Phase.generate]", b"phases=[]"),
        ("layers", "recording/misconceptions.py", b"", b"\n"),
        ("layers", "declare/table.py", b"", b"\n"),
        ("layers", "declare/strategies.py", b"", b"\n"),
        ("layers", "declare/oracles.py", b"", b"\n"),
        ("layers", "declare/script.py", b"", b"\n"),
        ("layers", "declare/compare.py", b"", b"\n"),
        ("layers", "declare/keras_oracle.py", b"", b"\n"),
        ("layers", "wall/inside/perform.py", b"MOST_WARNINGS = 20", b"MOST_WARNINGS = 2"),
        ("layers", "wall/inside/lent.py", b"", b"\n"),
        ("layers", "wall/inside/wire.py", b"", b"\n"),
        ("layers", "checks/layers.py", b"", b"\n"),
        ("keras_models", "wall/inside/keras_values.py", b"", b"\n"),
        ("concepts", "checks/concepts.json", b'"prompt": "', b'"prompt": "Once more: '),  # a question
        ("concepts", "quiz/questions.py", b"", b"\n"),
        ("concepts", "quiz/source.py", b"", b"\n"),
        ("concepts", "quiz/bank.py", b"", b"\n"),
        *(("concepts", f"quiz/kinds/{path.name}", b"", b"\n") for path in sorted((PACKAGE / "quiz" / "kinds").glob("*.py"))),
    ],
)
def test_what_decides_answers_makes_a_record_stale(topic: str, file: str, old: bytes, new: bytes, change: Change) -> None:
    before = made_from(topic, DEFAULT_SECRET)
    change(PACKAGE / file, old, new)
    assert made_from(topic, DEFAULT_SECRET) != before


@pytest.mark.parametrize(
    "file",
    [
        *(f"render/{path.name}" for path in sorted((PACKAGE / "render").glob("*.py"))),
        "report.py",
        "errors.py",
        "wall/limits.py",
        "wall/sandbox.py",
        "wall/inside/harden.py",
        "grading/engine.py",
        "handing_out/kit.py",
        "checks/losses.py",
        "quiz/table.py",
        "wall/inside/keras_values.py",
        "__init__.py",
    ],
)
def test_what_decides_no_answer_of_a_topic_leaves_its_record_alone(file: str, change: Change) -> None:
    before = made_from("layers", DEFAULT_SECRET)
    change(PACKAGE / file, b"", b"\n")
    assert made_from("layers", DEFAULT_SECRET) == before


def test_what_a_courses_table_imports_counts_too(tmp_path: Path, change: Change) -> None:
    catalogue = course_of(tmp_path, MEAN).catalogue
    before = made_from("averages", DEFAULT_SECRET, catalogue)
    change(tmp_path / "checks" / "_numbers.py", b"max_size=7", b"max_size=8")
    assert made_from("averages", DEFAULT_SECRET, catalogue) != before


def test_a_table_may_be_a_package_and_all_of_it_counts(tmp_path: Path, change: Change) -> None:
    course_of(tmp_path, MEAN)
    package = tmp_path / "checks" / "averages"
    package.mkdir()
    for old, new in (("averages.py", "__init__.py"), ("_numbers.py", "_numbers.py")):
        (tmp_path / "checks" / old).rename(package / new)
    (package / "drawn.txt").write_text("one of its own files", encoding="utf-8")
    catalogue = Catalogue(tmp_path)
    assert catalogue.topic("averages").title == "Means"
    before = made_from("averages", DEFAULT_SECRET, catalogue)
    for file in ("__init__.py", "_numbers.py", "drawn.txt"):
        change(package / file, b"", b"\n")
        assert made_from("averages", DEFAULT_SECRET, catalogue) != before


# --- the versions of libraries --------------------------------------------------------------------------------------------

CHECK = OURS.topic("layers").checks()[0][0]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A record of one check of layers."""
    record = record_topic("layers", DEFAULT_SECRET, with_keras=False, with_misconceptions=False, only=[CHECK])
    path = tmp_path / "layers.answers"
    path.write_bytes(file_of(record))
    return path


def installed(monkeypatch: pytest.MonkeyPatch, **versions: str) -> None:
    """Let these versions be installed; of a library with an empty one, none is."""
    here = {**depends._installed(), **versions}
    monkeypatch.setattr(depends, "_installed", lambda: {name: version for name, version in here.items() if version})


@pytest.mark.parametrize("library", ["numpy", "hypothesis"])
def test_another_version_of_what_draws_and_computes_makes_a_record_stale(
    library: str, recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert load(recorded, made_from("layers", DEFAULT_SECRET)).record.checks[0].id == CHECK
    installed(monkeypatch, **{library: "0.0.1"})
    with pytest.raises(Unfit, match=rf"made with {library} \d.*, and 0\.0\.1 is here"):
        load(recorded, made_from("layers", DEFAULT_SECRET))


def test_keras_counts_where_a_reference_is_written_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, keras="1.0", tensorflow="1.0")
    before = {topic: made_from(topic, DEFAULT_SECRET) for topic in ("keras_models", "layers")}
    installed(monkeypatch, keras="2.0", tensorflow="1.0")
    assert made_from("keras_models", DEFAULT_SECRET) != before["keras_models"]
    assert made_from("layers", DEFAULT_SECRET) == before["layers"]


def test_keras_counts_where_its_answers_are_in_the_record_and_it_is_here(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = load(recorded, made_from("layers", DEFAULT_SECRET)).record
    recorded.write_bytes(file_of(msgspec.structs.replace(record, keras_version="1.0")))
    for version, fits in (("1.0", True), ("2.0", False), ("", True)):
        installed(monkeypatch, keras=version)
        if fits:
            load(recorded, made_from("layers", DEFAULT_SECRET))
        else:
            with pytest.raises(Unfit, match=r"made with keras 1\.0, and 2\.0 is here"):
                load(recorded, made_from("layers", DEFAULT_SECRET))


def test_a_record_stays_good_where_none_can_be_made(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a grading container there is no reference, and a record is as good as on the machine on which it was made."""
    monkeypatch.setattr("autograder.declare.catalogue.reference_folder", lambda: None)
    installed(monkeypatch, numpy="0.0.1", hypothesis="", keras="2.0")
    assert load(recorded, made_from("layers", DEFAULT_SECRET)).record.checks[0].id == CHECK


@pytest.mark.parametrize("part", ["secret", "engine", "checks", "reference", "misconceptions"])
def test_a_record_made_from_anything_else_is_refused(part: str, recorded: Path) -> None:
    wanted = made_from("layers", DEFAULT_SECRET)
    with pytest.raises(Unfit, match=f"made from another {part}"):
        load(recorded, msgspec.structs.replace(wanted, **{part: "another"}))


# --- kits -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit's public answers to layers."""
    path = tmp_path_factory.mktemp("kit") / "layers" / "public.answers"
    path.parent.mkdir()
    path.write_bytes(public_bytes(public_record("layers")))
    return path


def test_a_kit_is_good_with_any_versions_and_whatever_recorded_it(
    kit: Path, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(monkeypatch, numpy="0.0.1", hypothesis="0.0.1", keras="0.0.1")
    change(PACKAGE / "recording" / "record.py", b"", b"\n")
    assert read_public(kit, "layers").record.checks


@pytest.mark.parametrize("file", ["checks/layers.py", "declare/compare.py", "wall/inside/perform.py", "wall/inside/wire.py"])
def test_a_kit_that_asks_or_judges_otherwise_is_refused(file: str, kit: Path, change: Change) -> None:
    change(PACKAGE / file, b"", b"\n")
    with pytest.raises(GraderFault, match="the kit of today"):
        read_public(kit, "layers")


# --- how it is found --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_that_are_read_as_text_are_those_that_python_finds(path: Path) -> None:
    found = {
        (module, name)
        for match in depends._IMPORT.finditer(b"\n" + path.read_bytes())
        for module, names in depends._meant(match)
        for name in names or ("",)
    }
    meant = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            meant |= {(alias.name, "") for alias in node.names if alias.name.split(".")[0] == "autograder"}
        elif isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").split(".")[0] == "autograder"):
            meant |= {("." * node.level + (node.module or ""), alias.name) for alias in node.names}
    assert meant - found == set()


def test_what_a_package_gives_by_its_opening_counts() -> None:
    import autograder.declare

    opening = Path(autograder.declare.__file__)
    behind = {path.stem for path in depends.files_behind([opening]) if path.parent == opening.parent}
    assert set(autograder.declare._HOMES.values()) <= behind


def test_a_digest_is_the_same_wherever_the_package_lies_and_another_when_it_changes(tmp_path: Path) -> None:
    for folder in ("autograder", "reference"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))

    def there() -> MadeFrom:
        program = (
            "import sys, msgspec; sys.path.insert(0, sys.argv[1]);"
            "from autograder.recording.answers import DEFAULT_SECRET, made_from;"
            "sys.stdout.buffer.write(msgspec.json.encode(made_from('layers', DEFAULT_SECRET)))"
        )
        done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=True, cwd=tmp_path)
        return msgspec.json.decode(done.stdout, type=MadeFrom)

    assert there() == made_from("layers", DEFAULT_SECRET)
    with (tmp_path / "autograder" / "wall" / "inside" / "perform.py").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert there() != made_from("layers", DEFAULT_SECRET)


def test_a_stale_record_is_made_anew_and_a_good_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    from autograder.recording import record

    course: Course = course_of(tmp_path / "course", MEAN)
    monkeypatch.setenv("NABLAGRADE_CACHE", str(tmp_path / "cache"))
    made = []

    def counted(*arguments: object, **options: object) -> object:
        made.append(arguments)
        return record_topic(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(record, "record_topic", counted)
    for _ in range(2):
        answers_for("averages", course.secret, catalogue=course.catalogue)
    assert len(made) == 1
    installed(monkeypatch, hypothesis="0.0.1")
    for _ in range(2):
        answers_for("averages", course.secret, catalogue=course.catalogue)
    assert len(made) == 2


# --- who is asked what ------------------------------------------------------------------------------------------------------

# Of what is not asked, as the mistake's definition cannot run there or does not: so many questions a topic, in an order with a
# fixed seed.
NOT_ASKED, SEED = 8, 3


def nothing_changes_where_it_does_not_run(topic: str, most: int) -> int:
    """Ask mistakes what recording does not ask them: the answers are the reference's. How many were asked."""
    checks, source = answers_for(topic, DEFAULT_SECRET).record.checks, OURS.reference_source(topic)
    reference, functions = make_module(topic, source), functions_of(source)
    pairs = [(mutant, recorded) for recorded in checks for mutant in mutants(topic)]
    asked = 0
    for mutant, recorded in random.Random(f"{topic} {SEED}").sample(pairs, len(pairs)):
        scripts, cases = proof.scripts_and_cases(recorded)
        can = can_run(mutant.replaces, runs(source, proof.names_in(recorded.request)))
        if asked == most or (can and mutant.replaces not in functions):
            continue
        with called_in(f"{topic}.py") as called:
            right = wire.encode(perform_all(reference, scripts, cases))
        if can and mutant.replaces in called:
            continue
        asked += 1
        wrong = make_module(topic, mutant_tree(topic, mutant))
        answered, again = (wire.encode(perform_all(module, scripts, cases)) for module in (wrong, reference))
        # What draws numbers of its own is another each time, and is measured, not compared.
        assert right != again or answered == right, (mutant.about.name, recorded.id)
    return asked


def test_where_a_mistakes_definition_does_not_run_it_changes_nothing() -> None:
    assert nothing_changes_where_it_does_not_run("schedules", NOT_ASKED) == NOT_ASKED


@pytest.mark.exactness
@pytest.mark.parametrize("topic", topics_parameter())
def test_where_a_mistakes_definition_does_not_run_it_never_changes_anything(topic: str) -> None:
    assert nothing_changes_where_it_does_not_run(topic, 1000)
