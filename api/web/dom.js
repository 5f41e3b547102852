// Elements from data. Text only ever becomes text nodes, so nothing that a document or a person wrote is read as HTML.

/** An element with attributes, listeners (`onclick: f`) and children (strings become text; null and false are left out). */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** One of the drawings at the top of index.html; it says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** `2026-05-22` as `22/05/2026`. */
export function shownDay(iso) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso || "");
  return parts ? `${parts[3]}/${parts[2]}/${parts[1]}` : iso || "";
}

/** "từ 24/02/2023 đến 05/07/2025", or nothing where neither end is known. */
export function shownPeriod(from, to) {
  if (from && to) return `từ ${shownDay(from)} đến ${shownDay(to)}`;
  if (from) return `từ ${shownDay(from)}`;
  return to ? `đến ${shownDay(to)}` : "";
}

/** Only web addresses become links: `javascript:` and the like never do. */
export function safeLink(url) {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol) ? url : "";
  } catch {
    return "";
  }
}

/** Copies plain text; also where the page is not served over https, as on an office network. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el("textarea", { class: "unseen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** What this page keeps in the browser; a blocked or full storage is no error. */
export const kept = {
  get(store, name) {
    try { return store().getItem(`sotay.${name}`); } catch { return null; }
  },
  set(store, name, value) {
    try {
      if (value === null || value === "") store().removeItem(`sotay.${name}`);
      else store().setItem(`sotay.${name}`, value);
    } catch { /* nothing is remembered then */ }
  },
};
export const forTab = () => sessionStorage;
export const forGood = () => localStorage;
