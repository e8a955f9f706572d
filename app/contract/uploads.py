"""Files that visitors bring, and what was read from them."""

from typing import Literal

from pydantic import Field

from app.contract.base import Answer


class ColumnEntry(Answer):
    """A column as guessed."""

    name: str
    kind: Literal["number", "class"]
    missing: int = Field(description="empty cells")
    first_missing_row: int | None = Field(description="the header is row 1")
    classes: list[str] = Field(description="values in order of appearance, at most 50")
    distinct: int
    low: float | None
    high: float | None


class UploadedTable(Answer):
    """A CSV file: its columns and its first rows. Its id goes into data.upload of a spec with data.name csv."""

    id: str
    rows: int
    columns: list[ColumnEntry]
    preview: list[list[str]]


class UploadedPictures(Answer):
    """Pictures in folders, one a class. For data.name pictures."""

    id: str
    kind: Literal["pictures"]
    pictures: int
    classes: list[str]
    counts: list[int]


class BoxedPicture(Answer):
    """A picture and its boxes."""

    file: str
    width: int
    height: int
    boxes: list[list[float]] = Field(description="class, x, y, width, height in pixels, x and y of the top left corner")


class UploadedBoxes(Answer):
    """Pictures with boxes. For data.name own_boxes."""

    id: str
    kind: Literal["boxes"]
    pictures: int
    classes: list[str]
    images: list[BoxedPicture]


Upload = UploadedTable | UploadedPictures | UploadedBoxes


class CocoImage(Answer):
    id: int
    file_name: str
    width: int
    height: int


class CocoAnnotation(Answer):
    id: int
    image_id: int
    category_id: int
    bbox: list[float] = Field(description="x, y, width, height in pixels")
    area: float
    iscrowd: int


class CocoCategory(Answer):
    id: int
    name: str


class Coco(Answer):
    """Boxes as COCO JSON."""

    images: list[CocoImage]
    annotations: list[CocoAnnotation]
    categories: list[CocoCategory]
