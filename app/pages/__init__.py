"""HTML pages and the files the browser loads."""
