// The conversation: asking, drawing turns, keeping what was typed.

import { drawGrounds, drawText, drawWarnings, plainText } from "./answer.js";
import { copy, el, forGood, forTab, icon, kept, shownDay } from "./dom.js";
import { drawFeedback } from "./feedback.js";
import { closePassage, openPassage } from "./panel.js";
import { ask, localities, Trouble } from "./talk.js";

const LIMIT = 2000; // characters, as the server counts
const HISTORY = 6;
const KEPT_TURNS = 30;

const byId = (id) => document.getElementById(id);
const question = byId("question");
const day = byId("day");
const place = byId("place");
const turns = byId("turns");

let conversation = []; // { question, as_of, locality, answer?, trouble? }
let session = kept.get(forTab, "session") || newSession();
let asking = null; // the AbortController of the answer in the making

// -- asking ----------------------------------------------------------------------------------------------------------

function submit(text) {
  text = text.trim();
  if (asking) return;
  if (!text) {
    question.focus();
    return;
  }
  closePassage();
  const turn = { question: text, as_of: day.value, locality: place.value };
  conversation.push(turn);
  if (question.value.trim() === text) setQuestion("");
  answer(turn, addTurn(turn));
}

async function answer(turn, article) {
  const controller = new AbortController();
  asking = controller;
  showAsking(true);
  delete turn.trouble;
  const text = el("div", { class: "text growing" });
  const status = el("p", { class: "status" }, "Đang tìm trong sổ tay…");
  const box = article.querySelector(".answer");
  box.setAttribute("aria-busy", "true");
  box.replaceChildren(status, text);
  const follow = followed(article);
  const on = {
    status: (told) => { status.textContent = told; },
    token: (sentence) => text.append(el("p", {}, sentence)),
  };
  try {
    turn.answer = await ask(bodyOf(turn), { signal: controller.signal, on });
    drawAnswer(turn, article);
    follow();
    tell(`${STATUS[turn.answer.status]?.[1] || "Đã có câu trả lời"}. ${turn.answer.answer.replace(/\s*\[\d+\]/g, "")} ${turn.answer.warnings.map((w) => `Lưu ý: ${w}`).join(" ")}`);
    if (question.value.trim() === turn.question) setQuestion("");
  } catch (error) {
    const stopped = error.name === "AbortError" || controller.signal.aborted;
    turn.trouble = stopped ? "Đã dừng theo yêu cầu." : error instanceof Trouble ? error.message : "Trang gặp lỗi ngoài dự kiến. Vui lòng thử lại.";
    if (conversation.includes(turn)) {
      drawTrouble(turn, article, stopped ? {} : error);
      if (!question.value.trim()) setQuestion(turn.question); // nothing typed is ever lost
    }
  } finally {
    if (asking === controller) {
      asking = null;
      showAsking(false);
    }
    box.removeAttribute("aria-busy");
    keep();
  }
}

function bodyOf(turn) {
  const before = conversation.slice(0, conversation.indexOf(turn)).filter((other) => other.answer);
  const body = { question: turn.question, session_id: session, history: before.map((other) => other.question).slice(-HISTORY) };
  if (turn.as_of) body.as_of = turn.as_of;
  if (turn.locality) body.locality = turn.locality;
  return body;
}

// -- drawing ---------------------------------------------------------------------------------------------------------

const STATUS = {
  abstained: ["info", "Sổ tay chưa có căn cứ"],
  clarify: ["ask", "Cần hỏi rõ thêm"],
};

function addTurn(turn) {
  byId("welcome").hidden = true;
  const id = `turn-${turns.children.length + 1}`;
  const scope = [turn.as_of && `theo ngày ${shownDay(turn.as_of)}`, turn.locality && placeName(turn.locality)].filter(Boolean);
  const article = el(
    "article",
    { class: "turn", "aria-labelledby": id },
    el("div", { class: "asked" }, el("h2", { id, class: "question" }, turn.question), scope.length > 0 && el("p", { class: "scope" }, `Hỏi ${scope.join(", ")}`)),
    el("div", { class: "answer" }),
  );
  turns.append(article);
  return article;
}

function drawAnswer(turn, article) {
  const { answer: given } = turn;
  const open = (citation, opener) => openPassage(citation, given, opener);
  const state = STATUS[given.status];
  const feedback = drawFeedback(given, tell);
  article.querySelector(".answer").replaceChildren(...[
    state && el("p", { class: `state ${given.status}` }, icon(state[0]), state[1]),
    el("div", { class: "text" }, drawText(given, open)),
    drawWarnings(given.warnings),
    given.status === "clarify" && drawSuggestions(given),
    drawGrounds(given, open),
    given.status !== "clarify" && el(
      "div",
      { class: "actions" },
      given.as_of && given.status === "answered" && el("span", { class: "as-of" }, `Theo quy định tại ngày ${shownDay(given.as_of)}`),
      el("span", { class: "buttons" }, feedback.buttons, copyButton(turn)),
    ),
    feedback.result,
    given.status !== "clarify" && drawSuggestions(given),
  ].filter(Boolean));
}

function drawSuggestions(given) {
  if (!given.suggestions.length) return null;
  const title = given.status === "clarify" ? "Anh/chị muốn hỏi về:" : given.status === "abstained" ? "Sổ tay trả lời được những câu này:" : "Có thể hỏi tiếp:";
  return el("section", { class: `suggestions ${given.status}` }, el("h3", { class: given.status === "clarify" ? "unseen" : null }, title),
    given.suggestions.map((text) => el("button", { type: "button", class: "suggestion", onclick: () => submit(text) }, text)));
}

