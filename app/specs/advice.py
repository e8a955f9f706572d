"""Warnings about a change of a run that is allowed and likely to surprise: what happens, and what to do."""

from collections.abc import Iterator

from app.plain import Report, SpecWarning
from engine.data import datasets
from engine.data.prepare import split_rows
from engine.losses import losses
from engine.optimizers import Optimizer, optimizers
from engine.training.spec import RunSpec

LARGE, SUGGESTED = 5.0, 3.0
"""Times the default α: from LARGE on J jumps when the optimiser takes over (measured on circle, spiral), at SUGGESTED
it does not."""
SMALL, TIMES = 0.01, 10.0
"""Below SMALL (with momentum: α / (1 − μ)) J hardly moves where Adam has learnt; α · TIMES goes on about as fast
(measured on circle, spiral)."""
PROBABILITIES = ("sigmoid", "softmax", "hard_sigmoid")


def warnings_of(before: RunSpec, after: RunSpec, report: Report, step: int) -> list[SpecWarning]:
    """Each: code, detail (a sentence), params (its numbers), and the change that helps: set `path` to `value`.

    `report` is of the spec after the change, with every "auto" filled in.
    """
    found: list[SpecWarning] = []
    if step and before["optimizer"]["name"] != after["optimizer"]["name"]:
        found += _of_optimizer(before, after)
    found += _of_output(before, after, report)
    found += _of_batch(before, after, report)
    return found


def _of_optimizer(before: RunSpec, after: RunSpec) -> Iterator[SpecWarning]:
    """α of one kind of optimiser is handed to the other kind."""
    new = after["optimizer"]
    kind, last = optimizers.get(new["name"]), optimizers.get(before["optimizer"]["name"])
    rate, default = new["learning_rate"], _default_rate(kind)
    if kind.normalises and rate > LARGE * default:
        better = SUGGESTED * default
        yield {
            "code": "rate_of_optimizer",
            "detail": f"{new['name']} moves every weight by about α a step, however small its gradient: "
            f"α = {rate:g} is large for it, and J may jump up; α = {better:g} goes on smoothly",
            "params": {"optimizer": new["name"], "given": rate, "suggested": better},
            "path": "optimizer.learning_rate",
            "value": better,
        }
    if last.normalises and not kind.normalises and 0 < rate / (1 - float(new.get("momentum") or 0)) < SMALL:
        better = TIMES * rate
        yield {
            "code": "rate_too_small",
            "detail": f"{new['name']} moves a weight by α times its gradient: α = {rate:g} is small for it, and J will "
            f"hardly fall; α = {better:g} goes on about as fast as {before['optimizer']['name']} did",
            "params": {
                "optimizer": new["name"], "before": before["optimizer"]["name"], "given": rate, "suggested": better,
            },
            "path": "optimizer.learning_rate",
            "value": better,
        }  # fmt: skip


def _default_rate(kind: type[Optimizer]) -> float:
    return float(next(a.default for a in kind.arguments if a.name == "learning_rate"))


def _of_output(before: RunSpec, after: RunSpec, report: Report) -> Iterator[SpecWarning]:
    """A cross-entropy takes for a probability what is none."""
    if (before["layers"], before["loss"]) == (after["layers"], after["loss"]):
        return
    resolved = report["resolved"]
    loss, activation = resolved["loss"]["name"], resolved["layers"][-1].get("activation")
    joins: str | None = getattr(losses.get(loss), "joins", None)
    if joins is None or resolved["loss"].get("from_logits") or activation in (None, *PROBABILITIES):
        return
    yield {
        "code": "output_no_probability",
        "detail": f"{loss} takes the output for a probability, and {activation} also gives numbers below 0 or above 1, "
        "which count as 0 and 1 and have no slope",
        "params": {"loss": loss, "activation": str(activation), "suggested": joins},
        "path": f"layers.{len(after['layers']) - 1}.activation",
        "value": joins,
    }


def _of_batch(before: RunSpec, after: RunSpec, report: Report) -> Iterator[SpecWarning]:
    """A batch that is larger than all there is."""
    data, other = after["data"], before["data"]
    if (before["batch_size"], other) == (after["batch_size"], data):
        return
    if data["name"] != other["name"] or data["points"] != other["points"]:
        return  # other data are looked at, or drawn point by point
    rows, size = _train_rows(after, report), after["batch_size"]
    if rows is None or size <= rows:
        return
    yield {
        "code": "batch_beyond_data",
        "detail": f"only {rows} examples train: every batch of {size} is all of them, and an epoch is one step",
        "params": {"given": size, "suggested": rows},
        "path": "batch_size",
        "value": rows,
    }


def _train_rows(spec: RunSpec, report: Report) -> int | None:
    """Examples of the training part; None where the data come with a split of their own."""
    data = spec["data"]
    if data["train_rows"]:
        return int(data["train_rows"])
    if datasets.get(data["name"]).kind == "image":
        return None
    split = data["split"]
    return len(split_rows(report["examples"], split["train"], split["cv"], 0)["train"])
