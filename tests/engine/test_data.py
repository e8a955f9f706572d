"""Data: every set is what it says, splits do not leak, scaling sees the training part alone, wrong files are named."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data import datasets, prepare
from engine.data.uploads import CsvError, fingerprint, keep_upload, parse_csv, points_dataset, table_dataset

HASHES = {
    "breast_cancer": "b07ca94c2f0ad7205a0307278c3df52e8485150e8b71dcd5c5a927ab91b28bd9",
    "digits": "cd891a8344c939ac93efef5933dffb14cf0551d45b1e0ac9d80b663c556a44a3",
    "houses": "fe4b2feb90a29232609cebebe3da1a30f6daee545f8b147d7e5fce3d5cb7347b",
    "iris": "5948a59acdda908a4a43df570da907ecb1d93efcf686f4392793db9647beca10",
    "emoji": "a32f74f1800ae28341b2a978fd02d7ebfcc193920c9892ce7c18f88d94080d95",
    "textures": "2cd7ad2a0d99a6402e8c51da8457733fb0614c0768b5297bb7c122f1c91284be",
    "fashion_mnist": "8c6b5f01e7fee2280fce48a4cd620c415b658e47a84d0592775315545a847e0f",
    "mnist": "894ab71ff6b3a7a252bcbcde689a8218d7537ba094029d7f153dfe005a7c8e26",
    "glyphs": "89d4ac925519d1e62d82b482f872fb547bff65f99786ceb6655090da4cd7c18f",
    "photographs": "843c07d6ad8057fc6a2eda92f849e12792292ae038173922cccd344b7de89d9f",
    "penguins": "54d9b691ba4b10ae6fa22209f2258fcb531fcb9e813c4652b906859856551d97",
}
NAMED = [name for name in datasets.names() if name not in ("points", "csv", "pictures", "own_boxes")]


@pytest.mark.parametrize("name", sorted(HASHES))
def test_data_files_are_the_ones_that_were_made(name):
    path = Path(__file__).parents[2] / "engine" / "data" / "files" / f"{name}.npz"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == HASHES[name]


@pytest.mark.parametrize("name", NAMED)
def test_a_data_set_is_what_the_catalogue_says(name):
    kind = datasets.get(name)
    data = kind.make({"name": name})
    assert (data.task, data.kind, data.shape, data.inputs) == (kind.task, kind.kind, kind.shape, kind.inputs)
    assert data.fixed_split == kind.fixed_split
    assert data.outputs == kind.outputs
    assert len(data.x) == len(data.y) == (kind.examples or 500)
    assert np.isfinite(data.x).all()
    if data.task in ("binary", "multiclass"):
        assert set(np.unique(data.y)) == set(range(len(data.classes)))


@pytest.mark.parametrize("name", NAMED)
def test_the_same_seed_gives_the_same_examples(name):
    a, b = datasets.get(name).make({"name": name, "seed": 4}), datasets.get(name).make({"name": name, "seed": 4})
    np.testing.assert_array_equal(a.x, b.x)
    np.testing.assert_array_equal(a.y, b.y)


@given(st.integers(10, 300), st.floats(0.1, 0.8), st.floats(0.0, 0.2), st.integers(0, 99))
@settings(max_examples=40)
def test_the_three_parts_are_everything_once(samples, train, cv, seed):
    ready = prepare({"name": "moons", "samples": samples, "split": {"train": train, "cv": cv}, "split_seed": seed})
    rows = np.concatenate([ready.index[part] for part in ("train", "cv", "test")])
    assert sorted(rows) == list(range(samples))
    assert abs(len(ready.index["train"]) - samples * train) <= 1


@pytest.mark.parametrize("scaling", ["max", "mean", "zscore"])
def test_scaling_is_fitted_on_the_training_part_alone(scaling):
    ready = prepare({"name": "houses", "scaling": scaling, "split": {"train": 0.3, "cv": 0.3}})
    train = ready.x[ready.index["train"]]
    rest = ready.x[ready.index["test"]]
    if scaling == "zscore":
        np.testing.assert_allclose(train.std(axis=0), 1, rtol=1e-4)
        assert not np.allclose(rest.std(axis=0), 1, rtol=1e-3)
    else:
        assert np.abs(train).max() <= 1 + 1e-6


def test_mnist_has_a_fixed_split():
    a = prepare({"name": "mnist", "split": {"train": 0.2, "cv": 0.2}, "split_seed": 5})
    assert [len(a.index[p]) for p in ("train", "cv", "test")] == [8000, 1000, 1000]
    assert a.index["train"][0] == 0


def test_engineered_inputs_are_the_named_ones():
    ready = prepare({"name": "circle", "features": ["x1", "x1*x2", "sin(x2)", "x2^2"]})
    x = ready.dataset.x.astype(np.float64)
    assert ready.input_names == ["x1", "x2^2", "x1*x2", "sin(x2)"]
    expected = np.stack([x[:, 0], x[:, 1] ** 2, x[:, 0] * x[:, 1], np.sin(x[:, 1])], axis=1)
    np.testing.assert_allclose(ready.x, expected, rtol=1e-5)


def test_polynomials_have_all_monomials():
    assert len(prepare({"name": "circle", "degree": 3}).input_names) == 9
    assert prepare({"name": "sine", "degree": 4}).input_names == ["x", "x^2", "x^3", "x^4"]
    with pytest.raises(ValueError, match="degree 15 over 5 inputs makes"):
        prepare({"name": "houses", "degree": 15})


CSV = "length,width,kind\n1.5,2,short\n2.5,3,short\n9,1,long\n8.5,,long\n7,2,long\n"


def test_a_csv_is_understood():
    table = parse_csv(CSV)
    assert [c.kind for c in table.columns] == ["number", "number", "class"]
    assert (table.columns[1].missing, table.columns[1].first_missing_row) == (1, 5)
    data = table_dataset(table, None, None)
    assert (data.task, data.classes, len(data.x)) == ("binary", ("long", "short"), 4)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_are_guessed(delimiter):
    assert len(parse_csv(CSV.replace(",", delimiter)).columns) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "at least two rows"),
        ("1,2\n3,4\n5,6\n", "header row"),
        ("a,a\n1,2\n3,4\n", "row 1, column 2: the name 'a' stands twice"),
        ("a,\n1,2\n3,4\n", "row 1, column 2: the header has no name"),
        ("a,b\n1,2\n1,2,3\n", "row 3: 2 cells wanted.*got 3"),
        ("a\x00b", "zero byte"),
        ('a,b\n"1,2\n', "row"),
    ],
)
def test_wrong_files_are_named_by_row_and_column(text, message):
    with pytest.raises(CsvError, match=message):
        parse_csv(text)


def test_a_word_in_a_column_of_numbers_is_named():
    rows = "".join(f"{i},{i % 2}\n" for i in range(30))
    table = parse_csv("size,kind\n" + rows + "big,1\n")
    with pytest.raises(CsvError, match=r"row 32, column 'size': a number is wanted, got 'big'"):
        table_dataset(table, ["size"], "kind")


@given(st.text(max_size=300))
@settings(max_examples=300)
def test_any_text_is_parsed_or_refused_with_a_sentence(text):
    try:
        table = parse_csv(text)
        table_dataset(table, None, None)
    except CsvError as error:
        assert len(str(error)) > 10


def test_nothing_in_a_csv_is_evaluated():
    table = parse_csv("a,b\n__import__('os'),1\n=1+1,0\n")
    assert table.columns[0].kind == "class"


def test_kept_uploads_are_found_by_their_fingerprint():
    keep_upload(fingerprint(CSV.encode()), CSV.encode())
    ready = prepare({"name": "csv", "upload": fingerprint(CSV.encode()), "inputs": ["length"], "target": "kind"})
    assert ready.x.shape == (5, 1)
    with pytest.raises(ValueError, match="id of an uploaded"):
        prepare({"name": "csv", "upload": "nothing"})


def test_points_are_checked():
    assert points_dataset({"points": [[0, 0, 0], [1, 1, 2]], "classes": 3}).task == "multiclass"
    for points, message in (([[0, 0, 5], [1, 1, 0]], "class numbers 0 to 1"), ([[0, 0, 0]], "at least 2")):
        with pytest.raises(ValueError, match=message):
            points_dataset({"points": points, "classes": 2})
