"""The stream contract: subprotocol, acknowledged window, newest wins, lossless history, steering by token."""

import asyncio
import json

import pytest
import websockets
from safetensors.numpy import load

from tests import waits
from tests.server import PATIENCE, Server

pytestmark = pytest.mark.timeout(400)


def metadata(frame):
    size = int.from_bytes(frame[:8], "little")
    return json.loads(frame[8 : 8 + size])["__metadata__"]


class Client:
    """A small client of the stream."""

    def __init__(self, server, run, token=None, **options):
        self.url = f"{server.url.replace('http', 'ws')}/api/v1/runs/{run}/stream"
        self.token = token
        self.options = {"subprotocols": ["descent.v1"], "max_size": None, **options}
        self.frames, self.rows, self.messages, self.history = [], {}, [], {}

    async def __aenter__(self):
        self.socket = await websockets.connect(self.url, **self.options)
        if self.token:
            await self.say(op="auth", id="auth", token=self.token["Authorization"].split()[1])
            await self.answer("auth")
        return self

    async def __aexit__(self, *_):
        await self.socket.close()

    async def say(self, **message):
        await self.socket.send(json.dumps(message))

    async def receive(self):
        return await asyncio.wait_for(self.socket.recv(), PATIENCE)

    async def next(self, acknowledge=True):
        message = await self.receive()
        if isinstance(message, str):
            message = json.loads(message)
            self.messages.append(message)
            return message
        meta = metadata(message)
        if meta["kind"] == "history":
            tensors = load(message)
            self.history = meta
            start = int(meta["from"])
            self.rows = {n: r for n, r in self.rows.items() if n < start}
            for i, step in enumerate(tensors["cost/step"]):
                self.rows[start + i] = step
        else:
            self.frames.append((meta, message))
            if acknowledge:
                await self.say(op="ack", frame=int(meta["frame"]))
        return meta

    async def answer(self, number):
        while True:
            message = await self.next()
            if message.get("id") == number and ("ok" in message or "error" in message):
                return message

    async def until(self, condition, acknowledge=True):
        """Reads until the condition holds; `next` says when nothing comes any more."""
        while not condition():
            await self.next(acknowledge)


def test_frames_are_safetensors_with_metadata(server):
    async def go():
        run, token = server.run()
        async with Client(server, run, token) as client:
            assert client.socket.subprotocol == "descent.v1"
            await client.say(id=1, op="subscribe", views={"cost": {}, "boundary": {"size": 20}, "weights": {}})
            assert (await client.answer(1))["ok"]
            await client.say(id=2, op="play")
            assert "step" in await client.answer(2)
            await client.until(lambda: len(client.frames) > 10)
            meta, frame = client.frames[-1]
            assert {"run", "step", "epoch", "time", "frame", "views"} <= set(meta)
            assert load(frame)["boundary/p"].shape == (20, 20)
            assert json.loads(meta["views"])["boundary"]["size"] == 20
            steps = [int(m["step"]) for m, _ in client.frames]
            assert steps == sorted(steps)
            assert steps[-1] > steps[0]

    waits.run(go())


def test_history_is_lossless_and_a_returning_client_gets_the_rest(server):
    async def go():
        run, token = server.run()
        async with Client(server, run, token) as client:
            await client.say(id=1, op="subscribe", views={"cost": {}})
            await client.say(id=2, op="play")
            await client.until(lambda: len(client.rows) > 50)
            rows = dict(client.rows)
        async with Client(server, run, token) as client:
            client.rows = rows
            await client.say(id=3, op="subscribe", views={"cost": {}}, have=len(rows))
            await client.until(lambda: len(client.rows) > len(rows) + 20)
            await client.say(id=4, op="pause")
            await client.answer(4)
            stored = [r[0] for r in server.api.get(f"/runs/{run}/history").json()["rows"]]
            await client.until(lambda: len(client.rows) >= len(stored))
            assert [client.rows[n] for n in range(len(client.rows))] == stored[: len(client.rows)]
            assert len(client.rows) == len(stored) > len(rows)

    waits.run(go())


