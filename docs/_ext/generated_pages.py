"""Makes the pages of the documentation that repeat what stands elsewhere: handouts, misconceptions, tolerances, commands.

`pages()` gives their text by path and is asked by the documentation's build (docs/conf.py), so that no such page is committed
and none can be out of step. No page holds a line of a solution, a misconception's code or anybody's secret.
"""

from __future__ import annotations

import ast
import io
import json
import pkgutil
import posixpath
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import autograder
from autograder.declare.catalogue import load_topic, reference_folder, topic_names
from autograder.declare.source import Misconception
from autograder.declare.table import EXACT, Check, Tolerance
from autograder.errors import GraderFault
from autograder.recording.answers import DEFAULT_SECRET, Answers
from autograder.recording.misconceptions import mutants
from autograder.report import total
from autograder.text import of_all

# The page of the modules that stand in no room.
BESIDE_THE_ROOMS = "package"
# Modules without a page: the tables of checks, which are read as tables, and what starts something when it is imported.
NOT_TOLD = ("autograder.checks", "autograder.wall.inside.worker", "autograder.wall.inside.harden")


def root() -> Path:
    """The folder of the clone. Raises GraderFault where only the package is installed."""
    folder = reference_folder()
    if folder is None:
        raise GraderFault("The documentation is built in a clone of the repository: reference/ is not here.")
    return folder.parent


def pages(members: bool = True) -> dict[str, str]:
    """Every generated page and figure: its text by its path below ``docs/generated``.

    members: whether the pages of the rooms tell of functions and classes as well, and not of modules alone.
    """
    made = {
        "changelog.md": link_outwards((root() / "CHANGELOG.md").read_text(encoding="utf-8"), "CHANGELOG.md", "changelog.md"),
        "commands.md": commands_page(),
        "report-schema.md": schema_page(),
        "limits.md": limits_table(),
        "tolerances.md": tolerances_part(),
        "hints.md": hints_part(),
    }
    for topic in topic_names():
        if not is_quiz(topic):
            made[f"misconceptions/{topic}.md"] = misconceptions_page(topic)
        made |= handout_pages(topic)
        if (root() / "assignments" / topic / f"{topic}.py").is_file() and not is_quiz(topic):
            made[f"stubs/{topic}.md"] = stub_page(topic)
    made |= api_pages(members)
    made["misconceptions/index.md"] = misconceptions_index()
    made["misconceptions/costs.md"] = costs_page()
    made["handouts/index.md"] = index_of("Handouts", HANDOUTS_WORDS, made, "handouts")
    made["stubs/index.md"] = index_of("What each file defines", STUBS_WORDS, made, "stubs")
    return made


HANDOUTS_WORDS = """One page for each topic: the idea, the formulas, the shapes, and what is to be written. The same text
stands in the topic's notebook and as comments in its module; both are in `assignments/`."""
STUBS_WORDS = """Every function and class that is to be written, with the docstring that stands in the student's file."""


def index_of(title: str, words: str, made: Mapping[str, str], folder: str) -> str:
    """A page that lists the pages of a folder, in the order of the curriculum."""
    known = [topic for topic in topic_names() if f"{folder}/{topic}.md" in made]
    return _page(title, words, "", *toctree(known))


def toctree(names: Iterable[str], depth: int = 1) -> list[str]:
    """The lines of a table of contents."""
    return ["```{toctree}", f":maxdepth: {depth}", "", *names, "```"]


def _page(title: str, *lines: str) -> str:
    return "\n".join([f"# {title}", "", *lines]) + "\n"


def escaped(text: str) -> str:
    r"""Plain words as Markdown that shows them as they are; what stands between backticks is left alone.

    >>> print(escaped("x * y and `a * b`"))
    x \* y and `a * b`
    """
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if i % 2 else re.sub(r"([\\*_<>\[\]${}#|~@])", r"\\\1", part) for i, part in enumerate(parts))


