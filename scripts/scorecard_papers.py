"""The sections on papers for quality: what is declared with its test report, and what vouches for it."""

from __future__ import annotations

from scorecard_page import CRAFTS, Page, called, capital, small

from knowledge.text import fold


def declared_quality(page: Page) -> None:
    """What each star takes of declared quality; nothing where the sheet has no such criterion."""
    card, w = page.card, page.w
    leaves = list(card.part("C").leaves())
    if not (found := called(leaves, "Công bố")):
        return
    declared = found[0]
    page.section(
        f"{page.who}: công bố chất lượng, phiếu kiểm nghiệm có chốt hạng sao nào?",
        [
            f"{w[0]} chưa công bố chất lượng có được 3 sao không",
            fold(f"{w[1]} tu cong bo theo tieu chuan quoc gia duoc may diem"),
            f"thi OCOP {w[2]} có phải nộp phiếu kiểm nghiệm không",
            fold(f"muc cong bo chat luong cua {w[3]} toi da may diem, may sao can may"),
            f"phiếu kiểm nghiệm của {w[4]} để làm gì khi chấm sao",
        ],
    )
    page.say_levels_by_star(declared, "công bố chất lượng")
    page.say_note(declared)
    for item in card.rejections:
        if item.at == declared.code:
            page.say(f"{capital(item.kind)}: {small(item.text)}", page.source(item.at))
    for c in leaves:
        if c.name == "Kiểm tra định kỳ":
            page.say(f"Kiểm tra định kỳ tính riêng, tối đa {c.points} điểm (mục {c.code}).", page.source(c.code))


def vouched_quality(page: Page) -> None:
    """What each star takes of what vouches for quality; nothing where the sheet has no such criterion."""
    card, w = page.card, page.w
    vouched = called(card.part("C").leaves(), "Đảm bảo chất lượng", "Điều kiện đảm bảo", "Chất lượng an toàn thực phẩm")
    if not vouched:
        return
    vouched.sort(key=lambda c: not any(level.min_star for level in c.levels))
    words = " ".join(level.text for c in vouched for level in c.levels)
    name, ask = _certificates(words)
    page.section(
        f"{page.who}: {name} có chốt hạng sao nào?",
        [
            f"{w[0]} lên 4 sao có bắt buộc {ask} không",
            fold(f"co so {w[1]} chua co {ask} thi duoc may sao"),
            f"{w[2]} chỉ có giấy đủ điều kiện an toàn thì được mấy sao"
            if "giấy" in words
            else f"{w[2]} chưa lập kế hoạch kiểm soát thì được mấy sao",
            fold(f"dam bao chat luong cua {w[3]} toi da may diem"),
            f"{w[4]} 5 sao cần chứng nhận gì",
        ],
    )
    for number, c in enumerate(vouched):
        page.say_levels_by_star(c, small(c.name), named=not number)
    if card.set == CRAFTS:
        page.say(
            "Phiếu không nói áp mục này cho gốm, mây tre, đồ gỗ không phải thực phẩm ra sao; hỏi cơ quan quản lý OCOP "
            "cấp tỉnh.",
            page.source(vouched[0].code),
        )
    for item in card.rejections:
        if "giấy chứng nhận cơ sở đủ điều kiện" in item.text:
            page.say(f"Hồ sơ bị loại nếu {small(item.text)}", page.source(item.at))


def _certificates(words: str) -> tuple[str, str]:
    """The papers that these levels name, for the heading, and those that people ask about."""
    if "HACCP" in words:
        return "giấy an toàn thực phẩm, ISO, HACCP", "HACCP"
    if "GMP" in words:
        return "GMP, kiểm soát chất lượng", "GMP"
    if "giấy" in words:
        return "giấy đủ điều kiện an toàn", "ISO, HACCP"
    return "kiểm soát nội bộ, truy xuất nguồn gốc", "truy xuất nguồn gốc"
