// The passage behind a marker: a panel beside the chat on wide screens, a sheet over it on phones.

import { groundOf, isPast } from "./answer.js";
import { el, icon, safeLink, shownPeriod } from "./dom.js";
import { passage as fetchPassage } from "./talk.js";

const KINDS = { handbook: "Sổ tay", official: "Văn bản chính thức", training: "Tài liệu tập huấn", curated: "Tài liệu do cơ quan nạp" };
const WIDE = matchMedia("(min-width: 68rem)");

const byId = (id) => document.getElementById(id);
const panel = byId("panel");
const body = byId("panel-body");
const beside = ["top", "main", "composer"].map(byId);

let from = null; // what had the focus when the panel opened
let cited = null; // { citation, answer } that the panel was opened for
let shown = null; // the passage in it
let loading = null;

/** Shows the passage behind a citation; the focus goes into the panel and comes back when it closes. */
export function openPassage(citation, answer, opener) {
  if (panel.hidden) from = opener;
  else if (!panel.contains(opener)) from = opener;
  cited = { citation, answer };
  for (const chip of document.querySelectorAll("[data-marker].open")) chip.classList.remove("open");
  opener.classList.add("open");
  if (panel.hidden) {
    panel.hidden = false;
    document.body.classList.add("has-panel");
    suit();
    // On a phone the Back key closes the sheet and not the page.
    if (!WIDE.matches) history.pushState({ panel: true }, "");
  }
  load(citation.passage_id);
  byId("panel-title").focus({ preventScroll: true });
}

/** Closes the panel and gives the focus back. */
export function closePassage() {
  if (panel.hidden) return;
  if (history.state && history.state.panel) history.back(); // popstate does the rest
  else hide();
}

function hide() {
  if (panel.hidden) return;
  if (loading) loading.abort();
  panel.hidden = true;
  document.body.classList.remove("has-panel");
  for (const part of beside) part.inert = false;
  for (const chip of document.querySelectorAll("[data-marker].open")) chip.classList.remove("open");
  if (from && from.isConnected) from.focus({ preventScroll: true });
}

/** A sheet covers everything else, so nothing else may take the focus; a panel stands beside it. */
function suit() {
  const sheet = !WIDE.matches;
  panel.setAttribute("role", sheet ? "dialog" : "complementary");
  if (sheet) panel.setAttribute("aria-modal", "true");
  else panel.removeAttribute("aria-modal");
  for (const part of beside) part.inert = sheet && !panel.hidden;
}

async function load(id) {
  if (loading) loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  panel.setAttribute("aria-busy", "true");
  for (const name of ["prev", "next"]) byId(`panel-${name}`).disabled = true;
  // A passage takes a few milliseconds: words that come and go at once would only flicker.
  const late = setTimeout(() => body.replaceChildren(el("p", { class: "status" }, "Đang mở đoạn văn bản…")), 250);
  try {
    shown = await fetchPassage(id, signal);
    if (signal.aborted) return;
    body.replaceChildren(...draw(shown, cited));
    body.scrollTop = 0;
    const quoted = body.querySelector(".quoted");
    if (quoted) scrollTo(quoted);
    byId("panel-prev").disabled = !shown.previous;
    byId("panel-next").disabled = !shown.next;
  } catch (error) {
    if (signal.aborted) return;
    const { citation } = cited;
    body.replaceChildren(
      el("div", { class: "trouble", role: "alert" }, el("p", {}, error.message), !error.own && el("button", { type: "button", class: "tool", onclick: () => load(id) }, icon("again"), "Thử lại")),
      // What was cited is still known, whatever became of the passage.
      citation.passage_id === id && el("blockquote", {}, citation.quote),
    );
  } finally {
    clearTimeout(late);
    if (!signal.aborted) panel.removeAttribute("aria-busy");
  }
}

function scrollTo(element) {
  const top = element.getBoundingClientRect().top - body.getBoundingClientRect().top;
  if (top > body.clientHeight * 0.7) body.scrollTop = top - body.clientHeight * 0.25;
}