# --- links ------------------------------------------------------------------------------------------------------------

_LINK = re.compile(r"(?P<image>!?)\[(?P<words>[^\]\[]*)\]\((?P<target>[^)\s]+)\)")


def link_outwards(text: str, origin: str, page: str) -> str:
    """A Markdown text of the repository as a page of the documentation: its links lead to pages, or are words.

    origin: where it stands in the repository; page: below docs/generated. On the site, a handout or the changelog is a page;
    any other file of the repository is not there, so that its name is said and not linked.

    >>> link_outwards("[how](docs/how-it-works.md), [tests](tests/)", "README.md", "readme.md")
    '[how](../how-it-works.md), tests (`tests`)'
    """

    def rewritten(link: re.Match[str]) -> str:
        target, _, anchor = link["target"].partition("#")
        if re.match(r"[a-z]+:", target) or not target:
            return link[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(origin), target))
        place = _place(path)
        if place is None:
            return f"{link['words']} (`{path}`)"
        relative = posixpath.relpath(place, posixpath.dirname(f"docs/generated/{page}"))
        return f"{link['image']}[{link['words']}]({relative}{'#' if anchor else ''}{anchor})"

    return _LINK.sub(rewritten, text)


def _place(path: str) -> str | None:
    """Where a file of the repository stands on the site, as a path from the repository's root; None if nowhere."""
    if path == "CHANGELOG.md":
        return "docs/generated/changelog.md"
    if path == "README.md":
        return "docs/index.md"
    if handout := re.fullmatch(r"assignments/(\w+)/handout\.md", path):
        return f"docs/generated/handouts/{handout[1]}.md"
    if figure := re.fullmatch(r"assignments/(\w+)/(figures/.+)", path):
        return f"docs/generated/handouts/{figure[1]}/{figure[2]}"
    return path if path.startswith("docs/") and not path.startswith("docs/examples") else None


# --- handouts and stubs -----------------------------------------------------------------------------------------------


def handout_pages(topic: str) -> dict[str, str]:
    """A topic's handout and its figures."""
    folder = root() / "assignments" / topic
    if not (folder / "handout.md").is_file():
        return {}
    page = f"handouts/{topic}.md"
    text = (folder / "handout.md").read_text(encoding="utf-8")
    figures = {
        f"handouts/{topic}/figures/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted((folder / "figures").glob("*.svg"))
    }
    after = ["[What your code must look like](../../student-api.md)"]
    if not is_quiz(topic):
        after += [
            f"[The same functions by name](../stubs/{topic}.md)",
            f"[Known mistakes, for instructors](../misconceptions/{topic}.md)",
        ]
    return {
        page: link_outwards(text, f"assignments/{topic}/handout.md", page) + "\n---\n\n" + " · ".join(after) + "\n",
        **figures,
    }


def stub_page(topic: str) -> str:
    """What a topic's module defines, from the student's stub: no reference is imported, so no solution is near."""
    directive = ["```{eval-rst}", f".. automodule:: {topic}", "   :members:", "   :undoc-members:", "```"]
    return _page(f"`{topic}.py`", f"From `assignments/{topic}/{topic}.py`.", "", *directive)


# --- the package's own modules ----------------------------------------------------------------------------------------


def api_modules() -> list[str]:
    """The package's modules that have a page: all but checks, what runs behind the wall, and private ones."""
    found = [module.name for module in pkgutil.walk_packages(autograder.__path__, "autograder.", onerror=lambda _: None)]
    return [
        name
        for name in ("autograder", *found)
        if not name.startswith(NOT_TOLD) and not any(part.startswith("_") for part in name.split("."))
    ]


