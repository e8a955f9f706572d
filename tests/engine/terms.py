"""Whether what the parts say their numbers are made of is what the engine's plans compute."""

import math
import re

import numpy as np
import pytest

from engine import Sequential, explain
from engine.core.terms import Formula, Sum
from engine.training.inspection import update_once

MOST = 40
"""Numbers of an array that are tried."""

# -- what is written, worked out ---------------------------------------------------------------------------------------
SQUARE_ROOT_2 = math.sqrt(2)
G = {
    "linear": lambda z: z, "relu": lambda z: max(0.0, z), "relu6": lambda z: min(max(0.0, z), 6.0),
    "leaky_relu": lambda z: z if z > 0 else 0.2 * z, "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "gelu": lambda z: z * (1 + math.erf(z / SQUARE_ROOT_2)) / 2, "swish": lambda z: z / (1 + math.exp(-z)),
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)), "step": lambda z: float(z >= 0), "tanh": math.tanh,
    "softplus": lambda z: math.log(1 + math.exp(z)),
    "selu": lambda z: 1.0507009873554805 * (z if z > 0 else 1.6732632423543772 * (math.exp(z) - 1)),
    "mish": lambda z: z * math.tanh(math.log(1 + math.exp(z))), "softsign": lambda z: z / (1 + abs(z)),
    "hard_sigmoid": lambda z: min(max(0.0, z / 6 + 0.5), 1.0),
}  # fmt: skip
WORDS = {"ln": math.log, "root": math.sqrt, "sign": lambda x: float(np.sign(x)), "max": max, "e": math.e,
         "clip": lambda x, low, high: min(max(x, low), high), "abs": abs} | G  # fmt: skip


def worked_out(formula):
    """The number that a formula's text gives, read as people read it."""
    text = formula.numbers
    for name, number in sorted(formula.parts.items(), key=lambda part: -len(part[0])):
        text = text.replace(f"{{{name}}}", f"({float(number)!r})")
    text = text.replace("²", "**2").replace("^", "**").replace("½ ", "0.5*").replace("·", "*").replace("−", "-")
    text = re.sub(r"ln (\([^()]+\))", r"ln(\1)", text)
    text = re.sub(r"√(\([^()]*(?:\([^()]*\)[^()]*)*\))", r"root\1", text)
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    text = re.sub(r"(\)|\d)\s+(ln|\()", r"\1*\2", text)
    text = re.sub(r"\)(\()", r")*\1", text)
    return eval(text, {"__builtins__": {}}, WORDS)


def check(value, engine, where, size=0.0, tight=1e-9):
    assert value == pytest.approx(engine, rel=tight, abs=tight * (1 + size)), where


def check_terms(terms, engine, where, tight=1e-9):
    """The value is the engine's; it is what the terms add up to, and what the text says."""
    check(terms.value, engine, where, float(np.abs(terms.products).sum()) if isinstance(terms, Sum) else 0.0, tight)
    told = terms.describe()
    if isinstance(terms, Formula):
        if terms.numbers:
            check(worked_out(terms), terms.value, f"{where}: {terms.numbers}", tight=1e-7)
        assert set(re.findall(r"\{([^{}]+)\}", terms.numbers)) <= set(told["parts"]) | set("0123456789"), where
    elif told["count"] <= 12 and terms.kind != "max":
        each = np.array(told["values"]) * (1 if told["factors"] is None else np.array(told["factors"]))
        check(each.sum() / told["over"] + (told["rest"] or 0), terms.value, where)
    elif terms.kind == "max":
        assert max(told["values"]) == terms.value


