"""Who owns which memory in a plan, told by the memory itself: what is checked of it, and what may share it.

Layers never decide to write over something. Each writes into buffers of its own, and when a plan is whole, its list of
calls shows what every call reads and writes. From that alone

- `check`: no call reads a number that a later call of the same run writes (it would be the last run's), and none writes
  outside the plan's own memory. So a run depends on its inputs and the parameters alone, however often it was made.
- `share`: a buffer is laid over another where the numbers there have been read for the last time before, row by row,
  and where both write exactly the same places (a place that is never written stays zero in every run). An elementwise
  call may read and write the same place. This is the liveness analysis of a compiler's register allocation.

Memory is compared by address and extent: a view, a reshaped view or a view of other strides is the memory under it.
"""

import bisect
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds

from engine.core.types import Array

Call = tuple[Callable[..., Any], tuple[Any, ...]]
Accesses = tuple[list[Array], list[Array]]
NEVER = np.iinfo(np.int64).max


def address_of(array: Array) -> int:
    """Where an array's first number lies."""
    return int(array.__array_interface__["data"][0])


def writes(count: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a function for plans that writes into the last `count` of its arrays and only reads the others."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.writes = count  # type: ignore[attr-defined]
        return function

    return mark


def accesses(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Accesses:
    """The arrays that a call reads and those that it writes; a TypeError for a function that does not say."""
    arrays = [a for a in arguments if isinstance(a, np.ndarray)]
    if isinstance(function, partial) and isinstance(function.func, np.ufunc) and set(function.keywords) == {"out"}:
        return arrays, [function.keywords["out"]]
    if isinstance(function, np.ufunc):
        outputs = [a for a in arguments[function.nin :] if isinstance(a, np.ndarray)]
        if len(outputs) == function.nout:
            return [a for a in arguments[: function.nin] if isinstance(a, np.ndarray)], outputs
    elif isinstance(getattr(function, "__self__", None), np.ufunc) and function.__name__ == "reduce":
        if len(arguments) > 3 and isinstance(arguments[3], np.ndarray):
            return [arguments[0]], [arguments[3]]
    elif function is np.copyto:
        return arrays[1:], arrays[:1]
    elif function is np.dot and len(arrays) == 3:
        return arrays[:2], arrays[2:]
    count = getattr(function, "writes", None)
    if count is None:
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(f"a plan expected a NumPy call with an output, or a function marked @writes(n), got {name}")
    return arrays[: len(arrays) - count], arrays[len(arrays) - count :]


def elementwise(function: Callable[..., Any]) -> bool:
    """Whether a call's every output number comes from the input numbers at its own place alone."""
    inner = function.func if isinstance(function, partial) else function
    return inner is np.copyto or (isinstance(inner, np.ufunc) and inner.signature is None)


class Root:
    """A piece of memory that a plan made: one array without gaps, and what its calls do with it."""

    def __init__(self, array: Array) -> None:
        self.numbers: Array = array.ravel(order="K")
        self.start = address_of(array)
        self.stop = self.start + array.nbytes
        self.pinned = False
        """Seen from outside the plan: what it holds after a run stands."""
        self.given = False
        """Filled from outside before a run, and not to be written by the plan's calls."""
        self.filled = False
        """Filled from outside before a run, to be worked on."""
        self.rows = array.shape[int(np.argmax(array.strides))] if array.ndim else 1
        self.row_bytes = max(1, array.nbytes // max(self.rows, 1))
        self.key = (array.nbytes, self.rows, array.itemsize)
        self.written: Array = np.zeros(array.size, bool)
        """Which numbers the calls write."""
        self.whole = self.used = False
        """Whether they write all of them, and any."""
        self.seen: Array = np.zeros(0, bool)
        self.unseen = 0
        self.first: Array = np.zeros(0, np.int64)
        self.last: Array = np.zeros(0, np.int64)
        self.begin = self.end = NEVER
        """The earliest and the latest of `first`."""

    def spots(self, view: Array, marks: Array) -> Array:
        """Of `marks` (one for each number of this memory) those under a view."""
        size = self.numbers.itemsize
        each = view.itemsize // size  # several, where pixels are moved whole
        if each * size != view.itemsize:
            raise TypeError(f"a plan expected views of {size}-byte numbers, got {view.dtype} over {self.numbers.dtype}")
        offset = (address_of(view) - self.start) // size
        strides = tuple(s // size for s in view.strides)
        return np.ndarray((*view.shape, each), bool, marks, offset, (*strides, 1))

    def span(self, view: Array) -> slice:
        """The rows (steps along the first axis of this memory) that a view reaches over."""
        if view.size == self.numbers.size and view.itemsize == self.numbers.itemsize:
            return slice(0, self.rows)
        low, high = byte_bounds(view)
        return slice((low - self.start) // self.row_bytes, -(-(high - self.start) // self.row_bytes))

    def moved(self, view: Array, other: "Root") -> Array:
        """The same view over another root's memory."""
        offset = address_of(view) - self.start
        return np.ndarray(view.shape, view.dtype, other.numbers, offset, view.strides)


class Memory:
    """All the memory of one plan, found by address."""

    def __init__(self) -> None:
        self.roots: list[Root] = []
        self._starts: list[int] = []
        self.known: dict[int, Root | None] = {}
        """By id, the memory under arrays that stand in calls, while these are looked through."""

    def add(self, array: Array) -> Root:
        """Memory that the plan's calls may write."""
        root = Root(array)
        if array.nbytes:
            at = bisect.bisect(self._starts, root.start)
            self._starts.insert(at, root.start)
            self.roots.insert(at, root)
        return root

    def find(self, view: Array) -> Root | None:
        """The memory under a view; None if it is not the plan's."""
        address = address_of(view)
        at = bisect.bisect(self._starts, address) - 1
        return self.roots[at] if at >= 0 and address < self.roots[at].stop else None

    def under(self, view: Array) -> Root | None:
        """`find` for an array that stands in a call."""
        key = id(view)
        if key not in self.known:
            self.known[key] = self.find(view)
        return self.known[key]

    def keep(self, view: Array) -> None:
        """What lies under a view is read after the run: it keeps its memory for itself."""
        root = self.find(view)
        if root is not None:
            root.pinned = True


class Timeline:
    """What the calls of a plan read and write, in the order in which they run."""

    def __init__(self, memory: Memory, calls: Iterable[Call | Array], updates: Iterable[Call] = ()) -> None:
        """calls: in order; an array stands for an exchange, which reads and writes it. updates: the calls behind them

        that change what is remembered between steps, memory that is not the plan's.
        """
        self.memory = memory
        self.steps: list[tuple[bool, list[tuple[Root, Array]], list[tuple[Root, Array]]]] = []
        for call in calls:
            if isinstance(call, np.ndarray):
                self._add(False, [call], [call])
            else:
                self._add(elementwise(call[0]), *accesses(*call))
        for call in updates:
            self._add(False, *accesses(*call), outside=True)

    def _add(self, alike: bool, read: list[Array], written: list[Array], outside: bool = False) -> None:
        known = [(root, a) for a in read if a.size and (root := self.memory.under(a)) is not None]
        out = []
        for a in written:
            root = self.memory.under(a) if a.size else None
            if root is not None:
                out.append((root, a))
            if a.size and not outside and (root is None or root.given):
                raise AssertionError(f"call {len(self.steps)} of a plan writes {a.shape} numbers that are not its own")
        self.steps.append((alike, known, out))

    def note(self) -> None:
        """Finds out which numbers the calls write."""
        for _, _, out in self.steps:
            for root, view in out:
                root.spots(view, root.written)[...] = True
        for root in self.memory.roots:
            root.whole, root.used = bool(root.written.all()), bool(root.written.any())

    def check(self) -> None:
        """Raises AssertionError if a run could see what an earlier one left behind."""
        for root in self.memory.roots:
            known = root.given or root.filled
            root.seen = np.full(root.numbers.size, True) if known else ~root.written
            root.unseen = 0 if known else int(np.count_nonzero(root.written))
        for number, (_, read, out) in enumerate(self.steps):
            for root, view in read:
                if root.unseen and not root.spots(view, root.seen).all():
                    raise AssertionError(f"call {number} of a plan reads {view.shape} numbers before they are written")
            for root, view in out:
                if root.unseen:
                    spots = root.spots(view, root.seen)
                    root.unseen -= spots.size - int(np.count_nonzero(spots))
                    spots[...] = True

    def share(self) -> dict[int, Root]:
        """Which roots may lie over another one's memory: {id(root): the root that lends it}."""
        self._spans()
        homes: dict[int, Root] = {}
        pairs = self._pairs()
        lenders: dict[Any, list[_Home]] = {}
        for root in sorted(self.memory.roots, key=lambda r: r.begin):
            if root.pinned or not root.used:
                continue
            found = lenders.setdefault((root.key, root.whole), [])
            home = next((h for h in reversed(found) if h.takes(root, pairs)), None)
            if home is None:
                found.append(_Home(root))
                continue
            home.settle(root)
            homes[id(root)] = home.root
            found.remove(home)
            found.append(home)
        return homes

    def _spans(self) -> None:
        """When each row of every root is used first and last; rows that are never written count as never used."""
        for root in self.memory.roots:
            root.first = np.full(root.rows, NEVER)
            root.last = np.full(root.rows, -1)
        for number, (_, read, out) in enumerate(self.steps):
            for root, view in (*read, *out):
                span = root.span(view)
                root.last[span] = number
                first = root.first[span]
                first[first == NEVER] = number
        for root in self.memory.roots:
            if root.rows and not root.whole:
                idle = ~root.written.reshape(root.rows, -1).any(axis=1)
                root.first[idle], root.last[idle] = NEVER, -1
            if root.rows:
                root.begin, root.end = int(root.first.min()), int(root.first.max())

    def _pairs(self) -> set[tuple[int, int, int]]:
        """(step, root read, root written): an elementwise call that may write just where it reads."""
        found = set()
        for number, (alike, read, out) in enumerate(self.steps):
            if not alike or len(out) != 1:
                continue
            target, view = out[0]
            place = _place(target, view)
            if any(root is target for root, _ in read):
                continue
            for root in {id(root): root for root, _ in read}.values():
                if all(_place(root, v) == place for r, v in read if r is root):
                    found.add((number, id(root), id(target)))
        return found


def _place(root: Root, view: Array) -> tuple[Any, ...]:
    return address_of(view) - root.start, view.shape, view.strides, view.itemsize


class _Home:
    """Memory that one root after the other lives in."""

    def __init__(self, root: Root) -> None:
        self.root = root
        self.last = root.last.copy()
        self.latest, self.earliest = int(root.last.max()), int(root.last.min())
        self.tenants = [root]

    def takes(self, root: Root, pairs: set[tuple[int, int, int]]) -> bool:
        if self.latest >= root.begin and not self._makes_way(root, pairs):
            return False
        if root.whole:
            return True
        if not np.array_equal(self.root.written, root.written):
            return False
        idle = ~root.written
        return np.array_equal(self.root.numbers[idle], root.numbers[idle])

    def _makes_way(self, root: Root, pairs: set[tuple[int, int, int]]) -> bool:
        """Whether row by row the last use is before the first one of `root`, or in the same elementwise call."""
        if self.earliest > root.end:
            return False
        late = self.last >= root.first
        if late.any():
            if (self.last[late] > root.first[late]).any():
                return False
            for step in set(root.first[late].tolist()):
                users = [t for t in self.tenants if (t.last == step).any()]
                if any((step, id(t), id(root)) not in pairs for t in users):
                    return False
        return True

    def settle(self, root: Root) -> None:
        self.last = np.maximum(self.last, root.last)
        self.latest, self.earliest = int(self.last.max()), int(self.last.min())
        self.tenants.append(root)
