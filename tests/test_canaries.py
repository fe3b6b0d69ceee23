"""Insides of other libraries on which we lean, which nobody promises: where one changes, a test here says so, and where."""

from __future__ import annotations

import io
import secrets
import tarfile
from collections import Counter
from collections.abc import Callable
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

from autograder.downloads.archive import LONG_HEADERS, Tar
from autograder.errors import Unreadable
from autograder.recording.record import search_settings

RECORD = "autograder/recording/record.py leans on it (_register_provider): constants of imported modules must not be inputs"
ARCHIVE = "autograder/downloads/archive.py leans on it (_Header, _TarFile): a stranger's tar must cost neither time nor memory"
SEEDED = (
    "autograder/wall/inside/worker.py and autograder/at_home (child.py, notebook.py) lean on it: a generator without a "
    "seed must draw the same every time"
)

# Every kind of choice of which Hypothesis draws constants, with a strategy that draws it.
KINDS = {"integer": st.integers(), "float": st.floats(), "string": st.text(min_size=1), "byte": st.binary(min_size=1)}


def _draw(strategy: st.SearchStrategy[Any], settings: hypothesis.settings) -> None:
    @hypothesis.seed(0)
    @hypothesis.settings(settings, phases=[hypothesis.Phase.generate])
    @hypothesis.given(strategy)
    def drawn(_: object) -> None:
        pass

    drawn()


# --- Hypothesis ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_hypothesis_asks_its_provider_for_constants(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[str] = Counter()

    class Listening(providers.HypothesisProvider):
        def _maybe_draw_constant(self, choice_type: str, *_: Any, **__: Any) -> None:
            asked[choice_type.rstrip("s")] += 1

    monkeypatch.setitem(providers.AVAILABLE_PROVIDERS, "listening", Listening)
    _draw(KINDS[kind], hypothesis.settings(search_settings(20), backend="listening"))
    assert asked[kind], (
        f"Hypothesis no longer calls HypothesisProvider._maybe_draw_constant when it draws the kind {kind!r}, or no longer "
        f"takes providers from providers.AVAILABLE_PROVIDERS. {RECORD}."
    )


def test_hypothesis_has_constants_of_no_other_kind() -> None:
    kinds = {name.rstrip("s") for name in vars(Constants())}
    assert kinds == set(KINDS), f"Hypothesis has constants of the kinds {kinds}. {RECORD}: have them in KINDS of this file."


def test_our_provider_draws_no_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        pytest.fail(f"Hypothesis draws constants past the provider that settings name. {RECORD}.")

    monkeypatch.setattr(providers.HypothesisProvider, "_maybe_draw_constant", refuse)
    for strategy in KINDS.values():
        _draw(strategy, search_settings(20))


# --- tarfile ------------------------------------------------------------------------------------------------------------


def _tar(name: str, format: int) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=format) as tar:
        tar.addfile(tarfile.TarInfo(name))
    return content.getvalue()


@pytest.mark.parametrize(
    ("format", "kind"), [(tarfile.PAX_FORMAT, tarfile.XHDTYPE), (tarfile.GNU_FORMAT, tarfile.GNUTYPE_LONGNAME)]
)
def test_tarfile_reads_each_header_by_our_class(format: int, kind: bytes) -> None:
    begun, read = [], []

    class Header(tarfile.TarInfo):
        @classmethod
        def fromtarfile(cls, tarfile: tarfile.TarFile) -> Header:
            begun.append(cls)
            return super().fromtarfile(tarfile)

        def _proc_member(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
            read.append((self.type, self.size > 0))
            return super()._proc_member(tar)

    class TarFile(tarfile.TarFile):
        tarinfo = Header

    with TarFile.open(fileobj=io.BytesIO(_tar("n" * 300, format)), mode="r|") as tar:
        assert [member.name for member in tar] == ["n" * 300]
    assert len(begun) >= 2, f"tarfile no longer begins each header by TarInfo.fromtarfile of its tarinfo class. {ARCHIVE}."
    assert (kind, True) in read, (
        f"tarfile no longer gives a header of the type {kind!r}, with its size, to TarInfo._proc_member first. {ARCHIVE}."
    )


def test_tarfile_knows_no_other_headers_that_are_read_whole() -> None:
    known = {getattr(tarfile, name) for name in vars(tarfile) if name.endswith(("HDTYPE", "GLTYPE", "LONGNAME", "LONGLINK"))}
    assert known == LONG_HEADERS, f"tarfile knows the headers {known ^ LONG_HEADERS} otherwise than we do. {ARCHIVE}."


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "InvalidHeaderError": lambda whole: whole[:512].replace(b"ustar", b"\xff" * 5) + whole[512:],
    "TruncatedHeaderError": lambda whole: whole[:700],
}


@pytest.mark.parametrize("name", BROKEN)
def test_tarfile_says_by_name_how_a_header_is_broken(name: str) -> None:
    kind = getattr(tarfile, name, None)
    assert kind is not None, f"tarfile has no {name} any more. {ARCHIVE}: what it took for the end of a tar is damage."
    raised = []

    class Header(tarfile.TarInfo):
        @classmethod
        def fromtarfile(cls, tarfile: tarfile.TarFile) -> Header:
            try:
                return super().fromtarfile(tarfile)
            except Exception as error:
                raised.append(type(error))
                raise

    class TarFile(tarfile.TarFile):
        tarinfo = Header

    whole = _tar("first", tarfile.USTAR_FORMAT)[:512] + _tar("second", tarfile.USTAR_FORMAT)
    content = whole[:512] + BROKEN[name](whole[512:])
    with TarFile.open(fileobj=io.BytesIO(content), mode="r|") as tar:
        list(tar)
    assert kind in raised, f"tarfile no longer raises {name} from TarInfo.fromtarfile where a header is broken. {ARCHIVE}."
    with pytest.raises(Unreadable):
        Tar(io.BytesIO(content), 2**20, 10)


# --- NumPy --------------------------------------------------------------------------------------------------------------


def test_ipython_knows_the_number_of_a_cell_by_the_name_of_its_text() -> None:
    compilerop = pytest.importorskip(
        "IPython.core.compilerop", reason="IPython is not installed: its cells were NOT looked at"
    )
    compiler = compilerop.CachingCompiler()
    name = compiler.cache("x = 1", 7)
    assert compiler._filename_map[name] == 7, (
        "autograder/at_home/notebook.py leans on it (cells_run): an exception has its cell"
    )


def test_numpy_seeds_a_generator_from_pythons_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = np.random.bit_generator
    assert getattr(module, "randbits", None) is secrets.randbits, (
        f"NumPy no longer takes secrets.randbits into numpy.random.bit_generator when it is loaded. {SEEDED}."
    )
    asked = []
    monkeypatch.setattr(module, "randbits", lambda bits: asked.append(bits) or 7)
    first, second = np.random.default_rng().random(4), np.random.default_rng().random(4)
    assert asked, f"NumPy no longer seeds a generator that was given no seed by randbits. {SEEDED}."
    assert first.tolist() == second.tolist(), f"NumPy seeds a generator from something beside randbits. {SEEDED}."
