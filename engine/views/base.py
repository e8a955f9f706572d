"""What a view is, how its numbers are packed, and the registry."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.core.arguments import Argument
from engine.core.errors import EngineError
from engine.core.numbers import compact
from engine.core.registry import Registry
from engine.core.types import Array, Config
from engine.training.inspection import READ_SECONDS, Inspection
from engine.training.measurement import At, Measurement
from engine.training.trainer import Trainer

__all__ = ["READ_SECONDS"]

HALF_MOST, HALF_LEAST = 65504.0, 2.0**-14
"""The largest float16, and the smallest with all its digits."""


@dataclass(frozen=True)
class Pass:
    """A forward pass: by layer's name, outputs a and pre-activations z, the batch last."""

    outputs: dict[str, Array]
    z: dict[str, Array]


@dataclass
class ViewContext:
    """One moment of one trainer, which views read and never write.

    `cache` shares forward passes between the views of a frame; `inspection` holds what lasts from frame to frame.
    """

    trainer: Trainer
    exact: bool = False
    """float32 instead of quantised numbers."""
    cache: dict[Hashable, Any] = field(default_factory=dict)
    inspection: Inspection = field(default_factory=Inspection)

    @property
    def measured(self) -> Measurement | None:
        """The newest measurement of whole parts; one for all views of a frame."""
        if "measured" not in self.cache:
            self.cache["measured"] = self.inspection.measurement_of(self.trainer)
        found: Measurement | None = self.cache["measured"]
        return found

    @property
    def measurement(self) -> Hashable:
        """What views of the measurement depend on, beside the run's revision."""
        found = self.measured
        return None if found is None else (found.at, found.rows, self.inspection.measures(self.trainer))

    def of_measured(self) -> Config:
        """What a view says of the numbers it has from the measurement: whose they are, and over how many examples."""
        found, measuring = self.measured, self.inspection.measures(self.trainer)
        if found is None:
            sizes = [len(x) for x, _ in self.trainer.parts.values()]
            return {"at": self.trainer.at.plain(), "measuring": True, "counted": [0] * len(sizes), "of": sizes}
        parts = found.parts.values()
        return {"at": found.at.plain(), "measuring": measuring, "counted": [p.rows for p in parts],
                "of": [p.of for p in parts]}  # fmt: skip

    @property
    def probe(self) -> Array | None:
        """The visitor's own input."""
        return self.inspection.probe

    def example(self, index: int, part: str = "train") -> tuple[Array, int | None]:
        """Model inputs (1, …) of an example of a part and its row in the data; −1 is the visitor's probe, row None.

        Examples go round about; where the part is empty, they are of training.
        """
        data = self.trainer.data
        if index < 0 and self.probe is not None:
            return self.probe[None], None
        row = int(self.rows(part, max(index, 0), 1)[0])
        return data.x[row : row + 1], row

    def rows(self, part: str, first: int, count: int) -> Array:
        """Rows of the data of examples of a part from `first` on, round about; of training where the part is empty."""
        index = self.trainer.data.index
        rows = index[part] if len(index[part]) else index["train"]
        return rows[(first + np.arange(min(count, len(rows)))) % len(rows)]

    def raw_outputs(self, key: Hashable, inputs: Array) -> Array:
        """A detector's outputs (B, …), finite even when it diverges; computed once a frame for each key."""
        if key not in self.cache:
            with np.errstate(all="ignore"):
                self.cache[key] = np.nan_to_num(self.trainer.model.predict(inputs), posinf=50, neginf=-50)
        found: Array = self.cache[key]
        return found

    def forward(self, key: str, inputs: Array) -> "Pass":
        """An inference pass over model inputs, computed once a frame for each key."""
        if key not in self.cache:
            plan = self.trainer.model.forward_plan(len(inputs))
            plan.input[...] = inputs
            with np.errstate(all="ignore"):
                plan.run()
            # Copies, since another pass over as many rows in this frame would write the same buffers.
            self.cache[key] = Pass(
                {layer.name: value.data.copy(order="K") for layer, value in plan.outputs.items()},
                {layer.name: z.copy(order="K") for layer, z in plan.preactivations.items()},
            )
        found: Pass = self.cache[key]
        return found

    def half(self, array: Array, apart: bool = False) -> Array:
        """float16 where that carries the numbers and exact ones were not asked for, else float32 (or float64).

        float16 carries them if the largest is neither above 65,504 (it would become ∞) nor below 2⁻¹⁴ (they would lose
        their digits); numbers that are told apart by eye (`apart`) must not move by more than 1/500 of their range.
        """
        finite = array[np.isfinite(array)]
        top = float(np.abs(finite).max()) if finite.size else 0.0
        if self.exact or top > HALF_MOST or 0 < top < HALF_LEAST:
            return compact(array)
        out = np.ascontiguousarray(array, np.float16)
        if apart and finite.size and np.abs(finite - finite.astype(np.float16)).max() > np.ptp(finite) / 500:
            return compact(array)
        return out

    def bytes(self, array: Array, low: float, high: float) -> Array:
        """uint8 over [low, high] unless exact numbers were asked for."""
        if self.exact:
            return np.ascontiguousarray(array, np.float32)
        span = (high - low) or 1.0
        # Clipped first, and 255 times last: 255/span is no number where the span is tiny, nor are huge ones times 255.
        inside = np.clip(np.nan_to_num(array, nan=low, posinf=high, neginf=low), low, high)
        return np.asarray(np.clip((inside - low) / span * 255 + 0.5, 0, 255), np.uint8)


