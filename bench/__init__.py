"""Repeatable benchmarks that print tables: `make bench`, or `make bench ARGS="steps live"`."""
