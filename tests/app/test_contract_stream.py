"""Every message of a stream, and the metadata of every binary one, is as the document says."""

import json

import pytest

from app.runs.commands import OPS
from app.stream.messages import STREAM_MESSAGES
from tests import waits
from tests.app.contract import Contract
from tests.app.test_stream import Client, metadata


@pytest.fixture(scope="module")
def contract(server):
    return Contract(server.api.get("/openapi.json").json())


def members(contract, name):
    schema = contract.document["components"]["schemas"][name]
    return {part["$ref"].rpartition("/")[2] for part in schema.get("oneOf", schema.get("anyOf"))}


async def a_day_on_a_stream(server, contract):
    """Talks of everything; returns the messages by kind, each checked."""
    run, token = server.run(lab="circle")
    seen = {}

    def kept(message):
        contract.holds("Event" if "event" in message else "Said", message)
        seen.setdefault(message.get("event") or ("error" if "error" in message else message["op"]), message)
        return message

    async with Client(server, run, token) as client:
        await client.say(id=1, op="subscribe", views={"cost": {}, "boundary": {"size": 10}}, max_fps=60)
        for number, command in enumerate((
            {"op": "step", "count": 3}, {"op": "set", "path": "layers.0.units", "value": 3}, {"op": "play"},
            {"op": "pause"}, {"op": "seek", "step": 0}, {"op": "set", "path": "no.place", "value": 1},
            {"op": "subscribe", "views": {"nothing": {}}}, {"op": "auth", "token": "x"}, {"op": "ping"},
            {"op": "step", "count": "x"},
        )):  # fmt: skip
            await client.say(id=f"c{number}", **command)
            while True:
                message = await client.next()
                if message.get("id") == f"c{number}":
                    break
        other, _ = server.run(lab="circle")
        server.api.put(f"/runs/{run}/successor", headers=token, json={"run": other})
        await client.socket.send(b"bytes")
        await client.say(op="dance")
        while not client.frames or not client.rows:
            await client.next()
        server.api.delete(f"/runs/{run}", headers=token)
        while "ended" not in [m.get("event") for m in client.messages]:
            await client.next()
        for message in client.messages:
            kept(message)
        for meta, _ in client.frames:
            contract.holds("FrameMeta", meta)
            contract.holds("FrameState", json.loads(meta["state"]))
    return seen


def test_messages_are_as_the_document_says(server, contract):
    seen = waits.run(a_day_on_a_stream(server, contract))
    assert {"hello", "state", "moved", "ended", "auth", "subscribe", "ping", "step", "set", "error"} <= seen.keys()
    assert {"spec", "report"} <= seen["set"].keys()


def test_metadata_of_files_is_as_the_document_says(server, contract):
    run, _ = server.run(lab="circle")
    files = {name: metadata(server.api.get(f"/runs/{run}/{name}").content) for name in ("frame", "data", "weights")}
    assert files["frame"]["run"] == files["data"]["run"] == run
    contract.holds("FrameMeta", files["frame"])
    contract.holds("DataMeta", files["data"])
    contract.holds("DataAbout", json.loads(files["data"]["about"]))
    contract.holds("WeightsMeta", files["weights"])
    contract.holds("Spec", json.loads(files["weights"]["spec"]))


def test_history_says_where_it_begins(server, contract):
    async def received():
        run, token = server.run(lab="circle")
        metas = []
        async with Client(server, run, token) as client:
            await client.say(id=1, op="subscribe", views={"cost": {}})
            await client.say(id=2, op="step", count=3)
            while not metas or metas[-1]["step"] != "3":
                meta = await client.next()
                if meta.get("kind") == "history":
                    metas.append(meta)
        return metas

    rows = 0
    for meta in waits.run(received()):
        contract.holds("HistoryMeta", meta)
        assert rows - 1 <= int(meta["from"]) <= rows, "where the rows before end; the last may have been measured since"
        rows = int(meta["from"]) + int(meta["rows"])
    assert rows > 1


def test_the_document_has_every_message(contract, server):
    commands = contract.document["components"]["schemas"]["Command"]["discriminator"]["mapping"]
    assert tuple(sorted(commands)) == tuple(sorted(OPS))
    for kind in STREAM_MESSAGES.values():
        assert kind.__name__ in contract.document["components"]["schemas"]
    assert members(contract, "Event") == {"Hello", "StateEvent", "Recovered", "Lost", "Ended", "Moved"}
    assert server.api.get("/openapi.json").json() == contract.document
