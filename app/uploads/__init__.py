"""Files that visitors bring: what is read from them, and what is refused."""

from app.uploads.boxes import coco_json, holds_boxes, read_boxes, yolo_archive
from app.uploads.pictures import PictureError, read_pictures

__all__ = ["PictureError", "coco_json", "holds_boxes", "read_boxes", "read_pictures", "yolo_archive"]
