"""The interface's own texts, as the page has them, for what else has to say them: static/text/ (more/: said later)."""

import json
import re
from functools import lru_cache

from app.places import STATIC

FOLDER = STATIC / "text"
ENTRY = re.compile(r'^  (\w+):\s+("(?:[^"\\]|\\.)*"),$', re.MULTILINE)


@lru_cache(maxsize=8)
def interface(language: str) -> dict[str, str]:
    """Texts by key."""
    return {
        key: json.loads(text)
        for folder in (FOLDER, FOLDER / "more")
        for key, text in ENTRY.findall((folder / f"{language}.js").read_text("utf-8"))
    }


def right_to_left(language: str) -> bool:
    return interface(language)["direction"] == "rtl"
