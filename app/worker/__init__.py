"""The process that trains: its loop, the turns of its runs, one run, one trial of a sweep."""
