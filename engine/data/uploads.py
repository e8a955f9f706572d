"""The visitor's own data: points brushed onto the plane, and CSV files."""

import csv
import hashlib
import io
import math
from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np

from engine.core.errors import EngineError
from engine.core.numbers import FLOAT32_MOST, in_dtype, is_number
from engine.data.dataset import Dataset, DatasetKind, datasets
from engine.data.settings import DataSettings

MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}
MAX_COLUMNS = 256
MAX_CLASSES = 50
MOST_UPLOADS = 32
UPLOADS_BYTES = 128 << 20
REACH = 6.0


class CsvError(EngineError):
    """A CSV that cannot be used; the message names row and column (rows count from 1, the header is row 1)."""


class ColumnAbout(TypedDict):
    """A column in plain words: at most MAX_CLASSES of its values, `distinct` how many there are."""

    name: str
    kind: Literal["number", "class"]
    missing: int
    first_missing_row: int | None
    classes: list[str]
    distinct: int
    low: float | None
    high: float | None


class TableAbout(TypedDict):
    """A table in plain words, with its first rows."""

    rows: int
    columns: list[ColumnAbout]
    preview: list[list[str]]


@dataclass(frozen=True)
class Column:
    """A column as guessed: kind 'number' or 'class'; missing counts empty cells; classes in order of appearance."""

    name: str
    kind: Literal["number", "class"]
    missing: int
    first_missing_row: int | None
    classes: tuple[str, ...]
    low: float | None
    high: float | None

    def describe(self) -> ColumnAbout:
        return {
            "name": self.name,
            "kind": self.kind,
            "missing": self.missing,
            "first_missing_row": self.first_missing_row,
            "classes": list(self.classes[:MAX_CLASSES]),
            "distinct": len(self.classes),
            "low": self.low,
            "high": self.high,
        }


@dataclass(frozen=True)
class Table:
    """A parsed CSV: a header and rows of cells as text."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def describe(self) -> TableAbout:
        return {
            "rows": len(self.rows),
            "columns": [c.describe() for c in self.columns],
            "preview": [list(row) for row in self.rows[:8]],
        }


def fingerprint(body: bytes) -> str:
    """The id of an uploaded file: it depends on its content alone."""
    return hashlib.sha256(body).hexdigest()[:24]


def number(cell: str) -> float | None:
    """The finite number a cell holds, or None. Nothing is evaluated."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in cell else None


def parse_csv(text: str) -> Table:
    """A header row and at least two rows; comma, semicolon or tab; every row as wide as the header."""
    if "\x00" in text:
        raise CsvError("csv-zero-byte", "this is not a text file: it holds a zero byte")
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[str, ...]] = []
    header: tuple[str, ...] = ()
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            row = tuple(cell.strip() for cell in cells)
            if not header:
                header = _header(row)
            elif len(row) != len(header):
                raise CsvError(
                    "csv-cells",
                    "row {row}: {wanted} cells wanted, as in the header; got {got}",
                    row=reader.line_num,
                    wanted=len(header),
                    got=len(row),
                )
            else:
                rows.append(row)
    except csv.Error as error:
        raise CsvError("csv-broken", "row {row}: {why}", row=reader.line_num, why=str(error)) from error
    if not header:
        raise CsvError("csv-empty", "the file is empty; a header row and at least two rows of data are wanted")
    if len(rows) < 2:
        raise CsvError("csv-rows", "at least two rows of data are wanted below the header, got {got}", got=len(rows))
    return Table(tuple(_column(name, [r[i] for r in rows]) for i, name in enumerate(header)), tuple(rows))


def _header(row: tuple[str, ...]) -> tuple[str, ...]:
    if len(row) > MAX_COLUMNS:
        raise CsvError("csv-columns", "at most {most} columns are read, got {got}", most=MAX_COLUMNS, got=len(row))
    for i, name in enumerate(row):
        if not name:
            raise CsvError("csv-no-name", "row 1, column {column}: the header has no name here", column=i + 1)
        if name in row[:i]:
            raise CsvError(
                "csv-name-twice",
                "row 1, column {column}: the name {name!r} stands twice in the header",
                column=i + 1,
                name=name,
            )
    if all(number(name) is not None for name in row):
        raise CsvError("csv-no-header", "row 1 holds only numbers; a header row with the columns' names is wanted")
    return row


def _column(name: str, cells: list[str]) -> Column:
    missing = [i for i, cell in enumerate(cells) if cell.lower() in MISSING]
    present = [cell for cell in cells if cell.lower() not in MISSING]
    numbers = [number(cell) for cell in present]
    first = missing[0] + 2 if missing else None
    distinct = tuple(dict.fromkeys(present))
    # A column in which nearly everything is a number is one with typing errors, not one with many classes.
    if present and sum(n is not None for n in numbers) >= 0.9 * len(present):
        values = [n for n in numbers if n is not None]
        return Column(name, "number", len(missing), first, distinct[: MAX_CLASSES + 1], min(values), max(values))
    return Column(name, "class", len(missing), first, distinct, None, None)


