"""What the poller is measured against, where nothing is stored: downloading, and parsing."""

import asyncio
import io
import time
from collections.abc import Sequence

import aiohttp
import feedparser

AT_ONCE = 64


def download_only(urls: Sequence[str], etags: dict[str, str]) -> float:
    """Download with a bare aiohttp loop and keep the ETags; return feeds a second."""
    started = time.perf_counter()
    asyncio.run(_download(urls, etags))
    return len(urls) / (time.perf_counter() - started)


async def _download(urls: Sequence[str], etags: dict[str, str]) -> None:
    slots = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def one(url: str) -> None:
            headers = {"If-None-Match": etags[url]} if url in etags else {}
            async with slots, session.get(url, headers=headers) as response:
                await response.read()
                etags[url] = response.headers.get("ETag", "")

        await asyncio.gather(*(one(url) for url in urls))


def parse_only(documents: Sequence[bytes]) -> float:
    """Read documents with feedparser alone on one core; return feeds a second."""
    started = time.process_time()
    for document in documents:
        feedparser.parse(io.BytesIO(document))
    return len(documents) / (time.process_time() - started)
