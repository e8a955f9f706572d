"""Views of what the model answers on the examples themselves."""

import numpy as np

from engine.core.arguments import Argument
from engine.core.numbers import compact
from engine.data.augment import Augmentation
from engine.decision import shares
from engine.metrics import predicted_classes
from engine.views.base import (
    COMPACT,
    HALF,
    PIXELS,
    QUANTISED,
    Fact,
    Tensor,
    ViewContext,
    ViewResult,
    pixels,
    view,
    when_shown,
)
from engine.views.learning import THRESHOLD, outputs_of


@view(
    "predictions",
    "the model's answers on the points, in the order of GET /runs/{id}/data",
    Tensor("winner", "n, …", PIXELS, "several classes: the likeliest one", "class"),
    Tensor("share", "n, …", QUANTISED, "several classes: its probability", "0 … 1"),
    Tensor("y", "n, …", HALF, "else: the first output, a number in its own unit or a probability", "of the target"),
    Argument("most", "int", 1000, minimum=1, maximum=20_000, doc="at most so many points"),
)
def predictions(context: ViewContext, most: int) -> ViewResult:
    trainer = context.trainer
    data = trainer.data
    with np.errstate(all="ignore"):
        out = trainer.model.predict(data.x[:most])
    if data.task == "regression":
        out = data.answers(out)
    if data.task == "multiclass":
        return ViewResult(
            {"winner": out.argmax(axis=1).astype(np.uint8), "share": context.bytes(out.max(axis=1), 0, 1)}
        )
    if data.task == "binary":
        out = shares(trainer.model, out)
    return ViewResult({"y": context.half(out[:, 0], apart=True)})


@view(
    "gallery",
    "pictures of one cell of the confusion matrix: examples of a true class with a given answer",
    Tensor("pictures", "N, H, W, C", PIXELS, "the examples", "0 … 255 for 0 … 1"),
    Tensor("share", "N", HALF, "the probability of the answer", "0 … 1"),
    Argument("part", "choice", "test", choices=("train", "cv", "test"), doc="which part"),
    Argument("truth", "int", -1, minimum=-1, maximum=255, doc="the true class, or −1 for any"),
    Argument("answer", "int", -1, minimum=-1, maximum=255, doc="the answer, or −1 for any wrong one"),
    Argument("most", "int", 24, minimum=1, maximum=200, doc="at most so many, the surest first"),
    Fact("rows", list[int], "row in the data of each"),
    when_shown("truths", list[int], "the true class of each"),
    when_shown("answers", list[int], "the class answered for each"),
    Fact("found", int, "so many there are"),
    measured=True,
)
def gallery(context: ViewContext, part: str, truth: int, answer: int, most: int) -> ViewResult:
    """pictures (N, H, W, C) uint8; share (N,) the probability of the answer; about: row, truth and answer of each."""
    data, measured = context.trainer.data, context.measured
    if data.dataset.kind != "image" or data.task != "multiclass" or measured is None or measured.data is not data:
        return ViewResult({}, {"rows": [], "found": 0, **context.of_measured()})
    found = outputs_of(measured, part) if measured.parts[part].rows else np.zeros((0, len(data.dataset.classes)))
    rows = measured.parts[part].seen
    given, true = found.argmax(axis=1), data.y[rows, 0].astype(np.int64)
    fits = given != true if answer < 0 else given == answer
    if truth >= 0:
        fits &= true == truth
    places = np.flatnonzero(fits)
    sure = found[places, given[places]]
    order = np.argsort(-sure, kind="stable")[:most]
    chosen = places[order]
    pictures = pixels(data.dataset.x[rows[chosen]])
    return ViewResult(
        {"pictures": np.ascontiguousarray(pictures), "share": context.half(sure[order])},
        {
            "rows": rows[chosen].tolist(),
            "truths": true[chosen].tolist(),
            "answers": given[chosen].tolist(),
            "found": len(places),
            **context.of_measured(),
        },
    )


