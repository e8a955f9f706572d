"""Convolution as a few batched matrix products over strided views, without copying the image.

An image lies in memory as rows, channels, width, batch. For output row h and kernel column j the numbers that meet the
kernel are rows h·s … h·s + k of the (padded) image seen as a matrix (k·C) × (W_out·B) that starts at column j·B: all of
its rows are equally far apart, so it is a view. A convolution is then one product for each kernel column, batched over
the output rows, and their sum. Images of few channels are laid out once for every kernel column instead (`expanded`),
which makes it one product. With a stride along the width the columns are first parted by their remainder (`phases`).

Sums are taken in an order fixed by the shapes alone: the same input gives the same bits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from engine.core.blas import PACKS
from engine.core.plan import Margin, Plan
from engine.core.types import Array, Shape

SMALL_PRODUCT = 1_000_000
"""Multiply-adds up to which some kernels multiply without packing their operands first, which is far faster here."""
SMALL_WIDTH = 256
"""Columns of such a product beyond which its operand leaves the first-level cache."""
PACKED_WIDTH = 1024
"""Columns of one product where operands are packed anyway: the fewer products the better, while they fit the cache."""
EXPAND_CHANNELS = 4
"""Up to this many input channels an image is laid out once for each kernel column."""

Pair = tuple[int, int]


def out_size(size: int, kernel: int, stride: int, padding: str) -> int:
    """Pixels along one axis after a window of `kernel` moves in steps of `stride`."""
    return -(-size // stride) if padding == "same" else (size - kernel) // stride + 1


def same_padding(size: int, kernel: int, stride: int) -> Pair:
    """Zeros before and after, as Keras has them: the odd one goes after."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


@dataclass(frozen=True)
class Window:
    """A window over an image: sizes of input and output, kernel, strides, and the zeros around the input."""

    height: int
    width: int
    kernel: Pair
    strides: Pair
    margin: Margin

    @classmethod
    def over(cls, shape: Shape, kernel: Pair, strides: Pair, padding: str) -> "Window":
        height, width = shape[:2]
        margin = Margin()
        if padding == "same":
            margin = Margin(*same_padding(height, kernel[0], strides[0]), *same_padding(width, kernel[1], strides[1]))
        return cls(height, width, kernel, strides, margin)

    @property
    def out_height(self) -> int:
        return (self.height + self.margin.top + self.margin.bottom - self.kernel[0]) // self.strides[0] + 1

    @property
    def out_width(self) -> int:
        return (self.width + self.margin.left + self.margin.right - self.kernel[1]) // self.strides[1] + 1


def divisor(number: int, most: int) -> int:
    """The largest divisor of `number` that is at most `most` (at least 1)."""
    return next(d for d in range(min(number, max(most, 1)), 0, -1) if number % d == 0)