def api_pages(members: bool) -> dict[str, str]:
    """A page for each room with its modules, one for what stands beside the rooms, and one that says what each is for."""
    rooms: dict[str, list[str]] = {}
    for name in api_modules():
        rooms.setdefault(room_of(name), []).append(name)
    made = {f"api/{room}.md": _room_page(room, modules, members) for room, modules in rooms.items()}
    rows = ["| module | what it is for |", "| --- | --- |"]
    rows += [f"| [`{name}`](#{name}) | {_first_sentence(name)} |" for modules in rooms.values() for name in modules]
    hidden = toctree(rooms)
    hidden.insert(1, ":hidden:")
    made["api/index.md"] = _page("API reference", *rows, "", *hidden)
    return made


def room_of(module: str) -> str:
    """The name of the room that a module stands in, and of its page."""
    room = ".".join(module.split(".")[:2])
    return room.partition(".")[2] if hasattr(pkgutil.resolve_name(room), "__path__") and "." in room else BESIDE_THE_ROOMS


def _room_page(room: str, modules: Iterable[str], members: bool) -> str:
    options = ["   :members:", "   :undoc-members:", "   :ignore-module-all:"] if members else []
    lines = []
    for name in modules:
        lines += ["", f"## `{name}`", "", "```{eval-rst}", f".. automodule:: {name}", *options, "```"]
    return _page("Beside the rooms" if room == BESIDE_THE_ROOMS else f"`{room}/`", *lines)


def _first_sentence(module: str) -> str:
    spec = pkgutil.resolve_name(module)
    first = (spec.__doc__ or "").strip().split("\n\n")[0].replace("\n", " ")
    return escaped(first.split(": `")[0].rstrip(".") + ".")


def is_quiz(topic: str) -> bool:
    """Whether a topic is a quiz. Every wrong choice is a known mistake there, so a list of them would give the key away."""
    from autograder.quiz.questions import quiz_path

    return quiz_path(topic).is_file()


# --- misconceptions ---------------------------------------------------------------------------------------------------


def misconceptions_index() -> str:
    """How many there are of each topic, and how the pages are to be read."""
    rows = ["| topic | exercises | known mistakes |", "| --- | ---: | ---: |"]
    for topic in topic_names():
        title = load_topic(topic).title
        place = escaped(title) if is_quiz(topic) else f"[{escaped(title)}]({topic}.md)"
        rows.append(f"| {place} | {len(load_topic(topic).exercises)} | {len(mutants(topic))} |")
    hidden = toctree([*(f"{topic} <{topic}>" for topic in topic_names() if not is_quiz(topic)), "What each costs <costs>"])
    hidden.insert(1, ":hidden:")
    return _page("Known mistakes", *MISCONCEPTIONS_WORDS.splitlines(), "", *rows, "", *hidden)


MISCONCEPTIONS_WORDS = """For instructors: every mistake that the grader knows by name. Each entry has three parts.

**What you see** is what a report says of the answers, here on the embedded course's inputs. Another course draws other inputs,
so that a number such as a batch size will differ. It is followed by the checks of the exercise that fail. **Why** is what the
student believes or forgot, and what that does. **Where to look** leads to the place and does not give the answer away.

A report that names a mistake prints its identifier in square brackets; the identifiers are the headings of these pages. The
pages hold no wrong code, and no right code. [What each of them costs](costs.md) is a page of its own. A quiz has no page
here: a list of all wrong choices would be its key."""


@dataclass(frozen=True)
class Cost:
    """What a known mistake costs, alone in right code: points of its own exercise, and of how many others."""

    about: Misconception
    own: int | float
    of: int | float
    elsewhere: int | float
    others: int


def costs_of(topic: str, answers: Answers) -> list[Cost]:
    """What each of a topic's known mistakes costs, the cheapest of its exercise's points first."""
    table = load_topic(topic)
    most = {exercise.name: exercise.max_score for exercise in table.exercises}
    lost: dict[str, dict[str, list[int | float]]] = {name: {} for name in answers.misconceptions}
    for check_id, exercise, check in table.checks():
        for name in answers.part(check_id, "mistaken"):
            lost[name].setdefault(exercise.name, []).append(check.points)
    found = []
    for name, about in answers.misconceptions.items():
        elsewhere = [points for exercise, points in lost[name].items() if exercise != about.exercise]
        own = total(lost[name].get(about.exercise, ()))
        found.append(Cost(about, own, most[about.exercise], total(map(total, elsewhere)), len(elsewhere)))
    return sorted(found, key=lambda cost: (cost.own / (cost.of or 1), cost.about.name))


