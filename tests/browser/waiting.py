"""Waiting for the page. Playwright's wait_for_function evaluates text inside the page, which its policy forbids;

asking from outside, as `evaluate` does, needs no exception from the policy.
"""

import time


def until(page, expression, timeout=60_000):
    """Polls a JavaScript expression until it is truthy; the bound is for machines that do much else."""
    end = time.monotonic() + timeout / 1000
    while time.monotonic() < end:
        if page.evaluate(f"() => Boolean({expression})"):
            return
        page.wait_for_timeout(40)
    raise AssertionError(f"not in {timeout} ms: {expression}")
