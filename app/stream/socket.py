"""One viewer of one run. Two tasks: one reads what the client says, one sends frames inside an acknowledged window.

A slow client slows nobody: frames are pulled by credit, at most `frame_window` are unacknowledged, and when credit
comes back the newest frame goes out, whatever was between. History rows go lossless, in front of a frame.
Close codes: 4000–4499 mean come back, 4500 and up do not; 1012 (from uvicorn) when the server restarts.
"""

import asyncio
import contextlib
import logging
from collections import deque

import orjson
from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError

from app.errors import AppError, Forbidden, NotFound, coded
from app.http.origin import bearer, host_allowed, origin_allowed
from app.http.problems import document, fault, problem, problem_of, validation_problem
from app.http.token_bucket import Bucket
from app.runs.commands import COMMANDS, OPS, AnyCommand
from app.runs.live import LATE_SECONDS, FrameGroup, LiveRun
from app.runs.service import RunService
from app.stream import packing
from app.stream.messages import STREAM_MESSAGES, Ack, Auth, Ping, Subscribe
from engine.views import check_parameters

log = logging.getLogger("descent.stream")
PROTOCOL = "descent.v1"
TRY_LATER = 4001
BAD_MESSAGE, WRONG_TOKEN, FOREIGN, GONE = 4501, 4502, 4503, 4504
PACKED_ROWS_SECONDS = 0.08
"""While a run trains, a client that wants small messages gets rows this seldom: one row is nearly all head."""
LAST_WORDS_SECONDS = 1.0
"""After one side has closed, messages that came before are read so long."""
MOST_QUEUED = 64
"""Answers and events waiting to be sent; a client that reads none of them is let go."""


