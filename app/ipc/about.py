"""What an uploaded file is, as a worker read it: kept beside the file, published with its id."""

from typing import Literal, TypedDict, TypeGuard

from engine.data.uploads import TableAbout


class PicturesAbout(TypedDict):
    """Pictures in folders, one a class."""

    kind: Literal["pictures"]
    pictures: int
    classes: list[str]
    counts: list[int]


class BoxedPicture(TypedDict):
    """A picture and its boxes: class, x, y, width, height in pixels, x and y of the top left corner."""

    file: str
    width: int
    height: int
    boxes: list[list[float]]


class BoxesAbout(TypedDict):
    """Pictures with boxes."""

    kind: Literal["boxes"]
    pictures: int
    classes: list[str]
    images: list[BoxedPicture]


UploadAbout = TableAbout | PicturesAbout | BoxesAbout


def is_of_boxes(about: UploadAbout) -> TypeGuard[BoxesAbout]:
    return about.get("kind") == "boxes"
