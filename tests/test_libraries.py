"""Topics that declare libraries: these are there behind the wall, loaded once and forked; nothing else is let in with them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.declare.catalogue import OURS
from autograder.errors import GraderFault
from autograder.grading.engine import Grader
from autograder.handing_out.assignments import stub_module
from autograder.wall.libraries import places_of
from autograder.wall.limits import Limits, Needs
from autograder.wall.protocol import Sandbox
from autograder.wall.sandbox import start_sandbox
from tests.conftest import WALLED, need_backend, submission_of
from tests.test_wall import ask, attempts, lost

SCIKIT_LEARN = Needs(libraries=("scikit-learn",), imports=("sklearn.model_selection",), call_seconds=30)
KERAS = Needs(
    libraries=("keras", "tensorflow"),
    imports=("keras",),
    threads=True,
    call_seconds=60,
    import_seconds=60,
    memory_mebibytes=8192,
)

FIT = """
import numpy as np
import keras

def f():
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="elu"), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse")
    x = np.linspace(-1, 1, 60).reshape(20, 3)
    return model.fit(x, x[:, :1], epochs=3, verbose=0).history["loss"]
"""


@pytest.fixture(scope="module", params=WALLED)
def keras_wall(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    need_backend(request.param)
    with start_sandbox(request.param, Limits(), KERAS) as sandbox:
        yield sandbox


@pytest.fixture(scope="module", params=WALLED)
def scikit_wall(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    need_backend(request.param)
    with start_sandbox(request.param, Limits(), SCIKIT_LEARN) as sandbox:
        yield sandbox


def test_every_worker_forked_after_the_import_trains_and_says_the_same(keras_wall: Sandbox) -> None:
    curves = [ask(keras_wall, FIT) for _ in range(3)]
    assert len(curves[0]) == 3
    assert curves[0][2] < curves[0][0]
    assert curves[1:] == curves[:1] * 2


def test_a_search_of_scikit_learn_runs(scikit_wall: Sandbox) -> None:
    source = """
from sklearn.linear_model import LogisticRegression
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
def f():
    x, y = load_digits(return_X_y=True)
    return GridSearchCV(LogisticRegression(max_iter=500), {"C": [0.1, 1.0]}, cv=2).fit(x[:200], y[:200]).best_score_
"""
    assert 0.8 < float(ask(scikit_wall, source)) <= 1.0


@pytest.mark.parametrize("package", ["autograder.recording.answers", "reference", "tests", "hypothesis", "pytest", "click"])
def test_what_is_not_declared_cannot_be_imported(scikit_wall: Sandbox, package: str) -> None:
    (said,) = ask(scikit_wall, attempts(f"__import__('{package}')"))
    assert said != "allowed"


# As for every worker: with TensorFlow's threads come no processes, programs, sockets, files or signals.
DENIED = (
    "os.fork()",
    "os.forkpty()",
    "os.posix_spawn('/bin/true', ['true'], {})",
    "os.execv('/bin/true', ['true'])",
    "subprocess.run(['/bin/true'], check=True)",
    "socket.socket()",
    "socket.socket(socket.AF_UNIX)",
    "open('/etc/passwd').read()",
    "open('/proc/self/environ').read()",
    "open('/proc/1/cmdline').read()",
    "os.listdir('/proc')",
    "open('/tmp/left', 'w')",
    "open(os.__file__, 'a')",
    "os.kill(os.getppid(), 0)",
    "signal.pidfd_send_signal(0, 9)",
    "resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1))",
)


@pytest.mark.parametrize("statement", DENIED)
def test_threads_open_no_other_door(keras_wall: Sandbox, statement: str) -> None:
    (said,) = ask(keras_wall, attempts(statement))
    assert said not in ("allowed", "returned"), statement


def test_no_clone_but_a_thread_of_its_own_is_allowed(keras_wall: Sandbox) -> None:
    source = """
import ctypes, threading
def f():
    libc = ctypes.CDLL(None, use_errno=True)
    said = []
    # SIGCHLD alone is a process; with CLONE_VM it is one that shares memory; with namespaces it is a way out.
    for flags in (17, 0x100 | 17, 0x10000000 | 17, 0x00020000 | 17):
        said.append(libc.syscall(56, flags, 0, 0, 0, 0))
    thread = threading.Thread(target=said.append, args=("thread",))
    thread.start()
    thread.join()
    return said
"""
    assert ask(keras_wall, source) == [-1, -1, -1, -1, "thread"]


def test_no_thread_where_none_is_declared(scikit_wall: Sandbox) -> None:
    (said,) = ask(scikit_wall, attempts("threading.Thread(target=print).start()"))
    assert said == "RuntimeError"


def test_more_memory_is_not_all_memory(keras_wall: Sandbox) -> None:
    (said,) = ask(keras_wall, attempts("bytearray(9 * 2**30)"))
    assert said == "MemoryError"


def test_a_worker_that_hangs_in_a_thread_is_lost_alone() -> None:
    need_backend("landlock")
    with start_sandbox("landlock", Limits(), Needs(threads=True)) as sandbox:
        sandbox.limits = Limits(call_seconds=0.5)
        source = "import threading\ndef f():\n thread = threading.Thread(target=lambda: [None for _ in iter(int, 1)])\n"
        assert lost(sandbox, source + " thread.start()\n thread.join()") == "timeout"
        assert ask(sandbox, "def f(): return 2") == 2


def test_a_workers_changes_to_a_library_are_its_own(scikit_wall: Sandbox) -> None:
    vandal = "import sklearn.model_selection as m\ndef f():\n m.GridSearchCV = None\n return m.GridSearchCV is None"
    assert ask(scikit_wall, vandal) is True
    assert ask(scikit_wall, "from sklearn.model_selection import GridSearchCV\ndef f(): return GridSearchCV is None") is False


def test_limits_are_raised_to_what_a_topic_needs_and_never_lowered() -> None:
    raised = Limits(call_seconds=5, memory_mebibytes=16000).raised_to(KERAS)
    assert (raised.call_seconds, raised.memory_mebibytes, raised.files) == (60, 16000, Limits().files)
    assert Limits().raised_to(Needs()) == Limits()


def test_a_library_that_is_not_installed_is_the_graders_fault_in_a_sentence() -> None:
    with pytest.raises(GraderFault, match=r"no-such-library is not installed, .* pip install no-such-library"):
        places_of(("no-such-library",))


def test_a_library_is_its_own_places_and_those_of_what_it_requires() -> None:
    names = {place.rsplit("/", 1)[1] for place in places_of(("scikit-learn",))}
    assert {"sklearn", "scipy", "joblib", "numpy"} <= names
    assert not names & {"autograder", "keras", "hypothesis", "click", "pytest"}


PATCH = """

import sklearn.utils.estimator_checks as checks

def check_estimator(estimator=None, **options):
    names = [name for name in dir(checks) if name.startswith("check_")]
    return [{"check_name": name, "status": "passed", "exception": None} for name in names]

checks.check_estimator = check_estimator
sys = __import__("sys")
for module in list(sys.modules.values()):
    if getattr(module, "check_estimator", None) is not None and module is not checks:
        module.check_estimator = check_estimator
"""


def test_whoever_bribes_scikit_learns_own_checks_gains_its_one_point_at_most(any_grader: Grader) -> None:
    stub = stub_module(OURS.reference_source("training"))
    report = any_grader.grade(submission_of(training=stub + PATCH), ["training"])
    assert report.score <= 1
    assert report.max_score > 80
