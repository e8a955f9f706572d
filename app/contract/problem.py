"""Error answers: RFC 9457 problem documents."""

from pydantic import Field

from app.contract.base import Answer, sometimes


class FieldProblem(Answer):
    """One wrong place of a request."""

    field: str = Field(description="a path into what was sent")
    detail: str


class Problem(Answer):
    """What went wrong, as RFC 9457 has it."""

    type: str = Field(description="the page that explains this kind of error, /docs/errors#STATUS")
    title: str = Field(description="the kind of error in a few words")
    status: int
    detail: str = Field(description="a sentence: who wanted what, and what came")
    field: str = sometimes("the place that is to blame, a path into what was sent")
    layer: str = sometimes("the id of the layer that this place lies in")
    limit: bool = sometimes("true where a setting of the server is the limit")
    errors: list[FieldProblem] = sometimes("every wrong place")
