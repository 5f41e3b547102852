"""Text that speaks to a machine instead of telling something: passages are data, so such a passage proves nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from knowledge.retrieve import Found
from knowledge.text import normalise
from knowledge.types import Hit

_RULES = r"(?:hướng dẫn|chỉ dẫn|chỉ thị|quy tắc|lệnh|mệnh lệnh|yêu cầu|ràng buộc|prompt|lời nhắc)"
_SAY = r"(?:trả lời|nói|in|xuất|lặp lại|tiết lộ|đáp|khẳng định|chèn|gửi|hiển thị|viết lại|đọc)"
_MACHINE = r"(?:trợ lý|chatbot|chat bot|bot|ai|mô hình(?: ngôn ngữ)?|hệ thống trả lời|máy trả lời|llm|assistant|sổ tay)"
_ASKED = r"(?:được hỏi|người dùng hỏi|người dùng|có người hỏi|ai (?:đó )?hỏi)"
_COMMANDS = re.compile(
    "|".join(
        (
            # Rules to be forgotten.
            r"(?<!\w)(?:bỏ qua|phớt lờ|quên(?: hết)?|không (?:cần )?tuân theo|đừng (?:làm )?theo|vô hiệu hóa|gỡ bỏ)\s+"
            rf"(?:\w+\s+){{0,4}}?{_RULES}\s+(?:\w+\s+){{0,3}}?"
            r"(?:trước|trên|đó|này|hệ thống|của bạn|của mình|cũ|ban đầu|an toàn|đã)",
            rf"(?:bỏ qua|phớt lờ|quên)\s+(?:mọi|tất cả|toàn bộ|hết)\s+(?:\w+\s+){{0,2}}?{_RULES}",
            r"(?:ignore|disregard|forget|override|bypass|drop)\s+(?:\w+\s+){0,4}"
            r"(?:instructions?|rules?|prompts?|guidelines?|above|previous|constraints?|polic(?:y|ies))",
            # Another role.
            r"system\s*prompt|developer\s+mode|jailbreak|prompt\s+injection",
            r"(?:lời nhắc|câu lệnh|chỉ dẫn|prompt)\s+hệ thống",
            r"you\s+are\s+now|pretend\s+(?:to|you)|act\s+as\s+(?:an?|the)|from\s+now\s+on",
            rf"(?:từ giờ|từ bây giờ|kể từ giờ|bây giờ),?\s+(?:bạn|em|mày|{_MACHINE})(?!\w)",
            rf"(?<!\w)bạn\s+(?:là|đóng vai|hãy đóng vai|phải đóng vai)\s+(?:một\s+)?(?:{_MACHINE}|hacker)",
            # Words put into the machine's mouth.
            rf"(?<!\w){_MACHINE}(?:\s+(?:này|đọc\s+\w+|nào))?\s+(?:hãy|phải|cần|buộc phải|được lệnh|nên)\s+"
            rf"(?:\w+\s+){{0,3}}?{_SAY}(?!\w)",
            rf"(?:khi|nếu|hễ)\s+{_ASKED}[^.\n]{{0,80}}?(?:hãy|thì|phải|luôn)\s+{_SAY}(?!\w)",
            rf"(?<!\w)(?:hãy|luôn)\s+(?:luôn\s+|chỉ\s+)?{_SAY}(?:\s+\w+){{0,4}}?\s*"
            r"(?:[:\"“«]|rằng|nguyên văn|đúng (?:câu|chữ|một))",
            rf"(?:gửi|dành cho|lưu ý|chú ý|thông báo)\s+(?:cho\s+|tới\s+|đến\s+)?{_MACHINE}(?:\s+\w+){{0,3}}?\s*[:\-–]",
            r"(?:note|message|instruction)s?\s+(?:to|for)\s+(?:the\s+)?(?:ai|assistant|model|llm|chatbot|bot)",
            r"(?:respond|reply|answer|say|print|output|write|repeat|append|include|reveal|insert)\s+(?:\w+\s+){0,4}?"
            r"(?:with|only|exactly|the following|verbatim|word|string|secret|this (?:image|link|url)|after me|:|\")",
            # The marks of a conversation.
            r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|doan|instructions?)\|?>|\[/?INST\]",
            r"(?:^|\n)\s*#{1,4}\s*(?:system|instruction)|(?:^|\n)\s*(?:system|assistant|developer)\s*:",
        )
    ),
    re.I,
)


@lru_cache(maxsize=8192)
def instructs(text: str) -> bool:
    """Whether a text gives orders to a machine that reads it."""
    return bool(_COMMANDS.search(normalise(text)))


def trusted(found: Found) -> Found:
    """What was found without the passages that give orders: neither composer sees those."""
    return replace(found, current=_without_orders(found.current), then=_without_orders(found.then))


def gives_orders(hit: Hit) -> bool:
    """Whether a passage, its headings or its document's title give orders to a machine."""
    return instructs("\n".join((hit.passage.text, hit.passage.title, hit.document.title)))


def _without_orders(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    return tuple(hit for hit in hits if not gives_orders(hit))