class Viewer:
    """The state of one connection."""

    def __init__(self, socket: WebSocket, service: RunService, run: LiveRun) -> None:
        self.socket, self.service, self.run = socket, service, run
        self.settings = service.settings
        self.may_steer = False
        self.bucket = Bucket(self.settings.commands_per_second, self.settings.command_burst)
        self.out: asyncio.Queue[str] = asyncio.Queue(MOST_QUEUED)
        self.unacknowledged: deque[int] = deque()
        self.credit = asyncio.Event()
        self.credit.set()
        self.group: FrameGroup | None = None
        self.fps = 30.0
        self.frames: asyncio.Task[None] | None = None
        self.late_rows: asyncio.Task[None] | None = None
        self.working: set[asyncio.Task[None]] = set()
        self.sending = asyncio.Lock()
        self.overflow = asyncio.Event()

    async def serve(self) -> None:
        """Until one side closes."""
        self.run.listeners[self] = self.say
        self.run.cursors[self] = self.run.rows.count
        self.say({"event": "hello", "run": self.run.id, "protocol": PROTOCOL, **self.run.public()})
        reading = asyncio.create_task(self._read())
        tasks = [reading, *(asyncio.create_task(t) for t in (self._speak(), self.overflow.wait()))]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            if self.overflow.is_set():
                await self.socket.close(TRY_LATER, "messages were not read in time; come back")
        except WebSocketDisconnect:
            pass
        finally:
            self._stop_frames()
            await asyncio.wait([reading], timeout=LAST_WORDS_SECONDS)  # what was said before the close is obeyed
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, *self.working, return_exceptions=True)
            self._leave_group()
            self.run.listeners.pop(self, None)
            self.run.cursors.pop(self, None)
            self.run.touch()

    def say(self, message: dict[str, object]) -> None:
        """Queues a JSON message."""
        try:
            self.out.put_nowait(orjson.dumps(message).decode())
        except asyncio.QueueFull:
            self.overflow.set()

    async def _speak(self) -> None:
        while True:
            text = await self.out.get()
            async with self.sending:
                await self.socket.send_text(text)

    # -- reading -------------------------------------------------------------------------------------------------
    async def _read(self) -> None:
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1000))
            text = message.get("text")
            if text is None:
                self._refuse(None, "stream-binary", "a client speaks JSON text; this was a binary message")
                continue
            try:
                raw = orjson.loads(text)
            except orjson.JSONDecodeError as error:
                self._refuse(None, "not-json", "this is not JSON: {why}", why=str(error))
                continue
            if not isinstance(raw, dict) or "op" not in raw:
                self._refuse(None, "stream-no-op", 'a message is an object with an "op"')
                continue
            await self._hear(raw)

    def _refuse(
        self,
        number: int | str | None,
        code: str,
        sentence: str,
        /,
        status: int = 400,
        field: str | None = None,
        **params: object,
    ) -> None:
        self.say({"id": number, "error": problem(status, code, sentence, at=field, **params)})

    async def _hear(self, raw: dict[str, object]) -> None:
        given = raw.get("id")
        number = given if isinstance(given, int | str) else None
        op = raw["op"]
        try:
            if op in OPS:
                command = COMMANDS.validate_python(raw)
                if not self.may_steer:
                    self._refuse(number, "stream-token", "steering wants the run's token: send auth first", status=403)
                elif not self.bucket.take():
                    self.say({"id": number, "error": problem_of(self.bucket.refusal)})
                else:
                    work = asyncio.create_task(self._steer(number, command))
                    self.working.add(work)
                    work.add_done_callback(self.working.discard)
                return
            kind = STREAM_MESSAGES.get(op) if isinstance(op, str) else None
            if kind is None:
                self._refuse(
                    number,
                    "unknown-name",
                    "unknown {kind} {name!r:.60}; known: {known}",
                    field="op",
                    kind="op",
                    name=op,
                    known=(*STREAM_MESSAGES, *OPS),
                )
                return
            self._obey(number, kind.model_validate(raw))
        except ValidationError as error:
            self.say({"id": number, "error": validation_problem(error, raw)})

    def _obey(self, number: int | str | None, message: BaseModel) -> None:
        match message:
            case Auth():
                try:
                    self.service.authorize(self.run, message.token)
                except Forbidden as error:
                    self.say({"id": number, "error": problem_of(error)})
                    return
                self.may_steer = True
                self.say({"id": number, "ok": True, "op": "auth", "step": self.run.state.step})
            case Subscribe():
                self._subscribe(number, message)
            case Ping():
                self.say({"id": number, "ok": True, "op": "ping", "step": self.run.state.step})
            case Ack():
                while self.unacknowledged and self.unacknowledged[0] <= message.frame:
                    self.unacknowledged.popleft()
                self.credit.set()

    def _subscribe(self, number: int | str | None, message: Subscribe) -> None:
        if len(message.views) > self.settings.max_views:
            self._refuse(
                number,
                "views-many",
                "at most {most} views, got {got}",
                field="views",
                most=self.settings.max_views,
                got=len(message.views),
            )
            return
        try:
            views = {name: check_parameters(name, given) for name, given in message.views.items()}
        except ValueError as error:
            self.say({"id": number, "error": document(400, coded(error), field="views")})
            return
        self._stop_frames()
        self._leave_group()
        self.fps = min(message.max_fps, float(self.settings.max_fps))
        if "cost" in views:
            self.run.cursors[self] = self.run.rows.unchanged(message.have, message.mark)
        if views:
            self.group = self.service.group(self.run, views, message.exact)
            self.group.join(self, self.fps)
            self.frames = asyncio.create_task(self._send_frames(self.group, "cost" in views, message.packed))
            self.frames.add_done_callback(self._frames_ended)
        self.say({"id": number, "ok": True, "op": "subscribe", "step": self.run.state.step, "views": views})

    def _stop_frames(self) -> None:
        for task in (self.frames, self.late_rows):
            if task is not None:
                task.cancel()
        self.frames = self.late_rows = None

    def _leave_group(self) -> None:
        if self.group is not None:
            self.group.leave(self)
            self.group = None

    def _frames_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self.overflow.set()

    async def _steer(self, number: int | str | None, command: AnyCommand) -> None:
        try:
            answer = await self.service.command(self.run, command)
        except AppError as error:
            self.say({"id": number, "step": self.run.state.step, "error": problem_of(error)})
        except Exception:  # a fault of ours is an answer too
            log.exception("a command failed")
            self.say({"id": number, "step": self.run.state.step, "error": fault()})
        else:
            self.say(answer)

    # -- frames --------------------------------------------------------------------------------------------------
    async def _send_frames(self, group: FrameGroup, with_history: bool, packed: bool) -> None:
        serial = 0
        packer = packing.Packer() if packed else None
        rows_due = 0.0
        clock = asyncio.get_running_loop().time
        due = clock()
        while True:
            await self.credit.wait()
            serial, number, frame = await group.after(serial)
            pause = due - clock()
            if pause > 0.002:  # the group is faster than this viewer wants: wait, then take the newest
                await asyncio.sleep(pause)
                serial, number, frame = group.newest
            due = max(
                due + 1 / self.fps, clock() - min(0.5 / self.fps, LATE_SECONDS)
            )  # a sleep ends late: what is due stays due
            history = None
            if with_history and (packer is None or clock() >= rows_due or not self.run.state.playing):
                history, rows_due = self._rows(), clock() + PACKED_ROWS_SECONDS
            elif with_history and self.late_rows is None:
                self.late_rows = asyncio.create_task(self._send_late_rows())
            self.unacknowledged.append(number)
            if len(self.unacknowledged) >= self.settings.frame_window:
                self.credit.clear()
            if packer is not None:
                history, frame = history and packing.whole(history), packer.frame(frame)
            async with self.sending:
                if history is not None:
                    await self.socket.send_bytes(history)
                await self.socket.send_bytes(frame)

    async def _send_late_rows(self) -> None:
        """Rows that were not sent with a frame, should no other frame come."""
        await asyncio.sleep(2 * PACKED_ROWS_SECONDS)
        self.late_rows = None
        rows = self._rows()
        if rows is not None:
            async with self.sending:
                with contextlib.suppress(WebSocketDisconnect):  # whoever reads from it hears of that, too
                    await self.socket.send_bytes(packing.whole(rows))

    def _rows(self) -> bytes | None:
        """History rows this viewer lacks."""
        cursor, count = self.run.cursors.get(self, 0), self.run.rows.count
        if cursor >= count:
            return None
        self.run.cursors[self] = count
        return self.run.rows.message(self.run.id, cursor)


