"""Descent's server: REST, live streams and pages over training that runs in worker processes."""

__version__ = "0.2.0"
