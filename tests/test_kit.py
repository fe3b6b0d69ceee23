"""The student kit: the same bytes every time, what a course asks for, and all that a student's machine needs."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from autograder import __version__
from autograder.at_home import public
from autograder.cli import main
from autograder.course.settings import Course, read_course
from autograder.declare.catalogue import OURS, load_topic, topic_names
from autograder.errors import GraderFault, WrongUsage
from autograder.gradescope.requirements import requirements
from autograder.handing_out import kit as making
from autograder.handing_out.guide import PAGES
from autograder.handing_out.leaks import leaks_in_kit, leaks_in_wheel, sought_in_kit, sought_in_wheel
from autograder.handing_out.packing import zipped
from autograder.recording.answers import DEFAULT_SECRET, Answers, seal
from autograder.recording.misconceptions import mutant_source, mutants
from autograder.recording.record import answers_for
from autograder.wall.inside.perform import Case, Script, request
from tests.conftest import ROOT
from tests.container import packed_wheels
from tests.test_course import OWN

TOPIC = "activations"


def grade(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> making.Kit:
    """A kit of a topic and of the quiz."""
    return making.write_kit(Course(), [TOPIC, "concepts"], tmp_path_factory.mktemp("release") / "kit")


def test_a_kit_holds_what_students_need(kit: making.Kit) -> None:
    names = {path.relative_to(kit.folder).as_posix() for path in kit.folder.rglob("*") if path.is_file()}
    figures = {name for name in names if name.endswith(".svg")}
    assert len(figures) >= 5
    assert names - figures == {
        "README.md", "guide.html", "LICENSE", "kit.json", f"nablagrade-{__version__}-py3-none-any.whl",
        "activations/activations.py", "activations/activations.ipynb", "activations/handout.md", "activations/handout.html",
        "activations/public_cases.json", "activations/public.answers",
        "concepts/concepts.py", "concepts/concepts.ipynb", "concepts/handout.md", "concepts/handout.html",
        "concepts/public_cases.json",
    }  # fmt: skip
    with zipfile.ZipFile(kit.zip) as archive:
        assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == {
            f"kit/{name}": (kit.folder / name).read_bytes() for name in names
        }
    print(f"\nkit of {TOPIC} and concepts: {kit.files} files, {kit.bytes_ / 1024:.0f} KiB, zip {kit.zip_bytes / 1024:.0f} KiB")


def test_its_first_page_and_its_manifest_say_what_there_is(kit: making.Kit) -> None:
    page = (kit.folder / "README.md").read_text()
    points = sum(exercise.max_score for exercise in load_topic(TOPIC).exercises)
    assert f"| {load_topic(TOPIC).title} | `{TOPIC}/` | {points} |" in page
    assert f"\npython -m pip install ./nablagrade-{__version__}-py3-none-any.whl\n" in page
    assert f"py -m pip install ./nablagrade-{__version__}" in page
    for told in (f"grade check {TOPIC}/{TOPIC}.py --watch", "from autograder import check", "grade quiz concepts/concepts.py"):
        assert told in page
    manifest = json.loads((kit.folder / "kit.json").read_text())
    assert manifest["version"] == __version__
    assert [topic["name"] for topic in manifest["topics"]] == [TOPIC, "concepts"]
    assert manifest["topics"][0]["points"] == {exercise.name: exercise.max_score for exercise in load_topic(TOPIC).exercises}


def test_the_pages_for_students_are_in_it_and_their_links_lead_somewhere(kit: making.Kit) -> None:
    page = (kit.folder / "guide.html").read_text(encoding="utf-8")
    assert "`guide.html`" in (kit.folder / "README.md").read_text()
    ids = re.findall(r' id="([^"]+)"', page)
    links = re.findall(r'href="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    within = [link.removeprefix("#") for link in links if link != "data:,"]
    assert {"first-ten-minutes", "checking-your-work", "what-you-hand-in-and-how-it-is-read"} <= set(within)
    assert set(within) <= set(ids)
    words = html.unescape(re.sub(r"<[^>]+>", "", page))
    for text in ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in PAGES):
        for row in re.findall(r"^\| `([^`|]+)` \|", text, re.MULTILINE):
            assert row in words
    assert "{code-block}" not in words
    assert ":caption:" not in words
    assert len(page) < 50_000


def test_two_releases_are_the_same_to_the_byte(kit: making.Kit, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "autograder.cli", "release", "concepts", TOPIC, "--out", "kit"]
    other = {"PYTHONPATH": str(ROOT), "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "HOME": str(tmp_path)}
    subprocess.run(command, cwd=tmp_path, env={**os.environ, **other}, check=True, capture_output=True, umask=0o077)
    made = []
    for folder in (kit.folder.parent, tmp_path):
        files = sorted(path for path in (folder / "kit").rglob("*") if path.is_file())
        told = [(path.relative_to(folder).as_posix(), path.stat().st_mode, path.read_bytes()) for path in files]
        made.append((told, (folder / "kit.zip").read_bytes()))
    assert made[0] == made[1]
    with zipfile.ZipFile(tmp_path / "kit.zip") as archive:
        assert {(entry.date_time, entry.external_attr >> 16) for entry in archive.infolist()} == {
            ((2025, 1, 1, 0, 0, 0), 0o100644)
        }


def test_a_course_has_its_own_title_topics_points_and_dates(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(
        f'title = "Deep learning, winter"\ntopics = ["{TOPIC}"]\nsecret_file = "secret"\n'
        f'[topic.{TOPIC}]\ndue = 2031-02-03T23:59:00+01:00\npoints = {{ tanh = 7.5 }}\nleave_out = ["sigmoid", "softmax"]\n'
    )
    (tmp_path / "secret").write_text("8f14e45fceea167a5a36dedd4bea2543\n")
    done = grade("release", "--course", tmp_path / "course.toml", "--out", tmp_path / "kit")
    assert done.exit_code == 0, done.output
    page = (tmp_path / "kit" / "README.md").read_text()
    assert page.startswith("# Deep learning, winter\n")
    assert "2031-02-03 23:59+01:00" in page
    assert "sigmoid (activations), softmax (activations)" in page
    (topic,) = json.loads((tmp_path / "kit" / "kit.json").read_text())["topics"]
    assert topic["points"]["tanh"] == 7.5
    assert topic["left_out"] == ["sigmoid", "softmax"]
    cases = json.loads((tmp_path / "kit" / TOPIC / "public_cases.json").read_text())
    recorded = public.read_public(tmp_path / "kit" / TOPIC / "public.answers", TOPIC).record
    for checks in ([case["check"] for case in cases["checks"]], [check.id for check in recorded.checks]):
        assert f"{TOPIC}/tanh/value" in checks
        assert not any(check.split("/")[1] in ("sigmoid", "softmax") for check in checks)


def test_a_topic_of_a_courses_own_is_released_and_checked_at_home(tmp_path: Path) -> None:
    # In a process of its own: the course's topic must not become one of the other tests'.
    for name, text in OWN.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "course.toml").write_text('topics = ["averages"]\n')
    command = [sys.executable, "-m", "autograder.cli", "release"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    assert {path.name for path in (tmp_path / "kit" / "averages").iterdir()} == {
        "averages.py", "averages.ipynb", "handout.md", "handout.html", "public_cases.json", "public.answers",
    }  # fmt: skip
    assert "grade check averages/averages.py" in (tmp_path / "kit" / "README.md").read_text()
    assert (tmp_path / "kit" / public.TABLES / "checks" / "averages.py").is_file()
    home = tmp_path / "home"
    shutil.copytree(tmp_path / "kit", home)
    module = home / "averages" / "averages.py"
    stub = "# YOUR CODE HERE\n    raise NotImplementedError()"
    for body, words in (
        ("sum(values) / len(values)", "2 checks are asked"),
        ("sum(values) / (len(values) - 1)", "[divides_by_one"),
    ):
        module.write_text((tmp_path / "kit/averages/averages.py").read_text().replace(stub, f"return {body}"))
        said = subprocess.run([*command[:-1], "check"], cwd=home, capture_output=True, text=True, check=False).stdout
        assert words in said, said


# --- what is refused, and what is left then ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("8f14e45fceea167a5a36dedd4bea2543", "the course's secret"),
        ("return s * (1.0 - s)", "a piece of a solution"),
        ("now with layers/Dense.backward/slope", "the hidden check layers/Dense.backward/slope"),
    ],
)
def test_a_kit_with_a_leak_is_refused_and_leaves_nothing(title: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(f'title = "{title}"\ntopics = ["concepts"]\nsecret_file = "secret"\n')
    (tmp_path / "secret").write_text("8f14e45fceea167a5a36dedd4bea2543\n")
    out = tmp_path / "out"
    done = grade("release", "--course", tmp_path / "course.toml", "--out", out / "kit")
    assert done.exit_code == 3
    assert said in done.output
    assert "README.md" in done.output
    assert "8f14e4" not in done.output
    assert list(out.iterdir()) == []


def test_a_kit_that_is_refused_leaves_the_one_before(kit: making.Kit, tmp_path: Path) -> None:
    shutil.copytree(kit.folder, tmp_path / "kit")
    shutil.copy(kit.zip, tmp_path / "kit.zip")
    with pytest.raises(GraderFault, match="a piece of a solution"):
        making.write_kit(Course(title="return s * (1.0 - s)"), ["concepts"], tmp_path / "kit")
    assert (tmp_path / "kit" / "kit.json").read_bytes() == (kit.folder / "kit.json").read_bytes()
    assert (tmp_path / "kit.zip").read_bytes() == kit.zip.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kit", "kit.zip"]


def test_a_kit_takes_the_place_of_a_kit(kit: making.Kit, tmp_path: Path) -> None:
    shutil.copytree(kit.folder, tmp_path / "kit")
    shutil.copy(kit.zip, tmp_path / "kit.zip")
    made = making.write_kit(Course(), ["concepts"], tmp_path / "kit")
    assert not (tmp_path / "kit" / TOPIC).exists()
    assert made.zip.read_bytes() != kit.zip.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kit", "kit.zip"]


def holding_something(out: Path) -> None:
    out.mkdir()
    (out / "thesis.md").write_text("years of work")


def changed(out: Path) -> None:
    (out / "activations" / "activations.py").write_text("years of work")


def with_one_more(out: Path) -> None:
    (out / "activations" / "my_try.py").write_text("years of work")


def a_file(out: Path) -> None:
    out.write_text("years of work")


def another_zip(out: Path) -> None:
    out.with_name("kit.zip").write_text("years of work")


@pytest.mark.parametrize("there_is", [holding_something, changed, with_one_more, a_file, another_zip])
def test_nothing_is_overwritten_that_no_kit_wrote(there_is: Callable[[Path], None], kit: making.Kit, tmp_path: Path) -> None:
    out = tmp_path / "kit"
    if there_is in (changed, with_one_more):
        shutil.copytree(kit.folder, out)
    there_is(out)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = grade("release", "concepts", "--out", out)
    assert done.exit_code == 2, done.output
    assert "Give another" in done.output or "give another" in done.output
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_no_such_topic_is_told(tmp_path: Path) -> None:
    done = grade("release", "alchemy", "--out", tmp_path / "kit")
    assert done.exit_code == 2
    assert "There is no topic 'alchemy'" in done.output


# --- the public answers -----------------------------------------------------------------------------------------------------


def test_public_answers_are_of_public_checks_and_the_embedded_course() -> None:
    record, whole = public.public_record(TOPIC), answers_for(TOPIC, DEFAULT_SECRET)
    asked = {check_id: check.public for check_id, _, check in load_topic(TOPIC).checks()}
    assert [check.id for check in record.checks] == [check_id for check_id, is_public in asked.items() if is_public]
    assert record.made_from.secret == whole.record.made_from.secret
    for check in record.checks:
        assert (check.request, check.cases, check.expected) == (
            whole[check.id].request, whole[check.id].cases, whole[check.id].expected,
        )  # fmt: skip
    assert {m.name for m in record.misconceptions} < set(whole.misconceptions)


def write_answers(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("topic", [name for name in OURS.names if any(c.public for _, _, c in load_topic(name).checks())])
def test_the_public_answers_of_every_topic_are_read_as_what_its_checks_ask(topic: str, tmp_path: Path) -> None:
    path = write_answers(tmp_path / topic / public.FILE_NAME, public.public_bytes(public.public_record(topic)))
    answers = public.read_public(path, topic)
    assert [check.id for check in answers.record.checks] == [i for i, _, check in load_topic(topic).checks() if check.public]


def test_public_answers_are_found_from_anywhere_in_the_kit(kit: making.Kit, tmp_path: Path) -> None:
    shutil.copytree(kit.folder, tmp_path / "kit")
    mine = write_answers(tmp_path / "kit" / "mine" / "deep" / f"{TOPIC}.py", b"")
    alone = write_answers(tmp_path / "alone" / f"{TOPIC}.py", b"")
    shutil.copy(kit.folder / TOPIC / "public.answers", alone.parent)
    for near in (mine, mine.parent, tmp_path / "kit", tmp_path / "kit" / "concepts", tmp_path / "kit" / TOPIC, alone):
        assert public.find_public(TOPIC, near).record == public.public_record(TOPIC)


def test_answers_that_unpack_without_end_are_damaged_and_take_no_memory() -> None:
    endless = b"0\n" + zlib.compress(bytes(public.LARGEST + 1))
    assert len(endless) < 2**16
    assert public.unpack(seal(public._MAGIC, endless)) is None


def test_what_is_wrong_with_public_answers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = public.public_record(TOPIC)
    good = public.public_bytes(record)
    for content, said in (
        (good[:-1], "is damaged"),
        (b"", "is damaged"),
        (public.public_bytes(msgspec.structs.replace(record, topic="layers")), "is of the topic layers"),
        (public.public_bytes(msgspec.structs.replace(record, made_from=other_engine(record))), "the kit of today"),
    ):
        with pytest.raises(GraderFault, match=said):
            public.find_public(TOPIC, write_answers(tmp_path / TOPIC / "public.answers", content))
    # What is asked is the package's own: a file that asks for anything else, such as a command of the system's, is not run.
    bad = Script([["library", 1, "os", "system"], ["call", 2, ["slot", 1], [["text", "exit"]], []]], {}, "", 0)
    first = msgspec.structs.replace(record.checks[0], request=request([bad], [Case(0, [])]))
    another = msgspec.structs.replace(record.checks[0], request=record.checks[1].request)
    for check in (first, another):
        changed = public.public_bytes(msgspec.structs.replace(record, checks=[check, *record.checks[1:]]))
        with pytest.raises(GraderFault, match="asks what no check of activations asks"):
            public.find_public(TOPIC, write_answers(tmp_path / TOPIC / "public.answers", changed))
    with pytest.raises(GraderFault, match="cannot be read"):
        public.read_public(tmp_path / "nowhere.answers", TOPIC)
    with pytest.raises(WrongUsage, match="no public checks"):
        public.find_public("concepts", tmp_path)
    monkeypatch.setattr(public, "__version__", "9.8.7")
    of_another = public.public_bytes(msgspec.structs.replace(record, made_from=other_engine(record)))
    monkeypatch.undo()
    with pytest.raises(GraderFault, match=r"made by nablagrade 9\.8\.7") as error:
        public.read_public(write_answers(tmp_path / "public.answers", of_another), TOPIC)
    assert "that is version 9.8.7" in str(error.value)


def other_engine(record: public.Record) -> object:
    return msgspec.structs.replace(record.made_from, checks="0" * 64)


# --- the wheel, and the kit on a student's machine ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as it would be published."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"autograder", f"nablagrade-{__version__}.dist-info"}
    assert not any(name.endswith(".pyc") for name in names)
    ours = [path for path in (ROOT / "autograder").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.relative_to(ROOT).as_posix() for path in ours} == {name for name in names if name.startswith("autograder/")}
    assert {"autograder/checks/concepts.json", "autograder/handing_out/templates/kit_readme.jinja"} <= set(names)


def test_the_wheel_holds_no_solution_no_mistakes_code_and_no_secret(wheel: Path) -> None:
    assert leaks_in_wheel(wheel, sought_in_wheel(b"8f14e45fceea167a5a36dedd4bea2543")) == []
    with zipfile.ZipFile(wheel) as archive:
        text = "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    for topic in topic_names():
        assert [mutant.about.name for mutant in mutants(topic) if f"def {mutant.about.name}(" in text] == []


def test_a_leak_in_the_wheel_would_be_found(wheel: Path, tmp_path: Path) -> None:
    sought = sought_in_wheel(b"8f14e45fceea167a5a36dedd4bea2543")
    planted = {
        "autograder/layers.py": (ROOT / "reference" / "layers.py").read_bytes(),
        "autograder/wrong.py": (ROOT / "reference" / "misconceptions" / "layers.py").read_bytes(),
        "autograder/note.py": b"# 8f14e45fceea167a5a36dedd4bea2543",
    }
    for name, content in planted.items():
        copy = tmp_path / "copy.whl"
        shutil.copy(wheel, copy)
        with zipfile.ZipFile(copy, "a") as archive:
            archive.writestr(name, content)
        assert {leak.file for leak in leaks_in_wheel(copy, sought)} == {name}


@pytest.fixture(scope="module")
def students(kit: making.Kit, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[int, str]]:
    """Runs `grade` on a student's machine: the kit's wheel is installed and the repository out of reach, the kit unpacked.

    The libraries it needs are those of the environment in which the tests run, found through a path and not installed again.
    What is installed there as editable stays unknown: such a path's own `.pth` files are not read.
    """
    machine = tmp_path_factory.mktemp("machine")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(machine / "python")], check=True)
    python = machine / "python" / ("Scripts" if os.name == "nt" else "bin") / "python"
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-index",
        "--no-deps",
        "--quiet",
        str(kit.folder / f"nablagrade-{__version__}-py3-none-any.whl"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (packages,) = (machine / "python").glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    with zipfile.ZipFile(kit.zip) as archive:
        archive.extractall(machine)
    home = machine / "home"
    home.mkdir()

    def run(*arguments: str) -> tuple[int, str]:
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "NABLAGRADE_CACHE": str(home / "cache")}
        done = subprocess.run(
            [str(python.parent / arguments[0]), *arguments[1:]],
            cwd=machine / "kit", env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    return run


def test_the_wheel_in_a_kit_holds_what_a_published_one_does(wheel: Path, kit: making.Kit) -> None:
    with zipfile.ZipFile(wheel) as published, zipfile.ZipFile(kit.folder / wheel.name) as carried:
        names = {name for name in published.namelist() if name.startswith("autograder/")}
        assert {name for name in carried.namelist() if name.startswith("autograder/")} == names
        assert all(published.read(name) == carried.read(name) for name in names)


def test_two_commands_lead_from_a_kit_to_the_first_check_without_a_network(tmp_path: Path) -> None:
    """Those that its first page prints; the wheels of what is required are made from what is installed here."""
    packed_wheels("".join(f"{line}\n" for line in requirements([TOPIC]).splitlines()), tmp_path / "wheels")
    made = making.write_kit(Course(), [TOPIC], tmp_path / "made" / "kit", wheels=tmp_path / "wheels")
    with zipfile.ZipFile(made.zip) as archive:
        archive.extractall(tmp_path)
    home = tmp_path / "kit"
    page = (home / "README.md").read_text()
    install = next(line for line in page.splitlines() if line.startswith("python -m pip install"))
    check = next(line for line in page.splitlines() if line.startswith("grade check")).partition("#")[0].strip()
    assert "--no-index --find-links wheels" in install
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "python")], check=True)
    # What is installed is used once: to compile all of NumPy takes longer than that.
    path = f"{tmp_path / 'python' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {"HOME": str(tmp_path), "PATH": path, "PIP_NO_COMPILE": "1"}
    for command, code in ((install, 0), (check, 1)):
        done = subprocess.run(command.split(), cwd=home, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
    assert f"0 of {checks_of(TOPIC)} checks right, {checks_of(TOPIC)} to do." in done.stdout


def test_what_stands_in_a_kits_wheel_is_looked_through(kit: making.Kit) -> None:
    files = {path.relative_to(kit.folder).as_posix(): path.read_bytes() for path in kit.folder.rglob("*") if path.is_file()}
    name = next(name for name in files if name.endswith(".whl"))
    solution = OURS.reference_source(TOPIC).encode()
    files[name] = zipped({"autograder/extra.py": solution})
    found = leaks_in_kit(files, [TOPIC, "concepts"], sought_in_kit(DEFAULT_SECRET))
    assert {leak.file for leak in found} == {f"{name}, autograder/extra.py"}
    files[name] = zipped({"autograder/__init__.py": b""})
    files["nablagrade.whl"] = b""
    assert {leak.what for leak in leaks_in_kit(files, [TOPIC, "concepts"], sought_in_kit(DEFAULT_SECRET))} == {
        "a kit holds no such file"
    }


def test_the_repository_is_out_of_reach_there(students: Callable[..., tuple[int, str]]) -> None:
    ask = "import autograder, importlib.util; print(autograder.__file__, importlib.util.find_spec('reference'))"
    code, told = students("python", "-c", ask)
    assert code == 0
    assert "site-packages" in told
    assert str(ROOT) not in told
    assert told.strip().endswith("None")


def checks_of(topic: str) -> int:
    return sum(check.public for _, _, check in load_topic(topic).checks())


@pytest.mark.parametrize("path", [TOPIC, f"{TOPIC}/{TOPIC}.py", f"{TOPIC}/{TOPIC}.ipynb"])
def test_a_blank_kit_is_to_do(path: str, students: Callable[..., tuple[int, str]]) -> None:
    code, told = students("grade", "check", path)
    assert code == 1, told
    assert f"0 of {checks_of(TOPIC)} checks right, {checks_of(TOPIC)} to do." in told


@pytest.fixture
def my_module(students: Callable[..., tuple[int, str]], kit: making.Kit) -> Callable[[str], tuple[int, str]]:
    """Checks a module with this text in the place of the kit's."""

    def check(source: str) -> tuple[int, str]:
        code = "import pathlib, sys; pathlib.Path('mine').mkdir(exist_ok=True); "
        code += f"pathlib.Path('mine/{TOPIC}.py').write_text(sys.argv[1], encoding='utf-8')"
        assert students("python", "-c", code, source) == (0, "")
        return students("grade", "check", f"mine/{TOPIC}.py")

    return check