def test_a_client_that_does_not_acknowledge_gets_two_frames_and_then_the_newest(server):
    async def go():
        run, token = server.run()
        server.command(run, token, op="play")
        async with Client(server, run) as client:
            await client.say(id=1, op="subscribe", views={"cost": {}}, max_fps=60)
            await client.until(lambda: len(client.frames) == 2, acknowledge=False)
            seen = int(client.frames[1][0]["step"])
            for number in range(5):  # it trains on, and this client is told nothing but answers
                server.wait_for(run, lambda s, n=number: s["step"] > seen + 200 * (n + 1))
                await client.say(id=number, op="dance")
                await client.until(lambda n=number: client.messages[-1].get("id") == n, acknowledge=False)
            assert len(client.frames) == 2
            await client.say(op="ack", frame=int(client.frames[-1][0]["frame"]))
            await client.until(lambda: len(client.frames) == 4, acknowledge=False)
            assert int(client.frames[2][0]["step"]) > seen + 200
        server.command(run, token, op="pause")

    waits.run(go())


def test_a_stalled_viewer_slows_nobody(server):
    async def go():
        run, token = server.run()
        server.command(run, token, op="play")
        async with Client(server, run) as stalled, Client(server, run) as healthy:
            await stalled.say(op="subscribe", views={"boundary": {}}, max_fps=20)
            await healthy.say(op="subscribe", views={"boundary": {}}, max_fps=20)
            await healthy.until(lambda: len(healthy.frames) >= 20)
        server.command(run, token, op="pause")

    waits.run(go())


def test_watching_needs_no_token_but_steering_does(server):
    async def go():
        run, token = server.run()
        async with Client(server, run) as watcher:
            await watcher.say(id=1, op="play")
            refused = await watcher.answer(1)
            assert refused["error"]["status"] == 403
            await watcher.say(id=2, op="auth", token="wrong")
            assert (await watcher.answer(2))["error"]["status"] == 403
            await watcher.say(id=3, op="subscribe", views={"cost": {}})
            server.command(run, token, op="set", path="optimizer.learning_rate", value=0.5)
            while not any(m.get("event") == "state" and m.get("spec") for m in watcher.messages):
                await watcher.next()
            assert watcher.messages[-1]["spec"]["optimizer"]["learning_rate"] == 0.5

    waits.run(go())


def test_the_token_may_come_with_the_connection(server):
    async def go():
        run, token = server.run()
        async with Client(server, run, additional_headers=token) as client:
            await client.say(id=1, op="step")
            assert (await client.answer(1))["step"] == 1
        with pytest.raises(websockets.ConnectionClosed) as closed:
            async with Client(server, run, additional_headers={"Authorization": "Bearer wrong"}) as client:
                while True:
                    await client.next()
        assert closed.value.rcvd.code == 4502

    waits.run(go())


def test_who_closes_at_once_is_obeyed_all_the_same_and_the_run_can_still_be_steered(server):
    async def tell(run, token, **message):
        async with Client(server, run, token) as client:
            await client.say(op="subscribe", views={"cost": {}, "weights": {"layer": "h1"}})
            await client.say(**message)

    run, token = server.run()
    for n in range(1, 9):
        waits.run(tell(run, token, op="set", path="optimizer.learning_rate", value=n / 100))
        waits.until(lambda: server.state(run)["spec"]["optimizer"]["learning_rate"] == n / 100)  # noqa: B023
        waits.run(tell(run, token, op="step", count=1))
        waits.until(lambda: server.state(run)["state"]["step"] == n)  # noqa: B023
    waits.run(tell(run, token, op="play"))
    waits.until(lambda: server.state(run)["state"]["playing"])
    waits.run(tell(run, token, op="pause"))
    waits.until(lambda: not server.state(run)["state"]["playing"])
    for command in ({"op": "set", "path": "optimizer.learning_rate", "value": 0.5}, {"op": "reset"}):
        assert server.command(run, token, **command).status_code == 200


def test_of_many_slider_moves_the_last_wins_and_each_is_answered(server):
    async def go():
        run, token = server.run()
        async with Client(server, run, token) as client:
            values = [round(0.01 + i / 1000, 4) for i in range(60)]
            for i, value in enumerate(values):
                await client.say(id=i, op="set", path="optimizer.learning_rate", value=value)
            answered = {}
            while len(answered) < 60:
                message = await client.next()
                if message.get("id") in range(60):
                    answered[message["id"]] = message
            assert all(m["ok"] for m in answered.values())
            assert server.state(run)["spec"]["optimizer"]["learning_rate"] == values[-1]

    waits.run(go())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        '{"op": "fly"}',
        '{"op": 5}',
        '{"id": 1, "op": "subscribe"}',
        '{"op": "subscribe", "views": {"nope": {}}}',
        '{"op": "subscribe", "views": {"boundary": {"size": 5000}}}',
        '{"op": "ack", "frame": -1}',
        '{"op": "ack", "frame": "1"}',
        '{"op": "subscribe", "views": {}, "max_fps": 1e9}',
        '{"op": "play", "x": 1}',
    ],
)
def test_a_wrong_message_is_answered_with_an_error_and_the_stream_goes_on(server, text):
    async def go():
        run, token = server.run()
        async with Client(server, run, token) as client:
            await client.socket.send(text)
            while not (client.messages and "error" in client.messages[-1]):
                await client.next()
            assert len(client.messages[-1]["error"]["detail"]) > 10
            await client.say(id=7, op="step")
            assert (await client.answer(7))["step"] == 1

    waits.run(go())


