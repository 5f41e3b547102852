// Useful, not useful, and why.

import { el, icon } from "./dom.js";
import { rate } from "./talk.js";

const REASONS = ["Sai nội dung", "Quy định đã cũ", "Chưa đúng câu hỏi", "Thiếu ý", "Khó hiểu"];

/** The two buttons for an answer, and what opens behind them; `told` is read out. */
export function drawFeedback(answer, told) {
  const result = el("div", { class: "feedback-more" });
  const up = choice("up", "Hữu ích", true);
  const down = choice("down", "Chưa hữu ích", false);
  return { buttons: [up, down], result };

  function choice(drawing, label, useful) {
    return el("button", { type: "button", class: "tool bare", "aria-pressed": "false", onclick: () => choose(useful) }, icon(drawing), el("span", {}, label));
  }

  async function choose(useful) {
    press(useful);
    if (!useful) result.replaceChildren(reasons());
    await send({ useful }, useful ? "Cảm ơn anh/chị đã đánh giá." : "");
    if (!useful) result.querySelector("button")?.focus();
  }

  function press(useful) {
    up.setAttribute("aria-pressed", String(useful === true));
    down.setAttribute("aria-pressed", String(useful === false));
  }

  function reasons() {
    const comment = el("input", { type: "text", maxlength: "1000", "aria-label": "Góp ý thêm (không bắt buộc)", placeholder: "Góp ý thêm (không bắt buộc)" });
    let reason = "";
    const buttons = REASONS.map((text) =>
      el("button", { type: "button", class: "pick", "aria-pressed": "false", onclick: (event) => {
        reason = text;
        for (const button of buttons) button.setAttribute("aria-pressed", String(button === event.currentTarget));
      } }, text));
    const form = el("form", { class: "why" },
      el("p", { id: `why-${answer.id}` }, "Câu trả lời chưa ổn ở chỗ nào?"),
      el("div", { class: "picks", role: "group", "aria-labelledby": `why-${answer.id}` }, buttons),
      el("div", { class: "why-row" }, comment, el("button", { type: "submit", class: "tool" }, "Gửi góp ý")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send({ useful: false, reason, comment: comment.value.trim() }, "Cảm ơn anh/chị. Góp ý giúp sổ tay tốt hơn.");
    });
    return form;
  }

  async function send(given, thanks) {
    result.querySelector(".trouble")?.remove();
    try {
      await rate({ answer_id: answer.id, ...given });
      if (thanks) {
        result.replaceChildren(el("p", { class: "thanks" }, thanks));
        told(thanks);
      }
    } catch (error) {
      result.append(el("div", { class: "trouble", role: "alert" }, el("p", {}, `Chưa gửi được đánh giá. ${error.message}`),
        el("button", { type: "button", class: "tool", onclick: () => send(given, thanks || "Cảm ơn anh/chị đã đánh giá.") }, icon("again"), "Thử lại")));
    }
  }
}
