"""Places in a spec by their path, and layers told apart by their ids."""

import pytest

from app.errors import SpecProblem
from app.specs import parse_spec
from app.specs.paths import changed
from app.specs.presets import dense

SPEC = parse_spec({"layers": dense(4, 3), "optimizer": {"name": "SGD", "learning_rate": 0.1}})


@pytest.mark.parametrize(
    ("path", "value", "there"),
    [
        ("batch_size", 7, lambda s: s["batch_size"]),
        ("optimizer.learning_rate", 0.5, lambda s: s["optimizer"]["learning_rate"]),
        ("layers.0.units", 9, lambda s: s["layers"][0]["units"]),
        ("layers.2.activation", "tanh", lambda s: s["layers"][2]["activation"]),
        ("optimizer.momentum", 0.9, lambda s: s["optimizer"]["momentum"]),
        ("early_stopping", {"patience": 3}, lambda s: s["early_stopping"]),
    ],
)
def test_a_value_is_put_where_the_path_leads_and_nowhere_else(path, value, there):
    before = parse_spec(SPEC)
    new = changed(SPEC, path, value)
    assert there(new) == value
    assert before == SPEC, "the spec that was given is another one"
    assert {k for k in new if new[k] != SPEC[k]} == {path.split(".")[0]}


def test_the_empty_path_is_the_whole_spec():
    assert changed(SPEC, "", {"layers": dense(5)}) == parse_spec({"layers": dense(5)})


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("layers.3", "layers.3: there is no such place; the list has 3 entries"),
        ("layers.3.units", "layers.3: there is no such place; the list has 3 entries"),
        ("layers.-1.units", "layers.-1: there is no such place; the list has 3 entries"),
        ("layers.last.units", "layers.last: there is no such place; the list has 3 entries"),
        ("optimiser.learning_rate", "optimiser: there is no such place; known: version, data, layers"),
        ("batch_size.more", "batch_size.more: there is nothing inside batch_size"),
        ("optimizer.learning_rate.0", "optimizer.learning_rate.0: there is nothing inside optimizer.learning_rate"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_where_it_ends(path, words):
    with pytest.raises(SpecProblem) as refused:
        changed(SPEC, path, 1)
    assert str(refused.value).startswith(words)
    assert refused.value.field == words.split(":")[0]


def with_ids(*ids):
    return {"layers": [{**layer, "id": name} for layer, name in zip(dense(*range(2, 1 + len(ids))), ids, strict=True)]}


@pytest.mark.parametrize("ids", ["aba", "aab", "abb", "aa", "aaa"])
def test_two_layers_may_not_have_one_id(ids):
    with pytest.raises(SpecProblem, match=r"layer ids must differ; '[ab]' stands twice"):
        parse_spec(with_ids(*ids))


def test_ids_that_differ_are_taken_as_they_are():
    assert [layer["id"] for layer in parse_spec(with_ids("a", "A", "b"))["layers"]] == ["a", "A", "b"]
