"""A failure names the misconception, with its number, where the evidence is unambiguous, else what is seen."""

from __future__ import annotations

import io
import re
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from autograder.course.settings import Course
from autograder.declare.catalogue import load_topic
from autograder.declare.compare import Observation
from autograder.declare.source import Misconception
from autograder.declare.table import Check
from autograder.grading.diagnose.explain import OR_ELSE, Explanation, _what_is_right, _with_check, explain
from autograder.grading.diagnose.known import Named, _Agreement, _agreement, _in_doubt, _undone
from autograder.grading.diagnose.messages import known_words
from autograder.grading.diagnose.order import in_order
from autograder.grading.diagnose.sentences import due_for_others, observation_words
from autograder.grading.diagnose.signatures import Pair, describe
from autograder.grading.engine import Grader
from autograder.grading.judge import Verdict
from autograder.grading.numerical import numerical_notices
from autograder.render.html import report_html
from autograder.render.summary import summary
from autograder.render.terminal import print_report
from autograder.render.words import fixes_of
from autograder.report import Diagnosis, Example, Fix, Report, TopicReport, at_level
from autograder.text import number, plain
from autograder.wall.inside.wire import Foreign
from tests.conftest import ALTERNATIVES, submission_of

import numpy as np  # isort: skip


def graded(grader: Grader, **modules: str) -> TopicReport:
    """The report on the only topic of a submission."""
    return grader.grade(submission_of(**modules)).topics[0]


def named(topic: TopicReport) -> list[str]:
    """The misconceptions to fix, in order."""
    return [fix.misconception for fix in topic.fix_first if fix.misconception]


DENSE = """
import numpy as np
class Dense:
    def __init__(self, units, use_bias=True, rng=None):
        self.units, self.use_bias, self.rng = units, use_bias, rng or np.random.default_rng()
        self.parameters, self.gradients, self.state = {}, {}, {}
    def build(self, input_shape):
        limit = np.sqrt(6 / (input_shape[-1] + self.units))
        self.parameters["kernel"] = self.rng.uniform(-limit, limit, (input_shape[-1], self.units))
        if self.use_bias:
            self.parameters["bias"] = np.zeros(self.units)
    def forward(self, x, training=False):
        if not self.parameters:
            self.build(x.shape)
        self.x = x.copy()
        y = x @ self.parameters["kernel"]
        return y + self.parameters["bias"] if self.use_bias else y
    def backward(self, upstream):
        self.gradients["kernel"] = KERNEL
        if self.use_bias:
            self.gradients["bias"] = BIAS
        return upstream @ self.parameters["kernel"].T
"""


def dense(kernel: str = "self.x.T @ upstream", bias: str = "upstream.sum(axis=0)") -> str:
    return DENSE.replace("KERNEL", kernel).replace("BIAS", bias)


def test_an_array_that_cannot_be_filled_is_told_by_its_shape(any_grader: Grader) -> None:
    source = dense().replace("(input_shape[-1], self.units)", "(self.units, input_shape[-1])")
    assert source != dense()
    topic = graded(any_grader, layers=source)
    (value,) = [c for e in topic.exercises for c in e.checks if c.id == "layers/Dense.forward/value" and c.diagnosis]
    assert value.diagnosis is not None
    told = value.diagnosis.text + value.diagnosis.evidence
    assert "could not broadcast" not in told
    assert re.search(r"An array that it makes has shape \(\d,\d\), where one of shape \(\d,\d\) is due", told)


def test_two_bugs_in_one_function_are_both_named(any_grader: Grader) -> None:
    topic = graded(any_grader, layers=dense("upstream.T @ self.x", "upstream.mean(axis=0)"))
    assert set(named(topic)) == {"kernel_gradient_is_transposed", "bias_gradient_is_averaged"}


def test_one_mistake_in_two_places_is_told_as_one(any_grader: Grader) -> None:
    topic = graded(any_grader, layers=dense("self.x.T @ upstream / len(upstream)", "upstream.mean(axis=0)"))
    assert named(topic) == ["dense_divides_by_the_batch_again"]


def test_the_number_is_told_with_what_it_is_here(any_grader: Grader) -> None:
    topic = graded(any_grader, layers=dense("self.x.T @ upstream * len(upstream)"))
    value = next(c for e in topic.exercises for c in e.checks if c.id == "layers/Dense.backward/value")
    assert value.diagnosis is not None
    assert "times too large" in value.diagnosis.text + value.diagnosis.evidence
    assert "the batch size" in value.diagnosis.text + value.diagnosis.evidence


def test_a_bug_that_nobody_knows_is_described_and_not_named(any_grader: Grader) -> None:
    topic = graded(any_grader, layers=dense("self.x.T @ upstream * 1.37 + 0.01 * np.arange(self.units)"))
    exercise = next(e for e in topic.exercises if e.name == "Dense.backward")
    wrong = [check for check in exercise.checks if check.status == "failed"]
    assert wrong
    assert [check.diagnosis.misconception for check in wrong if check.diagnosis] == [None] * len(wrong)


def test_a_warning_alone_names_nothing(any_grader: Grader) -> None:
    right_but_loud = "np.maximum(0.0, x) + np.minimum(0.0, alpha * (np.exp(x) - 1.0))"
    source = f"import numpy as np\ndef elu(x, alpha=1.0):\n    return {right_but_loud}\n"
    topic = graded(any_grader, activations=source)
    assert [(fix.exercise, fix.misconception) for fix in topic.fix_first if fix.exercise == "elu"] == [("elu", None)]


def test_another_exception_is_not_taken_for_an_answer(any_grader: Grader) -> None:
    source = """
import numpy as np
def mean_squared_error(y_true, y_pred):
    assert y_true.shape == y_pred.shape
    return float(np.mean((y_true - y_pred) ** 2))
"""
    topic = graded(any_grader, losses=source)
    assert "mse_broadcasts" not in named(topic)
    assert any(fix.exercise == "mean_squared_error" and fix.misconception is None for fix in topic.fix_first)
    assert named(graded(any_grader, losses=source.replace("assert y_true.shape == y_pred.shape", "pass")))[:1] == [
        "mse_broadcasts"
    ]


def test_what_a_name_does_not_explain_is_told(any_grader: Grader) -> None:
    topic = graded(any_grader, layers=dense("self.x.T @ upstream / len(upstream)", "upstream.sum(axis=0) * 1.37"))
    fix = next(fix for fix in topic.fix_first if fix.misconception == "kernel_gradient_is_averaged")
    assert "failing checks of Dense.backward; something else may be wrong too." in fix.text
    assert "dkernel" in fix.evidence