def costs_page() -> str:
    """What every known mistake costs, and why some checks count more than a point."""
    from autograder.recording.record import answers_for

    lines = []
    for topic in topic_names():
        if is_quiz(topic):
            continue
        lines += [f"## {escaped(load_topic(topic).title)}", ""]
        checks = [(check_id.partition("/")[2], check) for check_id, _, check in load_topic(topic).checks()]
        if weighty := [(name, check) for name, check in checks if check.weight]:
            lines += ["| check | points | why |", "| --- | ---: | --- |"]
            lines += [f"| `{name}` | {check.points:g} | {escaped(check.weight)} |" for name, check in weighty]
            lines.append("")
        lines += ["| mistake | exercise | of its points | in others |", "| --- | --- | ---: | ---: |"]
        for cost in costs_of(topic, answers_for(topic, DEFAULT_SECRET)):
            about, others = cost.about, f"{cost.elsewhere:g} in {cost.others}" if cost.others else ""
            # By the label: some mistakes are called as a function is.
            cells = (f"{{ref}}`{about.name} <{about.name}>`", f"`{about.exercise}`", of_all(cost.own, cost.of), others)
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return _page("What each known mistake costs", *COSTS_WORDS.splitlines(), "", *lines)


COSTS_WORDS = """For instructors: the points that each known mistake costs where it stands alone in right code. They are
counted from the recorded answers, when this page is made. What is lost in other exercises follows from the mistake;
[`consequences`](../../instructors/running-a-course.md#one-mistake-in-several-exercises) says whether it counts.

A check is one point, unless a reason is given for more. The cheapest are what one check alone sees and a person would forgive:
an answer at a single point (a kink, a tie, a rate of 1), a copy that was not made, an error that is not raised. What a person
would not forgive for a twelfth of an exercise has more points, and the reason stands in the topic's first table. The dearest
are mistakes in what everything else is built of: `Optimizer.apply`, `Dense.build`, a function that returns nothing. They cost
their own exercise, and all else only because it cannot be seen whether it is right; the report tells them first."""


def misconceptions_page(topic: str) -> str:
    """A topic's known mistakes, exercise by exercise in the order in which a student meets them."""
    from autograder.recording.record import answers_for

    table = load_topic(topic)
    answers = answers_for(topic, DEFAULT_SECRET)
    known = [mutant.about for mutant in mutants(topic)]
    lines = []
    for exercise in table.exercises:
        of_this = [about for about in known if about.exercise == exercise.name]
        if not of_this:
            continue
        lines += [f"## {escaped(exercise.name)}", "", escaped(exercise.title.rstrip(".")) + ".", ""]
        ids = {f"{topic}/{exercise.name}/{check.name}": check for check in exercise.checks}
        for about in of_this:
            lines += _entry(about, ids, answers)
    head = "---\ntocdepth: 2\n---\n\n"
    return head + _page(f"Known mistakes: {topic}", escaped(table.title) + ".", "", *lines)


def _entry(about: Misconception, ids: Mapping[str, Check], answers: Answers) -> list[str]:
    failed = [check_id for check_id in ids if about.name in answers.part(check_id, "mistaken")]
    lost, total = sum(ids[check_id].points for check_id in failed), sum(check.points for check in ids.values())
    names = ", ".join(f"`{check_id.rsplit('/', 1)[1]}`" for check_id in failed)
    costs = f"It costs {of_all(lost, total, 'points')}: {names}." if failed else ""
    seen = _sentence_seen(about.name, failed, answers)
    return [
        f"({about.name})=",
        f"### `{about.name}`",
        "",
        f"**What you see.** {escaped(seen)} {costs}",
        "",
        f"**Why.** {escaped(about.text)}",
        "",
        f"**Where to look.** {escaped(about.look)}",
        "",
    ]


