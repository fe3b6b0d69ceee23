"""The leak check bites: whatever is planted in a finished kit, wherever it is hidden, the kit is refused."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import py_compile
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.at_home.public import public_bytes, public_record
from autograder.course.settings import Course
from autograder.declare.catalogue import OURS, load_topic, topic_names
from autograder.errors import GraderFault
from autograder.handing_out import kit as making
from autograder.handing_out.assignments import solutions
from autograder.handing_out.leaks import Sought, leaks_in, sought_in_kit
from autograder.recording.answers import DEFAULT_SECRET, seed_for
from autograder.recording.record import answers_for
from tests.conftest import ROOT, each_with_one

SECRET = b"8f14e45fceea167a5a36dedd4bea2543"


@dataclass(frozen=True)
class Made:
    """A finished kit on the disk."""

    folder: Path

    @property
    def zip(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.zip")

    @property
    def module(self) -> Path:
        return self.folder / "activations" / "activations.py"

    @property
    def notebook(self) -> Path:
        return self.folder / "activations" / "activations.ipynb"

    @property
    def handout(self) -> Path:
        return self.folder / "activations" / "handout.md"

    @property
    def figure(self) -> Path:
        return self.folder / "activations" / "figures" / "sigmoid.svg"

    @property
    def answers(self) -> Path:
        return self.folder / "activations" / "public.answers"

    def edit_notebook(self, edit: Callable[[Any], None]) -> None:
        content = json.loads(self.notebook.read_text())
        edit(content)
        self.notebook.write_text(json.dumps(content))

    def zip_again(self) -> None:
        """Make the zip of what the folder holds now, as a kit that was made so would have it."""
        files = {p.relative_to(self.folder).as_posix(): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}
        self.zip.write_bytes(making.zip_of(files, self.folder.name))


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A kit as `grade release` makes it, for a course with a secret."""
    folder = tmp_path_factory.mktemp("release") / "kit"
    making.write_kit(Course(secret=SECRET), ["activations"], folder)
    return Made(folder)


@pytest.fixture
def planted(clean: Made, tmp_path: Path) -> Made:
    """A copy of it, to plant something in."""
    shutil.copytree(clean.folder, tmp_path / "kit")
    shutil.copy(clean.zip, tmp_path)
    return Made(tmp_path / "kit")


@pytest.fixture(scope="module")
def sought() -> Sought:
    return sought_in_kit(SECRET)


def refused(made: Made, sought: Sought) -> str:
    """What is said of a kit that is refused."""
    with pytest.raises(GraderFault, match="The kit is refused") as error:
        making.refuse_leaks(made.folder, made.zip, sought)
    return str(error.value)


# --- what is planted --------------------------------------------------------------------------------------------------------

SOLUTION = "return s * (1.0 - s)"
MISTAKE = "return np.where(x > 0, x, alpha * (np.exp(x) - 1.0))"
HIDDEN = "activations/softplus_derivative/far_left"


def hidden_sentence() -> str:
    (found,) = [check.sentence for check_id, _, check in load_topic("activations").checks() if check_id == HIDDEN]
    return found


PLANTS = {
    "solution": (SOLUTION, "a piece of a solution of activations"),
    "secret": (SECRET.decode(), "the course's secret"),
    "hidden check": (HIDDEN, f"the hidden check {HIDDEN}"),
}