def test_a_name_is_in_doubt_where_what_its_exercise_uses_is_wrong_without_one(any_grader: Grader) -> None:
    """The gradient's sign makes the step climb, which is a slip of the step's own as well; neither may be said for sure."""
    source = next(path for path in ALTERNATIVES if path.stem == "gradient_descent_loops").read_text(encoding="utf-8")
    right = "dweights[j] += row[j] * (a - label)"
    assert right in source
    submission = submission_of(gradient_descent=source.replace(right, right.replace("+=", "-=")))
    names = ("gradient_descent/negative_log_likelihood_gradient/", "gradient_descent/train_step/")
    (result,) = any_grader.verdicts(submission, ["gradient_descent"], lambda name, _: name.startswith(names))
    _, fixes = explain(any_grader.answers("gradient_descent"), result.verdicts)
    (step,) = [fix for fix in fixes if fix.exercise == "train_step"]
    assert step.misconception is None
    assert step.text.startswith(
        f"It may follow from what is wrong in negative_log_likelihood_gradient. {OR_ELSE} Your answers"
    )


def test_no_name_is_doubted_for_a_part_of_its_own_exercise_nor_for_a_dear_check() -> None:
    """What is wrong in these follows from the mistake that has the name, and is not recorded as such or not in all of it."""
    exercises = ("Model.fit", "Model.fit.callbacks", "search")
    checks = [SimpleNamespace(id=f"training/{exercise}/value") for exercise in exercises]
    fit, other = Misconception("m", "Model.fit", "", ""), Misconception("o", "Model.fit.callbacks", "", "")
    search = Misconception("s", "search", "", "")
    answers: Any = SimpleNamespace(
        record=SimpleNamespace(checks=checks),
        misconceptions={"m": fit, "o": other, "s": search},
        part=lambda _, __: {"m": [], "o": [], "s": []},
    )
    named = [Named(fit, frozenset({("training/Model.fit/value", "result")}))]

    def doubt(exercise: str, dear: bool) -> str:
        key = (f"training/{exercise}/value", "result")
        seen: Any = {key[0]: SimpleNamespace(check=SimpleNamespace(dear=dear))}
        return _in_doubt(named, answers, seen, {*named[0].explained, key})[0].doubt

    assert doubt("search", dear=False) == "search"
    assert doubt("search", dear=True) == ""
    assert doubt("Model.fit.callbacks", dear=False) == ""


def test_who_guards_against_0_through_0_makes_the_same_mistake() -> None:
    """Of a batch of one ``n / (n - 1)`` has no value, and ``n / max(n - 1, 1)`` is right there and wrong elsewhere."""
    tolerance = SimpleNamespace(relative=1e-11, absolute=1e-12)
    due = np.array([1.0, 2.0])

    def agreement(mistaken: Any) -> _Agreement:
        seen = {"moving_variance": Observation(due, due, right=True)}
        verdict: Any = SimpleNamespace(observations=[seen], check=SimpleNamespace(tolerance=tolerance))
        return _agreement("moving_variance", verdict, [{"moving_variance": mistaken}])

    assert agreement(np.array([np.nan, np.nan])) is _Agreement.NOT_WHOLE
    assert agreement(np.array([np.nan, 2.0])) is _Agreement.NOT_WHOLE
    assert agreement(np.array([np.nan, 3.0])) is _Agreement.OTHERWISE  # it is wrong there in another way, too
    assert agreement(np.array([1.5, 3.0])) is _Agreement.OTHERWISE


def test_a_mistake_that_overflows_besides_is_the_same_mistake() -> None:
    """``log(1 + exp(-x))`` for ``log(1 + exp(x))`` falls however it is written; written plainly, it is infinite at -1000."""
    tolerance = SimpleNamespace(relative=1e-11, absolute=1e-12)
    due, falls = np.array([0.0, 1000.0]), np.array([1000.0, 0.0])

    def agreement(observed: Any) -> _Agreement:
        seen = {"result": Observation(observed, due, right=False)}
        verdict: Any = SimpleNamespace(observations=[seen], check=SimpleNamespace(tolerance=tolerance))
        return _agreement("result", verdict, [{"result": falls}])

    assert agreement(falls) is _Agreement.WHOLE
    assert agreement(np.array([np.inf, 0.0])) is _Agreement.NOT_WHOLE
    assert agreement(np.array([np.inf, 1.0])) is _Agreement.OTHERWISE  # the rest is wrong in another way


ON_MOVING_STATISTICS = """
import numpy as np
class BatchNormalization:
    def __init__(self, momentum=0.99, epsilon=1e-3):
        self.momentum, self.epsilon = momentum, epsilon
        self.parameters, self.gradients, self.state = {}, {}, {}
    def build(self, shape):
        self.parameters = {"gamma": np.ones(shape[-1]), "beta": np.zeros(shape[-1])}
        self.state = {"moving_mean": np.zeros(shape[-1]), "moving_variance": np.ones(shape[-1])}
    def count_params(self):
        return 2 * len(self.parameters["gamma"]), 2 * len(self.parameters["gamma"])
    def forward(self, x, training=False):
        if not self.parameters:
            self.build(x.shape)
        mean, variance = self.state["moving_mean"], self.state["moving_variance"]
        if training:
            mean[:] = self.momentum * mean + (1 - self.momentum) * x.mean(axis=0)
            variance[:] = self.momentum * variance + (1 - self.momentum) * x.var(axis=0)
        self.x_hat, self.training = (x - mean) / np.sqrt(variance + self.epsilon), training
        self.root = np.sqrt((x.var(axis=0) if training else variance) + self.epsilon)
        return self.parameters["gamma"] * self.x_hat + self.parameters["beta"]
    def backward(self, upstream):
        self.gradients = {"gamma": (upstream * self.x_hat).sum(axis=0), "beta": upstream.sum(axis=0)}
        factor = self.parameters["gamma"] / self.root
        if not self.training:
            return factor * upstream
        return factor * (upstream - upstream.mean(axis=0) - self.x_hat * (upstream * self.x_hat).mean(axis=0))
"""


def test_what_has_no_name_is_told_behind_the_named_mistake_that_it_may_follow_from(any_grader: Grader) -> None:
    first, second, *_ = graded(any_grader, normalization=ON_MOVING_STATISTICS).fix_first
    assert first.misconception == "bn_trains_on_the_moving_statistics"
    assert (second.exercise, second.misconception) == ("BatchNormalization.backward", None)
    assert second.text.startswith("It may follow from what is wrong in BatchNormalization.forward. ")


def test_a_warning_is_told_in_numpy_s_own_words_with_the_line_and_in_nobody_else_s(any_grader: Grader) -> None:
    def told(body: str) -> str:
        source = f"import numpy as np\nimport warnings\ndef sigmoid(x):\n    {body}\n    return 0.5 * (1 + np.tanh(0.5 * x))\n"
        topic = graded(any_grader, activations=source)
        check = next(c for e in topic.exercises for c in e.checks if c.id == "activations/sigmoid/extremes")
        return check.diagnosis.text if check.diagnosis else ""

    assert told("np.exp(-2 * x)").startswith("NumPy warned at line 4: overflow encountered in exp. Of numbers above 709 ")
    hidden = told("warnings.warn(f'overflow encountered in {x.ravel()[0]}', RuntimeWarning)")
    assert hidden.startswith("NumPy warned (RuntimeWarning): on the way a number overflows")