def _sentence_seen(name: str, failed: list[str], answers: Answers) -> str:
    """What a report says of the first thing that a misconception gets wrong, from what was recorded of it."""
    from autograder.declare.compare import Observation, form_of
    from autograder.grading.diagnose.sentences import UNKNOWN, observation_words

    for check_id in failed:
        mistaken = answers.part(check_id, "mistaken")[name]
        expected, forms, cases = (answers.part(check_id, part) for part in ("expected", "forms", "cases"))
        for what in dict.fromkeys(key for case in mistaken for key in case):
            wrong = [i for i, case in enumerate(mistaken) if what in case]
            all_forms = [{**{key: form_of(value) for key, value in expected[i].items()}, **forms[i]} for i in wrong]
            due = [
                {**expected[i], **{f"form of {key}": form for key, form in known.items()}}
                for i, known in zip(wrong, all_forms, strict=True)
            ]
            pairs = [(mistaken[i][what], right.get(what, UNKNOWN)) for i, right in zip(wrong, due, strict=True)]
            seen = [Observation(observed, right, right=False) for observed, right in pairs]
            return observation_words(what, seen, [cases[i] for i in wrong])
    return "A check of the exercise fails."


# --- tolerances -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Width:
    """A width that a table of checks gives a measured quantity: what is measured, how wide, and the comment beside it."""

    module: str
    function: str
    promise: str
    within: str
    why: str


def tolerances_part() -> str:
    """The tables of every tolerance: those of comparisons, those against Keras, and the widths of what is measured."""
    lines = ["<!-- comparisons -->", ""]
    lines += _comparisons(lambda check: check.tolerance, EXACT)
    lines += ["", "<!-- keras -->", ""]
    lines += _comparisons(lambda check: check.keras_tolerance if check.keras else None, None)
    lines += ["", "<!-- measured -->", ""]
    for topic in topic_names():
        alike: dict[tuple[str, str], list[str]] = {}
        for width in widths_of(topic):
            alike.setdefault((width.within, width.why), []).append(f"*{escaped(width.promise.strip())}*")
        if alike:
            lines += [f"**{topic}**", ""]
            lines += [f"- {'; '.join(names)}: `{within}`. {escaped(why)}".rstrip() for (within, why), names in alike.items()]
            lines += [""]
    return "\n".join(lines) + "\n"


def _comparisons(tolerance_of: Callable[[Check], Tolerance | None], usual: Tolerance | None) -> list[str]:
    found: dict[Tolerance, dict[str, list[str]]] = {}
    for topic in topic_names():
        for check_id, _, check in load_topic(topic).checks():
            tolerance = tolerance_of(check)
            if tolerance is not None and tolerance != usual:
                found.setdefault(tolerance, {}).setdefault(topic, []).append(check_id.split("/", 1)[1])
    lines = []
    for tolerance, checks in sorted(found.items(), key=lambda item: (item[0].relative, item[0].absolute)):
        lines += [f"- **{tolerance.relative:g} relative, {tolerance.absolute:g} absolute**: {escaped(tolerance.why)}."]
        for topic, names in checks.items():
            shown = ", ".join(f"`{name}`" for name in names) if len(names) <= 12 else f"{len(names)} checks"
            lines += [f"  {topic}: {shown}."]
    return lines


