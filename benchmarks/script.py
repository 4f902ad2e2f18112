"""What one would write in an afternoon, to measure the service against: it fetches the articles of feeds and reads them
with trafilatura in a pool of two processes. It stores nothing, checks nothing, and is polite to nobody.

    python -m benchmarks.script FEED [FEED ...]
"""

import asyncio
import io
import json
import sys
from concurrent.futures import ProcessPoolExecutor

import aiohttp
import feedparser
import trafilatura

AT_ONCE, WORKERS = 16, 2


def read(page: bytes, url: str) -> bool:
    """Whether there is an article."""
    return trafilatura.bare_extraction(page, url=url, fast=True, with_metadata=True) is not None


async def main(feeds: list[str]) -> None:
    """Read all, and print how much it was as JSON."""
    loop, room = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)
    with ProcessPoolExecutor(WORKERS) as pool:
        async with aiohttp.ClientSession() as session:

            async def fetch(url: str) -> bytes:
                async with room, session.get(url) as answer:
                    return await answer.read()

            async def article(url: str) -> bool:
                return await loop.run_in_executor(pool, read, await fetch(url), url)

            documents = [feedparser.parse(io.BytesIO(await fetch(url))) for url in feeds]
            links = {entry.link for document in documents for entry in document.entries}
            found = await asyncio.gather(*map(article, links))
    print(json.dumps({"pages": len(links), "articles": sum(found)}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
