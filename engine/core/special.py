"""Special functions NumPy lacks."""

import numpy as np

from engine.core.types import Array

# W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969) 631-637.
_NEAR_P = (3.20937758913846947e03, 3.77485237685302021e02, 1.13864154151050156e02, 3.16112374387056560e00,
           1.85777706184603153e-1)  # fmt: skip
_NEAR_Q = (
    2.84423683343917062e03,
    1.28261652607737228e03,
    2.44024637934444173e02,
    2.36012909523441209e01,
    1.0,
)
_MID_P = (1.23033935479799725e03, 2.05107837782607147e03, 1.71204761263407058e03, 8.81952221241769090e02,
          2.98635138197400131e02, 6.61191906371416295e01, 8.88314979438837594e00, 5.64188496988670089e-1,
          2.15311535474403846e-8)  # fmt: skip
_MID_Q = (1.23033935480374942e03, 3.43936767414372164e03, 4.36261909014324716e03, 3.29079923573345963e03,
          1.62138957456669019e03, 5.37181101862009858e02, 1.17693950891312499e02, 1.57449261107098347e01,
          1.0)  # fmt: skip
_FAR_P = (-6.58749161529837803e-4, -1.60837851487422766e-2, -1.25781726111229246e-1, -3.60344899949804439e-1,
          -3.05326634961232344e-1, -1.63153871373020978e-2)  # fmt: skip
_FAR_Q = (2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1, 1.87295284992346047e00,
          2.56852019228982242e00, 1.0)  # fmt: skip


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    out = np.full_like(x, coefficients[-1])
    for c in coefficients[-2::-1]:
        out *= x
        out += c
    return out


def erf(x: Array) -> Array:
    """erf(x) = 2/√π ∫₀ˣ e^(−t²) dt, to about 1e-16; same shape and dtype as x."""
    v = np.abs(x.astype(np.float64))
    square = v * v
    near = v * _polynomial(_NEAR_P, square) / _polynomial(_NEAR_Q, square)
    tail = np.exp(-np.minimum(square, 700.0))
    mid = 1.0 - tail * _polynomial(_MID_P, v) / _polynomial(_MID_Q, v)
    inverse = 1.0 / np.maximum(square, 16.0)
    series = inverse * _polynomial(_FAR_P, inverse) / _polynomial(_FAR_Q, inverse)
    far = 1.0 - tail * (1.0 / np.sqrt(np.pi) + series) / np.maximum(v, 4.0)
    out = np.where(v <= 0.46875, near, np.where(v <= 4.0, mid, far))
    return np.asarray(np.copysign(out, x).astype(x.dtype))


def softmax_parts(z: Array, axis: int = -1) -> tuple[Array, Array, Array]:
    """(z − max z, e^(z − max z), Σ e^(z − max z)): softmax is the second over the third, its logarithm the first less

    the third's logarithm.
    """
    shifted = z - z.max(axis=axis, keepdims=True)
    e = np.exp(shifted)
    return shifted, e, e.sum(axis=axis, keepdims=True)


def softmax(z: Array, axis: int = -1) -> Array:
    """e^z / Σ e^z."""
    _, e, total = softmax_parts(z, axis)
    return np.asarray(e / total)
