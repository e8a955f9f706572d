"""The verifier itself: a layer is in it by being registered, and what it is there to find it finds."""

import itertools

import numpy as np
import pytest

from engine import Sequential, layers
from engine.core.arguments import Argument
from engine.core.plan import writes
from engine.layers import Layer
from engine.layers import layers as registry
from tests.engine.verifier.checks import BATCH, far, step, verify
from tests.engine.verifier.groups import every_net, pair_nets, pairs_of_a_day, triple_nets
from tests.engine.verifier.memory import Buffers, poison, reached, root
from tests.engine.verifier.nets import Net, holds, nets_of, pairs
from tests.engine.verifier.reference import Reference
from tests.engine.verifier.samples import part
from tests.engine.verifier.shrink import shrunk


class Scale(Layer):
    """y = factor · x, as it should be."""

    arguments = (Argument("factor", "float", 0.5, minimum=0.1, below=2.0),)

    def __init__(self, factor=0.5, *, name=None):
        super().__init__(name=name)
        self.factor = self.check("factor", factor)

    def forward(self, plan, x, wish):
        out = plan.value(x.shape, wish.margin)
        plan.call(np.multiply, x.data, plan.scalar(self.factor), out.data)
        return out

    def backward(self, plan, dy, wanted):
        if wanted is None:
            return None
        dx = plan.gradient(self.input_shape, wanted)
        plan.call(np.multiply, dy.data, plan.scalar(self.factor), dx)
        return dx


class WritesOver(Scale):
    """The same over the memory of x, which others may still need."""

    def forward(self, plan, x, wish):
        plan.call(np.multiply, x.data, plan.scalar(self.factor), x.data)
        return x


class WritesBack(Scale):
    """The same over the memory of ∂J/∂y."""

    def backward(self, plan, dy, wanted):
        plan.call(np.multiply, dy.data, plan.scalar(self.factor), dy.data)
        return dy.data


class LeavesBehind(Scale):
    """∂J/∂x is added to what the last run left."""

    def backward(self, plan, dy, wanted):
        if wanted is None:
            return None
        dx, part = plan.gradient(self.input_shape, wanted), plan.like(dy.data)
        plan.call(np.multiply, dy.data, plan.scalar(self.factor), part)
        plan.call(np.add, dx, part, dx)
        return dx


class Keeps(Scale):
    """x of the first run is used in every run."""

    def forward(self, plan, x, wish):
        out, kept = plan.value(x.shape, wish.margin), np.full(x.data.shape, np.nan)

        @writes(1)
        def scale(x, y):
            np.copyto(kept, x, where=np.isnan(kept))
            np.multiply(kept, self.factor, out=y)

        plan.call(scale, x.data, out.data)
        return out


@pytest.fixture
def register(monkeypatch):
    def add(cls):
        monkeypatch.setitem(registry._parts, cls.__name__, cls)
        return cls.__name__

    return add


def first_failing(name):
    """The first of some nets that fails."""
    return next((net for net in itertools.islice(pair_nets(name), 0, None, 6) if verify(net)), None)


def test_a_layer_is_in_the_verifier_by_being_registered(register):
    name = register(Scale)
    assert (name, name) in set(pairs(name))
    assert all((first, name) in set(pairs(first)) for first in registry.names())
    assert sum(holds(net.parts, name) for net in pair_nets(name)) == sum(1 for _ in pair_nets(name))
    assert any(holds(net.parts, name) for net in triple_nets(name))
    factors = {p["config"]["factor"] for net in nets_of((name,), 30) for p in net.parts if p["class"] == name}
    assert len(factors) > 2
    assert min(factors) >= 0.1
    assert max(factors) < 2
    assert first_failing(name) is None


@pytest.mark.parametrize("faulty", [WritesOver, WritesBack, LeavesBehind, Keeps])
def test_a_registered_layer_with_a_planted_fault_is_rejected(faulty, register):
    name = register(faulty)
    found = first_failing(name)
    assert found is not None
    small, wrong = shrunk(found, verify(found), tries=8)
    assert holds(small.parts, name)
    assert len(str(small)) <= len(str(found))
    assert wrong


