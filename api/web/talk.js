// Talking to the server: an answer as it grows, or whole where the stream fails. Every failure is a Trouble in Vietnamese.

const QUIET_MS = 60_000; // the server sends a sign of life every 15 seconds

export class Trouble extends Error {
  /** `wait`: seconds to wait before trying again; `own`: the question itself has to be changed first. */
  constructor(message, { wait = 0, own = false } = {}) {
    super(message);
    this.wait = wait;
    this.own = own;
  }
}

/** The answer to a question; `on.status` and `on.token` hear what the stream tells on the way. */
export async function ask(body, { signal, on }) {
  const response = await send("/v1/ask/stream", body, signal, "text/event-stream");
  if ((response.headers.get("content-type") || "").startsWith("text/event-stream") && response.body) {
    const answer = await readStream(response.body, on, signal);
    if (answer) return answer;
    on.status("Đường truyền gián đoạn, đang lấy lại câu trả lời…");
  }
  return readJson(await send("/v1/ask", body, signal));
}

/** A passage with its neighbours. */
export async function passage(id, signal) {
  return readJson(await send(`/v1/passages/${encodeURIComponent(id)}`, null, signal));
}

/** The provinces; none where they cannot be had. */
export async function localities() {
  try {
    return await readJson(await send("/v1/localities", null));
  } catch {
    return [];
  }
}

/** Says what someone thought of an answer. */
export async function rate(given) {
  await send("/v1/feedback", given);
}

async function send(path, body, signal, accept = "application/json") {
  const headers = { Accept: accept };
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method: body ? "POST" : "GET", headers, signal, cache: "no-store", body: body ? JSON.stringify(body) : undefined,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble(
      navigator.onLine === false
        ? "Máy đang mất mạng. Câu hỏi vẫn được giữ; khi có mạng lại, bấm «Thử lại»."
        : "Không kết nối được với máy chủ Sổ tay. Câu hỏi vẫn được giữ; vui lòng thử lại sau ít phút.",
    );
  }
  if (!response.ok) throw await troubleOf(response);
  return response;
}

async function troubleOf(response) {
  let detail = "";
  try {
    detail = String((await response.json()).detail || "");
  } catch { /* a proxy's own page */ }
  const wait = Math.min(Number.parseInt(response.headers.get("retry-after") || "0", 10) || 0, 600);
  switch (response.status) {
    case 404: return new Trouble(detail || "Không tìm thấy nội dung này.", { own: true });
    case 413: return new Trouble("Câu hỏi quá dài. Vui lòng rút gọn hoặc tách thành nhiều câu.", { own: true });
    case 422: return new Trouble(detail || "Câu hỏi chưa đúng. Vui lòng sửa rồi gửi lại.", { own: true });
    case 429: return new Trouble(detail || "Anh/chị hỏi hơi nhanh. Vui lòng đợi rồi hỏi tiếp.", { wait: wait || 10 });
    case 502: case 503: case 504:
      return new Trouble(detail || "Sổ tay đang bận hoặc đang khởi động. Vui lòng thử lại sau ít giây.", { wait: wait || 3 });
    default: return new Trouble(detail || `Sổ tay gặp lỗi (mã ${response.status}). Vui lòng thử lại sau.`);
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble("Máy chủ trả về nội dung không đọc được. Vui lòng thử lại.");
  }
}

/** The answer that `done` carries; null where the stream ends, breaks or falls silent before it. */
async function readStream(body, on, signal) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  let answer = null;
  try {
    for (;;) {
      const { value, done } = await orSilence(reader.read());
      if (done) return answer;
      text += value;
      const events = text.split(/\r\n\r\n|\n\n|\r\r/);
      text = events.pop();
      for (const { name, data } of events.map(readEvent)) {
        if (name === "status") on.status(data.text);
        else if (name === "token") on.token(data.text);
        else if (name === "done") answer = data;
      }
    }
  } catch (error) {
    if (signal && signal.aborted) throw error;
    return answer;
  } finally {
    reader.cancel().catch(() => {});
  }
}

function readEvent(block) {
  let name = "message";
  const data = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return { name, data: data.length ? JSON.parse(data.join("\n")) : null };
}

function orSilence(reading) {
  let timer;
  const silence = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("silence")), QUIET_MS); });
  return Promise.race([reading, silence]).finally(() => clearTimeout(timer));
}
