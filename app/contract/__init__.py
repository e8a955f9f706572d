"""The published contract: what every answer looks like. app.openapi makes the document of it.

The models here describe; they do not check what is sent (hot routes stay as they are). Tests call every operation and
hold its answer against the document. Parts of a spec are described from the engine's own Arguments.
"""
