"""Every number is finite in the dtype it is used in, or refused by name; nothing depends on the unit of a column."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Sequential, layers, losses, metrics, optimizers, regularizers
from engine.core.arguments import Argument
from engine.core.numbers import FLOAT32_MOST, compact, in_dtype, whole
from engine.data import prepare
from engine.data.prepare import scaling_of
from engine.data.uploads import CsvError, fingerprint, keep_upload
from engine.detection.nms import _candidates, nms
from engine.regression import least_squares
from engine.training import Trainer
from engine.training.bias_variance import bias_and_variance

NOT_NUMBERS = [True, None, "1", [1.0], float("nan"), float("inf"), 1e300, 10**400, 1 + 2j]


# -- arguments -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("value", NOT_NUMBERS, ids=repr)
def test_an_argument_refuses_what_is_no_float32_and_says_what_came(value):
    with pytest.raises(ValueError, match=r"Huber wants delta to be a number.*got "):
        Argument("delta", "float", 1.0).check("Huber", value)


@pytest.mark.parametrize("value", [np.int64(8), np.uint8(8), np.array(8), 8])
def test_numpy_s_whole_numbers_are_whole_numbers(value):
    model = Sequential([layers.Dense(value), layers.Conv2D(2, 1)][:1], seed=np.int64(3))
    model.build((np.int32(4),))
    assert model.get_config()["layers"][0]["config"]["units"] == 8
    assert type(model.get_config()["layers"][0]["config"]["units"]) is int


@pytest.mark.parametrize("value", [np.float32(0.25), np.float64(0.25), np.float16(0.25)])
def test_numpy_s_floats_are_floats(value):
    assert optimizers.SGD(value).get_config()["learning_rate"] == 0.25
    assert type(optimizers.SGD(value).settings["learning_rate"]) is float
    assert layers.Dropout(value).rate == 0.25
    assert regularizers.L2(value).get_config() == {"l1": 0.0, "l2": 0.25}


@pytest.mark.parametrize("value", [np.True_, True, np.bool_(False)])
def test_booleans_are_not_numbers(value):
    for make in (layers.Dense, layers.Dropout, optimizers.SGD, regularizers.L2, lambda v: Sequential(seed=v)):
        with pytest.raises(ValueError, match=r"got (True|False)"):
            make(value)


def test_a_pair_may_be_of_numpy_s_numbers():
    assert layers.Conv2D(np.int8(2), (np.int64(3), 5)).kernel_size == (3, 5)
    assert layers.MaxPooling2D(np.array([2, 3])).pool_size == (2, 3)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: optimizers.Adam(epsilon=0), "Adam wants epsilon to be a number ≥ 1e-20 and ≤ 1, got 0"),
        (lambda: optimizers.RMSprop(epsilon=1e-300), "RMSprop wants epsilon"),
        (
            lambda: optimizers.Adagrad(epsilon=0, initial_accumulator_value=0),
            "initial_acc.*got 0 and 0",
        ),
        (lambda: optimizers.SGD(1e39), "SGD wants learning_rate to be a number ≥ 0 and ≤ 10000, got 1e\\+39"),
        (lambda: optimizers.SGD(0.1, momentum=1 - 1e-12), "SGD wants momentum to be a number ≥ 0 and < 1, got 0.9999"),
        (lambda: optimizers.Adagrad(initial_accumulator_value=1e39), "at most ±3.4e\\+38 .float32., got 1e\\+39"),
        (
            lambda: layers.Dense(2, kernel_regularizer={"l2": 1e300}),
            "l2 .* ≥ 0 and ≤ 1e\\+30, got 1e\\+300",
        ),
        (lambda: regularizers.L1(1e300), "l1 to be a number ≥ 0 and ≤ 1e\\+30, got 1e\\+300"),
        (lambda: layers.Dense(10**400), "units to be a whole number.*got a whole number of over 60 digits"),
        (lambda: losses.get({"name": "huber", "delta": 1e-300}), "huber wants delta to be a number > 0, got 1e-300"),
        (lambda: layers.Dense(2, kernel_initializer={"name": "constant", "value": 1e39}), "got 1e\\+39"),
        (lambda: Sequential([layers.Dense(2)]).build((2.7,)), "input shape to be a whole number ≥ 1, got 2.7"),
    ],
)
def test_a_number_that_cannot_be_used_has_its_own_sentence(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_a_growing_rate_that_leaves_all_numbers_behind_diverges_and_does_not_break():
    rate = optimizers.SGD(0.1, schedule={"name": "exponential_decay", "decay_rate": 100.0, "decay_steps": 1})
    rate.iterations = 100_000
    assert rate.current_rate() == float("inf")


def test_a_gradient_whose_squares_overflow_is_clipped_to_its_norm():
    model = Sequential([layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile(optimizers.SGD(1.0, global_clipnorm=1.0), "half_mse")
    with np.errstate(over="ignore"):  # of J, a square, too
        model.train_on_batch(np.ones((1, 4), np.float32), np.full((1, 1), 1e25, np.float32))
    np.testing.assert_allclose(model.get_weights()[0], np.full((4, 1), 0.5), rtol=1e-6)


# -- arrays --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.array([0.0, 1e300]), r"got 1e\+300 at \[1\]"),
        (np.array([[0.0, np.nan]]), r"got nan at \[0, 1\]"),
        (np.array([True]), "got bool values"),
        (np.array([1j]), "got complex128 values"),
        ([[1.0, "2"]], "got '2'"),
        ([[1.0, None]], "got None"),
        ([True], "got True"),
        ([10**400], "too large|over 60 digits"),
        ([[1.0], [1.0, 2.0]], "rows of equal lengths, got ragged"),
    ],
)
def test_an_array_is_finite_where_it_goes_or_refused_by_name(value, words):
    with pytest.raises(ValueError, match=f"h1/kernel expected .*{words}"):
        in_dtype(value, np.float32, "h1/kernel")


def test_what_float64_holds_is_right_in_float64():
    assert in_dtype(np.array([1e300]), np.float64, "w")[0] == 1e300
    assert in_dtype(np.full(9, FLOAT32_MOST), np.float32, "w").dtype == np.float32  # its sum is infinite, it is not
    with pytest.raises(ValueError, match="n to be a whole number"):
        whole(1.5, "x", "n", 1)


def test_weights_are_taken_whole_and_finite_or_not_at_all():
    model = Sequential([layers.Dense(2), layers.BatchNormalization()])
    model.build((2,))
    before = model.get_weights()
    for at, wrong, words in ((0, 1e300, "kernel"), (0, np.nan, "kernel"), (5, -1.0, "variances ≥ 0, got -1")):
        weights = model.get_weights()
        weights[at] = weights[at].astype(np.float64)
        weights[at].flat[-1] = wrong
        with pytest.raises(ValueError, match=words):
            model.set_weights(weights)
        for old, now in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(old, now)
    wide = Sequential([layers.Dense(1, use_bias=False)], dtype="float64")
    wide.build((1,))
    wide.set_weights([[[1e300]]])
    assert wide.get_weights()[0][0, 0] == 1e300


def test_predict_refuses_inputs_that_are_no_float32():
    model = Sequential([layers.Dense(1)])
    with pytest.raises(ValueError, match=r"predict expected finite numbers.*got 1e\+39 at \[0, 1\]"):
        model.predict(np.array([[0.0, 1e39]]))
    with pytest.raises(ValueError, match=r"got nan at \[2500, 1\]"):
        model.predict(np.where(np.arange(6000).reshape(3000, 2) == 5001, np.nan, 1.0))


def spec(**changes):
    return {
        "data": {"name": "houses", "scaling": "zscore"},
        "layers": [{"id": "h1", "type": "Dense", "units": 3}, {"id": "out", "type": "Dense", "units": "auto"}],
        "loss": {"name": "auto"},
        "optimizer": {"name": "SGD", "learning_rate": 0.03},
        "batch_size": 10,
        "seed": 1,
    } | changes


@pytest.mark.parametrize("value", [1e300, float("nan"), float("-inf"), True])
def test_an_edit_that_the_weight_cannot_hold_is_refused(value):
    trainer = Trainer(spec())
    with pytest.raises(ValueError, match="h1/kernel expected finite numbers"):
        trainer.edit_weight("h1", "kernel", [0, 0], value)
    trainer.edit_weight("h1", "kernel", [0, 0], 1e6)
    assert trainer.weights()["h1/kernel"][0, 0] == np.float32(1e6)


# -- units of columns ----------------------------------------------------------------------------------------------
def csv(columns, **settings):
    names = list(columns)
    rows = zip(*columns.values(), strict=True)
    text = "\n".join([",".join(names), *(",".join(repr(float(v)) for v in row) for row in rows)])
    upload = fingerprint(text.encode())
    keep_upload(upload, text.encode())
    return prepare({"name": "csv", "upload": upload, **settings})


@given(st.integers(-30, 30), st.sampled_from(["zscore", "mean", "max"]), st.integers(1, 3), st.integers(0, 9))
@settings(max_examples=60)
def test_the_unit_of_a_column_changes_nothing_about_its_scaled_features(power, how, degree, seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(1, 9, (40, 2))
    y = rng.normal(size=40)
    one = csv({"a": x[:, 0], "b": x[:, 1], "y": y}, scaling=how, degree=degree)
    other = csv({"a": x[:, 0] * 10.0**power, "b": x[:, 1], "y": y}, scaling=how, degree=degree)
    np.testing.assert_allclose(other.x, one.x, rtol=1e-5, atol=1e-5)
    assert one.x.std() > 0.01


@given(st.floats(-1e6, 1e6), st.sampled_from(["zscore", "mean"]), st.integers(0, 9))
@settings(max_examples=40)
def test_where_a_column_s_zero_lies_changes_nothing(shift, how, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(40, 1)), rng.normal(size=40)
    one, other = csv({"a": x[:, 0], "y": y}, scaling=how), csv({"a": x[:, 0] + shift, "y": y}, scaling=how)
    np.testing.assert_allclose(other.x, one.x, rtol=1e-5, atol=1e-5)


def test_two_hundred_seconds_stay_two_hundred_seconds():
    seconds = 1_700_000_000 + np.arange(200.0)
    ready = csv({"t": seconds, "y": np.sin(seconds)}, scaling="zscore")
    assert len(np.unique(ready.x)) == 200
    np.testing.assert_allclose(ready.encode(seconds[:, None]), ready.x, atol=1e-6)
    assert len(np.unique(compact(ready.dataset.x))) == 200


def test_numbers_near_1e_13_are_scaled():
    x = np.linspace(1e-13, 3e-13, 50)
    ready = csv({"a": x, "y": x * 2}, scaling="zscore", target_scaling="zscore")
    np.testing.assert_allclose(ready.x[ready.index["train"]].std(), 1, rtol=1e-4)
    np.testing.assert_allclose(ready.y[ready.index["train"]].std(), 1, rtol=1e-4)


@pytest.mark.parametrize("value", [0.0, 0.1, 1e4, 1e-13, -12345.678, 1e12])
@pytest.mark.parametrize("how", ["zscore", "mean", "max"])
def test_a_constant_column_and_its_powers_stay_near_zero_whatever_comes(value, how):
    rng = np.random.default_rng(0)
    x = rng.normal(size=60)
    ready = csv({"a": x, "c": np.full(60, value), "y": x}, scaling=how, degree=3)
    assert np.abs(ready.x).max() < 100
    for name in ("c", "c^2", "c^3"):
        column = ready.x[:, ready.input_names.index(name)]
        assert (column == (0 if how != "max" else column[0])).all()
    later = ready.encode(np.array([[0.0, value * 1.01]]))
    assert np.abs(later).max() < 100


def test_a_column_that_is_constant_in_training_alone_is_not_blown_up_elsewhere():
    offset, scale = scaling_of(np.full((20, 1), 1e4**3), "zscore")
    assert abs((1.1e4**3 - offset[0]) / scale[0]) < 1


@pytest.mark.parametrize(
    ("columns", "more", "words"),
    [
        ({"a": [1.0, 2e39, 3.0], "y": [1.0, 2.0, 3.5]}, {}, r"row 3, column 'a': .*float32.*got '2e\+39'"),
        ({"a": [1.0, 2.0, 3.0], "y": [1.5, 2e39, 3.0]}, {}, r"row 3, column 'y': .*got '2e\+39'"),
        (
            {"a": [1e30, 2e30, 3e30], "y": [1.0, 2.0, 3.5]},
            {"degree": 2},
            r"'a\^2' is 1e\+60.*too large for float32",
        ),
        ({"a": [1e30, 2e30, 3e30], "y": [1.0, 2.0, 3.5]}, {"degree": 12, "scaling": "zscore"}, "a.11 is too large"),
        ({"a": [1e-30, 2e-30, 3e-30], "y": [1.0, 2.0, 3.5]}, {"degree": 12, "scaling": "max"}, "a.11 is too small"),
        ({"a": [1e-60, 2e-60, 3e-60], "y": [1.0, 2.0, 3.5]}, {}, "input 'a' is at most 3e-60, which is 0 in float32"),
        ({"a": [1.0, 2.0, 3.0], "y": [1.5e-60, 2e-60, 3e-60]}, {}, "the target 'y' is at most 3e-60"),
    ],
)
def test_numbers_of_a_file_that_float32_does_not_hold_are_named(columns, more, words):
    with pytest.raises((CsvError, ValueError), match=words):
        csv(columns, split={"train": 1.0, "cv": 0.0}, **more)


def test_own_points_are_finite_float32():
    for wrong in (1e39, float("nan"), True, "x", 10**400):
        with pytest.raises(ValueError, match="points expected finite numbers"):
            prepare({"name": "points", "classes": 0, "points": [[0.0, 0.0, 1.0], [1.0, wrong, 0.0]]})


@given(st.integers(-30, 30), st.integers(-30, 30))
@settings(max_examples=40)
def test_the_normal_equation_does_not_see_units(a, b):
    rng = np.random.default_rng(3)
    x, w = rng.normal(size=(30, 3)), np.array([2.0, -1.0, 0.5])
    units = np.array([10.0**a, 10.0**b, 1.0])
    found = least_squares(x * units, x @ w + 4, method="svd")
    assert found.full_rank
    np.testing.assert_allclose(found.weights[:, 0] * units, w, rtol=1e-6)
    assert not least_squares(np.c_[x, 2 * x[:, 0]] * [*units, 10.0**a], x @ w).full_rank


def test_a_constant_column_has_no_weight_in_the_normal_equation():
    x = np.random.default_rng(0).normal(size=(30, 1))
    found = least_squares(np.c_[x, np.full(30, 1e9 / 3)], 2 * x[:, 0] + 1)
    np.testing.assert_allclose(found.weights[:, 0], [2, 0], atol=1e-9)
    assert found.rank == 1


@given(st.integers(-30, 30))
def test_bias_and_variance_are_judged_in_the_unit_of_j(power):
    unit = 10.0**power
    found = bias_and_variance(0.5 * unit, 0.9 * unit, 0.1 * unit, 1.1 * unit)
    plain = bias_and_variance(0.5, 0.9, 0.1, 1.1)
    assert (found.high_bias, found.high_variance) == (plain.high_bias, plain.high_variance) == (True, True)
    np.testing.assert_allclose(found.bias_share, plain.bias_share)


@given(st.integers(-30, 30), st.integers(0, 9))
@settings(max_examples=30)
def test_boxes_may_be_measured_in_any_unit(power, seed):
    rng = np.random.default_rng(seed)
    low, scores = rng.random((400, 2)), rng.random(400)
    boxes = np.c_[low, low + 0.02 + 0.1 * rng.random((400, 2))]
    unit = 2.0 ** (3 * power)  # exact, so that nothing lies elsewhere by a rounding
    np.testing.assert_array_equal(nms(boxes * unit, scores, 0.4), nms(boxes, scores, 0.4))
    pairs, wanted = _candidates((boxes * unit).T, 0.4), _candidates(boxes.T, 0.4)
    assert len(pairs[0]) == len(wanted[0]) < 400 * 399 / 4  # as few are looked at


# -- metrics -------------------------------------------------------------------------------------------------------
def test_a_class_out_of_range_is_named():
    for targets, predicted, words in (
        ([0, 3], [0, 1], "targets expected classes 0 to 2, got 3"),
        ([0, 1], [0, -1], "predictions expected classes 0 to 2, got -1"),
        ([0, 1.5], [0, 1], "targets expected whole class numbers, got 1.5"),
        ([0, 1], [0], "as many predictions as targets, got 1 and 2"),
        ([0, np.nan], [0, 1], "targets expected whole class numbers, got nan"),
    ):
        with pytest.raises(ValueError, match=words):
            metrics.confusion_matrix(np.array(targets), np.array(predicted), 3)
    with pytest.raises(ValueError, match="targets expected classes 0 to 1, got 2"):
        metrics.get("accuracy")(np.array([2]), np.array([[0.1, 0.9]]))


@pytest.mark.parametrize("name", metrics.metrics.names())
def test_no_metric_has_an_opinion_on_no_examples(name):
    with pytest.raises(ValueError, match=f"{name} expected at least one example, got none"):
        metrics.get(name)(np.zeros((0, 1)), np.zeros((0, 1)))


def test_a_perfect_answer_is_perfect_though_a_class_is_missing():
    outputs = np.eye(3)[[0, 1, 0]]
    for name in ("f1", "precision", "recall"):
        assert metrics.get(name)(np.array([0, 1, 0]), outputs) == 1.0
    assert metrics.get("f1")(np.array([0, 1, 0]), np.eye(3)[[0, 1, 2]]) == pytest.approx((2 / 3 + 1 + 0) / 3)


def test_r2_of_a_constant_target_is_no_quotient_of_roundings():
    targets = np.full((7, 1), 0.1)
    assert metrics.get("r2")(targets, targets + 0.1) == 0.0
    assert metrics.get("r2")(targets, targets) == 1.0
