"""An ONNX file's graph, run for inference. What is not read is refused by name when the file is opened."""

from typing import Any

from app.export.onnx_operators import OPERATORS, onnx_package
from engine.core.types import Array

FIRST_OPSET, LAST_OPSET = 7, 28
"""Before 7, operators had other ways to broadcast; beyond the last nobody has looked."""


class OnnxGraph:
    """An ONNX file's graph, run for inference. Wrong files, and what is not read, are a ValueError."""

    def __init__(self, data: bytes) -> None:
        onnx = onnx_package()
        try:
            model = onnx.load_model_from_string(data)
        except Exception as error:
            raise ValueError(f"this is not an ONNX file: {error}") from error
        graph = model.graph
        self.opset = _opset(model)
        if graph.sparse_initializer:
            raise ValueError("this file has sparse weights, which are not read")
        try:
            self.constants = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
        except Exception as error:
            raise ValueError(f"weights of this file cannot be read: {error}") from error
        self.inputs = [i.name for i in graph.input if i.name not in self.constants]
        self.outputs = [o.name for o in graph.output]
        self.nodes = [
            (
                n.op_type,
                list(n.input),
                list(n.output),
                {x.name: onnx.helper.get_attribute_value(x) for x in n.attribute},
            )
            for n in graph.node
        ]
        foreign = sorted({n.domain for n in graph.node} - {"", "ai.onnx"})
        if foreign or model.functions:
            raise ValueError(
                f"operators of ONNX's own alone are read, got some of {foreign[0] if foreign else 'a file'}"
            )
        if unknown := sorted({kind for kind, _, _, _ in self.nodes} - set(OPERATORS)):
            raise ValueError(f"this engine has no operator {unknown[0]}; it has {', '.join(sorted(OPERATORS))}")
        self._check()

    def _check(self) -> None:
        """Attributes and outputs that an operator does not have here; names that nobody gives."""
        self.wanted = ({name for _, sources, _, _ in self.nodes for name in sources} | set(self.outputs)) - {""}
        known = {"", *self.constants, *self.inputs}
        for kind, sources, targets, attributes in self.nodes:
            mine = OPERATORS[kind]
            if self.opset < mine.versions[0]:
                raise ValueError(f"{kind} is read from opset {mine.versions[0]} on, this file has {self.opset}")
            if unread := sorted(set(attributes) - mine.attributes):
                raise ValueError(f"{kind}'s attribute {unread[0]!r} is not read; read are {sorted(mine.attributes)}")
            if missing := [name for name in sources if name not in known]:
                raise ValueError(f"{kind} wants {missing[0]!r}, which nothing before it gives")
            for place, name in enumerate(targets[mine.outputs :], mine.outputs + 1):
                if name in self.wanted:
                    raise ValueError(f"{kind}'s output {place} ({name!r}) is not read")
            known.update(targets)
        if missing := [name for name in self.outputs if name not in known]:
            raise ValueError(f"the graph's output {missing[0]!r} is given by nothing")

    def run(self, *inputs: Array) -> list[Array]:
        """The outputs for inputs in the order of `self.inputs`."""
        if len(inputs) != len(self.inputs):
            raise ValueError(f"the graph wants {len(self.inputs)} inputs ({', '.join(self.inputs)}), got {len(inputs)}")
        values: dict[str, Any] = {**self.constants, **dict(zip(self.inputs, inputs, strict=True)), "": None}
        for kind, sources, targets, attributes in self.nodes:
            found = OPERATORS[kind].run([values[s] for s in sources], attributes, self.opset)
            several = found if isinstance(found, tuple) else (found,)
            for name, value in zip(targets, several, strict=False):
                if value is None and name in self.wanted:
                    raise ValueError(f"{kind}'s output {name!r} is not read at opset {self.opset}")
                values[name] = value
            values[""] = None
        return [values[name] for name in self.outputs]


def _opset(model: Any) -> int:
    """The version of ONNX's own operators that a file wants."""
    version = next((int(o.version) for o in model.opset_import if o.domain in ("", "ai.onnx")), 0)
    if not FIRST_OPSET <= version <= LAST_OPSET:
        raise ValueError(f"opsets {FIRST_OPSET} to {LAST_OPSET} are read, this file wants {version}")
    return version