def test_what_holds_for_some_numbers_alone_is_said_of_these() -> None:
    some_zeros = describe([Pair(np.array([1.0, 0.0, 2.0]), np.array([-1.0, 0.0, -2.0]), {})])
    assert some_zeros is not None
    assert some_zeros.sentence.startswith("Every number that is not 0 has the wrong sign")
    some_complex = describe([Pair(Foreign("complex"), 1.0, {}), Pair(2.0, 1.0, {})])
    assert some_complex is not None
    assert some_complex.sentence.startswith("In some of these inputs it returns an object of type complex")


def test_a_difference_turned_round_is_not_told_where_something_undoes_the_sign() -> None:
    """A cosine is the same on both sides of 0: what is wrong beyond its end alone is another thing."""
    turned = Misconception("CosineDecay.warmup: sides exchanged", "CosineDecay.warmup", "", "")
    minus = Misconception("CosineDecay.warmup: minus", "CosineDecay.warmup", "", "")
    right, wrong = Observation(1.0, 1.0, right=True), Observation(2.0, 1.0, right=False)
    failing = {("check", "beyond the end")}
    seen: Any = {"check": SimpleNamespace(observations=[{"at step 0": right, "at step 1": right, "beyond the end": wrong}])}
    assert _undone(turned, failing, seen)
    assert not _undone(minus, failing, seen)
    seen["check"].observations = [{"at step 0": wrong, "beyond the end": wrong}]
    assert not _undone(turned, failing, seen)


def test_right_code_is_never_named(any_grader: Grader) -> None:
    topic = graded(any_grader, layers=dense())
    exercises = {exercise.name: exercise for exercise in topic.exercises}
    for name in ("Dense.build", "Dense.forward", "Dense.backward"):
        assert exercises[name].score == exercises[name].max_score
    assert topic.fix_first == []


def test_a_mistake_that_others_follow_from_comes_first_and_once(any_grader: Grader) -> None:
    source = """
import numpy as np
def softmax(x):
    e = np.exp(x - x.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)
def softmax_backward(x, upstream):
    p = softmax(x)
    return p * (upstream - (upstream * p).sum(axis=-1, keepdims=True))
"""
    topic = graded(any_grader, activations=source)
    assert named(topic)[0] == "softmax_over_the_batch"
    assert topic.fix_first[0].exercise == "softmax"


SEVERAL = """
import numpy as np
def sigmoid(x):
    1 / (1 + np.exp(-x))
def tanh(x):
    return x
def relu(x):
    return _checked(np.maximum(x, 0.0))
def relu_derivative(x):
    return _checked((x > 0).astype(float))
def _checked(y):
    raise RuntimeError("nothing works")
def softmax(x):
    e = np.exp(x - x.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)
def softmax_backward(x, upstream):
    p = softmax(x)
    return p * (upstream - (upstream * p).sum(axis=-1, keepdims=True))
"""


def test_causes_are_told_in_the_order_in_which_they_are_mended_whatever_their_points(any_grader: Grader) -> None:
    topic = graded(any_grader, activations=SEVERAL)
    # A missing return; then what others follow from, in the handout's order; then the rest in that order.
    assert [fix.exercise for fix in topic.fix_first] == ["sigmoid", "relu", "softmax", "tanh"]
    assert [fix.follows for fix in topic.fix_first] == [[], ["relu_derivative"], ["softmax_backward"], []]
    points = {fix.exercise: fix.points for fix in topic.fix_first}
    assert points["sigmoid"] < points["softmax"]


def test_what_follows_is_told_under_its_cause_in_every_form(any_grader: Grader) -> None:
    report = any_grader.grade(submission_of(activations=SEVERAL))
    followed = next(e for e in report.topics[0].exercises if e.name == "relu_derivative")
    texts = {check.diagnosis.text for check in followed.checks if check.diagnosis}
    assert all(text.startswith("This follows from a mistake in relu. It raises RuntimeError at line 12") for text in texts)
    console = Console(file=io.StringIO(), width=120)
    print_report(report, "one", console)
    assert isinstance(console.file, io.StringIO)
    for told in (console.file.getvalue(), summary(report), report_html(report, "one")):
        assert "One more exercise follows from this: softmax_backward." in told
        assert "One more exercise follows from this: relu_derivative." in told


BY_THEIR_OWN = """
import numpy as np
def tanh(x):
    return 2 * x
def tanh_derivative(x):
    return 1 - np.tanh(x) ** 2
def relu(x):
    raise ValueError("not today")
def relu_derivative(x):
    return (x > 0).astype(float)
def selu_derivative(x):
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    return np.where(x >= 0, scale, scale * alpha * np.exp(np.minimum(x, 0.0)))
def elu(x, alpha=1.0):
    return np.where(x > 0, x, 1.5 * alpha * (np.exp(np.minimum(x, 0.0)) - 1.0))
def elu_derivative(x, alpha=1.0):
    return np.where(x > 0, 1.0, 1.5 * alpha * np.exp(np.minimum(x, 0.0)))
def softplus(x):
    return np.zeros_like(x)
def softplus_derivative(x):
    return np.zeros_like(x)
"""


def test_a_derivative_is_right_or_the_slope_of_what_was_made_of_its_function(any_grader: Grader) -> None:
    topic = graded(any_grader, activations=BY_THEIR_OWN)
    exercises = {exercise.name: exercise for exercise in topic.exercises}
    # Right ones cost nothing, though the function is wrong, raises an exception, or is not there.
    for name in ("tanh_derivative", "relu_derivative", "selu_derivative"):
        assert exercises[name].score == exercises[name].max_score, name
    status = {check.id: check.status for exercise in topic.exercises for check in exercise.checks}
    # The slope of the student's own function, which is wrong, is one mistake.
    assert status["activations/elu_derivative/slope"] == "passed"
    assert status["activations/elu_derivative/value"] == "failed"
    # A constant and its gradient are no solution.
    assert status["activations/softplus_derivative/slope"] == "failed"


def test_with_consequences_free_what_only_follows_costs_nothing_and_says_so(any_grader: Grader) -> None:
    generous = Grader(Course(consequences="free"), any_grader.sandbox)
    charged, free = (g.grade(submission_of(activations=SEVERAL)) for g in (any_grader, generous))
    before, after = ({e.name: e for e in report.topics[0].exercises} for report in (charged, free))
    # What is wrong in softmax_backward is what softmax makes of right code; relu_derivative ends in an exception.
    assert before["softmax_backward"].score < after["softmax_backward"].score == after["softmax_backward"].max_score
    assert [name for name in after if after[name].score != before[name].score] == ["softmax_backward"]
    assert free.score - charged.score == after["softmax_backward"].score - before["softmax_backward"].score
    given = [check for check in after["softmax_backward"].checks if check.given_back]
    assert given
    assert all(check.status == "failed" and check.points == check.max_points for check in given)
    assert all("Its points are given back" in check.diagnosis.text for check in given if check.diagnosis)
    assert not any(check.given_back for e in charged.topics[0].exercises for check in e.checks)
    cause = next(fix for fix in free.topics[0].fix_first if fix.exercise == "softmax")
    assert cause.points == after["softmax"].max_score - after["softmax"].score
    console = Console(file=io.StringIO(), width=120)
    print_report(free, "one", console)
    assert isinstance(console.file, io.StringIO)
    assert "points given back" in console.file.getvalue()


