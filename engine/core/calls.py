"""Wrong calls answered in words: which argument is not there, which one was meant, what to do instead.

A class whose metaclass is `Part`, and a function under `@worded`, check the names of their arguments before Python
does, so that nobody meets a bare TypeError. What Keras has and this engine has not stands in a table of `Foreign`
arguments: Keras's default for it is fine, anything else is an error that says what to do instead.
"""

import difflib
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import numpy as np

from engine.core.errors import EngineError
from engine.core.errors import plain as scalar

P = ParamSpec("P")
R = TypeVar("R")


class WrongCall(EngineError, TypeError):
    """Arguments that are not there, twice or missing: a ValueError as all that is refused here, and the TypeError that
    Python and Keras have for it.
    """


@dataclass(frozen=True)
class Foreign:
    """An argument of Keras's that does nothing here: `harmless` values (Keras's defaults) pass, others do not.

    `remedy` says what to do instead; without one, any value passes, since it changes no number.
    """

    remedy: str = ""
    harmless: tuple[Any, ...] = (None,)

    def check(self, who: str, name: str, value: Any) -> None:
        if not self.remedy or any(_same(value, fine) for fine in self.harmless):
            return
        fine = [repr(v) for v in self.harmless if v is not None]
        expected = f"{name} to be {' or '.join(fine)}" if fine else f"no {name}"
        raise EngineError(
            "argument-foreign",
            f"{{who}} expected {expected}, got {{got!r:.80}}: {{remedy}}",
            who=who,
            argument=name,
            got=value,
            remedy=self.remedy,
        )


def _same(value: Any, fine: Any) -> bool:
    """Equality that calls True and 1 different and does not compare arrays."""
    if isinstance(value, list | tuple):
        return isinstance(fine, tuple) and tuple(value) == fine
    return type(value) is type(fine) and not isinstance(value, np.ndarray) and bool(value == fine)


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    by_case = {n.lower(): n for n in known}
    found = difflib.get_close_matches(name.lower(), by_case, n=1, cutoff=0.5)
    return by_case[found[0]] if found else None


def nearest(name: str, known: Iterable[str]) -> str:
    """ " Did you mean 'units'?", or nothing."""
    meant = near(name, known)
    return f" Did you mean {meant!r}?" if meant else ""


def unknown_argument(who: str, name: str, known: Iterable[str], remedy: str = "") -> WrongCall:
    """The error for an argument that is not there."""
    names = tuple(known)
    meant = None if remedy else near(name, names)
    has = "It has {known}" if names else "It has no arguments"
    if meant:
        return WrongCall(
            "unknown-argument-near",
            "{who} has no argument {name!r}. Did you mean {near!r}? It has {known}",
            who=who,
            name=name,
            near=meant,
            known=names,
        )
    hint = f" {remedy}" if remedy else ""
    return WrongCall(
        "unknown-argument", f"{{who}} has no argument {{name!r}}.{hint} {has}", who=who, name=name, known=names
    )