def _columns(array: Array, parts: int) -> Array:
    """(R, K, L) as (R, parts, K, L / parts), a view."""
    r, k, length = array.shape
    a, b, c = array.strides
    return as_strided(array, (r, parts, k, length // parts), (a, length // parts * c, b, c))


def products(plan: Plan, terms: Sequence[tuple[Array, Array]], out: Array) -> Callable[[slice], None]:
    """What plans out[r] ← Σ weights @ operand[r] for some rows: weights (M, K), operand (R, K, L), out (R, M, L)."""
    _, m, length = out.shape
    k = terms[0][1].shape[1]
    widest = PACKED_WIDTH if PACKS else max(1, min(SMALL_WIDTH, SMALL_PRODUCT // (m * k)))
    parts = length // divisor(length, widest) if length > widest else 1
    if length // parts < 32:  # no good divisor: rather packed than in slivers
        parts = 1

    def emit(s: slice) -> None:
        target = _columns(out[s], parts)
        for i, (weights, operand) in enumerate(terms):
            source = _columns(operand[s], parts)
            if i == 0:
                plan.call(np.matmul, weights, source, target)
                continue
            term = plan.buffer((s.stop - s.start, m, length))
            plan.call(np.matmul, weights, source, _columns(term, parts))
            plan.call(np.add, out[s], term, out[s])

    return emit


def outer_products(
    plan: Plan, dy: Array, operands: Sequence[Array], out: Sequence[Array]
) -> tuple[Callable[[slice], None], Callable[[], None]]:
    """What plans out[j] ← Σ_r dy[r] @ operands[j][r]ᵀ, for some rows and at the end.

    dy (R, M, L), operands (R, K, L), out[j] (M, K).
    """
    r, m, length = dy.shape
    k = operands[0].shape[1]
    if PACKS:
        transposed, rows, widest = m < k, m, PACKED_WIDTH  # in one piece, its longer side first
    else:
        transposed = length <= 64 and m > 16  # short sums of many rows are quicker with the roles exchanged
        rows = m if transposed else divisor(m, 16)
        widest = max(64, min(2 * SMALL_WIDTH, SMALL_PRODUCT // max(rows * k, 1)))
    parts = length // divisor(length, widest) if length > widest else 1
    if length // parts < 32:
        parts = 1
    width = length // parts
    a, b, c = dy.strides
    left = as_strided(dy, (r, parts, m // rows, rows, width), (a, width * c, rows * b, b, c))
    right = [
        as_strided(x, (r, parts, 1, k, width), (x.strides[0], width * x.strides[2], 0, *x.strides[1:]))
        for x in operands
    ]
    sums: list[list[Array]] = [[] for _ in operands]

    def emit(s: slice) -> None:
        for x, found in zip(right, sums, strict=True):
            shape = (k, rows) if transposed else (rows, k)
            each = plan.buffer((s.stop - s.start, parts, m // rows, *shape))
            if transposed:
                plan.call(np.matmul, x[s], left[s].swapaxes(-1, -2), each)
            else:
                plan.call(np.matmul, left[s], x[s].swapaxes(-1, -2), each)
            found.append(plan.buffer(each.shape[2:]))
            plan.call(np.add.reduce, each, (0, 1), None, found[-1])

    def finish() -> None:
        for found, result in zip(sums, out, strict=True):
            total = found[0]
            for other in found[1:]:
                plan.call(np.add, total, other, total)
            total = total.swapaxes(-1, -2) if transposed else total
            plan.call(np.copyto, result.reshape(total.shape), total)

    return emit, finish


def _memory(view: Array) -> Array:
    """An image's view (H, W, C, B) in the order of its memory, (H, C, W, B)."""
    return view.transpose(0, 2, 1, 3)


def in_margin(plan: Plan, view: Array, margin: Margin) -> tuple[Array, Array]:
    """The image inside `margin` as (H', C, W', B), and the view whose rows it has: its own, or a copy's."""
    ready = plan.padded(view, margin)
    if ready is not None:
        return ready, view
    height, width, channels, _ = view.shape
    copy = plan.image((height, width, channels), margin)

    def emit(s: slice) -> None:
        plan.need(view, s.stop)
        plan.call(np.copyto, copy[s], view[s])

    plan.by_rows(copy, emit)
    padded = plan.padded(copy, margin)
    assert padded is not None
    return padded, copy


def row_operand(padded: Array, start: int, count: int, step: int, kernel: int, column: int, width: int) -> Array:
    """Rows start, start + step, … of a padded image with `kernel` rows under each, from `column` on: (R, k·C, W·B)."""
    _, channels, _, batch = padded.shape
    a, b, _, d = padded.strides
    part = padded[start:, :, column:]
    return as_strided(part, (count, kernel * channels, width * batch), (step * a, b, d))


def expanded(plan: Plan, x: Array, window: Window) -> Array:
    """The operand (R, k_h·k_w·C, W_out·B) of an image of few channels, laid out once for every kernel column."""
    plan.need(x)
    height, width, channels, batch = x.shape
    (kh, kw), (sh, sw), margin = window.kernel, window.strides, window.margin
    length = window.out_width * batch
    gap = 16 if length % 256 == 0 else 0  # rows a power of two apart would fight for the same cache lines
    rows = height + margin.top + margin.bottom
    store = plan.buffer((rows, kw, channels, length + gap))
    inside = store[margin.top : margin.top + height]
    for j in range(kw):
        first = max(0, -(-(margin.left - j) // sw))
        last = min(window.out_width, (width - 1 + margin.left - j) // sw + 1)
        if first >= last:
            continue
        begin = first * sw + j - margin.left
        source = _memory(x)[:, :, begin : begin + (last - first - 1) * sw + 1 : sw]
        target = inside[:, j, :, first * batch : last * batch].reshape(height, channels, last - first, batch)
        plan.call(np.copyto, target, source)
    a, _, c, d = store.strides
    return as_strided(store, (window.out_height, kh * kw * channels, length), (sh * a, c, d))


def column_operands(plan: Plan, x: Array, window: Window) -> tuple[list[Array], Array]:
    """The operand (R, k_h·C, W_out·B) of each kernel column, and the view whose rows they are made of."""
    (kh, kw), (sh, sw) = window.kernel, window.strides
    if sw == 1:
        padded, view = in_margin(plan, x, window.margin)
        return [row_operand(padded, 0, window.out_height, sh, kh, j, window.out_width) for j in range(kw)], view
    plan.need(x)
    parted = phases(plan, x, window)
    found = [row_operand(parted[j % sw], 0, window.out_height, sh, kh, j // sw, window.out_width) for j in range(kw)]
    return found, x


def phases(plan: Plan, x: Array, window: Window) -> list[Array]:
    """The padded image's columns p, p + s, p + 2s, … as an image of their own, for each p < s that a kernel meets."""
    height, width, channels, batch = x.shape
    margin, sw = window.margin, window.strides[1]
    out = []
    for p in range(min(sw, window.kernel[1])):
        wide = window.out_width + (window.kernel[1] - 1 - p) // sw
        store = plan.buffer((height + margin.top + margin.bottom, channels, wide, batch))
        first = max(0, -(-(margin.left - p) // sw))
        last = min(wide, (width - 1 + margin.left - p) // sw + 1)
        if first < last:
            begin = first * sw + p - margin.left
            source = _memory(x)[:, :, begin : begin + (last - first - 1) * sw + 1 : sw]
            plan.call(np.copyto, store[margin.top : margin.top + height, :, first:last], source)
        out.append(store)
    return out


@dataclass(frozen=True)
class _Phase:
    """Input pixels p, p + s, … along one axis, which meet kernel taps p, p + s, … alone."""

    first: int
    """Of the phase's pixels in the (padded) input, the number of the first inside the image."""
    count: int
    at: int
    """Where that pixel lies in the image."""
    taps: int


def _phase(p: int, size: int, before: int, kernel: int, stride: int) -> _Phase:
    first = max(0, -(-(before - p) // stride))
    last = (before + size - 1 - p) // stride
    return _Phase(first, max(0, last - first + 1), first * stride + p - before, len(range(p, kernel, stride)))


def gradient_margin(window: Window) -> Margin:
    """The zeros that ∂J/∂y wants around it for the way back to ∂J/∂x."""

    def along(axis: int) -> Pair:
        size = (window.height, window.width)[axis]
        outs = (window.out_height, window.out_width)[axis]
        before = (window.margin.top, window.margin.left)[axis]
        left = right = 0
        for p in range(window.strides[axis]):
            phase = _phase(p, size, before, window.kernel[axis], window.strides[axis])
            if phase.count and phase.taps:
                left = max(left, phase.taps - 1 - phase.first)
                right = max(right, phase.first + phase.count - outs)
        return left, right

    return Margin(*along(0), *along(1))


def plan_input_gradient(
    plan: Plan, dy: Array, kernel: Array, window: Window, dx: Array, after: Callable[[int], None]
) -> None:
    """Plans ∂J/∂x (H, W, C, B) from ∂J/∂y (H_out, W_out, O, B) and the kernel (k_h, k_w, C, O).

    For each phase of rows and columns a convolution of ∂J/∂y with those taps of the kernel, turned round.
    `after(stop)` is told how many rows of ∂J/∂y have been asked for.
    """
    margin = gradient_margin(window)
    padded, source = in_margin(plan, dy, margin)
    batch = padded.shape[3]
    channels, outputs = kernel.shape[2:]
    target = _memory(dx)
    (kh, kw), (sh, sw) = window.kernel, window.strides
    lazy = sh == sw == 1
    if not lazy:
        plan.need(source)
        after(window.out_height)
    for p in range(sh):
        down = _phase(p, window.height, window.margin.top, kh, sh)
        for q in range(sw):
            across = _phase(q, window.width, window.margin.left, kw, sw)
            if not (down.count and across.count and down.taps and across.taps):
                continue
            taps = plan.buffer((across.taps, channels, down.taps, outputs))
            turned = kernel[p::sh, q::sw][::-1].transpose(1, 2, 0, 3)
            plan.call(np.copyto, taps, turned)
            start = margin.top + down.first - (down.taps - 1)
            operands = [
                row_operand(padded, start, down.count, 1, down.taps, margin.left + across.first - u, across.count)
                for u in range(across.taps)
            ]
            terms = [(taps[u].reshape(channels, -1), operand) for u, operand in enumerate(operands)]
            part = target[down.at :: sh, :, across.at :: sw][: down.count, :, : across.count]
            if lazy:
                a, b, _, d = part.strides
                rows = as_strided(part, (down.count, channels, across.count * batch), (a, b, d))
                multiply = products(plan, terms, rows)

                def emit(s: slice, multiply: Callable[[slice], None] = multiply, reach: int = down.first + 1) -> None:
                    plan.need(source, s.stop - 1 + reach)
                    after(s.stop - 1 + reach)
                    multiply(s)

                plan.by_rows(dx, emit)
            else:
                found = plan.buffer((down.count, channels, across.count * batch))
                multiply = products(plan, terms, found)
                for s in plan.slices(found):
                    multiply(s)
                plan.call(np.copyto, part, found.reshape(part.shape))