function copyButton(turn) {
  const label = el("span", {}, "Sao chép");
  return el("button", { type: "button", class: "tool bare", title: "Sao chép câu trả lời kèm căn cứ", onclick: async () => {
    const done = await copy(plainText(turn));
    label.textContent = done ? "Đã sao chép" : "Không sao chép được";
    tell(label.textContent);
    setTimeout(() => { label.textContent = "Sao chép"; }, 2500);
  } }, icon("copy"), label);
}

function drawTrouble(turn, article, { wait = 0, own = false }) {
  const again = el("button", { type: "button", class: "tool", onclick: () => { if (!asking) answer(turn, article); } }, icon("again"), el("span", {}, "Thử lại"));
  article.querySelector(".answer").replaceChildren(
    el("div", { class: "trouble", role: "alert" },
      el("p", {}, icon("warn"), turn.trouble),
      own ? el("p", { class: "hint" }, "Câu hỏi vẫn ở ô bên dưới để anh/chị sửa.") : again));
  if (own) question.focus();
  const label = again.querySelector("span");
  const tick = (left) => {
    again.disabled = left > 0;
    label.textContent = left > 0 ? `Thử lại sau ${left} giây` : "Thử lại";
    if (left > 0 && again.isConnected) setTimeout(() => tick(left - 1), 1000);
  };
  tick(wait);
}

/** Brings a turn to the top, and again once it has its length, unless the reader has scrolled meanwhile. */
function followed(article) {
  const show = () => article.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  let moved = false;
  const stop = () => { moved = true; };
  for (const kind of ["wheel", "touchmove"]) addEventListener(kind, stop, { once: true, passive: true });
  show();
  return () => { if (!moved) show(); };
}

function showAsking(on) {
  const send = byId("send");
  send.replaceChildren(icon(on ? "stop" : "send"));
  send.setAttribute("aria-label", on ? "Dừng trả lời" : "Gửi câu hỏi");
}

function tell(text) {
  byId("told").textContent = text;
}

// -- keeping ---------------------------------------------------------------------------------------------------------

function newSession() {
  // Not randomUUID: that is missing where the page is served over plain http on an office network.
  const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  kept.set(forTab, "session", made);
  return made;
}

function keep() {
  kept.set(forTab, "turns", JSON.stringify(conversation.slice(-KEPT_TURNS)));
}

function restore() {
  try {
    conversation = JSON.parse(kept.get(forTab, "turns") || "[]");
  } catch {
    conversation = [];
  }
  for (const turn of conversation) {
    const article = addTurn(turn);
    if (turn.answer) drawAnswer(turn, article);
    else drawTrouble({ ...turn, trouble: turn.trouble || "Câu hỏi này chưa có câu trả lời." }, article, {});
  }
  setQuestion(kept.get(forTab, "draft") || "");
}

function startAnew() {
  if (asking) asking.abort();
  closePassage();
  conversation = [];
  session = newSession();
  turns.replaceChildren();
  byId("welcome").hidden = false;
  keep();
  scrollTo(0, 0);
  question.focus();
}

function setQuestion(text) {
  question.value = text;
  typed();
}

function typed() {
  kept.set(forTab, "draft", question.value);
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight}px`;
  const length = [...question.value.trim()].length;
  const told = byId("length");
  told.textContent = length > LIMIT ? `Dài ${length} ký tự, quá giới hạn ${LIMIT}` : length > LIMIT - 200 ? `${length}/${LIMIT} ký tự` : "";
  told.classList.toggle("over", length > LIMIT);
}

function placeName(slug) {
  return [...place.options].find((option) => option.value === slug)?.dataset.name || slug;
}

// -- the page's own controls -----------------------------------------------------------------------------------------

byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (asking) asking.abort();
  else submit(question.value);
});
question.addEventListener("input", typed);
question.addEventListener("keydown", (event) => {
  // Vietnamese input methods compose with Enter too.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  submit(question.value);
});
for (const example of document.querySelectorAll(".example")) example.addEventListener("click", () => submit(example.textContent));
byId("new-chat").addEventListener("click", startAnew);

function showDay() {
  byId("day-clear").hidden = !day.value;
  byId("day-setting").classList.toggle("set", Boolean(day.value));
}
day.addEventListener("change", showDay);
byId("day-clear").addEventListener("click", () => {
  day.value = "";
  showDay();
  day.focus();
});

function showPlace() {
  byId("place-setting").classList.toggle("set", Boolean(place.value));
}
place.addEventListener("change", () => {
  kept.set(forGood, "place", place.value);
  showPlace();
});

function toggle(id, isOn, turn) {
  const button = byId(id);
  const show = () => button.setAttribute("aria-pressed", String(isOn()));
  button.addEventListener("click", () => {
    turn(!isOn());
    show();
    typed();
  });
  show();
}

const root = document.documentElement;
toggle("large", () => root.classList.contains("large"), (on) => {
  root.classList.toggle("large", on);
  kept.set(forGood, "large", on ? "1" : "");
});
toggle("dark", () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark", (on) => {
  root.dataset.theme = on ? "dark" : "light";
  kept.set(forGood, "theme", root.dataset.theme);
});

async function start() {
  const known = await localities();
  for (const { slug, name, former } of known) {
    place.append(el("option", { value: slug, "data-name": name }, former.length ? `${name} (gồm ${former.join(", ")} cũ)` : name));
  }
  place.value = kept.get(forGood, "place") || "";
  if (place.selectedIndex < 0) place.value = "";
  showPlace();
  restore();
  if (matchMedia("(hover: hover)").matches) question.focus(); // on a phone the keyboard would cover the page
}
start();