def pixels(array: Array) -> Array:
    """Pictures in 0 … 1 as uint8, whether exact numbers were asked for or not."""
    return np.clip(np.nan_to_num(array) * 255 + 0.5, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class ViewResult:
    """tensors by name (the view's name goes before them), and plain JSON about them."""

    tensors: dict[str, Array]
    about: Config = field(default_factory=dict)


QUANTISED = ("U8", "F32")
"""Bytes, or float32 if exact numbers were asked for."""
PIXELS = ("U8",)
EXACT = ("F32",)
HALF = ("F16", "F32", "F64")
"""The smallest that carries the numbers; never F16 if exact ones were asked for."""
COMPACT = ("F32", "F64")
"""F64 where float32 would merge or lose the numbers."""


@dataclass(frozen=True)
class Tensor:
    """An array that a view gives, for its readers: documented from here, and held against what really comes.

    name: {layer}, {weight} … stand for several. shape: numbers, letters (one letter is one length within a view) and …
    for any number of axes, with commas. dtypes: safetensors' names.
    """

    name: str
    shape: str
    dtypes: tuple[str, ...]
    doc: str
    unit: str = ""

    @property
    def axes(self) -> list[str]:
        return [axis.strip() for axis in self.shape.split(",")]

    def describe(self) -> Config:
        return {
            "name": self.name, "shape": self.axes, "dtypes": list(self.dtypes), "doc": self.doc, "unit": self.unit,
        }  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """A field of what a view says beside its numbers (`about`): plain JSON, documented from here as tensors are.

    type: as Python has it: str, list[int], a TypedDict. Numbers of a run that may have diverged are `MaybeNaN`,
    since JSON has no NaN. when: always, even where the view has nothing to show; shown: where it has; sometimes: as the
    doc says. A fact that has the name of a parameter says what became of it; the other parameters are said as they were
    asked for.
    """

    name: str
    type: object
    doc: str
    unit: str = ""
    when: Literal["always", "shown", "sometimes"] = "always"


def when_shown(name: str, type: object, doc: str, unit: str = "") -> Fact:
    """A fact that is there where the view has something to show."""
    return Fact(name, type, doc, unit, "shown")


def sometimes(name: str, type: object, doc: str, unit: str = "") -> Fact:
    """A fact that some networks or layers have: its doc says which."""
    return Fact(name, type, doc, unit, "sometimes")


@dataclass(frozen=True)
class View:
    """compute(context, **parameters) → ViewResult."""

    name: str
    doc: str
    arguments: tuple[Argument, ...]
    tensors: tuple[Tensor, ...]
    facts: tuple[Fact, ...]
    compute: Callable[..., ViewResult]
    every: float = 0.0
    """Seconds for which a result may stand while training: numbers that are read need not change with every frame."""
    measured: bool = False
    """Whether it reads the measurement of whole parts alone, so that it stands as long as that does."""

    def describe(self) -> Config:
        return {"name": self.name, "doc": self.doc, "arguments": [a.describe() for a in self.arguments],
                "tensors": [t.describe() for t in self.tensors]}  # fmt: skip


AT = Fact("at", At, "the moment that it is of")
MEASURED = (
    Fact("measuring", bool, "whether newer or more exact numbers are on their way"),
    Fact("counted", list[int], "examples of train, cv and test that it is over: a random sample, or all"),
    Fact("of", list[int], "examples of train, cv and test that there are"),
)

views: Registry[View] = Registry("view")


def view(
    name: str, doc: str, *parts: Argument | Tensor | Fact, every: float = 0.0, measured: bool = False
) -> Callable[[Callable[..., ViewResult]], Callable[..., ViewResult]]:
    """Registers a function as a view, with its arguments, the tensors it gives and what it says beside them."""
    arguments = tuple(part for part in parts if isinstance(part, Argument))
    tensors = tuple(part for part in parts if isinstance(part, Tensor))
    facts = (AT, *(MEASURED if measured else ()), *(part for part in parts if isinstance(part, Fact)))

    def add(compute: Callable[..., ViewResult]) -> Callable[..., ViewResult]:
        def stamped(context: ViewContext, **parameters: object) -> ViewResult:
            made = compute(context, **parameters)
            return ViewResult(made.tensors, {"at": context.trainer.at.plain(), **made.about})

        views.add(name, View(name, doc, arguments, tensors, facts, stamped, every, measured))
        return compute

    return add


def check_parameters(name: str, given: Any) -> Config:
    """A view's parameters with defaults filled in; unknown and wrong ones are a ValueError that names them."""
    wanted = views.get(name)
    if not isinstance(given, dict):
        raise EngineError(
            "view-parameters", "views.{view} wants an object of parameters, got {got!w}", view=name, got=given
        )
    known = {a.name: a for a in wanted.arguments}
    if unknown := [key for key in given if key not in known]:
        has = "{known}" if known else "none"
        raise EngineError(
            "view-parameter",
            f"views.{{view}} has no parameter {{name!r}}; it has {has}",
            view=name,
            name=unknown[0],
            known=tuple(known),
        )
    return {key: a.check(f"views.{name}", given.get(key, a.default)) for key, a in known.items()}
