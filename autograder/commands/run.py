"""`grade PATH`: grade a submission."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.choices import HINT_LEVELS, SANDBOXES
from autograder.commands import complete
from autograder.commands.progress import progress, recording
from autograder.errors import WrongUsage

if TYPE_CHECKING:
    from autograder.course.settings import Course
    from autograder.grading.engine import Selected
    from autograder.recording.answers import Answers
    from autograder.submission.read import Submission


@click.command("run", hidden=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "-t", "--topic", "topics", multiple=True, shell_complete=complete.topic, help="Only this topic; may be repeated."
)
@click.option(
    "-a",
    "--assignment",
    metavar="NAME",
    shell_complete=complete.assignment,
    help="Only this assignment of the course: its topics, due when it is.",
)
@click.option("-k", "--keyword", help="Only checks whose identifier (topic/exercise/check) holds this text.")
@click.option(
    "--json", "json_path", metavar="FILE", help="Write the report as JSON; - for standard output, and nothing else there."
)
@click.option("--junit", type=click.Path(path_type=Path), metavar="FILE", help="Write JUnit XML: a case a check.")
@click.option("--classroom", is_flag=True, help="In a step on GitHub: give it the output `result`, and its summary.")
@click.option(
    "--prairielearn", type=click.Path(path_type=Path), metavar="FILE", help="Write the results.json of PrairieLearn."
)
@click.option("--public", is_flag=True, help="Only the public checks, with the answers of --kit, or those recorded here.")
@click.option(
    "--kit",
    type=click.Path(path_type=Path, exists=True),
    metavar="FOLDER",
    help="With --public: the kit whose answers are used. Where it lies with the submission, the report says so.",
)
@click.option("-v", "--verbose", is_flag=True, help="What each check asks, under every exercise that is not right.")
@click.option("--html", "html_path", type=click.Path(path_type=Path), metavar="FILE", help="Write the report as a page.")
@click.option(
    "--sandbox", type=click.Choice(SANDBOXES), help="The wall's backend; default: what the course or the machine has."
)
@click.option("--hints", type=click.Choice(HINT_LEVELS), help="How much is told; default: what the course says, else full.")
@click.option("--no-locate", is_flag=True, help="Do not search for the line of a mistake that has no name.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Topics graded at a time; default: one for each processor.")
@click.option(
    "--course", type=click.Path(path_type=Path), help="A course.toml; default: the one in the working folder, if any."
)
def run(
    path: Path,
    topics: tuple[str, ...],
    assignment: str | None,
    keyword: str | None,
    json_path: str | None,
    junit: Path | None,
    classroom: bool,
    prairielearn: Path | None,
    public: bool,
    kit: Path | None,
    verbose: bool,
    html_path: Path | None,
    sandbox: str | None,
    hints: str | None,
    no_locate: bool,
    jobs: int | None,
    course: Path | None,
) -> None:
    """Grade a submission.

    \b
    Examples:
      grade submission/
      grade submission/ -t activations --hints sentence
      grade submission/ -a week3
      grade layers.py --json -
      grade . --public --kit . --classroom --junit report.xml
    """
    from autograder.at_home.public import kit_answers, trusted_words
    from autograder.commands.near import refuse_absent
    from autograder.commands.renderings import refuse_code, told_to_prairielearn, write_file, write_renderings
    from autograder.course.settings import read_course
    from autograder.downloads.whole_class import refuse_class
    from autograder.errors import GraderFault
    from autograder.grading.engine import grade, left_out, wanted_topics
    from autograder.report import to_json
    from autograder.submission.read import read_submission

    refuse_code(html_path, junit, prairielearn, Path(json_path) if json_path else None)
    with told_to_prairielearn(prairielearn), recording() as recorded, progress("grading") as watch:
        refuse_absent(path)
        settings = read_course(course, path).but(sandbox, hints).for_assignment(assignment)
        settings = settings.without_search() if no_locate else settings
        for topic in topics:
            settings.catalogue.topic(topic)
        refuse_class(path, settings.catalogue)
        _refuse_in_kit(path, public)
        submission = read_submission(path, settings.catalogue)
        asked = list(topics) or (list(submission.modules) if path.is_file() else [])
        if kit is not None and not public:
            raise WrongUsage("--kit says whose answers the public checks are held against: say --public, too.")
        known = kit_answers(wanted_topics(settings, submission, asked), kit, settings.catalogue) if public else {}
        if kit is not None:
            submission.notices += trusted_words(path, kit)
        asked = list(known) or asked
        wanted, missing = left_out(settings, wanted_topics(settings, submission, asked))
        asked = wanted if missing else asked
        submission = replace(submission, notices=[*submission.notices, *missing])
        selected = _selection(keyword, wanted, settings, known)
        given = known.__getitem__ if public else None
        report = grade(submission, settings, asked or None, jobs or 0, selected, recorded, watch, given)
    write_renderings(report, junit, classroom, prairielearn)
    if html_path:
        from autograder.render.html import report_html

        write_file(html_path, report_html(report, submission.name).encode())
    if json_path == "-":
        sys.stdout.buffer.write(to_json(report))
    else:
        if json_path:
            write_file(Path(json_path), to_json(report))
        _print(report, submission, verbose)
    sys.exit(GraderFault.exit_code if missing else report.exit_code)


def _refuse_in_kit(path: Path, public: bool) -> None:
    """Raises WrongUsage where somebody grades a file of a kit who has nothing to grade it with: that is a student."""
    from autograder.at_home.public import ROOT_FILE
    from autograder.declare.catalogue import reference_folder

    place = path.absolute()
    if not public and reference_folder() is None and any((folder / ROOT_FILE).is_file() for folder in (place, *place.parents)):
        raise WrongUsage(f"This is a kit, in which you check your own files: grade check {path}")


def _selection(keyword: str | None, topics: list[str], course: Course, kit: dict[str, Answers]) -> Selected | None:
    """Says which checks a keyword selects: of a kit's, where there is one. Raises WrongUsage where it selects none."""
    if keyword is None and not kit:
        return None
    from autograder.commands.near import refuse_keyword

    word = (keyword or "").lower()
    known = {check.id for answers in kit.values() for check in answers.record.checks}
    known = known or {check_id for topic in topics for check_id, _, _ in course.catalogue.topic(topic).checks()}
    refuse_keyword(keyword or "", known)
    chosen = {check_id for check_id in known if word in check_id.lower()}
    return lambda check_id, _: check_id in chosen


def _print(report: Any, submission: Submission, verbose: bool) -> None:
    from rich.console import Console

    from autograder.render.terminal import print_report

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, emoji=False, width=100, no_color=True)
    print_report(report, submission.name, console, verbose, submission.file_names)
