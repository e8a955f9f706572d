"""The published contract: what every answer looks like, and the OpenAPI document that says so.

The models here describe; they do not check what is sent (hot routes stay as they are). Tests call every operation and
hold its answer against the document. Parts of a spec are described from the engine's own Arguments.
"""