def widths_of(topic: str) -> list[Width]:
    """Every Claim of a topic's table that allows a difference, read from its source: what a number is for stands beside it.

    A Claim whose width is 0 is a yes or no, or is counted.
    """
    path = Path(autograder.__file__).parent / "checks" / f"{topic}.py"
    source = path.read_text(encoding="utf-8")
    comments = comments_by_line(source)
    tree = ast.parse(source)
    constants = {
        target.id: node
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found: dict[tuple[str, str], Width] = {}
    for function, promise, call in _claims(tree):
        within = call.args[2] if len(call.args) > 2 else next((k.value for k in call.keywords if k.arg == "within"), None)
        if within is None or (isinstance(within, ast.Constant) and not within.value):
            continue
        within, computed = _computed(within, function, comments)
        reasons = [_beside(call, function, comments), computed]
        for name in sorted({node.id for node in ast.walk(within) if isinstance(node, ast.Name)}):
            if name in constants:
                node = constants[name]
                why = _comment(node.lineno, node.end_lineno, comments)
                reasons.append(f"{name} is {ast.unparse(node.value)}. {why}".strip())
        width = Width(topic, function.name, promise, ast.unparse(within), " ".join(filter(None, reasons)))
        found.setdefault((promise, width.within), width)
    return list(found.values())


def _computed(within: ast.expr, function: ast.FunctionDef, comments: Mapping[int, str]) -> tuple[ast.expr, str]:
    """A width that is a name of its function's own, by how it is computed there, and the comment beside that."""
    if isinstance(within, ast.Name):
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == within.id for t in node.targets):
                return node.value, _comment(node.lineno, node.end_lineno, comments)
    return within, ""


def _claims(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, str, ast.Call]]:
    """Every call of Claim with the innermost function that it stands in, and the name that is given to it."""
    named = {
        id(value): _text(key)
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
    }
    named |= {
        id(node.value): _text(target.slice)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Subscript)
    }
    for function, call in sorted(_calls_of("Claim", tree), key=lambda found: found[1].lineno):
        yield function, named.get(id(call), "") or function.name.replace("_", " "), call


def _calls_of(
    name: str, inside: ast.AST, function: ast.FunctionDef | None = None
) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    """Every call of a name in a function, with the innermost function that it stands in."""
    for node in ast.iter_child_nodes(inside):
        if function and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield function, node
        yield from _calls_of(name, node, node if isinstance(node, ast.FunctionDef) else function)


def _text(key: ast.expr | None) -> str:
    if isinstance(key, ast.Constant):
        return str(key.value)
    if isinstance(key, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "..." for p in key.values)
    return ""


def comments_by_line(source: str) -> dict[int, str]:
    """Every comment of a source by its line."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.removeprefix("#").strip()
        for token in tokens
        if token.type == tokenize.COMMENT and "fmt:" not in token.string
    }


def _beside(call: ast.Call, function: ast.FunctionDef, comments: Mapping[int, str]) -> str:
    """The comment on a call's own lines or right above it; else those of its function, and above it."""
    own = _comment(call.lineno, call.end_lineno, comments)
    if own:
        return own
    inside = " ".join(comments[i] for i in range(function.lineno, (function.end_lineno or 0) + 1) if i in comments)
    return inside or _comment(function.lineno, function.lineno, comments)


def _comment(first: int, last: int | None, comments: Mapping[int, str]) -> str:
    above: list[str] = []
    line = first - 1
    while line in comments and not comments[line].startswith("---"):
        above.insert(0, comments[line])
        line -= 1
    return " ".join([*above, *(comments[i] for i in range(first, (last or first) + 1) if i in comments)])


# --- settings, commands, the report -----------------------------------------------------------------------------------


def limits_table() -> str:
    """The limits that a course may set, with their defaults and the reason that stands beside each in the source."""
    from autograder.handing_out.new_course import limit_comments
    from autograder.wall.limits import Limits

    comments = limit_comments()
    rows = ["| setting | default | of what |", "| --- | ---: | --- |"]
    rows += [f"| `{field.name}` | {field.default:g} | {escaped(comments.get(field.name, ''))} |" for field in fields(Limits)]
    return "\n".join(rows) + "\n"