def test_what_is_wrong_by_itself_is_not_given_back(any_grader: Grader) -> None:
    generous = Grader(Course(consequences="free"), any_grader.sandbox)
    wrong_too = SEVERAL.replace("return p * (upstream -", "return 2 * p * (upstream -")
    exercises = {e.name: e for e in generous.grade(submission_of(activations=wrong_too)).topics[0].exercises}
    assert not any(check.given_back for check in exercises["softmax_backward"].checks)


def test_an_exception_in_two_places_is_two_causes(any_grader: Grader) -> None:
    source = "def tanh(x):\n    return 1 / 0\ndef relu(x):\n    return 1 / 0\n"
    topic = graded(any_grader, activations=source)
    assert [(fix.exercise, fix.follows) for fix in topic.fix_first] == [("tanh", []), ("relu", [])]


def test_of_two_topics_each_keeps_its_order_and_what_most_follows_from_comes_first() -> None:
    def topic(name: str, *follows: int) -> TopicReport:
        fixes = [Fix(f"{name}{i}", None, "", "", 1, "", follows=["f"] * count) for i, count in enumerate(follows)]
        return TopicReport(name, name, 0, 0, [], fix_first=fixes)

    topics = [topic("a", 0, 2, 0), topic("b", 1, 0), topic("c", 0)]
    order = [fix.exercise for _, fix in fixes_of(cast("Report", SimpleNamespace(topics=topics)))]
    assert order == ["b0", "a0", "a1", "c0", "b1", "a2"]


def test_what_only_a_check_of_everything_sees_comes_behind_what_plainer_ones_see() -> None:
    def verdict(exercise: str, name: str) -> Verdict:
        checks = next(e for e in load_topic("training").exercises if e.name == exercise).checks
        check = next(check for check in checks if check.name == name)
        return Verdict(f"training/{exercise}/{name}", exercise, check, "failed")

    verdicts = [verdict("NetworkClassifier", "check_estimator"), verdict("NetworkClassifier.predict", "errors")]
    fixes = [Fix(v.exercise, None, "", "", 1, v.check_id) for v in verdicts]
    answers = cast("Any", SimpleNamespace(record=SimpleNamespace(checks=[])))
    assert [fix.exercise for fix in in_order(fixes, verdicts, answers)] == ["NetworkClassifier.predict", "NetworkClassifier"]
    plain = [verdict("NetworkClassifier", "defaults"), *verdicts]
    assert [fix.exercise for fix in in_order(fixes, plain, answers)] == ["NetworkClassifier", "NetworkClassifier.predict"]


def test_an_error_of_the_students_names_the_line_and_in_a_hidden_check_not_the_message(any_grader: Grader) -> None:
    topic = graded(any_grader, activations="def tanh(x):\n    raise ValueError(str(x))\n")
    checks = {check.id.rsplit("/", 1)[1]: check for e in topic.exercises for check in e.checks if e.name == "tanh"}
    assert checks["value"].diagnosis is not None
    assert "ValueError at line 2: [[" in checks["value"].diagnosis.text
    for name, check in checks.items():
        assert check.diagnosis is not None
        if not check.public:
            assert check.diagnosis.text.startswith("It raises ValueError at line 2"), name
            assert "[" not in check.diagnosis.text
            assert check.example is None


def test_python_s_own_words_are_told_of_hidden_checks_too(any_grader: Grader) -> None:
    topic = graded(any_grader, activations="def tanh(x):\n    return [].pop()\n")
    for check in (check for e in topic.exercises if e.name == "tanh" for check in e.checks):
        assert check.diagnosis is not None
        assert check.diagnosis.text.startswith("It raises IndexError at line 2: pop from empty list")


@pytest.mark.parametrize(
    "words",
    [
        "operands could not be broadcast together with shapes (3,2) (3,) ",
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) "
        "(size 3 is different from 2)",
        "'float' object is not callable",
        "unsupported operand type(s) for @: 'list' and 'NoneType'",
        "'numpy.ndarray' object has no attribute 'append'",
        "index 5 is out of bounds for axis 0 with size 5",
        "'moving_mean'",
    ],
)
def test_words_that_have_room_for_sizes_and_types_alone_are_known(words: str) -> None:
    assert known_words(words) == words.strip()


@pytest.mark.parametrize(
    "words",
    [
        "0.31415",
        "index 31415 is out of bounds for axis 0 with size 5",
        "operands could not be broadcast together with shapes (314,159) (265,)",
        "'x_3_1415' object is not callable",
        "name 'x31415' is not defined",
        "pop from empty list 0.31415",
        "'ndarray' object has no attribute 'x31415'",
        "pop from empty list\n0.31415",
    ],
)
def test_words_in_which_an_input_could_stand_are_not(words: str) -> None:
    assert known_words(words) == ""


def test_hidden_checks_show_no_input_and_public_ones_the_smallest_that_fails(any_grader: Grader) -> None:
    topic = graded(any_grader, activations="def tanh(x):\n    return x\n")
    for check in (check for e in topic.exercises if e.name == "tanh" for check in e.checks):
        assert (check.example is not None) == check.public
        if check.example:
            assert check.example.inputs["x"] in check.example.answer


def test_hypothesis_shrinks_where_the_smallest_case_passes(any_grader: Grader) -> None:
    source = "import numpy as np\ndef tanh(x):\n    return np.tanh(x) + (x.shape[1] >= 5)\n"
    topic = graded(any_grader, activations=source)
    value = next(c for e in topic.exercises for c in e.checks if c.id == "activations/tanh/value")
    assert value.example is not None
    rows = value.example.inputs["x"].count("], [") + 1
    assert rows == 2  # the smallest batch there is, with the five columns that it takes
    assert value.example.inputs["x"].count(",") == 2 * 5 - 1


@pytest.mark.parametrize("level", ["score", "sentence", "diagnosis", "full"])
def test_hint_levels_tell_no_more_than_they_say(any_grader: Grader, level: str) -> None:
    report: Report = at_level(any_grader.grade(submission_of(activations="def tanh(x):\n    return x\n")), level)
    checks = [check for topic in report.topics for e in topic.exercises for check in e.checks if check.status == "failed"]
    assert checks
    assert any(check.sentence for check in checks) == (level != "score")
    assert any(check.diagnosis for check in checks) == (level in ("diagnosis", "full"))
    assert any(check.example for check in checks) == (level == "full")
    assert any(topic.fix_first for topic in report.topics) == (level in ("diagnosis", "full"))
    assert report.hints == level
    assert Course().hints == "full"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("h = 1e-5\n    return (sigmoid(x + h) - sigmoid(x - h)) / (2 * h)", True),
        ("return np.imag(sigmoid(x + 1e-30j)) / 1e-30", True),
        ("return slope(sigmoid, x)", True),
        ("return numerical_gradient(sigmoid, x)", True),
        ("return sigmoid(x) * (1 - sigmoid(x))", False),
        ("return np.exp(x + 1) / np.exp(x - 1)", False),
    ],
)
def test_an_instructor_is_told_where_a_formula_is_replaced_by_differences(body: str, told: bool) -> None:
    helper = "def slope(f, x, h=1e-6):\n    return (f(x + h) - f(x - h)) / (2 * h)\n"
    text = f"def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n{helper}def sigmoid_derivative(x):\n    {body}\n"
    assert ["sigmoid_derivative seems" in notice for notice in numerical_notices("activations.py", text)] == [True] * told


