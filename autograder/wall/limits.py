"""How much a worker may use, and what a topic needs behind the wall beyond that."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace


@dataclass(frozen=True)
class Needs:
    """What a topic's worker has behind the wall beyond Python's standard library, NumPy and the course's limits.

    libraries: distributions that student code may import, with all that they require.
    imports: modules of them that are loaded once, before workers are forked; each costs its import once a grading. With a
    leading dot, a module of ours beside those that perform scripts: a worker that is shut in can read none.
    threads: whether threads may be started, as TensorFlow must. The rest raises the course's limits to at least these.
    """

    libraries: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    threads: bool = False
    call_seconds: float = 0.0
    import_seconds: float = 0.0
    topic_seconds: float = 0.0
    cpu_seconds: int = 0
    memory_mebibytes: int = 0


NO_NEEDS = Needs()


@dataclass(frozen=True)
class Limits:
    """What a worker may use. The defaults leave a right solution a hundred times what it needs."""

    call_seconds: float = 5.0  # all inputs of one check; right solutions take milliseconds
    import_seconds: float = 10.0  # executing the module's top level
    topic_seconds: float = 60.0  # all of one topic; right solutions take a second or two
    submission_seconds: float = 300.0  # all of its topics; after that no check is begun
    grader_seconds: float = 30.0  # of processor time that the grader itself spends on judging and explaining what comes back
    grader_mebibytes: int = 384  # by which the grader's own memory may grow meanwhile
    memory_mebibytes: int = 1024  # address space, of which Python with NumPy takes 150
    disk_mebibytes: int = 16  # scratch folder, and any one file in it
    files: int = 1000  # files and folders in the scratch folder, of which the submission itself may have 500
    cpu_seconds: int = 120  # of one worker, that is one topic

    def raised_to(self, needs: Needs) -> Limits:
        """These limits, each at least what a topic needs."""
        wanted = asdict(needs)
        return replace(self, **{f.name: max(getattr(self, f.name), wanted.get(f.name, 0)) for f in fields(self)})
