"""Checks a spec before anything is allocated: shapes, names, ranges and limits; every error names its field."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from app.errors import SpecProblem
from app.errors.misfits import coded_misfit, first_misfit
from app.plain import LayerRow, Report, Totals
from app.settings import Settings
from app.specs.blame import blaming, naming_layers
from app.specs.model import Spec
from engine import losses, optimizers
from engine.core.calls import unknown_argument
from engine.core.numbers import in_dtype
from engine.core.parameters import ParameterStore
from engine.core.types import float_dtype
from engine.data import datasets
from engine.data import prepare as _registers_all_data  # noqa: F401
from engine.data.augment import Augmentation
from engine.data.features import choose
from engine.data.goal import Goal
from engine.data.settings import DataSettings
from engine.layers import layers
from engine.network import CHUNK_NUMBERS, PREDICT_CHUNK
from engine.stages import stages_of
from engine.training.blueprint import REGULARIZERS, SPEC_KEYS, LayerError, check_output, model_layers, resolve
from engine.training.spec import LayerSettings, RunSpec


@dataclass(frozen=True)
class Facts:
    """What a spec's data amounts to, known without loading it (for a CSV: asked of a worker)."""

    task: str
    kind: str
    outputs: int
    input_shape: tuple[int, ...]
    input_names: tuple[str, ...]
    classes: tuple[str, ...]
    examples: int

    @property
    def goal(self) -> Goal:
        return Goal.of(self.task, self.outputs, self.input_shape)


@dataclass(frozen=True)
class CheckedSpec:
    """A spec that can run: as asked, with every choice filled in, and its table of layers."""

    spec: RunSpec
    resolved: RunSpec
    facts: Facts
    table: list[LayerRow]
    totals: Totals

    def report(self) -> Report:
        return {
            "valid": True,
            "warnings": [],
            "task": self.facts.task,
            "input_shape": list(self.facts.input_shape),
            "inputs": list(self.facts.input_names),
            "classes": list(self.facts.classes),
            "examples": self.facts.examples,
            "layers": self.table,
            "totals": self.totals,
            "resolved": self.resolved,
        }


def parse_spec(raw: object) -> RunSpec:
    """The spec in its plain form, or a SpecProblem that names the first wrong field."""
    layers = raw.get("layers") if isinstance(raw, Mapping) else None
    with naming_layers(layers if isinstance(layers, list) else []):
        return _parsed(raw)


def _parsed(raw: object) -> RunSpec:
    try:
        return Spec.model_validate(raw).plain()
    except ValidationError as error:
        first = first_misfit(error, raw)
        place = first["field"]
        raise SpecProblem.of(place, coded_misfit(first), f"{place or 'spec'}: ") from error


def facts_of(data: DataSettings) -> Facts | None:
    """The facts of generated, real and brushed data; None for what an uploaded file holds."""
    try:
        kind = datasets.get(data["name"])
    except ValueError as error:
        raise SpecProblem.of("data.name", error) from error
    if kind.uploaded:
        return None
    task, outputs, examples = kind.task, kind.outputs, kind.examples or data["samples"]
    classes: tuple[str, ...] = ()
    if kind.name == "points":
        count = data["classes"]
        if count == 1:
            raise SpecProblem("data.classes", "points-one-class", "data.classes wants 0 (values) or 2 to 10, got 1")
        points = data["points"] or []
        examples = len(points)
        if examples < 2:
            raise SpecProblem(
                "data.points", "points-few", "data.points wants at least 2 points, got {got}", got=examples
            )
        task = "regression" if count == 0 else "binary" if count == 2 else "multiclass"
        outputs = count if count > 2 else 1
        try:
            in_dtype(points, "float32", "data.points")
        except ValueError as error:
            raise SpecProblem.of("data.points", error) from error
        for i, point in enumerate(points):
            if count and (point[2] != int(point[2]) or not 0 <= point[2] < count):
                raise SpecProblem(
                    f"data.points.{i}",
                    "point-class",
                    "data.points.{place} wants a class from 0 to {most}, got {got:g}",
                    place=i,
                    most=count - 1,
                    got=point[2],
                )
    assert outputs is not None
    if kind.classes:
        classes = kind.classes
    elif task != "regression":
        classes = tuple(str(i) for i in range(outputs if task == "multiclass" else 2))
    try:
        shape = kind.shape_at(data)
    except ValueError as error:
        raise SpecProblem.of("data.size", error, "data.size: ") from error
    return describe(task, kind.kind, outputs, kind.inputs, shape, classes, examples, data)


