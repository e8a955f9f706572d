"""Work that is no run: a walk through a full-size net, timings; a process each, one line of JSON a piece."""
