"""Texts of pages as they are compared."""

import re

ISOLATES = re.compile("[\u2060\u2066-\u2069]")


def unisolated(text: str) -> str:
    """Without what keeps an inserted value, or words of another direction, together in it."""
    return ISOLATES.sub("", text)
