"""Campaigns against a running server: what breaks, and what must not be lost."""
