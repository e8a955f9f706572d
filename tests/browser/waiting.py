"""Waiting for the page. Playwright's wait_for_function evaluates text inside the page, which its policy forbids;

asking from outside, as `evaluate` does, needs no exception from the policy. What is waited for comes by steps of
training, so it is steps that are watched: time counts only while nothing moves, and longer on a machine that does
much else.
"""

import os
import time

STILL = 60_000
"""Milliseconds in which nothing has moved, on a machine that does nothing else."""
MOST = 600
"""Seconds after which even a run that moves has had its time."""
PAUSES = (5, 80)
"""Milliseconds between two questions, at first and at most."""
LOOK = 1.0
"""Seconds between two looks at what moves."""
MOVED = """() => {
  const d = window.descent;
  const runners = document.querySelector('d-compare')?.race?.runners ?? [];
  return JSON.stringify([
    document.readyState, d?.run, d?.state?.step, d?.frame?.meta?.frame, d?.about?.surface?.done,
    document.querySelector('d-sweep')?.sweep?.done, runners.map((r) => r.state?.step),
  ]);
}"""


def patience(milliseconds):
    """Seconds: so many more as there is more to do here than the machine can do at once."""
    return milliseconds / 1000 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def until(page, condition, timeout=STILL):
    """Polls a JavaScript expression, or a function of no arguments, until it is truthy."""
    begun = last = time.monotonic()
    before, look, pause = None, begun, PAUSES[0]
    while not (condition() if callable(condition) else page.evaluate(f"() => Boolean({condition})")):
        now = time.monotonic()
        if now >= look:
            moved, look = page.evaluate(MOVED), now + LOOK
            if moved != before:
                last, before = now, moved
        if now - last > patience(timeout):
            raise AssertionError(f"nothing has moved for {now - last:.0f} s, and not: {condition}; {before}")
        if now - begun > MOST:
            raise AssertionError(f"not in {MOST} s, though it moves: {condition}; {before}")
        page.wait_for_timeout(pause)
        pause = min(2 * pause, PAUSES[1])


def solved(page, challenge):
    """Until a challenge of the lab is solved."""
    until(page, f"document.querySelector('[data-challenge={challenge}].done')")


def settled(page):
    """Until the page has painted what it knows: no question is open, no animation runs, two frames have gone by."""
    until(page, "!window.descent?.stream?.waiting.size")
    page.evaluate("""() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))""")
    running = (
        "document.getAnimations().some((a) => a.playState === 'running' && a.effect?.getTiming().iterations < 1e3)"
    )
    until(page, f"!{running}")
