"""What routes and streams may do with runs: start, find, steer, fork, watch, end. Storage and hosts meet here."""

import asyncio
import dataclasses
import hashlib
import hmac
import logging
import os
import secrets
import time
from collections import Counter
from collections.abc import Coroutine
from typing import Any

import numpy as np

from app.ipc.tensors import join_blobs, meta_of, split_blobs
from app.runs.commands import COMMANDS, Command, changed
from app.runs.live import FrameGroup, LiveRun, Rows, group_key
from app.runs.workers import HostLost, HostRefused, Hosts
from app.settings import Settings
from app.specs import CheckedSpec, Facts, SpecProblem, check_spec, facts_of, parse_spec
from app.specs.advice import warnings_of
from app.specs.check import describe
from app.storage import Database, StoredRun
from engine.core.types import Array
from engine.data.pictures import UPLOADED
from engine.data.uploads import fingerprint

log = logging.getLogger("descent.runs")
COALESCED = {"probe": "(probe)", "move": "(move)"}
"""Under these keys probes and moves wait for each other, as sets do under their paths."""
UNBORN = {"playing": False, "step": 0, "epoch": 0.0, "version": 0, "keyframes": []}
"""The state of a run whose host has not spoken yet."""


class NotFound(LookupError):
    """There is no such run (or upload)."""


class Forbidden(PermissionError):
    """The token is missing or not the run's."""