async def stream(socket: WebSocket, run_id: str) -> None:
    """WS /api/v1/runs/{id}/stream."""
    service: RunService = socket.app.state.service
    settings = service.settings
    offered = socket.scope.get("subprotocols", [])
    await socket.accept(subprotocol=PROTOCOL if PROTOCOL in offered else None)
    if not origin_allowed(socket.headers, settings) or not host_allowed(socket.headers, settings):
        await socket.close(FOREIGN, "this origin may not open streams here")
        return
    if offered and PROTOCOL not in offered:
        await socket.close(BAD_MESSAGE, f"the subprotocol is {PROTOCOL}")
        return
    try:
        run = await service.get(run_id)
    except NotFound as error:
        await socket.close(GONE, str(error)[:120])
        return
    except AppError as error:
        await socket.close(TRY_LATER, str(error)[:120])
        return
    viewers = sum(len(r.listeners) for r in service.live.values())
    for count, most, where in (
        (viewers, settings.max_viewers, ""),
        (len(run.listeners), settings.max_viewers_per_run, " of this run"),
    ):
        if count >= most:
            await socket.close(TRY_LATER, f"all {most:,} places for viewers{where} are taken; try again in a minute")
            return
    viewer = Viewer(socket, service, run)
    token = bearer(socket.headers.get("authorization"))
    if token is not None:
        try:
            service.authorize(run, token)
        except Forbidden as error:
            await socket.close(WRONG_TOKEN, str(error)[:120])
            return
        viewer.may_steer = True
    await viewer.serve()