def describe(
    task: str,
    kind: str,
    outputs: int,
    inputs: tuple[str, ...],
    shape: tuple[int, ...],
    classes: tuple[str, ...],
    examples: int,
    data: DataSettings,
) -> Facts:
    """Facts after feature engineering."""
    if data["goal"] == "inputs":
        task, outputs = "reconstruction", 1
    if kind == "image":
        if data["features"] or data["degree"] != 1:
            raise SpecProblem(
                "data.features",
                "images-features",
                "data.features: {data} is made of images; no engineered inputs",
                data=data["name"],
            )
        return Facts(task, kind, outputs, shape, inputs, classes, examples)
    try:
        names = tuple(f.name for f in choose(inputs, data["features"], data["degree"]))
    except ValueError as error:
        field = "data.degree" if str(error).startswith("data.degree") else "data.features"
        raise SpecProblem.of(field, error) from error
    return Facts(task, kind, outputs, (len(names),), names, classes, examples)


def check_spec(spec: RunSpec, facts: Facts, settings: Settings) -> CheckedSpec:
    """The table of layers of a parsed spec, or a SpecProblem."""
    with naming_layers(spec["layers"]):
        return _checked(spec, facts, settings)


def _checked(spec: RunSpec, facts: Facts, settings: Settings) -> CheckedSpec:
    _check_parts(spec, settings)
    change = Augmentation.of(spec.get("augmentation"))
    if facts.task in ("detection", "localisation", "landmarks") and change and (change.moves or change.mirror):
        raise SpecProblem(
            "augmentation",
            "augmentation-boxes",
            "augmentation: boxes and landmarks would stay behind; colour alone may change",
        )
    if facts.kind != "image" and change:
        raise SpecProblem(
            "augmentation",
            "augmentation-no-pictures",
            "augmentation is for pictures; {data} has none",
            data=spec["data"]["name"],
        )
    if spec["updates"] == "sequential" and (spec["optimizer"]["name"] != "SGD" or spec["optimizer"].get("momentum")):
        raise SpecProblem(
            "updates", "updates-sequential", "updates: one weight after the other wants plain SGD, without momentum"
        )
    try:
        resolved = resolve(spec, facts.goal, facts.input_shape)
        added = len(resolved["layers"]) - len(spec["layers"])
        made = model_layers(resolved)
    except LayerError as error:
        index = max(0, error.index)
        raise blaming(f"layers.{index}", spec["layers"][index], error) from error
    store = ParameterStore(float_dtype("float32"))
    shape, table = facts.input_shape, list[LayerRow]()
    position, numbers = -1, math.prod(facts.input_shape)
    for layer in made:
        own = not layer.name.endswith("/dropout")
        position += own
        field = f"layers.{max(0, position - added)}"
        layer.input_shape = shape
        try:
            shape = layer.output_shape = layer.build(store, shape)
        except ValueError as error:
            raise blaming(field, spec["layers"][max(0, position - added)], error) from error
        outputs = sum(math.prod(leaf.output_shape) for leaf in layer.leaves)
        numbers += outputs
        if own:
            row: LayerRow = {
                "id": layer.name,
                "type": type(layer).__name__,
                "input_shape": list(layer.input_shape),
                "output_shape": list(shape),
                "parameters": layer.count_params(),
                "multiplications": layer.multiplications(),
                "memory_bytes": 4 * (2 * layer.count_params() + 3 * spec["batch_size"] * outputs),
            }
            if len(layer.leaves) > 1:
                row["inside"] = [
                    {"id": leaf.name, "type": type(leaf).__name__, "output_shape": list(leaf.output_shape),
                     "parameters": leaf.count_params(), "multiplications": leaf.multiplications()}
                    for leaf in layer.leaves
                ]  # fmt: skip
                row["stages"] = [
                    {"id": stage.name, "type": type(stage.layer).__name__, "inputs": stage.sources,
                     "shape": list(stage.layer.output_shape)}
                    for stage in stages_of([layer])
                ]  # fmt: skip
            table.append(row)
    _check_tail(resolved, facts, shape, len(spec["layers"]) - 1)
    parameters = sum(r["parameters"] for r in table)
    multiplications = sum(r["multiplications"] for r in table)
    # A training plan keeps some four buffers for each number, a forward pass of a chunk two; data, and data shuffled.
    chunk = max(1, min(PREDICT_CHUNK, CHUNK_NUMBERS // max(numbers, 1)))
    rows = 4 * spec["batch_size"] + 2 * chunk
    numbers = 6 * parameters + rows * numbers + facts.examples * math.prod(facts.input_shape) * 2
    totals: Totals = {
        "parameters": parameters,
        "multiplications": multiplications,
        "step_multiplications": 3 * multiplications * spec["batch_size"],
        "memory_bytes": 4 * numbers,
    }
    _check_totals(totals, settings)
    return CheckedSpec(spec, resolved, facts, table, totals)


def _check_tail(resolved: RunSpec, facts: Facts, shape: tuple[int, ...], last: int) -> None:
    try:
        check_output(resolved, facts.goal, shape)
    except LayerError as error:
        raise SpecProblem.of(f"layers.{last}", error, f"layers.{last}: ") from error
    except ValueError as error:
        raise SpecProblem.of("loss.name", error) from error


def _check_parts(spec: RunSpec, settings: Settings) -> None:
    """Names, arguments and numbers of every part, before anything is built from them."""
    try:
        optimizer = optimizers.get(spec["optimizer"])
    except ValueError as error:
        raise blaming("optimizer", spec["optimizer"], error) from error
    names = [a.name for a in (*optimizer.arguments, optimizers.CLIPNORM)]
    _check_names("optimizer", spec["optimizer"], optimizer.name, [*names, "schedule"])
    if spec["loss"]["name"] != "auto":
        try:
            loss = losses.get(spec["loss"])
        except ValueError as error:
            raise blaming("loss", spec["loss"], error) from error
        _check_names("loss", spec["loss"], loss.name, [*(a.name for a in loss.arguments), "from_logits"])
    for field, number, limit in (
        ("layers", len(spec["layers"]), settings.max_layers),
        ("batch_size", spec["batch_size"], settings.max_batch_size),
        ("data.points", len(spec["data"]["points"] or []), settings.max_points),
    ):
        if number > limit:
            raise SpecProblem(
                field,
                "limit-value",
                f"{field} wants at most {{most:,}}, got {{got:,}}",
                limit=True,
                most=limit,
                got=number,
            )
    for i, layer in enumerate(spec["layers"]):
        _check_layer(f"layers.{i}", layer, settings)


def _check_layer(where: str, layer: LayerSettings, settings: Settings) -> None:
    """One layer's type, the keys beside it, and how large its numbers may be."""
    try:
        kind = layers.get(layer["type"])
        known = {a.name for a in kind.arguments}
    except ValueError as error:
        raise SpecProblem.of(f"{where}.type", error, f"{where}.type: ") from error
    if kind.nested:
        raise SpecProblem(
            f"{where}.type",
            "layer-nested",
            f"{where}.type: {{type}} holds lists of layers, which a spec cannot; use a block",
            type=layer["type"],
        )
    _check_keys(where, layer, known)
    if layer["type"] == "Dense" and layer["units"] is None:
        raise SpecProblem(
            f"{where}.units", "units-null", f"{where}.units: Dense wants a whole number ≥ 1 or 'auto', got null"
        )
    for argument in kind.arguments:
        number = layer.get(argument.name)
        if argument.kind == "int" and isinstance(number, int) and number > settings.max_units:
            raise SpecProblem(
                f"{where}.{argument.name}",
                "limit-value",
                f"{where}.{argument.name} wants at most {{most:,}}, got {{got:,}}",
                limit=True,
                most=settings.max_units,
                got=number,
            )
    if layer["type"] not in REGULARIZERS and (layer["l1"] or layer["l2"]):
        raise SpecProblem(
            f"{where}.l2", "layer-no-kernel", f"{where}: {{type}} has no kernel to regularise", type=layer["type"]
        )


def _check_keys(where: str, layer: LayerSettings, known: set[str]) -> None:
    """A layer says nothing that its type does not know; `units` and `activation` may stand there as null."""
    for key in ("units", "activation"):
        given = layer.get(key)
        if given is None or (key == "activation" and given == "auto" and key in known):
            continue
        if key not in known:
            raise _has_no(where, layer, key, known, "{type} has no {name}")
    for key in layer:
        if key not in known | SPEC_KEYS | {"units", "activation"}:
            has = "{known}" if known else "no arguments"
            raise _has_no(where, layer, key, known, "{type} has no {name!r}; it has " + has)


def _has_no(where: str, layer: LayerSettings, name: str, known: set[str], sentence: str) -> SpecProblem:
    """That a layer of this type has no argument of the name."""
    at = f"{where}.{name}"
    kind = layer["type"]
    return SpecProblem(
        at, "layer-has-no", f"{where}.{{name}}: {sentence}", type=kind, name=name, known=tuple(sorted(known))
    )


def _check_names(field: str, given: Mapping[str, object], who: str, known: list[str]) -> None:
    """A spec has the arguments of the catalogue; what Python alone can ask (label_smoothing, clipvalue) is none."""
    for key in given:
        if key not in ("name", *known):
            raise SpecProblem.of(f"{field}.{key}", unknown_argument(who, key, known), f"{field}.{key}: ")


def _check_totals(totals: Totals, settings: Settings) -> None:
    for number, limit, what, word in (
        (totals["parameters"], settings.max_parameters, "weights", "weights"),
        (totals["step_multiplications"], settings.max_step_multiplications, "work", "multiplications in one step"),
        (totals["memory_bytes"], settings.max_run_bytes, "memory", "bytes of memory"),
    ):
        if number > limit:
            words = f"layers: at most {{most:,}} {word} are allowed, this needs {{got:,}}"
            raise SpecProblem("layers", "limit-total", words, limit=True, most=limit, got=number, what=what)