def test_a_right_solution_has_everything_right_there(my_module: Callable[[str], tuple[int, str]]) -> None:
    code, told = my_module(OURS.reference_source(TOPIC))
    assert code == 0, told
    assert f"All {checks_of(TOPIC)} checks right." in told


def test_a_known_mistake_is_named_there(my_module: Callable[[str], tuple[int, str]]) -> None:
    # What a call does, and not what it answers, may be the mark of several mistakes: one is taken that answers wrongly.
    answers = Answers(public.public_record(TOPIC))
    mutant = next(m for m in mutants(TOPIC) if m.about.name in answers.part(f"{TOPIC}/{m.about.exercise}/value", "mistaken"))
    code, told = my_module(mutant_source(TOPIC, mutant))
    assert code == 1, told
    assert f"[{mutant.about.name}]" in told


def test_the_quiz_is_asked_there(students: Callable[..., tuple[int, str]]) -> None:
    code, told = students("grade", "quiz", "concepts/concepts.py", "--check")
    assert code == 1, told
    assert "57 of 57 questions are open" in told


def test_a_kit_is_not_made_there(students: Callable[..., tuple[int, str]]) -> None:
    code, told = students("grade", "release", "--out", "another")
    assert code == 3
    assert "clone the repository" in told


def test_the_working_folders_course_is_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "course.toml").write_text('topics = ["concepts"]\n')
    monkeypatch.chdir(tmp_path)
    assert making.chosen_topics(read_course(None), []) == ["concepts"]
    assert making.chosen_topics(Course(), []) == list(topic_names())
    assert making.chosen_topics(Course(), ["layers", "activations"]) == ["activations", "layers"]
