"""The three faults that the verifier was written for, put back: `python -m tests.engine.verifier.plant`.

Each was a layer that wrote over what it was given, as layers once did by their own judgement. `unchecked` switches off
the check of memory that plans make of themselves (engine.core.memory), so that the verifier stands alone.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import numpy as np

from engine.core.memory import Timeline
from engine.core.plan import Plan, Slope, Value
from engine.layers import Activation, BatchNormalization, Layer, stack
from engine.layers import layers as registry
from tests.engine.verifier.checks import verify
from tests.engine.verifier.conditions import told
from tests.engine.verifier.groups import pair_nets
from tests.engine.verifier.nets import Net
from tests.engine.verifier.samples import part


@contextmanager
def unchecked() -> Iterator[None]:
    """Plans are not checked for numbers that are read before they are written."""
    with told(Timeline, "check", lambda self: None):
        yield


def unshared() -> AbstractContextManager[None]:
    """Every buffer has memory of its own, so that what a call leaves behind lies there untouched until the next run."""
    return told(Timeline, "share", lambda self: {})


@contextmanager
def leaky_over_z() -> Iterator[None]:
    """1.1: a = max(z, 0.2·z) is worked out in the memory of z, so that z is 0.2·z before it is compared with that."""
    right = Activation.forward

    def forward(self: Activation, plan: Plan, x: Value, wish: Any) -> Value:
        if len(x.shape) != 3 or not plan.shortcuts or self.activation.name != "leaky_relu":
            return right(self, plan, x, wish)
        plan.need(x.data)
        plan.preactivations[self], plan.memo[self] = x.data, defaultdict(lambda: None)
        self.activation.forward(plan, x.data, x.data)
        return Value(x.data)

    with told(Activation, "forward", forward):
        yield


Backward = Callable[[Any, Plan, Slope, Any], Any]


def _over_slope(right: Backward, may: Callable[[Plan, np.ndarray], bool]) -> Backward:
    """A layer's way back that writes ∂J/∂x over ∂J/∂y where it `may`."""

    def backward(self: Layer, plan: Plan, dy: Slope, wanted: Any) -> Any:
        relu = not isinstance(self, Activation) or self.activation.name == "relu"
        image = len(self.input_shape) == 3 and plan.shortcuts and wanted is not None
        if not (relu and image and may(plan, dy.data)):
            return right(self, plan, dy, wanted)
        plan.need(dy.data)
        plan.gradient = lambda shape, margin=None: dy.data  # type: ignore[method-assign]
        try:
            return right(self, plan, dy, wanted)
        finally:
            del plan.gradient

    return backward


@contextmanager
def _writing_back(may: Callable[[Plan, np.ndarray, list[np.ndarray]], bool]) -> Iterator[None]:
    """Batch normalisation and ReLU write over slopes; `may` is told those that branches have in common."""
    common: dict[Plan, list[np.ndarray]] = defaultdict(list)
    right = stack.backward

    def backward(plan: Plan, layers: Any, dy: Slope, wanted: Any) -> Any:
        common[plan].append(dy.data)
        return right(plan, layers, dy, wanted)

    with ExitStack() as planted:
        planted.enter_context(told(stack, "backward", backward))
        for layer in (BatchNormalization, Activation):
            over = _over_slope(layer.backward, lambda plan, dy: may(plan, dy, common[plan]))
            planted.enter_context(told(layer, "backward", over))
        yield


def slope_over_gaps() -> AbstractContextManager[None]:
    """1.2: ∂J/∂x is written over ∂J/∂y, in pixels too that the layer behind never writes and takes to be zero."""
    return _writing_back(lambda plan, dy, common: not any(np.may_share_memory(dy, other) for other in common))


def owner_by_id() -> AbstractContextManager[None]:
    """1.3: the same where branches share ∂J/∂y, which is known by the array's id alone: a view of it has another."""
    return _writing_back(lambda plan, dy, common: not any(dy is other for other in common))


def _net(shape: tuple[int, ...], *parts: dict[str, Any]) -> Net:
    return Net(shape, list(parts), {"name": "half_mse"}, 3)


CONV, NORMAL = part("Conv2D", filters=3, kernel_size=1), part("BatchNormalization")
END = (part("Flatten"), part("Dense", units=2))
SMALL = part("Conv2D", filters=3, kernel_size=3)
PADDED = [SMALL, NORMAL, part("ZeroPadding2D", padding=1)]
FAULTS: dict[str, tuple[Callable[[], AbstractContextManager[None]], list[Net]]] = {
    "1.1": (
        leaky_over_z,
        [
            _net((5, 5, 2), CONV, part("Activation", activation="leaky_relu")),
            _net((5, 5, 2), CONV, NORMAL, part("Activation", activation="leaky_relu"), *END),
        ],
    ),
    "1.2": (
        slope_over_gaps,
        [
            _net((7, 7, 2), CONV, NORMAL, part("MaxPooling2D"), *END),
            _net((8, 8, 2), CONV, NORMAL, part("AveragePooling2D", pool_size=3), *END),
            _net((7, 7, 2), CONV, NORMAL, part("Conv2D", filters=2, kernel_size=1, strides=2), *END),
        ],
    ),
    "1.3": (
        owner_by_id,
        [
            _net((6, 6, 2), CONV, part("Residual", body=PADDED), *END),
            _net((6, 6, 2), CONV, part("Parallel", branches=[PADDED, []], merge="add"), *END),
        ],
    ),
}


def main() -> None:
    for name, (plant, _) in FAULTS.items():
        for check in (True, False):
            failing, count = [], 0
            with plant(), ExitStack() if check else unchecked():
                for first in sys.argv[1:] or registry.names():
                    for net in pair_nets(first):
                        count += 1
                        if wrong := verify(net):
                            failing.append((net, wrong))
            print(f"{name}, plans {'' if check else 'not '}checked: {len(failing)} of {count} nets fail, such as")
            for net, wrong in failing[:3]:
                print(f"  {net}", *wrong[:3], sep="\n    ", flush=True)


if __name__ == "__main__":
    main()