def test_binary_and_oversize_messages(server):
    async def go():
        run, _ = server.run()
        async with Client(server, run) as client:
            await client.socket.send(b"\x00\x01")
            while not (client.messages and "error" in client.messages[-1]):
                await client.next()
            with pytest.raises(websockets.ConnectionClosed):
                await client.socket.send("x" * 400_000)
                while True:
                    await client.next()
        assert server.state(run)["id"] == run

    waits.run(go())


@pytest.mark.parametrize(
    ("run", "options", "code"),
    [
        ("nothing", {}, 4504),
        (None, {"origin": "https://elsewhere.example"}, 4503),
        (None, {"subprotocols": ["other.v1"]}, 4501),
    ],
)
def test_close_codes_say_not_to_come_back(server, run, options, code):
    async def go():
        target = run or server.run()[0]
        with pytest.raises((websockets.ConnectionClosed, websockets.NegotiationError)) as closed:
            async with Client(server, target, **options) as client:
                while True:
                    await client.next()
        if isinstance(closed.value, websockets.ConnectionClosed):
            assert closed.value.rcvd.code == code

    waits.run(go())


def test_rows_that_changed_while_a_client_was_away_come_again_and_no_others(server):
    """`mark` says which rows a client has; without it, or with another server's, what it asks for is what it gets."""
    run, token = server.run()
    server.command(run, token, op="step", count=40)

    async def rows(have, mark):
        async with Client(server, run) as client:
            await client.say(id=1, op="subscribe", views={"cost": {}}, have=have, mark=mark)
            await client.until(lambda: client.frames)
            return client.rows, client.history

    async def go():
        first, about = await rows(0, None)
        count, mark = len(first), about["mark"]
        assert count > 30
        server.command(run, token, op="step", count=1)
        server.rows_of(run, 41)
        # the row of a moment at rest comes again when it has been measured
        assert min((await rows(count, mark))[0]) >= count - 1, "the new ones alone"
        # from the beginning, with other weights: no row is what it was, though there are as many again
        server.command(run, token, op="reset", seed=7)
        server.command(run, token, op="step", count=60)
        server.rows_of(run, 60)
        again, about = await rows(count, mark)
        assert min(again) == 0
        assert len(again) > count
        assert about["mark"] != mark
        assert min((await rows(count, None))[0]) >= count - 1
        assert min((await rows(count, "other.0"))[0]) == 0
        assert min((await rows(count, "nonsense"))[0]) == 0

    waits.run(go())


def test_who_watches_is_told_where_the_owner_has_gone_and_nobody_is_led_in_a_circle(tmp_path):
    with Server(tmp_path) as server:
        first, key = server.run()
        second, its_key = server.run()

        def move(run, to, key):
            return server.api.put(f"/runs/{run}/successor", headers=key, json={"run": to})

        async def watch():
            async with Client(server, first) as client:
                assert (await client.next())["moved_to"] is None
                assert move(first, second, {}).status_code == 403
                assert move(first, first, key).status_code == move(first, "nothing", key).status_code == 422
                assert move(first, second, key).status_code == 204
                await client.until(lambda: client.messages[-1].get("event") == "moved")
                assert client.messages[-1]["run"] == second
            async with Client(server, first) as late:
                assert (await late.next())["moved_to"] == second

        waits.run(watch())
        server.stop()
        server.start()
        assert server.state(first)["moved_to"] == second, "also after a restart"
        move(second, first, its_key)  # back again
        assert [server.state(run)["moved_to"] for run in (first, second)] == [None, first]
        move(second, None, its_key)
        assert server.state(second)["moved_to"] is None
        move(first, second, key)
        server.api.delete(f"/runs/{second}", headers=its_key)
        server.stop()
        server.start()
        assert server.state(first)["moved_to"] is None, "nobody is led to a run that is gone"