# --- where it is planted ----------------------------------------------------------------------------------------------------


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """A picture of one pixel with these chunks besides."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def comment(made: Made, text: str) -> None:
    append(made.module, f"# {text}\n")


def docstring(made: Made, text: str) -> None:
    made.module.write_text(made.module.read_text().replace('"""', f'"""{text}\n', 1))


def output(made: Made, text: str) -> None:
    def edit(notebook: Any) -> None:
        cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": [text[:9], text[9:]]}]

    made.edit_notebook(edit)


def metadata(made: Made, text: str) -> None:
    made.edit_notebook(lambda notebook: notebook["metadata"].update(note=text))


def cell_metadata(made: Made, text: str) -> None:
    made.edit_notebook(lambda notebook: notebook["cells"][3]["metadata"].update({text: 1}))


def attachment(made: Made, text: str) -> None:
    told = {"notes.txt": {"text/plain": base64.b64encode(text.encode()).decode()}}
    made.edit_notebook(lambda notebook: notebook["cells"][0].update(attachments=told))


def picture_in_attachment(made: Made, text: str) -> None:
    picture = base64.b64encode(png((b"zTXt", b"Comment\0\0" + zlib.compress(text.encode())))).decode()
    made.edit_notebook(lambda notebook: notebook["cells"][0].update(attachments={"a.png": {"image/png": picture}}))


def picture(made: Made, text: str) -> None:
    (made.folder / "activations" / "figures" / "unit.png").write_bytes(png((b"tEXt", b"Comment\0" + text.encode())))


def drawing(made: Made, text: str) -> None:
    told = text.replace("<", "&lt;")
    made.figure.write_text(made.figure.read_text().replace("<metadata>", f"<metadata><desc>{told}</desc>", 1))


def words_of_a_drawing(made: Made, text: str) -> None:
    spans = "".join(f"<tspan>{word}</tspan> " for word in text.split(" "))
    made.figure.write_text(made.figure.read_text().replace("</svg>", f"<text>{spans}</text></svg>"))


def compiled(made: Made, text: str) -> None:
    source = made.folder.parent / "helper.py"
    source.write_text(f"def f(s):\n    '''{text}'''\n")
    py_compile.compile(str(source), cfile=str(made.folder / "activations" / "__pycache__" / "helper.cpython-311.pyc"))


def wide(made: Made, text: str) -> None:
    made.handout.write_bytes(made.handout.read_bytes() + text.encode("utf-16-be"))


def wide_file(made: Made, text: str) -> None:
    made.handout.write_text(made.handout.read_text() + text, encoding="utf-16")


def in_base64(made: Made, text: str) -> None:
    comment(made, "x" + base64.urlsafe_b64encode(f"see: {text}".encode()).decode())


def in_wrapped_base64(made: Made, text: str) -> None:
    lines = base64.encodebytes(("word " * 20 + text).encode()).decode().splitlines()
    append(made.module, "".join(f"# {line}\n" for line in lines))


def in_hex(made: Made, text: str) -> None:
    append(made.handout, "\n" + text.encode().hex(" ") + "\n")


def escaped(made: Made, text: str) -> None:
    append(made.module, 'NOTE = "' + "".join(f"\\u{ord(c):04x}" for c in text) + '"\n')


def packed(made: Made, text: str) -> None:
    for pack in (gzip.compress, bz2.compress, lzma.compress, zlib.compress):
        append(made.handout, "\n" + base64.b64encode(pack(text.encode())).decode() + "\n")


def invisible(made: Made, text: str) -> None:
    append(made.handout, "\u200b".join(text))


def split_over_cells(made: Made, text: str) -> None:
    def edit(notebook: Any) -> None:
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        cells[1]["source"] = [*cells[1]["source"], "\n", text[: len(text) // 2]]
        cells[2]["source"] = [text[len(text) // 2 :], "\n", *cells[2]["source"]]

    made.edit_notebook(edit)


def file_name(made: Made, text: str) -> None:
    made.figure.rename(made.figure.with_name(text.replace("/", "⁄") + ".svg"))


def beside_the_answers(made: Made, text: str) -> None:
    record = public_record("activations")
    about = msgspec.structs.replace(record.misconceptions[0], text=text)
    made.answers.write_bytes(public_bytes(msgspec.structs.replace(record, misconceptions=[about])))


PLACES = [
    comment, docstring, output, metadata, cell_metadata, attachment, picture_in_attachment, picture, drawing,
    words_of_a_drawing, compiled, wide, wide_file, in_base64, in_wrapped_base64, in_hex, escaped, packed, invisible,
    split_over_cells, beside_the_answers,
]  # fmt: skip


@pytest.mark.parametrize(("place", "plant"), each_with_one(PLACES, list(PLANTS)))
def test_what_is_planted_in_a_file_is_found(
    place: Callable[[Made, str], None], plant: str, planted: Made, sought: Sought
) -> None:
    text, said = PLANTS[plant]
    place(planted, text)
    planted.zip_again()
    assert said in refused(planted, sought)


def zip_comment(archive: zipfile.ZipFile, text: str) -> None:
    archive.comment = text.encode()


def entry_comment(archive: zipfile.ZipFile, text: str) -> None:
    entry = zipfile.ZipInfo("kit/LICENSE")
    entry.comment = text.encode()
    archive.writestr(entry, (ROOT / "LICENSE").read_bytes())


def extra_field(archive: zipfile.ZipFile, text: str) -> None:
    entry = zipfile.ZipInfo("kit/LICENSE")
    entry.extra = struct.pack("<HH", 0xCAFE, len(text)) + text.encode()
    archive.writestr(entry, (ROOT / "LICENSE").read_bytes())


def one_more_file(archive: zipfile.ZipFile, text: str) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as nested:
        nested.writestr("notes.txt", text)
    archive.writestr("kit/notes.zip", inner.getvalue())


def name_in_the_zip(archive: zipfile.ZipFile, text: str) -> None:
    archive.writestr(f"kit/{text}", "")


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("place", "plant"), each_with_one([zip_comment, entry_comment, extra_field, one_more_file, name_in_the_zip], list(PLANTS))
)
def test_what_is_planted_in_the_zip_is_found(
    place: Callable[[zipfile.ZipFile, str], None], plant: str, planted: Made, sought: Sought
) -> None:
    text, said = PLANTS[plant]
    with zipfile.ZipFile(planted.zip, "a", zipfile.ZIP_DEFLATED) as archive:
        place(archive, text)
    assert said in refused(planted, sought)


def test_bytes_before_the_zip_and_behind_it_are_found(planted: Made, sought: Sought) -> None:
    whole = planted.zip.read_bytes()
    for content in (b"#!/bin/sh\n" + whole, whole + b"\0"):
        planted.zip.write_bytes(content)
        assert "beside its files" in refused(planted, sought)


@pytest.mark.parametrize(
    "hide",
    [
        lambda secret: secret[::-1],
        lambda secret: secret.upper(),
        lambda secret: bytes.fromhex(secret.decode()),
        base64.b64encode,
        lambda secret: base64.urlsafe_b64encode(base64.b64encode(secret)),
        lambda secret: secret.hex().encode(),
        lambda secret: secret.decode().encode("utf-16-le"),
        lambda secret: secret.decode().encode("utf-32-be"),
        lambda secret: str(int.from_bytes(secret, "big")).encode(),
        lambda secret: secret[: len(secret) // 2],
        lambda secret: str(seed_for(secret, HIDDEN)).encode(),
        lambda secret: hex(seed_for(secret, HIDDEN))[2:].encode(),
    ],
)
def test_a_secret_is_found_in_other_forms_and_never_told(hide: Callable[[bytes], bytes], sought: Sought) -> None:
    found = leaks_in(b"some words " + hide(SECRET) + b" some words", "handout.md", sought)
    assert found
    assert not any(SECRET.decode()[:6] in str(leak) for leak in found)


@pytest.mark.parametrize(
    "text",
    [
        "return s*(1.0-s)",
        "return   s * (1.0   # s is the sigmoid\n    - s)",
        "# return s *\n#   (1.0 - s)",
        "> `return s * (1.0 - s)`",
        "<b>return</b> s * (1.0 &#45; s)",
    ],
)
def test_a_solution_is_found_in_another_dress(text: str, sought: Sought) -> None:
    assert any("a solution of activations" in str(leak) for leak in leaks_in(text.encode(), "handout.md", sought))


def test_the_code_of_a_known_mistake_is_found(planted: Made, sought: Sought) -> None:
    comment(planted, MISTAKE)
    planted.zip_again()
    assert "code of the known mistake" in refused(planted, sought)


def test_a_hidden_checks_sentence_is_found(planted: Made, sought: Sought) -> None:
    append(planted.handout, hidden_sentence())
    planted.zip_again()
    assert "the sentence of the hidden check" in refused(planted, sought)


def test_an_answer_of_the_quiz_is_found(sought: Sought) -> None:
    for text in ('"why_no_steps": "slope"', 'answers["why_no_steps"] = "slope"', "`why_no_steps`: slope"):
        assert any("the answer to why_no_steps" in str(leak) for leak in leaks_in(text.encode(), "README.md", sought)), text


def test_a_source_is_known_by_its_marks(planted: Made, sought: Sought) -> None:
    comment(planted, "## BEGIN SOLUTION")
    planted.zip_again()
    assert "BEGIN SOLUTION" in refused(planted, sought)


def test_a_solution_without_its_marks_is_no_stub(planted: Made, sought: Sought) -> None:
    stub = planted.module.read_text()
    planted.module.write_text(stub.replace("    # YOUR CODE HERE\n    raise NotImplementedError()", "    return None", 1))
    planted.zip_again()
    assert "is no stub" in refused(planted, sought)


def test_hidden_checks_must_not_be_recorded(planted: Made, sought: Sought) -> None:
    planted.answers.write_bytes(public_bytes(answers_for("activations", DEFAULT_SECRET).record))
    planted.zip_again()
    assert "its checks: the hidden check" in refused(planted, sought)


def test_public_answers_must_not_be_drawn_with_the_courses_secret(planted: Made, sought: Sought) -> None:
    record = public_record("activations")
    other = msgspec.structs.replace(record.made_from, secret="0123456789abcdef")
    planted.answers.write_bytes(public_bytes(msgspec.structs.replace(record, made_from=other)))
    planted.zip_again()
    assert "a secret that is not the embedded course's" in refused(planted, sought)


@pytest.mark.parametrize("name", ["notes.txt", "activations/solution.py", "reference.py", "activations/figures/a.png"])
def test_a_file_that_no_kit_holds_is_refused_whatever_it_says(name: str, planted: Made, sought: Sought) -> None:
    (planted.folder / name).write_text("harmless")
    planted.zip_again()
    assert f"{name}: a kit holds no such file" in refused(planted, sought)


def test_a_link_is_refused(planted: Made, sought: Sought) -> None:
    planted.handout.unlink()
    planted.handout.symlink_to(ROOT / "LICENSE")
    assert "plain files only" in refused(planted, sought)


def test_a_bomb_is_refused_and_not_unpacked(planted: Made, sought: Sought) -> None:
    bomb = zlib.compress(bytes(70 * 2**20))
    planted.handout.write_bytes(planted.handout.read_bytes() + bomb)
    planted.zip_again()
    assert "cannot be looked into" in refused(planted, sought)


def test_a_clean_kit_passes(clean: Made, sought: Sought) -> None:
    making.refuse_leaks(clean.folder, clean.zip, sought)


@pytest.mark.parametrize("topic", topic_names())
def test_every_committed_assignment_is_clean(topic: str, sought: Sought) -> None:
    folder = ROOT / "assignments" / topic
    for path in sorted(folder.rglob("*.*")):
        assert leaks_in(path.read_bytes(), path.name, sought) == []


def test_nearly_every_solution_would_be_known() -> None:
    # The five that are not: four loops over layers that stand in another topic as given code, and a line of four words.
    sought = sought_in_kit(DEFAULT_SECRET)
    every = [solution for topic in topic_names() for solution in solutions(OURS.reference_source(topic))]
    unknown = [solution for solution in every if not any(sought.runs.in_text(solution))]
    assert len(every) > 180
    assert len(unknown) <= 5, unknown