class Full(RuntimeError):
    """A limit on running things is reached; the message says what to do."""


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class RunService:
    """One per server."""

    def __init__(self, settings: Settings, hosts: Hosts, database: Database) -> None:
        self.settings, self.hosts, self.database = settings, hosts, database
        self.live: dict[str, LiveRun] = {}
        self.counts: Counter[str] = Counter()
        self._opening: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._facts: dict[str, Facts] = {}
        self.closing = False
        self.measuring = 0
        """Sweeps at work: they use every core."""
        self._threads = 1

    async def start(self) -> None:
        await self.hosts.start(self._on_event, self._on_lost)
        self._background(self._sweep())

    async def stop(self) -> None:
        """Saves everything; the order matters: hosts tell what is unsaved, then storage closes."""
        self.closing = True
        await self.hosts.stop()
        for run in self.live.values():
            for group in run.groups.values():
                group.close()
            await self._save_rows(run)
            await self.database.update_run(run.id, run.spec, bool(run.state["playing"]), run.speed)
        sweeps = [t for t in self._tasks if t.get_name() == "sweep"]
        for task in sweeps:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.database.close()

    def _background(self, work: Coroutine[Any, Any, None], name: str = "sweep") -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("background work failed", exc_info=task.exception())

    # -- specs ---------------------------------------------------------------------------------------------------
    async def check(self, raw: Any) -> CheckedSpec:
        """The spec checked whole, its CSV looked at by a host."""
        return await self.check_parsed(parse_spec(raw))

    async def check_parsed(self, spec: dict[str, Any]) -> CheckedSpec:
        facts = facts_of(spec["data"]) or await self._upload_facts(spec["data"])
        return check_spec(spec, facts, self.settings)

    async def _upload_facts(self, data: dict[str, Any]) -> Facts:
        key = repr((data["name"], data["upload"], data["inputs"], data["target"], data["size"]))
        if key not in self._facts:
            stored = await self.database.upload(data["upload"] or "")
            if stored is None:
                raise SpecProblem("data.upload", f"data.upload: there is no uploaded file {data['upload']!r}")
            raw = {**data, "features": None, "degree": 1}
            try:
                head, _ = await self.hosts.anywhere("inspect", stored[0], data=raw)
            except HostRefused as error:
                raise SpecProblem("data", str(error)) from error
            if len(self._facts) > 500:
                self._facts.clear()
            self._facts[key] = Facts(head["task"], head["kind"], head["outputs"], tuple(head["shape"]),
                                     tuple(head["inputs"]), tuple(head["classes"]), head["examples"])  # fmt: skip
        f = self._facts[key]
        return describe(f.task, f.kind, f.outputs, f.input_names, f.input_shape, f.classes, f.examples, data)

    async def measure(self, task: str, spec: dict[str, Any], steps: int, method: str) -> dict[str, Any]:
        """One run of a sweep, on the least busy host: its costs in the end."""
        named = spec["data"]["name"] in UPLOADED
        files = await self.database.upload(spec["data"]["upload"] or "") if named else None
        more = {"upload": spec["data"]["upload"]} if files else {}
        head, _ = await self.hosts.anywhere("measure", files[0] if files else b"", task=task, spec=spec, steps=steps,
                                            method=method, **more)  # fmt: skip
        result: dict[str, Any] = head["result"]
        return result

    async def add_upload(self, text: bytes) -> dict[str, Any]:
        """Parses a CSV in a host, keeps it, and says what its columns are."""
        if len(text) > self.settings.max_upload_bytes:
            raise SpecProblem(
                "file",
                f"a file may have at most {self.settings.max_upload_bytes:,} bytes, got {len(text):,}",
                limit=True,
            )
        try:
            head, _ = await self.hosts.anywhere("csv", text)
        except HostRefused as error:
            raise SpecProblem("file", str(error)) from error
        upload = fingerprint(text)
        await self.database.put_upload(upload, text, head["table"], self.settings.max_uploads)
        return {"id": upload, **head["table"]}

    async def add_pictures(self, archive: bytes) -> dict[str, Any]:
        """Reads a ZIP archive of pictures in folders in a host, keeps them, and says what they are."""
        try:
            head, packed = await self.hosts.anywhere("pictures", archive, most_bytes=self.settings.max_pictures_bytes,
                                                     most_pictures=self.settings.max_pictures)  # fmt: skip
        except HostRefused as error:
            raise SpecProblem("file", str(error)) from error
        upload = fingerprint(packed)
        await self.database.put_upload(upload, packed, head["about"], self.settings.max_uploads)
        return {"id": upload, **head["about"]}

    async def get_upload(self, upload: str) -> dict[str, Any]:
        stored = await self.database.upload(upload)
        if stored is None:
            raise NotFound(f"there is no uploaded file {upload!r}")
        return {"id": upload, **stored[1]}

    # -- life of a run -------------------------------------------------------------------------------------------
    def _admit(self, client: str) -> None:
        if len(self.live) >= self.settings.max_runs:
            raise Full(f"all {self.settings.max_runs} places are taken; try again in a few minutes, or watch a run")
        mine = sum(run.client == client for run in self.live.values())
        if mine >= self.settings.max_runs_per_client:
            # A visitor who opens one run after another should not be locked out by the ones left behind.
            idle = [r for r in self.live.values() if r.client == client and not r.listeners and not r.state["playing"]]
            if not idle:
                raise Full(f"{mine} runs of this address are active; end one (DELETE /api/v1/runs/ID), then try again")
            self._background(self.rest(min(idle, key=lambda r: r.touched)), "rest")

    async def create(self, raw: Any, client: str) -> tuple[LiveRun, str]:
        """A new run from a spec; the token is told once."""
        checked = await self.check(raw)
        self._admit(client)
        return await self._begin(checked, client)

    async def _begin(
        self,
        checked: CheckedSpec,
        client: str,
        *,
        blobs: list[bytes] | None = None,
        rows: Array | None = None,
        parent: tuple[str, int] | None = None,
        start_spec: dict[str, Any] | None = None,
    ) -> tuple[LiveRun, str]:
        run_id, token = secrets.token_urlsafe(9), secrets.token_urlsafe(24)
        spec = start_spec or checked.spec
        sizes, body = join_blobs(blobs or [])
        stored = StoredRun(run_id, hashed(token), time.time(), client, checked.spec, False, None,
                           *(parent or (None, None)))  # fmt: skip
        run = LiveRun(run_id, stored.token, client, checked.spec, checked.report(), dict(UNBORN), stored.created,
                      stored.parent, stored.parent_step, rows=Rows(rows))  # fmt: skip
        self.live[run_id] = run  # before the host has it, so that none of its first news is missed
        try:
            run.take(await self._host_create(run_id, spec, sizes, body))
            if start_spec is not None and start_spec != checked.spec:
                await self._send_upload(run_id, checked.spec)
                head, _ = await self._ask(run_id, "command", command={"op": "set"}, spec=checked.spec)
                run.take(head["state"])
            await self.database.add_run(stored)
            if rows is not None:
                await self.database.put_rows(run_id, 0, rows)
        except BaseException:
            self.live.pop(run_id, None)
            await self.hosts.close_run(run_id)
            raise
        self.counts["runs_started"] += 1
        return run, token

    async def _send_upload(self, run: str, spec: dict[str, Any]) -> None:
        """The host gets an uploaded file before a spec that names it."""
        upload = spec["data"]["upload"]
        if spec["data"]["name"] not in UPLOADED or not upload:
            return
        stored = await self.database.upload(upload)
        if stored is None:
            raise SpecProblem("data.upload", f"data.upload: there is no uploaded file {upload!r}")
        await self._ask(run, "upload", stored[0], upload=upload)

    async def _host_create(
        self, run: str, spec: dict[str, Any], sizes: list[int], body: bytes, **more: Any
    ) -> dict[str, Any]:
        named = spec["data"]["name"] in UPLOADED
        files = await self.database.upload(spec["data"]["upload"] or "") if named else None
        upload = {"upload": spec["data"]["upload"], "upload_size": len(files[0])} if files else {}
        try:
            return await self.hosts.create(
                run, spec, (files[0] if files else b"") + body, sizes=sizes, **upload, **more
            )
        except HostRefused as error:
            raise SpecProblem(error.field or "spec", str(error)) from error

    async def get(self, run_id: str) -> LiveRun:
        """The run, woken from storage if it rests."""
        run = self.live.get(run_id)
        if run is not None:
            run.touch()
            return run
        async with self._opening.setdefault(run_id, asyncio.Lock()):
            if run_id not in self.live:
                stored = await self.database.get_run(run_id)
                if stored is None:
                    raise NotFound(f"there is no run {run_id!r}")
                self._admit(stored.client)
                await self._wake(stored)
        self._opening.pop(run_id, None)
        return self.live[run_id]

    async def _wake(self, stored: StoredRun, version: int = 1) -> None:
        checked = await self.check_parsed(stored.spec)
        latest, frames = await self.database.checkpoints(stored.id)
        rows = await self.database.rows(stored.id)
        sizes, body = join_blobs([latest, rows.tobytes(), *frames]) if latest else ([], b"")
        run = self.live.get(stored.id) or LiveRun(
            stored.id, stored.token, stored.client, stored.spec, checked.report(), dict(UNBORN), stored.created,
            stored.parent, stored.parent_step,
        )  # fmt: skip
        kept = Rows(rows if latest else None)
        kept.count = kept.after_step(meta_of(latest)["step"]) if latest else 0
        run.rows = kept
        for viewer, cursor in run.cursors.items():
            run.cursors[viewer] = min(cursor, kept.count)
        new = stored.id not in self.live
        self.live[stored.id] = run
        try:
            run.take(await self._host_create(stored.id, stored.spec, sizes, body, playing=stored.playing,
                                             speed=stored.speed, version=version))  # fmt: skip
        except BaseException:
            if new:
                self.live.pop(stored.id, None)
            raise
        run.spec, run.speed = stored.spec, stored.speed

    async def _on_lost(self, runs: list[str]) -> None:
        """A host died: each of its runs goes on from its last checkpoint."""
        log.warning("a training process ended; %d runs come back from their checkpoints", len(runs))
        self.counts["hosts_lost"] += 1
        await asyncio.gather(*(self._recover(self.live[run]) for run in runs if run in self.live))

    async def _recover(self, run: LiveRun) -> None:
        await self._save_rows(run)
        stored = await self.database.get_run(run.id)
        if stored is None:
            return
        wanted = dataclasses.replace(stored, playing=bool(run.state["playing"]), speed=run.speed)
        try:
            await self._wake(wanted, int(run.state["version"]) + 1_000_000)
        except (SpecProblem, HostLost) as error:
            run.broadcast({"event": "lost", "detail": str(error)})
            return
        for group in run.groups.values():
            group.restart()
        self.counts["runs_recovered"] += 1
        run.broadcast({"event": "recovered", "step": run.state["step"], "state": run.state})

    async def rest(self, run: LiveRun) -> None:
        """Out of the host, into storage; opening it again brings it back."""
        async with run.lock:
            if self.live.get(run.id) is not run:
                return
            await self._pause_unwatched(run)
            await self._save_rows(run)
            self.live.pop(run.id, None)
            await self.hosts.close_run(run.id)
            self._end_groups(run)

    async def _pause_unwatched(self, run: LiveRun) -> None:
        try:
            await self._ask(run.id, "command", command={"op": "pause"})
        except (HostLost, HostRefused):
            return
        await self.database.update_run(run.id, run.spec, False, run.speed)

    async def delete(self, run: LiveRun) -> None:
        async with run.lock:
            self.live.pop(run.id, None)
            await self.hosts.close_run(run.id)
            await self.database.delete_run(run.id)
            run.broadcast({"event": "ended"})
            self._end_groups(run)

    def _end_groups(self, run: LiveRun) -> None:
        for group in run.groups.values():
            group.close()
        run.groups.clear()

    async def share_cores(self, again: bool = False) -> None:
        """A lone run gets a second thread, which no other run would use; the numbers do not depend on it."""
        playing = sum(bool(r.state["playing"]) for r in self.live.values())
        threads = 2 if playing == 1 and not self.measuring and (os.cpu_count() or 1) > 1 else 1
        if threads != self._threads or again:
            self._threads = threads
            await self.hosts.everywhere("threads", number=threads)

    async def _sweep(self) -> None:
        """Puts forgotten runs to rest and deletes old ones."""
        while True:
            await asyncio.sleep(min(5.0, self.settings.abandoned_seconds / 4, self.settings.idle_minutes * 15))
            now = time.monotonic()
            for run in [r for r in self.live.values() if r.state["playing"] and r.abandoned_at is not None]:
                if now - (run.abandoned_at or now) > self.settings.abandoned_seconds:
                    await self._pause_unwatched(run)
            limit = now - self.settings.idle_minutes * 60
            for run in [r for r in self.live.values() if not r.listeners and r.touched < limit and not r.lock.locked()]:
                await self.rest(run)
            await self.share_cores(again=True)  # a host that was replaced does not know yet
            await self.database.delete_untouched(self.settings.keep_days * 86400)

    # -- steering ------------------------------------------------------------------------------------------------
    def authorize(self, run: LiveRun, token: str | None) -> None:
        if not token or not hmac.compare_digest(hashed(token), run.token):
            raise Forbidden("steering this run wants its token (Authorization: Bearer …); watching needs none")

    async def _ask(self, run: str, do: str, body: bytes = b"", **more: Any) -> tuple[dict[str, Any], bytes]:
        return await self.hosts.ask(run, do, body, **more)

    async def command(self, run: LiveRun, command: Command) -> dict[str, Any]:
        """Carries a command out between two steps; of several waiting sets of one path the last wins."""
        run.touch()
        plain = COMMANDS.dump_python(command)
        path = plain.get("path") if plain["op"] == "set" else COALESCED.get(plain["op"])
        if path is not None:
            mine = run.sets[path] = run.sets.get(path, 0) + 1
        async with run.lock:
            if path is not None:
                if run.sets.get(path) != mine:
                    return {
                        "id": plain["id"],
                        "ok": True,
                        "op": plain["op"],
                        "step": run.state["step"],
                        "coalesced": True,
                    }
                run.sets.pop(path, None)
            return await self._carry_out(run, plain)

    async def _carry_out(self, run: LiveRun, plain: dict[str, Any]) -> dict[str, Any]:
        more: dict[str, Any] = {}
        report = run.report
        if plain["op"] == "play" and not run.state["playing"]:
            playing = sum(bool(r.state["playing"]) for r in self.live.values())
            if playing >= self.settings.max_playing:
                raise Full(f"{playing} runs are training already; pause one or try again in a minute")
        if plain["op"] == "set":
            spec = changed(run.spec, plain["path"], plain["value"])
            report = (await self.check_parsed(spec)).report()
            if spec["data"] != run.spec["data"]:
                await self._send_upload(run.id, spec)
            more["spec"] = spec
        head, _ = await self._ask(run.id, "command", command=plain, **more)
        if plain["op"] == "speed":
            run.speed = plain["steps_per_second"]
        if plain["op"] == "reset":
            report = (await self.check_parsed(head["head_spec"])).report()
        edited = head["head_spec"] != run.spec
        shown = head["spec"] if head["spec"] != head["head_spec"] else None
        moved = shown != run.shown
        warnings = warnings_of(run.spec, head["head_spec"], head["step"]) if plain["op"] == "set" else []
        if edited or warnings:
            report = {**report, "warnings": warnings}
        run.spec, run.report, run.shown = head["head_spec"], report, shown
        run.take(head["state"])
        self.counts["commands"] += 1
        await self.share_cores()
        await self.database.update_run(run.id, run.spec, bool(run.state["playing"]), run.speed)
        message: dict[str, Any] = {"event": "state", "state": run.state}
        if edited or moved:
            shown_report = (await self.check_parsed(shown)).report() if shown else report
            message |= {"spec": run.spec, "shown_spec": shown, "report": shown_report}
        run.broadcast(message)
        return {"id": plain["id"], "ok": True, "op": plain["op"], "step": head["step"], "state": run.state,
                **({"warnings": warnings} if plain["op"] == "set" else {}),
                **({"spec": run.spec, "report": report} if edited else {}),
                **({"solution": head["solution"]} if "solution" in head else {})}  # fmt: skip

    async def fork(self, run: LiveRun, client: str, changes: dict[str, Any], step: int | None) -> tuple[LiveRun, str]:
        """A new run from the moment that is shown (or a kept one near `step`), with changes to its spec."""
        head, body = await self._ask(run.id, "checkpoint", step=step)
        blobs = split_blobs(head["sizes"], body)
        rows = np.frombuffer(blobs[1], np.float64).reshape(-1, 6)
        spec = head["spec"]
        for path, value in changes.items():
            spec = changed(spec, path, value)
        checked = await self.check_parsed(spec)
        self._admit(client)
        return await self._begin(checked, client, blobs=blobs, rows=rows, parent=(run.id, head["step"]),
                                 start_spec=head["spec"])  # fmt: skip

    # -- reading -------------------------------------------------------------------------------------------------
    def group(self, run: LiveRun, views: dict[str, Any], exact: bool) -> FrameGroup:
        """The group of viewers of these views; made when the first one comes."""
        key = group_key(views, exact)
        group = run.groups.get(key)
        if group is None or group.closed:

            async def ask(after: int) -> tuple[int, bytes]:
                head, frame = await self._ask(run.id, "frame", after=after, views=views, exact=exact)
                return head["seq"], frame

            run.groups = {k: g for k, g in run.groups.items() if not g.closed}
            group = run.groups[key] = FrameGroup(ask)
        return group

    async def frame(self, run: LiveRun, views: dict[str, Any], exact: bool) -> bytes:
        _, frame = await self._ask(run.id, "frame", after=0, views=views, exact=exact)
        return frame

    async def predict(self, run: LiveRun, inputs: list[Any], activations: bool) -> dict[str, Any]:
        if len(inputs) > self.settings.max_predict_rows:
            raise SpecProblem(
                "inputs",
                f"inputs wants at most {self.settings.max_predict_rows:,} rows, got {len(inputs):,}",
                limit=True,
            )
        try:
            head, _ = await self._ask(run.id, "predict", inputs=inputs, activations=activations)
        except HostRefused as error:
            words = str(error)
            raise SpecProblem("inputs", words if words.startswith("inputs") else f"inputs: {words}") from error
        tensors = head["tensors"]
        out = {"step": head["step"], "outputs": tensors.pop("outputs"), "classes": head["classes"]}
        return out | ({"activations": tensors} if activations else {})

    async def weights(self, run: LiveRun) -> bytes:
        return (await self._ask(run.id, "weights"))[1]

    async def onnx(self, run: LiveRun) -> bytes:
        return (await self._ask(run.id, "onnx"))[1]

    async def set_weights(self, run: LiveRun, data: bytes) -> int:
        try:
            head, _ = await self._ask(run.id, "set_weights", data)
        except HostRefused as error:
            raise SpecProblem("body", str(error)) from error
        return int(head["step"])

    async def data(self, run: LiveRun, most: int) -> bytes:
        return (await self._ask(run.id, "data", most=most))[1]

    # -- news from hosts -----------------------------------------------------------------------------------------
    def _on_event(self, head: dict[str, Any], body: bytes) -> None:
        run = self.live.get(head["run"])
        if run is None:
            return
        match head["event"]:
            case "rows":
                rows = np.frombuffer(body, np.float64).reshape(-1, 6)
                run.put_rows(head["from"], rows)
            case "state":
                state = {k: v for k, v in head.items() if k not in ("event", "run")}
                run.news(state)
            case "checkpoint":
                latest, *frames = split_blobs(head["sizes"], body)
                pairs = list(zip(head["frames"], frames, strict=True))
                self._background(self._save(run, head, latest, pairs), "checkpoint")

    async def _save(self, run: LiveRun, head: dict[str, Any], latest: bytes, frames: list[tuple[int, bytes]]) -> None:
        """Rows before the checkpoint that counts on them."""
        await self._save_rows(run)
        await self.database.put_checkpoint(run.id, head["step"], latest, frames, head["kept"], head["spec"])

    async def _save_rows(self, run: LiveRun) -> None:
        unsaved = run.take_unsaved()
        if unsaved is not None:
            await self.database.put_rows(run.id, *unsaved)
