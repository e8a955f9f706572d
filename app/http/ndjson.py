"""Lines of JSON as they come from a job."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

import orjson
from fastapi.responses import StreamingResponse

from app.errors import Full
from app.http.problems import error_event


async def streamed(source: AsyncGenerator[bytes]) -> StreamingResponse:
    """A response that passes the lines on; a refusal comes before the answer begins."""
    line = await anext(source)

    async def lines() -> AsyncGenerator[bytes]:
        async with aclosing(source):
            yield line
            try:
                async for following in source:
                    yield following
            except Full as error:
                yield orjson.dumps(error_event("error", error)) + b"\n"

    return StreamingResponse(lines(), media_type="application/x-ndjson")
