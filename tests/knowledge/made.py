"""Documents of a few sentences."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.types import Document, Passage, Source


def made(
    name: str, texts: Sequence[str], key: str = "26/2026/QĐ-TTg", **more: object
) -> tuple[Document, list[Passage]]:
    """A document whose passages are these texts, each resting on the same instrument."""
    document = Document(id=name, title=name.title(), kind="handbook", origin=name, sha256="0" * 64, **more)  # type: ignore[arg-type]
    passages = [
        Passage(name, f"Mục {n}#0", text, (name.title(), f"Mục {n}"), order=n, sources=(Source(key, f"Đ{n}"),))
        for n, text in enumerate(texts, 1)
    ]
    return document, passages