function draw(passage, { citation, answer }) {
  const own = passage.passage_id === citation.passage_id;
  const { document: source } = passage;
  byId("panel-title").textContent = own ? `Căn cứ [${citation.marker}]` : "Đoạn lân cận";
  const path = [...new Set([source.title, ...passage.breadcrumb])].filter(Boolean);
  const ground = own ? groundOf(citation) : [passage.instrument, passage.locator].filter(Boolean).join(", ");
  const period = own ? shownPeriod(citation.valid_from, citation.valid_to) : shownPeriod(source.valid_from, source.valid_to);
  const url = safeLink(own ? citation.url : source.url);
  const facts = [
    ground && ground !== path.join(" › ") && ground !== citation.title && ["Văn bản", el("strong", {}, ground)],
    period && ["Áp dụng", own && isPast(citation, answer) ? [period, " ", el("span", { class: "tag" }, "Quy định trước đây")] : period],
    [ "Nguồn", [KINDS[source.kind] || source.kind, passage.page ? `, trang ${passage.page}` : ""].join("") ],
    source.confidence && source.confidence !== "chắc chắn" && ["Độ chắc chắn", source.confidence],
  ].filter(Boolean);
  return [
    el("nav", { class: "path", "aria-label": "Vị trí trong tài liệu" }, el("ol", {}, path.map((part) => el("li", {}, part)))),
    el("dl", {}, facts.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    passage.warning && el("div", { class: "warnings", role: "note" }, icon("warn"), el("div", {}, el("strong", {}, "Lưu ý"), el("p", {}, passage.warning))),
    el("div", { class: "passage" }, drawPassage(passage.text, own ? citation.quote : "")),
    url && el("p", {}, el("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: "out" }, icon("link"), "Mở văn bản gốc", el("span", { class: "unseen" }, " (trang khác)"))),
  ].filter(Boolean);
}

/** The passage's lines as paragraphs, list items and tables, what was quoted marked. */
function drawPassage(text, quote) {
  const start = quote ? text.indexOf(quote) : -1;
  const end = start + quote.length;
  const lines = text.split("\n");
  const blocks = [];
  let at = 0;
  let table = null;
  for (const line of lines) {
    const span = start < 0 ? null : [Math.max(start - at, 0), Math.min(end - at, line.length)];
    const marked = span && span[0] < span[1] ? span : null;
    at += line.length + 1;
    if (/^\s*\|.*\|/.test(line)) {
      if (/^\s*\|?[\s:|-]+\|?\s*$/.test(line)) continue;
      const cells = line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
      const head = !table; // as the answers read tables
      if (!table) {
        table = el("table", {});
        blocks.push(el("div", { class: "table", tabindex: "0", role: "group", "aria-label": "Bảng" }, table));
      }
      table.append(el("tr", { class: marked && !head ? "quoted" : null }, cells.map((cell) => (head ? el("th", { scope: "col" }, cell) : el("td", {}, cell)))));
      continue;
    }
    table = null;
    if (!line.trim()) continue;
    const item = /^\s*(?:[-•*+–]|\d{1,2}[.)]|[a-zđ]\))\s+/.test(line);
    const parts = marked ? [line.slice(0, marked[0]), el("mark", { class: "quoted" }, line.slice(...marked)), line.slice(marked[1])] : [line];
    blocks.push(el("p", { class: item ? "item" : null }, parts));
  }
  return blocks;
}

byId("panel-close").addEventListener("click", closePassage);
byId("panel-prev").addEventListener("click", () => step(shown.previous));
byId("panel-next").addEventListener("click", () => step(shown.next));
addEventListener("popstate", hide);
WIDE.addEventListener("change", suit);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !panel.hidden) {
    event.preventDefault();
    closePassage();
  }
});

async function step(id) {
  if (!id) return;
  await load(id);
  byId("panel-title").focus({ preventScroll: true });
}