def some(size):
    return range(size) if size <= MOST else sorted({min(size - 1, i * size // MOST + i % 5) for i in range(MOST + 1)})


def check_everything(model, x, y, tight=1e-9):
    """Every stage's numbers forward and backward, its weights, the loss; how many of each were looked at."""
    seen = {"forward": 0, "activation": 0, "backward": 0, "activation_slope": 0, "weight": 0, "loss": 0}
    batch = explain(model, x, y)
    store = model.store

    def one(kind, terms, engine, where):
        seen[kind] += 1
        check_terms(terms, engine, f"{kind} of {where}", tight)

    for name, stage in batch.stages.items():
        a, z, da, dz = batch.a(name), batch.z(name), batch.da(name), batch.dz(name)
        for example in range(batch.count):
            for index in some(a[0].size):
                where = f"{name} ({type(stage.layer).__name__}) {index}, example {example}"
                one("forward", batch.forward(name, index, example), (a if z is None else z)[example].flat[index], where)
                if z is not None:
                    one("activation", batch.activation(name, index, example), a[example].flat[index], where)
                if da is not None and not batch.is_last(name):
                    parts = batch.backward(name, index, example)
                    for part in parts:
                        check_terms(part.terms, part.terms.value, where)
                    size = sum(abs(part.terms.value) for part in parts)
                    seen["backward"] += 1
                    check(
                        sum(p.terms.value for p in parts), da[example].flat[index], f"backward of {where}", size, tight
                    )
                if da is not None and dz is not None:
                    terms = batch.activation_slope(name, index, example)
                    one("activation_slope", terms, dz[example].flat[index], where)
        for weight in stage.weights:
            if weight.trainable:
                gradient = store.gradient(weight)
                for flat in some(gradient.size):
                    place = tuple(int(i) for i in np.unravel_index(flat, gradient.shape))
                    one(
                        "weight",
                        batch.gradient(name, weight.name, place),
                        gradient[place],
                        f"{name}/{weight.name} {place}",
                    )
            else:
                assert batch.gradient(name, weight.name, (0,) * len(weight.shape)) is None
        check_weights_of(batch, stage)
    check_loss(batch, one)
    return seen


def check_weights_of(batch, stage):
    """The weights that a number is said to use move it, and no others do."""
    inputs = [batch.a(source)[0] for source in stage.sources]
    moved = set()
    for index in list(some(int(np.prod(stage.layer.output_shape))))[::6]:
        used, value = stage.layer.weights_of(index), stage.layer.terms(index, inputs).value
        for weight in (w for w in stage.weights if w.trainable):
            assert len(used[weight.name]) == len(weight.shape)
            own = tuple(slice(None) if i is None else i for i in used[weight.name])
            before, array = weight.array.copy(), weight.array
            array[own] += 0.5
            moved |= {weight.name} if stage.layer.terms(index, inputs).value != value else set()
            array[...] = before + 0.5
            array[own] = before[own]
            check(stage.layer.terms(index, inputs).value, value, f"{stage.name} {index}, without {weight.name} {own}")
            array[...] = before
    assert moved == {w.name for w in stage.weights if w.trainable}


def check_loss(batch, one):
    name = next(reversed(batch.stages))
    slope = batch.dz(name) if batch.joined else batch.da(name)
    cost = over = 0.0
    for example in range(batch.count):
        for index in range(batch.a(name)[0].size):
            terms = batch.loss_of(index, example)
            one("loss", terms.loss, terms.loss.value, f"output {index}")
            if slope is not None:
                one("loss", terms.slope, slope[example].flat[index], f"∂J of output {index}")
            cost, over = cost + terms.loss.value, terms.over
    check(cost / over, batch.cost, "J", abs(cost), 1e-7)


def trained(parts, rng, shape, y, loss="mse", optimizer="SGD", dtype="float64", steps=3):
    """A model of these layers after a few steps, so that biases and moving averages are no zeros, and its x."""
    model = Sequential(parts, seed=3, dtype=dtype)
    model.compile(optimizer, loss)
    model.build(shape)
    x = rng.normal(size=(len(y), *shape)).astype(dtype)
    for _ in range(steps):
        model.train_on_batch(x, y)
    return model, x


def check_updates(model, batch):
    """The lines' last value is the number after the step, for every number of every weight; how many there were."""
    wanted = {
        (name, w.name, place): batch.update(name, w.name, place)
        for name, stage in batch.stages.items()
        for w in stage.weights
        if w.trainable
        for place in np.ndindex(w.shape)
    }
    before = {key: float(weight_of(batch, *key[:2])[key[2]]) for key in wanted}
    update_once(model)
    for (name, weight, place), lines in wanted.items():
        now, moved = float(weight_of(batch, name, weight)[place]), before[name, weight, place]
        assert lines[-1].name == "p"
        assert lines[-1].value - moved == pytest.approx(now - moved, rel=1e-8, abs=1e-13), (name, weight, place)
        for line in lines:
            check(worked_out(line), line.value, f"{line.name} ← {line.numbers}", tight=1e-9)
    return wanted


def weight_of(batch, name, weight):
    return next(w.array for w in batch.stages[name].weights if w.name == weight)