def test_a_nested_layer_without_a_sample_is_named(register):
    class Twice(layers.Residual):
        pass

    name = register(Twice)
    with pytest.raises(AssertionError, match=r"Twice is made of lists of layers: give it a sample"):
        list(nets_of((name,), 1))


def test_nets_are_the_same_ones_every_time():
    some = [str(net) for net in pair_nets("Residual")]
    assert some == [str(net) for net in pair_nets("Residual")]
    assert len(set(some)) == len(some)


@pytest.mark.parametrize("days", [1, 3])
def test_so_many_days_see_every_pair_once(days):
    for first in registry.names():
        seen = [pair for day in range(7, 7 + days) for pair in pairs_of_a_day(first, day, days)]
        assert sorted(seen) == sorted(pairs(first))


def test_what_is_verified_is_varied():
    """Counted, so that a change of the samples cannot empty a corner unseen."""
    nets = []
    for first in registry.names():
        for pair in pairs(first):
            made = list(nets_of(pair, 3))
            assert all(holds(net.parts, name) for net in made for name in pair), made
            nets += made
    assert {len(net.shape) for net in nets} == {1, 3}
    assert {n % 2 for net in nets if len(net.shape) == 3 for n in net.shape[:2]} == {0, 1}
    losses = {net.loss["name"] for net in nets}
    assert len(losses) == 4
    text = "\n".join(map(str, nets))
    for words in (
        "UpSampling2D(), ", "ZeroPadding2D()]", "merge='add'", "branches=[[]", "strides=3", "pool_size=3",
        "Activation(activation='relu'), ZeroPadding2D", "regularizer", "kernel_size=2, strides=3", "SideBranch(body",
    ):  # fmt: skip
        assert words in text.replace("[[], ", "branches=[[], "), words


def trained(parts, shape=(7, 7, 2)):
    net = Net(shape, parts, {"name": "half_mse"}, 5)
    model = net.model()
    return net, model, *net.data(BATCH, 0, model)


def test_poison_reaches_every_number_that_a_run_writes():
    _, model, x, t = trained([part("Conv2D", filters=2, kernel_size=3, activation="tanh"), part("MaxPooling2D")])
    plan = model.plan(BATCH, "train")
    buffers = Buffers(model, plan)
    buffers.watch(lambda: step(model, x, t))
    buffers.watch(lambda: step(model, x[::-1], t))
    assert buffers.spared() > 100
    poison(plan, buffers)
    assert buffers.spared() == 0
    assert np.isnan(model.store.gradients).all()


def test_what_a_plan_writes_is_found_behind_views_and_closures():
    whole, other = np.zeros((4, 5)), np.zeros(3)
    strided = np.lib.stride_tricks.as_strided(whole[1:], (2, 2), whole.strides)
    assert root(strided) is whole
    found = {id(root(a)) for a in reached([(lambda: other.fill(1), ()), (np.add, (strided, 1, strided.T))])}
    assert found >= {id(whole), id(other)}


def test_the_reference_is_a_sum_written_down_by_hand():
    model = Sequential(
        [layers.Conv2D(1, 1), layers.Residual([layers.BatchNormalization()], activation="relu")], seed=1, dtype=float
    )
    model.compile("SGD", "half_mse")
    model.build((2, 2, 1))
    kernel, bias, gamma, beta, mean, variance = model.get_weights()
    x = np.random.default_rng(1).normal(size=(3, 2, 2, 1))
    z = x * kernel[0, 0] + bias
    y = np.maximum(z + gamma * (z - z.mean()) / np.sqrt(z.var() + 1e-3) + beta, 0)
    assert not far(Reference(model).forward(model.get_weights(), x, True), y)
    y = np.maximum(z + gamma * (z - mean) / np.sqrt(variance + 1e-3) + beta, 0)
    assert not far(Reference(model).forward(model.get_weights(), x, False), y)


@pytest.mark.parametrize("number", range(0, 60, 7))
def test_every_net_can_be_written_down_and_made_again(number):
    net = next(itertools.islice(every_net(), number, None))
    again = Net(net.shape, net.parts, net.loss, net.seed)
    a, b = net.model(), again.model()
    assert [w.tobytes() for w in a.get_weights()] == [w.tobytes() for w in b.get_weights()]