def table_dataset(table: Table, inputs: list[str] | None, target: str | None) -> Dataset:
    """The examples of a table. Rows with a missing value in a used column are left out (their count is reported)."""
    names = [c.name for c in table.columns]
    target = target or names[-1]
    inputs = inputs or [c.name for c in table.columns if c.name != target and c.kind == "number"]
    for name in (*inputs, target):
        if name not in names:
            raise CsvError(
                "csv-no-column", "there is no column {name!r}; the file has {known}", name=name, known=tuple(names)
            )
    if target in inputs:
        raise CsvError("csv-target-input", "column {name!r} cannot be both an input and the target", name=target)
    if not inputs:
        raise CsvError("csv-no-inputs", "no column of numbers is left for the inputs")
    used = [names.index(name) for name in (*inputs, target)]
    goal = table.columns[used[-1]]
    whole = [(i, row) for i, row in enumerate(table.rows) if not any(row[c].lower() in MISSING for c in used)]
    if len(whole) < 2:
        raise CsvError(
            "csv-whole-rows", "at least two rows without missing values are wanted, got {got}", got=len(whole)
        )
    x = np.array([[_numeric(table, i, c, row) for c in used[:-1]] for i, row in whole])
    distinct = sorted({row[used[-1]] for _, row in whole}, key=lambda cell: (number(cell) is None, number(cell), cell))
    whole_numbers = all((n := number(cell)) is not None and n == int(n) for cell in distinct)
    kind = "line" if len(inputs) == 1 else "plane" if len(inputs) == 2 else "table"
    if goal.kind == "class" or (whole_numbers and len(distinct) <= 10):
        if len(distinct) < 2:
            raise CsvError(
                "csv-one-class",
                "column {name!r} has one class only ({only!r}); at least two are wanted",
                name=target,
                only=distinct[0],
            )
        if len(distinct) > MAX_CLASSES:
            raise CsvError(
                "csv-classes",
                "column {name!r} has {got} classes; at most {most} are supported",
                name=target,
                got=len(distinct),
                most=MAX_CLASSES,
            )
        place = {cell: i for i, cell in enumerate(distinct)}
        y = np.array([place[row[used[-1]]] for _, row in whole], np.float32)
        task, classes = ("binary" if len(distinct) == 2 else "multiclass"), tuple(distinct)
    else:
        y = np.array([_numeric(table, i, used[-1], row) for i, row in whole])
        task, classes = "regression", ()
    return Dataset("csv", task, kind, x, y, tuple(inputs), target, classes)


def _numeric(table: Table, row_index: int, column: int, row: tuple[str, ...]) -> float:
    value = number(row[column])
    if value is None:
        name = table.columns[column].name
        raise CsvError(
            "csv-number",
            "row {row}, column {name!r}: a number is wanted, got {got!r}",
            row=row_index + 2,
            name=name,
            got=row[column],
        )
    if not is_number(value):
        name = table.columns[column].name
        raise CsvError(
            "csv-number-large",
            "row {row}, column {name!r}: a number of at most ±{most:.3g} (float32) is wanted, got {got!r:.60}",
            row=row_index + 2,
            name=name,
            most=FLOAT32_MOST,
            got=row[column],
        )
    return value


def points_dataset(settings: DataSettings) -> Dataset:
    """Points [x1, x2, value] brushed onto the plane; `classes` 0 means values, else that many classes."""
    points = in_dtype(settings.get("points") or np.zeros((0, 3)), np.float64, "points")
    in_dtype(points, np.float32, "points")
    classes = int(settings.get("classes", 2))
    if points.ndim != 2 or points.shape[1:] != (3,) or len(points) < 2:
        raise ValueError(f"points wants at least 2 rows [x1, x2, value], got shape {points.shape}")
    y = points[:, 2]
    if classes and (not np.array_equal(y, y.astype(int)) or y.min() < 0 or y.max() >= classes):
        raise ValueError(f"points wants whole class numbers 0 to {classes - 1}, got {y.min():g} to {y.max():g}")
    task = "regression" if not classes else "binary" if classes == 2 else "multiclass"
    return Dataset("points", task, "plane", points[:, :2], y, ("x1", "x2"), "y", tuple(map(str, range(classes))),
                   bounds=((-REACH, REACH), (-REACH, REACH)))  # fmt: skip


_uploads: dict[str, bytes] = {}
"""Files by fingerprint. Content decides the key, so runs that share an entry share equal, unchanging bytes."""


def keep_upload(upload: str, body: bytes) -> None:
    """Remembers a file under its fingerprint; the oldest beyond MOST_UPLOADS files or UPLOADS_BYTES leaves."""
    _uploads.pop(upload, None)
    _uploads[upload] = body
    while len(_uploads) > MOST_UPLOADS or (
        len(_uploads) > 1 and sum(len(kept) for kept in _uploads.values()) > UPLOADS_BYTES
    ):
        del _uploads[next(iter(_uploads))]


def kept_upload(upload: str | None, what: str) -> bytes:
    """The bytes of a remembered file."""
    body = _uploads.get(upload or "")
    if body is None:
        raise ValueError(f"data.upload wants the id of an uploaded {what}, got {upload!r}")
    return body


def csv_dataset(settings: DataSettings) -> Dataset:
    """The kept file that `upload` names, with its `inputs` and `target` columns."""
    text = kept_upload(settings.get("upload"), "CSV file").decode("utf-8")
    return table_dataset(parse_csv(text), settings.get("inputs"), settings.get("target"))


datasets.add("points", DatasetKind("points", "any", "plane", points_dataset, (), "points you brush yourself", None,
                                   ("x1", "x2"), (2,)))  # fmt: skip
datasets.add("csv", DatasetKind("csv", "any", "table", csv_dataset, (), "a CSV file of yours", uploaded=True))