def commands_page() -> str:
    """What every command says of itself."""
    import click

    from autograder.cli import main

    context = click.Context(main, info_name="grade", terminal_width=96, max_content_width=96)
    lines = ["What `grade --help`, and `--help` after each of its commands, print.", "", "## `grade`", ""]
    lines += ["```text", main.get_help(context), "```", ""]
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        if command is not None and not command.hidden:
            inner = click.Context(command, info_name=name, parent=context, terminal_width=96, max_content_width=96)
            lines += [f"## `grade {name}`", "", "```text", command.get_help(inner), "```", ""]
    return _page("The command", *lines)


def schema_page() -> str:
    """The report's objects and fields, from its schema."""
    from autograder.report import VERSION, schema

    made = schema()
    lines = [
        f"Version {VERSION}. `grade PATH --json FILE` writes a report, `grade schema` prints its JSON schema. A field that is",
        "marked with a star may be missing; a reader takes its default.",
        "",
    ]
    for name, definition in sorted(made["$defs"].items(), key=lambda item: item[0] != "Report"):
        about = " ".join(definition.get("description", "").split())
        lines += [f"## {name}", "", escaped(about), "", "| field | type |", "| --- | --- |"]
        required = definition.get("required", [])
        for field, kind in definition.get("properties", {}).items():
            lines.append(f"| `{field}`{'' if field in required else ' *'} | {_kind(kind)} |")
        lines.append("")
    return _page("The report", *lines)


def _kind(kind: Mapping[str, Any]) -> str:
    if "$ref" in kind:
        name = kind["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in kind:
        return " or ".join(_kind(option) for option in kind["anyOf"])
    if "enum" in kind:
        return " or ".join(f"`{value}`" for value in kind["enum"])
    if kind.get("type") == "array":
        return f"list of {_kind(kind['items'])}"
    if kind.get("type") == "object":
        inner = kind.get("additionalProperties")
        return f"object, name to {_kind(inner)}" if isinstance(inner, dict) else "object"
    return str(kind.get("type", "any"))


def hints_part() -> str:
    """One failure at every hint level, as the terminal shows it, and as it stands in the JSON report."""
    from autograder.choices import HINTS
    from autograder.course.settings import Course
    from autograder.grading.engine import grade
    from autograder.report import at_level
    from autograder.submission.read import read_submission

    submission = read_submission(root() / "docs" / "examples" / "first_try" / "layers.py")
    report = grade(submission, Course(sandbox="none"), ["layers"], 1, lambda check_id, _: "Dense" in check_id)
    example = "layers/Dense.backward/value"
    lines = []
    for level, shows in reversed(HINTS.items()):
        told = at_level(report, level)
        lines += [f"### `{level}`", "", f"{shows.about[0].upper()}{shows.about[1:]}.", ""]
        if shows.diagnosis:
            lines += ["```text", _terminal(told, submission.name), "```", ""]
        check = next(c for t in told.topics for e in t.exercises for c in e.checks if c.id == example)
        entry: dict[str, Any] = {
            "id": check.id,
            "status": check.status,
            "points": check.points,
            "max_points": check.max_points,
        }
        entry |= {"sentence": check.sentence, "diagnosis": "{...}" if check.diagnosis else None}
        entry |= {"example": "{...}" if check.example else None}
        shown = json.dumps(entry, indent=1).replace('"{...}"', "{...}")
        lines += [f"In the JSON report, `{example}` is", "", "```text", shown, "```", ""]
    return "\n".join(lines)


def _terminal(report: Any, name: str) -> str:
    from rich.console import Console

    from autograder.render.terminal import print_report

    written = io.StringIO()
    console = Console(file=written, highlight=False, markup=False, emoji=False, width=76, no_color=True)
    print_report(report, name, console)
    lines = [line.rstrip() for line in written.getvalue().strip().splitlines()]
    return "\n".join(line for line in lines if not line.startswith("Graded "))
