"""Activations a = g(z). Each stands as a pair: `forward` plans a from z, `backward` plans ∂J/∂z from ∂J/∂a.

Shapes: z, a, da, dz are all alike, batch last. Inside the plan the features are axis −2 (axis 0 of a vector).
"""

from typing import TYPE_CHECKING, Any

from engine.activations import rectified, smooth
from engine.activations.base import Activation, register
from engine.activations.base import activations as activations
from engine.activations.rectified import SELU_ALPHA, SELU_SCALE, leaky_backward, leaky_forward
from engine.activations.smooth import sigmoid_into
from engine.foreign import ACTIVATION_NAMES, missing_names, refuse

register("linear", "g(z) = z", rectified.linear, rectified.linear_back)
register("relu", r"g(z) = \max(0, z)", rectified.relu, rectified.relu_back, 0)
register("relu6", r"g(z) = \min(\max(0, z), 6)", rectified.relu6, rectified.relu6_back, 0, 6)
register(
    "leaky_relu",
    r"g(z) = \max(0.2 z, z)",
    lambda plan, z, a: rectified.leaky_forward(plan, z, a, 0.2),
    lambda plan, da, z, a, dz, memo: rectified.leaky_backward(plan, da, z, dz, 0.2),
)
register("elu", r"g(z) = z \text{ if } z > 0 \text{ else } e^z - 1", rectified.elu, rectified.elu_back, -1)
register("gelu", r"g(z) = z\,\Phi(z)", smooth.gelu, smooth.gelu_back)
register("swish", r"g(z) = z\,\sigma(z)", smooth.swish, smooth.swish_back)
register("sigmoid", r"g(z) = \frac{1}{1 + e^{-z}}", smooth.sigmoid_into, smooth.sigmoid_back, 0, 1)
register("step", r"g(z) = 1 \text{ if } z \ge 0 \text{ else } 0", rectified.step, rectified.step_back, 0, 1)
register("tanh", r"g(z) = \tanh z", smooth.tanh, smooth.tanh_back, -1, 1)
register("softmax", r"a_j = \frac{e^{z_j}}{\sum_k e^{z_k}}", smooth.softmax, smooth.softmax_back, 0, 1)
register("softplus", r"g(z) = \ln(1 + e^z)", smooth.softplus, smooth.softplus_back, 0)


register(
    "selu",
    r"g(z) = 1.0507 \cdot \begin{cases} z & z > 0 \\ 1.6733\,(e^z - 1) & z \le 0 \end{cases}",
    rectified.selu,
    rectified.selu_back,
    -SELU_SCALE * SELU_ALPHA,
)
register("mish", r"g(z) = z \tanh(\ln(1 + e^z))", smooth.mish, smooth.mish_back)
register("softsign", r"g(z) = \frac{z}{1 + |z|}", smooth.softsign, smooth.softsign_back, -1, 1)
register(
    "hard_sigmoid",
    r"g(z) = \min(\max(0, \tfrac z6 + \tfrac12), 1)",
    rectified.hard_sigmoid,
    rectified.hard_sigmoid_back,
    0,
    1,
)
exponential = Activation("exponential", r"g(z) = e^z", smooth.exponential, smooth.exponential_back, (0, None))
"""For Python alone: in a hidden layer it grows beyond all numbers, so no menu has it."""

linear, relu, relu6, leaky_relu = (activations.get(n) for n in ("linear", "relu", "relu6", "leaky_relu"))
elu, selu, gelu, swish = (activations.get(n) for n in ("elu", "selu", "gelu", "swish"))
sigmoid, tanh, softmax, softplus = (activations.get(n) for n in ("sigmoid", "tanh", "softmax", "softplus"))
mish, softsign, hard_sigmoid = (activations.get(n) for n in ("mish", "softsign", "hard_sigmoid"))
silu = swish
ALIASES = {"silu": "swish", "ReLU": "relu", "Softmax": "softmax", "LeakyReLU": "leaky_relu", "ELU": "elu"}


def get(activation: Any) -> Activation:
    """From a name, None (linear) or itself."""
    if isinstance(activation, Activation):
        return activation
    if activation is None:
        return linear
    if isinstance(activation, str):
        if activation == exponential.name:
            return exponential
        refuse("activation", activation, ACTIVATION_NAMES)
        return activations.get(ALIASES.get(activation, activation))
    if hasattr(activation, "backward"):
        raise ValueError(
            f"an activation is a name, got a layer; put {type(activation).__name__} behind this one instead"
        )
    shown = getattr(activation, "__name__", repr(activation))
    raise ValueError(
        f"an activation is one of {', '.join(activations.names())}, got {shown}: "
        "a function of your own has no slope here, since nothing is differentiated by itself"
    )


__all__ = [
    "ALIASES",
    "SELU_ALPHA",
    "SELU_SCALE",
    "Activation",
    "elu",
    "exponential",
    "gelu",
    "hard_sigmoid",
    "leaky_backward",
    "leaky_forward",
    "leaky_relu",
    "linear",
    "mish",
    "register",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "sigmoid_into",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]

if not TYPE_CHECKING:
    __getattr__ = missing_names(__name__, ACTIVATION_NAMES, lambda: list(globals()))