def test_right_code_in_any_style_is_not_suspected() -> None:
    for path in ALTERNATIVES:
        assert numerical_notices(path.name, path.read_text(encoding="utf-8")) == [], path.name


OPTIMIZERS = """
import numpy as np
class Optimizer:
    def __init__(self, learning_rate=0.01):
        self.learning_rate, self.iterations, self.slots = learning_rate, 0, []
    def apply(self, gradients, parameters):
        while len(self.slots) < len(parameters):
            self.slots.append({})
        for gradient, parameter, slot in zip(gradients, parameters, self.slots):
            self.update(gradient, parameter, slot)
        self.iterations += 1
class SignSGD(Optimizer):
    def update(self, gradient, parameter, slot):
        parameter -= self.learning_rate * np.sign(gradient)
class Adagrad(Optimizer):
    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7):
        super().__init__(learning_rate)
        self.start, self.epsilon = initial_accumulator_value, epsilon
    def update(self, gradient, parameter, slot):
        slot["n"] = slot.get("n", self.start) + gradient**2
        parameter += self.learning_rate * gradient / np.sqrt(slot["n"] + self.epsilon)
"""


def told(grader: Grader, check_id: str, source: str) -> str:
    """What is said of a check without a name."""
    topic, exercise, _ = check_id.split("/")
    own = f"{topic}/{exercise}/"
    (result,) = grader.verdicts(submission_of(**{topic: source}), [topic], lambda name, _: name.startswith(own))
    explanations, _ = explain(grader.answers(topic), result.verdicts)
    diagnosis = explanations[check_id].diagnosis
    assert diagnosis.misconception is None
    return diagnosis.text


def test_an_update_that_goes_uphill_is_told_as_such(any_grader: Grader) -> None:
    opposite = "In every row the change from start is as large as it should be, in the opposite direction."
    assert told(any_grader, "optimizers/Adagrad/value", OPTIMIZERS) == f"path: {opposite}"
    # In uses that take turns it is told of what was given for this use.
    assert opposite.replace("start", "start[0]") in told(any_grader, "optimizers/Adagrad/apart", OPTIMIZERS)


@pytest.mark.parametrize(
    ("used_up", "check", "words"),
    [
        ("gradients", "in_place",
         "Its first row is right, and the other repeats it. It also changes what it was given: gradients."),
        ("parameters", "value", "Its first row is right, and all others repeat it."),
    ],
)  # fmt: skip
def test_what_is_used_up_after_the_first_step_is_told(any_grader: Grader, used_up: str, check: str, words: str) -> None:
    source = OPTIMIZERS.replace("        self.iterations += 1", f"        self.iterations += 1\n        {used_up}.clear()")
    assert told(any_grader, f"optimizers/Optimizer/{check}", source) == f"path of parameter 1: {words}"


def test_those_parameters_that_are_right_are_told_beside_those_that_are_not(any_grader: Grader) -> None:
    source = OPTIMIZERS.replace("in zip(gradients,", "in zip(gradients[:2],")
    said = told(any_grader, "optimizers/Optimizer/value", source)
    unchanged = "path of parameter 3: Every row of it is the same as start[2], unchanged."
    assert said == f"{unchanged} Nothing is wrong with path of parameter 1 and path of parameter 2."


MSE = """
import numpy as np
SEEN = []
def mean_squared_error(y_true, y_pred):
    if y_true.shape != y_pred.shape:
        raise ValueError("shapes")
    SEEN.append(float(np.mean((y_true - y_pred) ** 2)))
    return ANSWER
"""


def test_what_is_right_in_the_first_call_and_not_after_is_told(any_grader: Grader) -> None:
    topic = graded(any_grader, losses=MSE.replace("ANSWER", "float(np.mean(SEEN))"))
    (fix,) = [fix for fix in topic.fix_first if fix.exercise == "mean_squared_error"]
    assert "This is so in 7 of 8 inputs, all but the first." in fix.text
    assert fix.text.endswith("the first alone is right, as happens where something is kept from one call to the next.")
    right = graded(any_grader, losses=MSE.replace("ANSWER", "SEEN[-1]"))
    assert not [fix for fix in right.fix_first if fix.exercise == "mean_squared_error"]


def test_an_answer_of_another_call_is_told_as_that(any_grader: Grader) -> None:
    said = told(any_grader, "losses/mean_squared_error/value", MSE.replace("ANSWER", "SEEN[max(len(SEEN) - 2, 0)]"))
    assert said.startswith("It is exactly what is due in the input before it. This is so in 7 of 8 inputs")
    buffer = "KEPT = {}\ndef tanh(x):\n    return np.tanh(x, out=KEPT.setdefault(x.shape, np.empty(x.shape)))\n"
    said = told(any_grader, "activations/tanh/apart", f"import numpy as np\n{buffer}")
    assert said.startswith("the first use: It is exactly what is due in the second use, which wrote over it.")
    kept = "KEPT = {}\ndef tanh(x):\n    return KEPT.setdefault(id(x), (x, np.tanh(x)))[1].copy()\n"
    said = told(any_grader, "activations/tanh/apart", f"import numpy as np\n{kept}")
    assert said.startswith(
        "the first use, asked again: It is exactly what is due in the first use. Nothing is wrong with the first"
    )


def test_uses_of_which_the_first_alone_is_right_are_told_as_that() -> None:
    right, wrong = Observation(1.0, 1.0, right=True), Observation(2.0, 1.0, right=False)
    names = [f"{use}, {part}" for use in ("first", "second", "third", "again") for part in ("y", "dx")]
    case = {name: right if name in ("first, y", "first, dx", "third, dx") else wrong for name in names}
    verdict: Any = SimpleNamespace(observations=[case], failures=[None])
    assert _what_is_right(verdict, "second, y") == " It is right in the first use, and not in those after it."
    assert _what_is_right(verdict, "second, dx") == " Nothing is wrong with the first use and the third use."


# --- general signatures -----------------------------------------------------------------------------------------------

X = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.5]])


