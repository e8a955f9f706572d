"""Layers, targets and metrics where what they ought to do can be counted by hand."""

import numpy as np
import pytest

from engine import Sequential, layers, losses
from engine.data.prepare import SCALINGS, prepare
from engine.metrics import predicted_classes, target_classes


def built(shape, *parts):
    model = Sequential(list(parts), seed=3)
    model.compile("SGD", "half_mse")
    model.build(shape)
    return model


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_dropout_switches_off_its_part_and_makes_up_for_it(rate):
    """20,000 draws: the part that is left has a standard deviation of at most 0.0036.

    J = ½·mean y² with y = m/(1 − rate) where a part 1 − rate has m = 1, so J = ½/(1 − rate); the trace of its slope in
    the identity that W is has twice that.
    """
    model = built((200,), layers.Dense(200, use_bias=False), layers.Dropout(rate))
    model.set_weights([np.eye(200, dtype=np.float32)])
    x = np.ones((100, 200), np.float32)
    loss, (slope,) = model.gradients(x, np.zeros((100, 200)))
    near = {"abs": 0.02 / (1 - rate) ** 2}
    assert 2 * loss == pytest.approx(1 / (1 - rate), **near)
    assert np.trace(slope) == pytest.approx(1 / (1 - rate), **near)
    np.testing.assert_array_equal(model.predict(x), x)


POOLS = [(2, 2, "valid"), (2, 1, "valid"), (2, 2, "same"), (3, 2, "same"), (3, 3, "valid"), ((2, 3), (1, 2), "valid")]


@pytest.mark.parametrize(("size", "strides", "padding"), POOLS)
@pytest.mark.parametrize("before", [[], ["relu"]], ids=["alone", "behind a ReLU"])
def test_of_equal_numbers_in_a_window_one_has_the_slope(size, strides, padding, before):
    """An image of ones: J = ½·mean y², so whoever is the largest of a window, ∂J/∂bias is 1."""
    pool = layers.MaxPooling2D(size, strides, padding)
    model = built((7, 7, 1), layers.Conv2D(1, 1), *map(layers.Activation, before), pool)
    model.set_weights([np.zeros((1, 1, 1, 1), np.float32), np.ones(1, np.float32)])
    x = np.zeros((5, 7, 7, 1), np.float32)
    loss, (_, bias) = model.gradients(x, np.zeros((5, *model.output_shape)))
    assert loss == pytest.approx(0.5)
    assert bias == pytest.approx([1.0])


def test_a_relu_has_its_three_slopes_and_none_above_its_ceiling():
    """z −2 … 9 with slope 0.1 below 0.5 and a ceiling of 4; J = ½·mean y², so ∂J/∂bias is y·y′ / N."""
    z = np.array([-2, 0.25, 1, 3.5, 4.5, 7.5, 9], np.float32)
    model = built((7,), layers.Dense(7), layers.ReLU(max_value=4, negative_slope=0.1, threshold=0.5))
    model.set_weights([np.zeros((7, 7), np.float32), z])
    _, (_, bias) = model.gradients(np.ones((1, 7)), np.zeros((1, 7)))
    y = np.array([-0.25, -0.025, 1, 3.5, 4, 4, 4])
    np.testing.assert_allclose(model.predict(np.ones((1, 7)))[0], y, rtol=1e-6)
    np.testing.assert_allclose(bias, y * [0.1, 0.1, 1, 1, 0, 0, 0] / 7, rtol=1e-6)


@pytest.mark.parametrize("classes", [2, 3, 5])
def test_class_numbers_are_those_that_there_are(classes):
    loss, outputs = losses.get("sparse_categorical_crossentropy"), np.full((2, classes), 1 / classes)
    assert loss([0, classes - 1], outputs) == pytest.approx(np.log(classes))
    assert target_classes(np.array([0, classes - 1]), outputs).tolist() == [0, classes - 1]
    for wrong in (-1, classes, classes + 7):
        with pytest.raises(ValueError, match=rf"classes 0 to {classes - 1}, got .*{wrong}"):
            loss([0, wrong], outputs)
    for wrong in (classes, classes + 7):
        with pytest.raises(ValueError, match=rf"classes 0 to {classes - 1}, got {wrong}"):
            target_classes(np.array([0, wrong]), outputs)


@pytest.mark.parametrize("threshold", [0.0, 0.25, 0.5, 1.0])
def test_an_answer_of_exactly_the_threshold_is_class_1(threshold):
    answers = np.array([threshold - 0.125, threshold, threshold + 0.125])
    assert predicted_classes(answers, threshold).tolist() == [0, 1, 1]
    assert predicted_classes(answers[:, None], threshold).tolist() == [0, 1, 1]


@pytest.mark.parametrize("scaling", SCALINGS)
def test_answers_are_in_the_unit_of_the_target(scaling):
    data = prepare({"name": "houses", "target_scaling": scaling})
    np.testing.assert_allclose(data.answers(data.y)[:, 0], np.ravel(data.dataset.y), rtol=1e-5)
    x, y = data.part("train")
    assert len(x) == len(y) == len(data.index["train"])