@view(
    "mistakes",
    "examples of a part with a wrong answer, the surest first, for error analysis",
    Tensor("pictures", "N, H, W, C", PIXELS, "the examples, where they are pictures", "0 … 255 for 0 … 1"),
    Tensor("inputs", "N, F", COMPACT, "the examples as measured, where they are not", "of the inputs"),
    Argument("part", "choice", "cv", choices=("train", "cv", "test"), doc="which part"),
    Argument("first", "int", 0, minimum=0, doc="so many are passed over"),
    Argument("most", "int", 24, minimum=1, maximum=200, doc="at most so many"),
    THRESHOLD,
    Fact("rows", list[int], "row in the data of each"),
    when_shown("truths", list[int], "the true class of each"),
    when_shown("answers", list[int], "the class answered for each"),
    when_shown("places", list[int], "place in the part of each"),
    when_shown("shares", list[float], "probability of each answer", "0 … 1"),
    Fact("found", int, "wrong answers there are"),
    Fact("examples", int, "examples that were looked at"),
    measured=True,
)
def mistakes(context: ViewContext, part: str, first: int, most: int, threshold: float) -> ViewResult:
    """pictures (N, H, W, C) uint8 or inputs (N, F) as measured; about: row in the data, place in the part, truth,

    answer and share (the probability of the answer) of each; found of examples.
    """
    data, measured = context.trainer.data, context.measured
    classifies = data.task in ("binary", "multiclass")
    if measured is None or measured.data is not data or not classifies or not measured.parts[part].rows:
        return ViewResult({}, {"rows": [], "found": 0, "examples": 0, **context.of_measured()})
    outputs = np.nan_to_num(outputs_of(measured, part, threshold))
    rows = measured.parts[part].seen
    given, true = predicted_classes(outputs), data.y[rows, 0].astype(np.int64)
    single = outputs.shape[-1] == 1
    ones = outputs[:, 0] + np.float32(threshold - 0.5)
    share = np.where(given == 1, ones, 1 - ones) if single else outputs[np.arange(len(rows)), given]
    wrong = np.flatnonzero(given != true)
    chosen = wrong[np.argsort(-share[wrong], kind="stable")][first : first + most]
    raw = data.dataset.x[rows[chosen]]
    image = data.dataset.kind == "image"
    tensors = {"pictures": np.ascontiguousarray(pixels(raw))} if image else {"inputs": compact(raw)}
    return ViewResult(
        tensors,
        {
            "rows": rows[chosen].tolist(), "places": chosen.tolist(), "truths": true[chosen].tolist(),
            "answers": given[chosen].tolist(), "shares": share[chosen].astype(float).tolist(),
            "found": len(wrong), "examples": len(rows), **context.of_measured(),
        },
    )  # fmt: skip


@view(
    "augmented",
    "training pictures as the next steps may see them: each row one picture, the first as it is",
    Tensor("pictures", "R, Q, H, W, C", PIXELS, "a row an example, the first as it is", "0 … 255 for 0 … 1"),
    Argument("index", "int", 0, minimum=0, doc="the first example of the training part"),
    Argument("rows", "int", 2, minimum=1, maximum=16, doc="examples"),
    Argument("columns", "int", 6, minimum=2, maximum=16, doc="pictures of each"),
)
def augmented(context: ViewContext, index: int, rows: int, columns: int) -> ViewResult:
    """pictures (rows, columns, H, W, C) uint8; the same settings give the same pictures."""
    trainer = context.trainer
    change = Augmentation.of(trainer.spec.get("augmentation"))
    if change is None or trainer.x.ndim != 4:
        return ViewResult({}, {})
    places = (index + np.arange(rows)) % len(trainer.x)
    found = np.repeat(trainer.x[places], columns, axis=0)
    changed = change(found, np.random.default_rng([trainer.spec["seed"], 6])).reshape(rows, columns, *found.shape[1:])
    changed[:, 0] = trainer.x[places]
    return ViewResult({"pictures": pixels(changed)})
