"""Labs: a spec, what to look at, a text in every language and challenges."""

from app.labs.glossary import glossary, questions
from app.labs.labs import LABS, Lab, find_lab, knee_of

__all__ = ["LABS", "Lab", "find_lab", "glossary", "knee_of", "questions"]
