// Draws an answer: paragraphs and real lists, markers as chips, warnings, grounds.

import { el, icon, shownDay, shownPeriod } from "./dom.js";

const LINE = /^\s*(?:(?<bullet>[-•])|(?<number>\d{1,2})\.|(?<letter>[a-zđ])\))\s+(?<rest>.*)$/;

/** The text of an answer as blocks; `open(citation, chip)` shows a passage. */
export function drawText(answer, open) {
  const citations = new Map(answer.citations.map((citation) => [citation.marker, citation]));
  const blocks = [];
  let list = null;
  for (const line of answer.answer.split("\n")) {
    const item = LINE.exec(line);
    if (!item) {
      list = null;
      if (line.trim()) blocks.push(el("p", { class: line.trim().endsWith(":") ? "lead" : null }, inline(line, citations, answer, open)));
      continue;
    }
    const { bullet, number, letter, rest } = item.groups;
    const tag = bullet ? "ul" : "ol";
    if (!list || list.localName !== tag || list.dataset.letters !== (letter ? "1" : undefined)) {
      list = el(tag, letter ? { "data-letters": "1", type: "a" } : {});
      blocks.push(list);
    }
    // A letter is written out: Vietnamese counts a, b, c, d, đ.
    const mark = letter ? el("span", { class: "letter" }, `${letter}) `) : null;
    list.append(el("li", { value: number || null }, mark, inline(rest, citations, answer, open)));
  }
  return blocks;
}

/** A line with its markers `[1]` as chips; a marker without a citation stays text. */
function inline(line, citations, answer, open) {
  const parts = [];
  for (const part of line.split(/(\s*\[\d{1,3}\])/)) {
    const marker = /^\s*\[(\d{1,3})\]$/.exec(part);
    const citation = marker && citations.get(Number(marker[1]));
    if (!citation) {
      if (part) parts.push(part);
      continue;
    }
    // A chip stays on the line of the word before it.
    const before = parts.pop() || "";
    if (typeof before !== "string") {
      before.append(chip(citation, answer, open));
      parts.push(before);
      continue;
    }
    const [, rest, word] = /^(.*?)(\S{0,16})$/s.exec(before);
    parts.push(rest, el("span", { class: "kept" }, word, chip(citation, answer, open)));
  }
  return parts;
}

function chip(citation, answer, open) {
  const past = isPast(citation, answer);
  const label = `Xem căn cứ ${citation.marker}: ${groundOf(citation)}${past ? " (quy định trước đây)" : ""}`;
  return el(
    "button",
    { type: "button", class: past ? "chip past" : "chip", "data-marker": citation.marker, "aria-label": label, title: label, onclick: (event) => open(citation, event.currentTarget) },
    String(citation.marker),
  );
}

/** The instrument and the place in it, or the title of the page where it rests on none. */
export function groundOf(citation) {
  return [citation.instrument, citation.locator].filter(Boolean).join(", ") || citation.title;
}

/** Whether what is cited had ended by the day that the answer speaks for. */
export function isPast(citation, answer) {
  return Boolean(citation.valid_to && answer.as_of && citation.valid_to < answer.as_of);
}

/** Warnings in a box of their own, with a drawing and a word, not by colour alone. */
export function drawWarnings(warnings) {
  if (!warnings.length) return null;
  return el(
    "div",
    { class: "warnings", role: "note", "aria-label": "Lưu ý" },
    icon("warn"),
    el("div", {}, el("strong", {}, "Lưu ý"), el("ul", {}, warnings.map((warning) => el("li", {}, warning)))),
  );
}

/** The grounds behind the markers, each a way into its passage. */
export function drawGrounds(answer, open) {
  if (!answer.citations.length) return null;
  const rows = answer.citations.map((citation) => {
    const period = shownPeriod(citation.valid_from, citation.valid_to);
    const named = Boolean(citation.instrument || citation.locator);
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", class: "ground", "data-marker": citation.marker, onclick: (event) => open(citation, event.currentTarget) },
        el("span", { class: "number", "aria-hidden": "true" }, String(citation.marker)),
        el(
          "span",
          { class: "what" },
          el("span", { class: "instrument" }, groundOf(citation)),
          isPast(citation, answer) && el("span", { class: "tag" }, "Quy định trước đây"),
          named && el("span", { class: "where" }, citation.title),
          period && el("span", { class: "when" }, `Áp dụng ${period}${citation.page ? ` · trang ${citation.page}` : ""}`),
        ),
      ),
    );
  });
  return el("section", { class: "grounds" }, el("h3", {}, "Căn cứ"), el("ol", {}, rows));
}

/** Question and answer with their grounds as plain text, for a message or a report. */
export function plainText(turn) {
  const { question, answer } = turn;
  const lines = [`Hỏi: ${question}`, "", answer.answer];
  if (answer.citations.length) {
    lines.push("", "Căn cứ:");
    for (const citation of answer.citations) {
      const ground = groundOf(citation);
      const rest = ground === citation.title ? "" : ` – ${citation.title}`;
      const period = shownPeriod(citation.valid_from, citation.valid_to);
      lines.push(`[${citation.marker}] ${ground}${rest}${period ? ` (áp dụng ${period})` : ""}${citation.url ? ` ${citation.url}` : ""}`);
    }
  }
  if (answer.warnings.length) lines.push("", "Lưu ý:", ...answer.warnings.map((warning) => `- ${warning}`));
  lines.push("", `Sổ tay trả lời tự động${answer.as_of ? ` theo quy định tại ngày ${shownDay(answer.as_of)}` : ""}; cần kiểm tra căn cứ trước khi dùng.`);
  return lines.join("\n");
}