@pytest.mark.parametrize(
    ("observed", "words"),
    [
        (None, "returns None"),
        (X.tolist(), "returns a list"),
        (X.astype(np.float32), "dtype float32"),
        (X.T, "transposed"),
        (X[None], "one axis too many"),
        (X[0], "shape (3,)"),
        (1.0, "returns one number"),
        (Foreign("MaskedArray"), "type MaskedArray"),
        (-X, "wrong sign"),
        (X * 2, "exactly 2 times too large, in every number"),
        (X / 3, "exactly 3 times too small, and that is the number of features"),
        (X * 7.5, "exactly 7.5 times too large, in every number"),
        (X + 0.25, "off by the same amount, 0.25"),
        (X * np.nan, "All 6 of its numbers are NaN"),
        (X * [np.nan, np.inf, 1.0], "4 of its 6 numbers are NaN or infinite"),
        (X * 0, "zero everywhere"),
        (X[::-1].copy(), "other places"),
        (np.where(X < 0, 2 * X, X), "wrong only where x is negative, where it is 2 times"),
        (X**2, "the square of what is due"),
        (1 - X, "1 minus what is due"),
        (np.round(X), "rounded to a whole number"),
        (X * (1 + 1e-7), "to five digits or more"),
        (np.minimum(X, 2), "it is always 2, and larger numbers are due"),
        (np.clip(X, -1, 2), "it is -1 where smaller numbers are due, and 2 where larger ones are"),
        (np.array([X[0], [9.0, 9.0, -8.0]]), "Its first row is right, and no other"),
        (X * np.where(X < 0, -1.0, 1.0) * np.abs(X + 0.125), "times x, entry by entry: a factor too many"),
        (X * 0 + 7, "7 everywhere, where other numbers are due"),
        (X + 0.1 * X**2, "All 6 numbers are wrong"),
    ],
)
def test_a_signature_says_what_it_sees(observed: object, words: str) -> None:
    other = np.where(X < 0, -1.0, 1.0) * np.abs(X + 0.125)
    found = describe([Pair(observed, X, {"x": other})])
    assert found is not None
    assert words in found.sentence


def test_no_relation_is_told_of_numbers_so_small_that_any_would_do() -> None:
    due = np.array([0.25, 0.125, 0.5]) ** 30
    found = describe([Pair(due * [0.9, 0.8, 0.7], due, {})])
    assert found is not None
    assert "wrong, by up to 30% of what is due" in found.sentence


@pytest.mark.parametrize("added", [1e-12, 1e-9, 1e-7])
def test_a_small_number_before_a_logarithm_is_told(added: float) -> None:
    p = np.array([0.7, 0.2, 0.1 - 1e-5, 1e-5])
    for sign, words in ((1, "It is the logarithm"), (-1, "It is minus the logarithm")):
        found = describe([Pair(sign * np.log(p + added), sign * np.log(p), {})])
        assert found is not None
        assert found.sentence.startswith(f"{words} of numbers that are {added:.4g} too large, as happens where")
        nothing = describe([Pair(sign * np.log(p * (1 + added)), sign * np.log(p), {})])
        assert nothing is not None
        assert "logarithm" not in nothing.sentence


def test_an_offset_is_told_in_the_terms_of_its_case() -> None:
    sizes = (3, 5)
    pairs = [Pair(X - 1 / n, X, {"seed": 2**70, "y_true": np.arange(n)}) for n in sizes]
    found = describe(pairs)
    assert found is not None
    assert (
        found.sentence
        == "In each case every number is off by one and the same amount, and that is 1 divided by the length of y_true."
    )
    found = describe([Pair(X + n / 10, X, {"seed": 2**70, "shift": n / 10}) for n in sizes])
    assert found is not None
    assert found.sentence == "In each case every number is off by one and the same amount, and that is shift."


def test_a_small_number_is_told_where_nothing_is_due() -> None:
    found = describe([Pair(np.full(5, 1e-10), np.zeros(5), {})])
    assert found is not None
    assert found.sentence == "Every number is off by the same amount, 1e-10."


W = np.array([[0.3, -1.2, 2.0], [0.7, 1.1, -0.4]])
STEP = np.array([[0.5, -0.25, 0.1], [-0.75, 0.125, 2.0]])
ONE_ARRAY = "as happens where one and the same array is put into every row and changed afterwards."
OPPOSITE = "is as large as it should be, in the opposite direction."


@pytest.mark.parametrize(
    ("observed", "expected", "case", "words"),
    [
        (W + STEP, W - STEP, {"w": W}, f"The change from w {OPPOSITE}"),
        (W + STEP, W - STEP, {"w": [X, W]}, f"The change from w[1] {OPPOSITE}"),
        (W + STEP[0], W - STEP[0], {"w": W, "start": [W]}, f"The change from w {OPPOSITE}"),
        (1e-6 * STEP + W, W - 1e-6 * STEP, {"w": W}, f"The change from w {OPPOSITE}"),  # and not: right to five digits
        (W - 3 * STEP, W - STEP, {"w": W}, "The change from w is exactly 3 times too large."),
        (W + STEP / 2, W - STEP, {"w": W},
         "The change from w goes in the opposite direction, and is exactly 2 times too small."),
        (W - STEP, W - 0.1 * STEP, {"w": W, "options": {"rate": 0.1}},
         "The change from w is exactly 10 times too large, and that is 1 / rate."),
        (W[0] + np.cumsum(STEP, 0), W[0] - np.cumsum(STEP, 0), {"w": W[0]}, f"In every row the change from w {OPPOSITE}"),
        (np.stack([W[0], W[0] + STEP[0], X[0]]), np.stack([W[0], W[0] - STEP[0], X[1]]), {"w": W[0]},
         f"The first change from w {OPPOSITE}"),
        (np.stack([W[0], W[0] - 2 * STEP[0], X[0]]), np.stack([W[0], W[0] - STEP[0], X[1]]), {"w": W[0]},
         "The first change from w is exactly 2 times too large."),
        (np.stack([W[0], W[0]]), np.stack([X[0], X[1]]), {"w": W[0]}, "Every row of it is the same as w, unchanged."),
        (np.stack([X[0], X[0]]), X, {}, "Its first row is right, and the other repeats it."),
        (np.stack([X[0], X[0], X[0]]), np.stack([*X, W[0]]), {}, "Its first row is right, and all others repeat it."),
        (np.stack([X[0], X[1], X[1]]), np.stack([*X, W[0]]), {},
         "Its first two rows are right, and those behind them repeat the last of these."),
        (np.stack([X[1], X[1]]), X, {}, f"Every row of it is what is due in the last, {ONE_ARRAY}"),
        (np.stack([X[0], W[0], W[0]]), np.stack([*X, W[0]]), {},
         f"Its first row is right, and every other is what is due in the last, {ONE_ARRAY}"),
    ],
)  # fmt: skip
def test_a_change_of_what_was_given_is_held_against_the_change_that_is_due(
    observed: np.ndarray, expected: np.ndarray, case: dict[str, Any], words: str
) -> None:
    found = describe([Pair(observed, expected, case)])
    assert found is not None
    assert found.sentence == words


