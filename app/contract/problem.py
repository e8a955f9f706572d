"""Error answers: RFC 9457 problem documents."""

from pydantic import Field

from app.contract.base import Answer, sometimes
from engine.core.errors import Param


class FieldProblem(Answer):
    """One wrong place of a request."""

    field: str = Field(description="a path into what was sent")
    code: str = Field(description="what is wrong, as in Problem")
    params: dict[str, Param] = Field(description="what the code's message is about")
    detail: str


class Problem(Answer):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field(description="the page that explains this kind of error, /docs/errors#STATUS")
    title: str = Field(description="the kind of error in a few words")
    status: int
    code: str = Field(description="what went wrong: a message of languages/*/errors.ftl, listed in docs/errors.md")
    params: dict[str, Param] = Field(description="what the message is about, by name: numbers, names, lists of them")
    detail: str = Field(description="the sentence in English: who wanted what, and what came")
    field: str = sometimes("the place that is to blame, a path into what was sent")
    layer: str = sometimes("the id of the layer that this place lies in")
    limit: bool = sometimes("true where a setting of the server is the limit")
    errors: list[FieldProblem] = sometimes("every wrong place")
