"""Tables of published optimizers, one function a package; what is not installed is left out, and named."""

from __future__ import annotations

from published import authors, collections, libraries
from published.entry import Published


def published() -> tuple[list[Published], list[str]]:
    """All that is installed, and a line for each table that is not."""
    entries: list[Published] = []
    missing: list[str] = []
    for table in (*libraries.TABLES, *collections.TABLES, *authors.TABLES):
        try:
            entries += table()
        except ImportError as error:
            missing.append(f"{table.__name__}: {error}")
    return entries, missing