@pytest.mark.parametrize(
    ("observed", "expected", "case"),
    [
        (W[0, :2] + 1, W[0, :2] - 1, {"w": W[0, :2]}),  # two numbers prove nothing
        (W + 2 * STEP**2, W - STEP, {"w": W}),
        (W * np.nan, W - STEP, {"w": W}),
        (np.stack([W[0] + 1, W[0] + STEP[0]]), np.stack([W[0], W[0] - STEP[0]]), {"w": W[0]}),  # wrong before it moves
    ],
)
def test_no_change_is_told_where_it_is_in_no_relation(
    observed: np.ndarray, expected: np.ndarray, case: dict[str, Any]
) -> None:
    found = describe([Pair(observed, expected, case)])
    assert found is not None
    assert found.name != "change"


def test_of_a_single_number_the_change_is_told_by_several_inputs() -> None:
    pairs = [Pair(w + step, w - step, {"w": w}) for w, step in ((0.5, 0.25), (-1.0, 0.5), (2.0, -0.75))]
    found = describe(pairs)
    assert found is not None
    assert found.sentence == f"The change from w {OPPOSITE}"
    found = describe(pairs[:2])
    assert found is not None
    assert found.name != "change"


def test_a_length_that_never_differs_is_not_the_reason_of_a_ratio() -> None:
    found = describe([Pair(W - STEP / 2, W - STEP, {"w": W, "rates": np.ones(2)})])
    assert found is not None
    assert found.sentence == "The change from w is exactly 2 times too small."


def test_ones_and_zeros_in_other_places_are_no_permutation() -> None:
    due = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    found = describe([Pair(due[::-1].copy(), due, {})])
    assert found is not None
    assert "other places" not in found.sentence


def test_counts_that_are_alike_in_two_inputs_are_no_answer_of_the_other() -> None:
    counts, other = np.array([0.0, 1.0, 2.0, 0.0]), np.array([0.0, 0.0, 1.0, 2.0])
    found = describe([Pair(counts, other, {}, {"in a later input": [counts]})])
    assert found is not None
    assert found.name != "due_for_another"
    found = describe([Pair(counts + 0.1234, other, {}, {"in a later input": [other, counts + 0.1234]})])
    assert found is not None
    assert found.sentence == "It is exactly what is due in a later input."


def test_one_share_that_is_due_in_another_input_is_no_answer_of_it() -> None:
    """Of ten predictions many are two thirds right; the same number three times over is another thing."""
    shares = (1 / 3, 2 / 3, 3 / 7)
    pairs = [Pair(share, 0.5, {}, {"in the input before it": [share], "in another input": [share, 0.1]}) for share in shares]
    found = describe(pairs[:1])
    assert found is not None
    assert found.name != "due_for_another"
    found = describe(pairs)
    assert found is not None
    assert found.sentence == "It is exactly what is due in the input before it."
    found = describe([Pair(p.observed, p.expected, {}, {"in another input": [p.observed, 0.1]}) for p in pairs])
    assert found is not None
    assert found.name != "due_for_another"
    found = describe([Pair(0.123456, 0.5, {}, {"in another input": [0.1, 0.123456]})])
    assert found is not None
    assert found.name == "due_for_another"


@pytest.mark.parametrize(("function", "word"), [(np.sum, "sum"), (np.mean, "mean")])
def test_a_number_that_goes_on_from_input_to_input_is_told_as_that(function: Any, word: str) -> None:
    due = [0.75, 0.5, 3.0, 0.25]
    pairs = [Pair(float(function(due[: i + 1])), due[i], {}, due_for_others("result", i, DUE)) for i in (1, 2, 3)]
    found = describe(pairs)
    assert found is not None
    assert found.sentence == f"It is the {word} of what is due in this input and in all before it."


DUE = [{"result": due} for due in (0.75, 0.5, 3.0, 0.25)]


def test_the_difference_of_two_that_are_given_is_told_where_another_is_due() -> None:
    found = describe([Pair(W - STEP, W * STEP - 1, {"w": W, "gradient": STEP})])
    assert found is not None
    assert found.sentence == "It is exactly w minus gradient."


def test_where_an_answer_is_due_is_told_from_where_it_stands() -> None:
    due = [{"first, y": 1.0, "second, y": 2.0, "first, dx": 3.0, "second, dx": 4.0}, {"first, y": 5.0}]
    assert list(due_for_others("first, y", 0, due)) == [
        "in the second use, which wrote over it", "for dx", "in an earlier input", "in a later input", "in another input"
    ]  # fmt: skip
    assert due_for_others("first, y", 1, due)["in the input before it"] == [1.0]
    assert due_for_others("dx", 0, [{"dx": 1.0, "dw": 2.0}])["for dw"] == [2.0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (["gradients"], "It changes what it was given: gradients."),
        (["the list that was given"], "It changes the list that was given."),
        ([f"gradients[{i}]" for i in range(6)], "It changes what it was given: gradients[0], gradients[1] and 4 more."),
    ],
)
def test_what_is_changed_is_told_by_its_name(changed: list[str], words: str) -> None:
    assert observation_words("(inputs)", [Observation(changed, [], False)], [{}]) == words


def test_a_factor_of_its_own_in_every_input_row_or_column_is_told() -> None:
    row, column = np.array([[2.0], [3.5]]), np.array([2.0, 3.5, 1.5])
    for observed, words in (
        ([X * row, W * row], "Every row is what is due, but for a factor of its own."),
        ([X * column, W * column], "Every column is what is due, but for a factor of its own."),
        ([X * 2, W / 3], "It is exactly 2 times too large in the smallest input and 3 times too small in another."),
    ):
        found = describe([Pair(o, due, {}) for o, due in zip(observed, (X, W), strict=True)])
        assert found is not None
        assert found.sentence == words


def test_a_change_that_is_due_for_another_that_is_given_is_told() -> None:
    start = [W, X]
    due = {"for parameter 2": [X - 0.1 * X**2]}
    found = describe([Pair(W - 0.1 * X**2, W - STEP, {"start": start}, due)])
    assert found is not None
    assert found.sentence == "The change from start[0] is the one that is due from start[1]."


def test_what_is_less_than_one_is_told_as_what_it_is_divided_by() -> None:
    found = describe([Pair(X * 5, X, {"rate": 0.2})])
    assert found is not None
    assert found.sentence == "It is exactly 5 times too large, and that is 1 / rate."


def test_a_two_is_told_to_be_a_size_only_where_another_input_has_another() -> None:
    first, second = Pair(X * 2, X, {"x": X}), Pair(X.T * 3, X.T, {"x": X.T})
    alone, both = describe([first]), describe([first, second])
    assert alone is not None
    assert alone.sentence == "It is exactly 2 times too large, in every number."
    assert both is not None
    assert "that is the batch size" in both.sentence


def test_of_one_number_that_is_not_0_anything_is_a_ratio() -> None:
    due = np.array([[0.0, 0.78, 0.0, 0.0]])
    found = describe([Pair(due * 1.731, due, {})])
    assert found is not None
    assert found.name != "ratio"


