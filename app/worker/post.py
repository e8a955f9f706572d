"""What a worker says: answers to the server's questions, refusals, and news."""

from collections.abc import Callable

from app.errors import Fault, code_of
from app.ipc.messages import AnyAnswer, News, Refusal, Told

OURS_TO_SAY = (ValueError, MemoryError, OverflowError, FloatingPointError)
"""Errors whose sentence is for the visitor; anything else is a fault."""


class Post:
    """Everything goes out through one function: the wire's, or a test's list."""

    def __init__(self, send: Callable[[Told], None]) -> None:
        self._send = send

    def answer(self, number: int, answer: AnyAnswer) -> None:
        self._send(Told(number, answer))

    def news(self, news: News) -> None:
        self._send(Told(None, news))

    def refuse(self, number: int, error: Exception) -> None:
        """Whatever went wrong becomes an answer."""
        fault = isinstance(error, Fault) or not isinstance(error, OURS_TO_SAY)
        name = type(error).__name__
        words = str(error) or name
        if fault and not isinstance(error, Fault):
            words = f"{name}: {error}"
        code, params = ("fault", {}) if fault else code_of(error)
        self._send(Told(number, Refusal(words, getattr(error, "field", None), fault, code, params)))
