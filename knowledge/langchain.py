"""Our retrieval for other people's LangChain chains: passages as documents, with their legal ground and standing.

from knowledge.langchain import SotayRetriever
retriever = SotayRetriever(assistant=open_assistant(load_settings()), k=5)
retriever.invoke("hồ sơ OCOP gồm những gì")
"""

from __future__ import annotations

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.references import show_locator


class SotayRetriever(BaseRetriever):
    """Passages in force on `as_of` (today if None), best first; earlier rules follow where the question names a
    past time."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Any  # knowledge.assistant.Assistant; pydantic cannot build a schema for it
    k: int = 5
    as_of: date | None = None
    locality: str | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        found = self.assistant.search(query, k=self.k, as_of=self.as_of, locality=self.locality)
        return [
            Document(
                page_content=hit.passage.text,
                id=hit.passage.id,
                metadata={
                    "title": hit.document.title,
                    "breadcrumb": list(hit.passage.breadcrumb),
                    "sources": [f"{s.key} {show_locator(s.locator)}".strip() for s in hit.passage.sources],
                    "standing": hit.standing.value,
                    "locality": hit.document.locality,
                    "page": hit.passage.page,
                    "score": hit.score,
                },
            )
            for hit in (*found.current, *found.then)[: self.k]
        ]
