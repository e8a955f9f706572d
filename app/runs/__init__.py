"""Runs: the only place that touches processes. `hosts` is the protocol; `service` is what routes and streams use."""