def test_of_arrays_in_some_inputs_only_what_is_wrong_there_is_told() -> None:
    whole, row = Pair(X.astype(int), X, {}), Pair(2 * X[0], X[0], {})
    found = describe([row, whole])
    assert found is not None
    assert found.sentence == "The array that it returns has dtype int64 in some inputs, where float64 is due."
    found = describe([row, Pair(X[None] * X[0], X, {})])
    assert found is not None
    assert "has shape (1, 2, 3), where (2, 3) is due" in found.sentence
    found = describe([Pair(X.T + 1, X, {})])
    assert found is not None
    assert (
        found.sentence
        == "The array that it returns has shape (3, 2), where (2, 3) is due, as happens where the axes are swapped."
    )


def test_an_input_that_is_returned_is_recognized() -> None:
    found = describe([Pair(X, X * 2 + 1, {"x": X})])
    assert found is not None
    assert found.sentence == "It is the same as x, unchanged."


def test_a_missing_term_is_recognized() -> None:
    bias = np.array([[1.0, 2.0, 3.0], [7.0, 5.0, 6.0]])
    found = describe([Pair(X, X + bias, {"bias": bias})])
    assert found is not None
    assert "exactly bias less" in found.sentence


@pytest.mark.parametrize(
    ("observed", "expected", "words"),
    [
        (2.5, 2.0, "it is 1.25 times what it should be"),
        (2.0001, 2.0, "it is 0.005% too large"),
        (-1.0, 2.0, "it has the wrong sign, and is 0.5 times as large as it should be"),
        (-2.0, 2.0, "it has the wrong sign, and is right apart from that"),
        (0.0, 2.0, "it is 0, and should not be"),
        (1e-9, 2.0, "it is nearly 0, and should not be"),
        (float("nan"), 2.0, "it is NaN, where a finite number is due"),
        (2.5, float("nan"), "it is 2.5, and what it is held against is no finite number"),
    ],
)
def test_a_statistic_is_told_beside_what_is_due(observed: float, expected: float, words: str) -> None:
    assert observation_words("slope", [Observation(observed, expected, False, 0.1)], [{}]) == f"slope: {words}."


def test_what_comes_an_entry_too_late_is_recognized() -> None:
    due = np.arange(6.0) ** 2
    found = describe([Pair(np.append(9.0, due[:-1]), due, {})])
    assert found is not None
    assert found.sentence == "What is due comes one entry too late."


def test_a_changed_input_alone_is_told_as_one_way_to_change_it(any_grader: Grader) -> None:
    source = """
import numpy as np
def softmax(x):
    x -= x.max(axis=-1, keepdims=True)
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)
"""
    topic = graded(any_grader, activations=source)
    (fix,) = [fix for fix in topic.fix_first if fix.exercise == "softmax"]
    assert fix.misconception is not None
    assert fix.text.startswith("It may be this: ")


def test_a_ratio_that_differs_by_case_must_be_a_size_in_all_of_them() -> None:
    pairs = [Pair(np.ones((n, 2)) * n, np.ones((n, 2)), {"x": np.ones((n, 2))}) for n in (3, 5, 7)]
    found = describe(pairs)
    assert found is not None
    assert "the batch size" in found.sentence
    pairs[1] = Pair(np.ones((5, 2)) * 6, np.ones((5, 2)), {"x": np.ones((5, 2))})
    found = describe(pairs)
    assert found is not None
    assert "exactly" not in found.sentence


def test_numbers_and_foreign_text_are_made_fit_to_be_shown() -> None:
    assert [number(value) for value in (5.0, 1 / 3, float("inf"))] == ["5", "0.3333", "inf"]
    assert plain("\x1b[31mred\u202e\nline") == "\ufffd[31mred\ufffd\ufffdline"
    assert len(plain("x" * 10_000)) < 300


@pytest.mark.parametrize(
    ("observed", "expected", "words"),
    [
        ("returned", "ValueError", "It answers, where ValueError should be raised."),
        ("TypeError", "returned", "It raises TypeError, where an answer is due."),
        ("TypeError", "ValueError", "It raises TypeError, where ValueError is due."),
        ("x is [1.25]", "returned", "It is another text than is due."),
        (["epoch", 1.0, 2.0], ["epoch", 1.0, 3.0], "1 of the 3 entries is wrong."),
    ],
)
def test_what_is_no_number_is_not_described_as_one(observed: object, expected: object, words: str) -> None:
    found = describe([Pair(observed, expected, {})])
    assert found is not None
    assert found.sentence == words


def test_what_has_no_name_is_told_by_the_check_that_says_most_beside_its_own_example(any_grader: Grader) -> None:
    # The first check that fails finds many numbers wrong, and a later one what is wrong with them.
    wrong = "import numpy as np\n\ndef elu_derivative(x, alpha=1.0):\n    return np.where(x > 0, 1.0, 0.3 * np.exp(1.3 * x))\n"
    topic = graded(any_grader, activations=wrong)
    (fix,) = [fix for fix in topic.fix_first if fix.exercise == "elu_derivative"]
    shown = next(check for exercise in topic.exercises for check in exercise.checks if check.id == fix.check)
    assert shown.diagnosis is not None
    assert (fix.text, fix.evidence, fix.example) == (shown.diagnosis.text, shown.diagnosis.evidence, shown.example)


def test_that_numbers_are_wrong_gives_way_to_how_they_are() -> None:
    first, second = [Verdict(check_id, name, check, "failed") for check_id, name, check in _checks_of("tanh")[:2]]
    little, much = (Diagnosis(None, text, "") for text in ("All 3 numbers are wrong.", "Every number has the wrong sign."))
    fix = Fix("tanh", None, little.text, "", 0, "")
    fix = _with_check(fix, first, Explanation(little, Example({}, "1", "2")), free=False, retold=True)
    fix = _with_check(fix, second, Explanation(much, None), free=False, retold=True)
    assert (fix.check, fix.text, fix.example) == (second.check_id, much.text, None)
    assert fix.points == first.check.points + second.check.points


def _checks_of(exercise: str) -> list[tuple[str, str, Check]]:
    return [(check_id, own.name, check) for check_id, own, check in load_topic("activations").checks() if own.name == exercise]


GRID = """
import numpy as np
def max_gradient_through(depth, activation="sigmoid"):
    x = np.linspace(-8, 8, 40)
    slopes = {"sigmoid": 1 / (2 + 2 * np.cosh(x)), "tanh": np.cosh(x) ** -2.0, "relu": 1.0 * (x > 0)}
    return float(slopes[activation].max() ** depth)
"""
ONE_NUMBER = """
import numpy as np
def truncated_normal(shape, rng, mean=0.0, stddev=0.05):
    z = rng.standard_normal((2, *shape))[1]
    z[np.abs(z) > 2] = rng.uniform(-2, 2)
    return mean + stddev * z
"""


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        ({"activations": GRID}, "If you look for that on a grid, the steepest point is not among your numbers."),
        ({"initializers": ONE_NUMBER}, "weights are one and the same number."),
    ],
)
def test_a_check_says_what_no_known_mistake_does(modules: dict[str, str], words: str, any_grader: Grader) -> None:
    (fix,) = [fix for fix in graded(any_grader, **modules).fix_first if fix.points > 1]
    assert fix.misconception is None
    assert words in fix.text
