"""Runs: the only place that touches processes. `workers` is the protocol; `service` is what routes and streams use."""
