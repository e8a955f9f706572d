"""HTTP without our routes: errors as problem documents, origins, token buckets, middleware, lines of JSON."""
