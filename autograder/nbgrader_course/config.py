"""nbgrader's configuration of a course: our part as a function, and the file of the instructor's own that calls it.

Nothing of ours is written into the file but the call, so a newer package brings its settings along, and what an instructor
writes there is never written over.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import WrongUsage
from autograder.handing_out.handout import STUB

if TYPE_CHECKING:
    from traitlets.config import Config

FILE_NAME = "nbgrader_config.py"

_CALL = """\
from autograder.nbgrader_course.config import configure

c = get_config()
configure(c, __file__)
"""

_FILE = '''\
"""nbgrader's settings for this course. `grade nbgrader` made this file once and does not write over it: it is yours."""

{call}
c.CourseDirectory.course_id = "{course_id}"

# Your own settings stand below, and win. The gradebook is gradebook.db in this folder, unless another database is named:
# c.CourseDirectory.db_url = "postgresql+psycopg2://name:password@host/database"
'''


def configure(c: Config, config_file: str) -> None:
    """Put our settings into nbgrader's: our grading in place of Execute, the course's late penalties, the stub's words.

    config_file: the file that asks for it, which lies beside course.toml.
    """
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import Execute

    from autograder.nbgrader_course.late import CourseLatePenalties
    from autograder.nbgrader_course.preprocessor import GradeBehindTheWall
    from autograder.nbgrader_course.restore import RestoreCells

    folder = Path(config_file).resolve().parent
    usual = Autograde()
    c.CourseDirectory.root = str(folder)
    c.Autograde.sanitize_preprocessors = [RestoreCells, *usual.sanitize_preprocessors]
    c.Autograde.autograde_preprocessors = [
        GradeBehindTheWall if preprocessor is Execute else preprocessor for preprocessor in usual.autograde_preprocessors
    ]
    c.AssignLatePenalties.plugin_class = CourseLatePenalties
    c.GradeBehindTheWall.course_file = c.CourseLatePenalties.course_file = str(folder / "course.toml")
    c.ClearSolutions.code_stub = {"python": "\n".join(STUB)}
    c.HTMLExporter.filters = {"markdown2html": "autograder.nbgrader_course.prose.prose"}


def write_config(folder: Path) -> None:
    """Write the instructor's file where there is none.

    Raises WrongUsage where there is one that does not let our preprocessor grade.
    """
    path = folder / FILE_NAME
    if not path.exists():
        path.write_text(_FILE.format(call=_CALL, course_id=course_id(folder.resolve().name)), encoding="utf-8")
    from autograder.nbgrader_course.preprocessor import GradeBehindTheWall

    grading = read_config(folder).Autograde.get("autograde_preprocessors", [])
    if GradeBehindTheWall not in grading:
        raise WrongUsage(
            f"{path} is there already and does not call our settings, so nbgrader would run students' code in a kernel. "
            f"Put these lines at its beginning:\n\n{_CALL}"
        )


def read_config(folder: Path) -> Any:
    """What nbgrader is told in a course's folder. Raises WrongUsage where its file fails."""
    from traitlets.config.loader import PyFileConfigLoader

    try:
        return PyFileConfigLoader(FILE_NAME, str(folder)).load_config()
    except Exception as error:
        raise WrongUsage(f"{folder / FILE_NAME} cannot be read: {type(error).__name__}: {error}") from None


def course_id(name: str) -> str:
    """A folder's name as nbgrader allows a course to be called.

    >>> course_id("Deep learning, spring")
    'Deep_learning__spring'
    """
    return re.sub(r"[^A-Za-z0-9_-]", "_", name) or "course"
