// Draws the API from its own description, without anything from elsewhere: FastAPI's page would load its scripts from the Internet.

import { el } from "./dom.js";

const target = document.getElementById("routes");

async function draw() {
  const api = await (await fetch("/openapi.json")).json();
  const schemas = api.components?.schemas || {};
  const resolve = (schema) => (schema?.$ref ? schemas[schema.$ref.split("/").pop()] : schema) || {};

  const typeOf = (schema) => {
    if (!schema) return "";
    if (schema.$ref) return schema.$ref.split("/").pop();
    if (schema.anyOf) return schema.anyOf.map(typeOf).filter((type) => type !== "null").join(" | ");
    if (schema.type === "array") return `[${typeOf(schema.items)}]`;
    return schema.type || "";
  };
  const table = (rows) => el("div", { class: "table" }, el("table", {}, rows.map((row) => el("tr", {}, row.map((cell, at) => el("td", {}, at ? cell : el("code", {}, cell)))))));
  const fields = (schema) => {
    const found = resolve(schema.type === "array" ? schema.items : schema);
    return Object.entries(found.properties || {}).map(([name, of]) => [name, typeOf(of), (found.required || []).includes(name) ? "bắt buộc" : ""]);
  };

  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, route] of Object.entries(methods)) {
      const parts = [el("h2", {}, el("span", { class: "method" }, method.toUpperCase()), el("code", {}, path)), el("p", {}, [route.summary, route.description].filter(Boolean).join(" — "))];
      if (route.parameters?.length) {
        parts.push(el("h3", {}, "Tham số"), table(route.parameters.map((given) => [given.name, typeOf(given.schema), given.required ? "bắt buộc" : "", given.description || ""])));
      }
      const body = route.requestBody?.content?.["application/json"]?.schema;
      if (body) {
        parts.push(el("h3", {}, "Nội dung gửi lên (JSON)"), table(fields(body)));
        const example = resolve(body).example;
        if (example) parts.push(el("pre", {}, `curl ${location.origin}${path} -H 'Content-Type: application/json' -d '${JSON.stringify(example)}'`));
      }
      for (const [status, response] of Object.entries(route.responses || {})) {
        const schema = response.content?.["application/json"]?.schema;
        const rows = status.startsWith("2") && schema ? fields(schema) : [];
        parts.push(el("h3", {}, `${status} ${response.description || ""}`));
        if (rows.length) parts.push(table(rows));
      }
      target.append(el("section", {}, parts));
    }
  }
}

draw()
  .catch(() => target.append(el("p", { role: "alert" }, "Không đọc được mô tả API. Hãy tải lại trang.")))
  .finally(() => target.removeAttribute("aria-busy"));