def checked_call(
    who: str,
    signature: inspect.Signature,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    foreign: Mapping[str, Foreign],
    more: Iterable[str] = (),
    order: tuple[str, ...] = (),
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments without the foreign ones, NumPy's scalars as Python's; or a ValueError.

    `more`: names behind a `**` of the signature. `order`: what arguments without a name are called, where Keras has
    foreign ones among them.
    """
    args, own = tuple(map(plain, args)), {name: plain(value) for name, value in kwargs.items()}
    parameters = signature.parameters
    if order:
        args, own = (), _named(who, order, args, own)
    named = [n for n, p in parameters.items() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    open_end = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    known = [*named, *(n for n in more if n not in named)]
    for name in [n for n in own if n not in named]:
        if name in foreign and name not in known:
            foreign[name].check(who, name, own.pop(name))
        elif name not in known and not (open_end and not more):
            remedy = RENAMED.get(name, "")
            raise unknown_argument(who, name, known, remedy)
    places = [n for n, p in parameters.items() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if len(args) > len(places) and not any(p.kind is p.VAR_POSITIONAL for p in parameters.values()):
        words = f"at most {len(places)} arguments without a name ({', '.join(places)})" if places else "named arguments"
        raise WrongCall("other", "{said}", said=f"{who} expected {words}, got {len(args)}: give the others by name")
    _once(who, places, args, own)
    missing = [
        n
        for n in named
        if parameters[n].default is inspect.Parameter.empty and n not in own and n not in places[: len(args)]
    ]
    if missing:
        raise WrongCall(
            "argument-missing",
            "{who} expected a value for {argument}, got none. It has {known}",
            who=who,
            argument=missing[0],
            known=tuple(known),
        )
    return args, own


def _once(who: str, names: Iterable[str], args: tuple[Any, ...], own: Mapping[str, Any]) -> None:
    for name, value in zip(names, args, strict=False):
        if name in own:
            twice = f"{who} expected {name} once, got it twice ({value!r:.40} and by name)"
            raise WrongCall("other", "{said}", said=twice)


def _named(who: str, order: tuple[str, ...], args: tuple[Any, ...], own: dict[str, Any]) -> dict[str, Any]:
    """All arguments by name."""
    if len(args) > len(order):
        most = f"at most {len(order)} arguments without a name ({', '.join(order)})"
        raise WrongCall("other", "{said}", said=f"{who} expected {most}, got {len(args)}: give the others by name")
    _once(who, order, args, own)
    return dict(zip(order, args, strict=False)) | own


def plain(value: Any) -> Any:
    """A NumPy scalar, alone or in a list or tuple, as Python's number."""
    value = scalar(value)
    if type(value) in (list, tuple):
        return type(value)(map(plain, value)) if any(isinstance(v, np.generic | list | tuple) for v in value) else value
    return value


RENAMED = {
    "lr": "Say learning_rate.",
    "decay": "Give learning_rate a schedule, such as schedules.InverseTimeDecay(0.01, 1, decay).",
    "nb_epoch": "Say epochs.",
    "nb_epochs": "Say epochs.",
    "init": "Say kernel_initializer.",
    "W_regularizer": "Say kernel_regularizer.",
    "b_regularizer": "Say bias_regularizer.",
    "border_mode": "Say padding.",
    "subsample": "Say strides.",
    "nb_filter": "Say filters.",
    "output_dim": "Say units.",
    "p": "Say rate.",
    "alpha": "Say negative_slope for the slope of a leaky ReLU.",
}
"""What old tutorials call things."""


class Part(type):
    """The metaclass of parts that people make by hand. `foreign` is inherited: a class adds its own to its bases'.

    `order` names the arguments that are given without a name as Keras does, foreign ones among them; it holds for the
    class's own `__init__`. Without it the signature's order holds.
    """

    foreign: Mapping[str, Foreign]
    order: tuple[str, ...]

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        args, own = checked_call(
            cls.__name__, signature_of(cls), args, kwargs, foreign_of(cls), cls.more_arguments(), order_of(cls)
        )
        return super().__call__(*args, **own)

    @property
    def __signature__(cls) -> inspect.Signature:
        """What `help` and editors show: with an `order`, that one, foreign arguments with Keras's default."""
        own, order, kind = signature_of(cls).parameters, order_of(cls), inspect.Parameter
        if not order:
            return signature_of(cls)
        defaults = {name: argument.harmless[0] for name, argument in foreign_of(cls).items()}
        defaults |= {argument.name: argument.default for argument in getattr(cls, "arguments", ())}
        first = [
            own[name].replace(kind=kind.POSITIONAL_OR_KEYWORD)
            if name in own and own[name].default is not ...
            else kind(name, kind.POSITIONAL_OR_KEYWORD, default=defaults.get(name))
            for name in order
        ]
        rest = [p if p.kind is kind.VAR_KEYWORD else p.replace(kind=kind.KEYWORD_ONLY) for p in own.values()]
        return inspect.Signature([*first, *(p for p in rest if p.name not in order)])

    def more_arguments(cls) -> tuple[str, ...]:
        """Names that `__init__` takes through `**`."""
        return ()


@functools.cache
def signature_of(cls: type) -> inspect.Signature:
    """The arguments of a class, self left out."""
    made: Any = cls
    if made.__init__ is object.__init__:
        return inspect.Signature()
    return inspect.Signature(list(inspect.signature(made.__init__).parameters.values())[1:])


@functools.cache
def order_of(cls: type) -> tuple[str, ...]:
    """Keras's order of its arguments, or none: an `__init__` below the class that says it has an order of its own."""
    owner = next(base for base in cls.__mro__ if "order" in base.__dict__ or "__init__" in base.__dict__)
    found: tuple[str, ...] = owner.__dict__.get("order", ())
    return found


@functools.cache
def foreign_of(cls: type) -> dict[str, Foreign]:
    out: dict[str, Foreign] = {}
    for base in reversed(cls.__mro__):
        out |= base.__dict__.get("foreign", {})
    return out


def worded(
    foreign: Mapping[str, Foreign] | None = None, who: str = "", quick: bool = False, order: tuple[str, ...] = ()
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function or method whose wrong calls are answered in words. quick: a plain right call is not looked at.

    order: as of `Part`.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        whole = inspect.signature(function)
        method = int(next(iter(whole.parameters), "") in ("self", "cls"))
        parameters = list(whole.parameters.values())[method:]
        signature, label = inspect.Signature(parameters), who or function.__name__
        least = method + sum(p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters)
        most = method + sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters)

        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if quick and not kwargs and least <= len(args) <= most:
                return function(*args)  # type: ignore[call-arg]
            given, own = checked_call(label, signature, args[method:], kwargs, foreign or {}, order=order)
            return function(*args[:method], *given, **own)  # type: ignore[arg-type]

        return call

    return wrap
