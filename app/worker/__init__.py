"""The process that trains: the loop over its runs, one run, one trial of a sweep."""
