"""What the models of answers have in common."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

LINES = "application/x-ndjson"
MARK = "x-described-as"
"""Stands for a $ref until the document is whole (app.openapi)."""


class Answer(BaseModel):
    """Something the server says. A field with `sometimes` may be missing; every other one is always there."""


def sometimes(description: str, alias: str | None = None) -> Any:
    """A field that is not in every answer."""
    return Field(default_factory=lambda: None, description=description, alias=alias)


@dataclass(frozen=True)
class As:
    """Described as a schema of this name, checked by whoever reads it: `Annotated[dict[str, object], As("SpecInput")]`.

    So errors name the place in the words of that reader.
    """

    name: str

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {MARK: self.name}
