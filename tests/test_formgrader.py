"""nbgrader's page for grading, in a real browser, on a course of ours: scores, feedback, and points given by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.nbgrader_course.names import answer_id
from tests.conftest import needs
from tests.formgrader import Formgrader, chromium, opened, served
from tests.term import COMMENT, GIVEN, ByHand, Term, grade_by_hand, kept_by_hand, look

NOT_TESTED = "the formgrader was NOT tested"
needs("nbgrader", "jupyter_server", "jupyter_server_mathjax", "playwright", or_else=NOT_TESTED)

pytestmark = pytest.mark.slow

BY_HAND = ByHand("finn", "concepts", answer_id("why_bend"))


@pytest.fixture(scope="module")
def term(small_term: Term) -> Term:
    """The shared course, of which the quiz is looked at: a person grades its free texts, each of which holds a script."""
    return small_term.part(("concepts",), small_term.students[:2])


@pytest.fixture(scope="module")
def page(term: Term, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Formgrader]:
    """The page, served from the course's folder, and logged in."""
    browser = chromium()
    if browser is None:
        pytest.skip(f"chromium is not installed: {NOT_TESTED} (see .ci/install-browser)")
    pictures = tmp_path_factory.mktemp("pictures")
    with served(term.course, term.environment) as (address, token), opened(address, token, browser, pictures) as opened_page:
        yield opened_page


def test_it_shows_the_gradebooks_scores_our_feedback_and_pictures_and_runs_no_script_of_a_students(
    term: Term, page: Formgrader
) -> None:
    assert look(term, page) == []
    assert page.problems == []


def test_points_and_a_comment_given_by_hand_are_kept(term: Term, page: Formgrader) -> None:
    grade_by_hand(term, page, BY_HAND)
    assert page.shown_scores()[BY_HAND.grade_id][1] == f"{GIVEN:g}"
    assert kept_by_hand(term, BY_HAND) == (GIVEN, COMMENT)
    assert page.problems == []


def test_a_grade_given_by_hand_outlives_another_autograding_and_is_in_the_feedback(term: Term, page: Formgrader) -> None:
    del page  # after it
    grade_id = BY_HAND.grade_id
    term.autograde("--force", f"--student={BY_HAND.student}")
    assert kept_by_hand(term, BY_HAND) == (GIVEN, COMMENT)
    term.run("nbgrader", "generate_feedback", "concepts", f"--student={BY_HAND.student}")
    told = (term.course / "feedback" / BY_HAND.student / "concepts" / "concepts.html").read_text(encoding="utf-8")
    assert grade_id in told
    assert "what is a stack of lines?" in told
    assert "<script>document.title" not in told


def test_nothing_but_mathjax_is_asked_of_elsewhere(page: Formgrader) -> None:
    # nbgrader's own template names this address; tests/formgrader.py answers in its place.
    assert {address.split("/mathjax/")[0] for address in page.elsewhere} == {"https://cdnjs.cloudflare.com/ajax/libs"}


HARMFUL = (
    "<script>document.title = 'owned'</script>",
    "<img src=x onerror=\"document.title = 'owned'\">",
    "inline <b onmouseover=\"document.title = 'owned'\">bold</b>",
    "[a link](javascript:document.title='owned')",
    "![a picture](javascript:document.title='owned')",
    "<javascript:document.title='owned'>",
    "```mermaid\n</pre><script>document.title = 'owned'</script>\n```",
    "$$<script>document.title = 'owned'</script>$$",
    "$</span><script>document.title = 'owned'</script>$",
    "\\begin{x}<script>document.title = 'owned'</script>\\end{x}",
    "![a picture](attachment:odd)",
    "![a picture](attachment:gone)",
    "| a |\n| --- |\n| <script>document.title = 'owned'</script> |",
    "# <script>document.title = 'owned'</script>",
)


@pytest.mark.parametrize("markdown", HARMFUL)
def test_markdown_of_a_students_is_shown_and_does_nothing(markdown: str, page: Formgrader) -> None:
    from autograder.nbgrader_course.prose import prose

    odd = {"odd": {"image/svg+xml": "\"><script>document.title = 'owned'</script>"}}
    tab = page.page.context.new_page()
    tab.set_content(f"<title>calm</title>{prose({'cell': {'attachments': odd}}, markdown)}")
    for link in tab.locator("a").all():
        link.dispatch_event("click")
    tab.mouse.move(50, 50)
    assert tab.title() == "calm"
    assert tab.evaluate("document.querySelectorAll('script, [onerror], [onmouseover]').length") == 0
    tab.close()
