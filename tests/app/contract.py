"""The document of a running server, closed: a field that is sent and not described is an error."""

import copy
import json

import jsonschema_rs


def closed(part):
    """The same schemas with nothing allowed beside what they name."""
    if isinstance(part, list):
        return [closed(p) for p in part]
    if not isinstance(part, dict):
        return part
    out = {key: closed(value) for key, value in part.items()}
    if "properties" in out and out.get("type") == "object":
        out.setdefault("additionalProperties", False)
    return out


class Contract:
    """check(answer) of an operation; holds(name, value) for any schema by its name."""

    def __init__(self, document):
        self.document = document
        self.components = closed(copy.deepcopy(document["components"]))
        self.operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }
        self._validators = {}

    def validator(self, schema):
        key = repr(schema)
        if key not in self._validators:
            whole = {**closed(schema), "components": self.components}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole)
        return self._validators[key]

    def fits(self, schema, value, where):
        errors = [
            f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in self.validator(schema).iter_errors(value)
        ]
        assert not errors, f"{where}: {errors[:5]}"

    def holds(self, name, value):
        self.fits({"$ref": f"#/components/schemas/{name}"}, value, name)

    def check(self, operation_id, answer):
        """Status, media type and, for JSON, every field."""
        _, _, operation = self.operations[operation_id]
        where = f"{operation_id} {answer.status_code}"
        described = operation["responses"].get(str(answer.status_code))
        assert described is not None, f"{where} is not described: {answer.text[:200]}"
        assert (answer.status_code == 204) == ("content" not in described), where
        if "content" not in described:
            assert not answer.content
            return
        media = answer.headers["content-type"].split(";")[0]
        assert media in described["content"], (where, media)
        schema = described["content"][media]["schema"]
        if media == "application/x-ndjson":
            for line in answer.iter_lines():
                self.fits(schema, json.loads(line), where)
        elif media.endswith("json"):
            self.fits(schema, answer.json(), where)
        else:
            assert schema["type"] == "string"
