"""How this machine's commands talk to the process that owns the data folder."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

from knowledge.errors import BadInput, SotayError
from knowledge.owner import Owner


class OwnerClient:
    """Asks the owner over loopback, with its one-start secret."""

    def __init__(self, owner: Owner) -> None:
        if not owner.url:
            raise SotayError(f"Tiến trình {owner.pid} đang khởi động và giữ thư mục dữ liệu. Hãy thử lại sau ít giây.")
        # Environment proxies must not see what stays on this machine.
        self._http = httpx.Client(
            base_url=owner.url, headers={"X-Sotay-Secret": owner.secret}, timeout=120, trust_env=False
        )

    def ask(self, question: str, *, as_of: str | None, locality: str | None) -> dict[str, Any]:
        """The answer as the HTTP contract has it."""
        body = {"question": question, "as_of": as_of, "locality": locality}
        answer: dict[str, Any] = self._json(self._call("POST", "/v1/ask", json=body))
        return answer

    def search(self, text: str, *, k: int, as_of: str | None, locality: str | None) -> dict[str, Any]:
        """Hits as the HTTP contract has them."""
        query = {"q": text, "k": str(k), "as_of": as_of, "locality": locality}
        given = {name: value for name, value in query.items() if value}
        found: dict[str, Any] = self._json(self._call("GET", "/v1/search", params=given))
        return found

    def passages(self, path: Path) -> list[dict[str, Any]] | None:
        """A known file's passages; None when the owner does not know the file."""
        response = self._call("GET", "/internal/passages", params={"path": str(path)})
        if response.status_code == 404:
            return None
        found: list[dict[str, Any]] = self._json(response)
        return found

    def ingest(
        self, paths: list[Path], *, dry_run: bool, prune: bool, progress: Callable[[dict[str, Any], int, int], None]
    ) -> dict[str, Any]:
        """Have the owner read files; the report."""
        body = {"paths": [str(p.expanduser().absolute()) for p in paths], "dry_run": dry_run, "prune": prune}
        with self._reached(), self._http.stream("POST", "/internal/ingest", json=body, timeout=None) as response:
            if response.status_code != 200:
                response.read()
                self._json(response)
            for line in response.iter_lines():
                told = json.loads(line)
                if "file" in told:
                    progress(told["file"], told["number"], told["total"])
                elif "report" in told:
                    report: dict[str, Any] = told["report"]
                    return report
                else:
                    raise BadInput(told["error"]) if told["exit_code"] == 2 else SotayError(told["error"])
        raise SotayError("Tiến trình chủ ngừng giữa chừng khi đang nạp; những tệp đã xong vẫn được giữ.")

    def _call(self, method: str, path: str, **more: Any) -> httpx.Response:
        with self._reached():
            return self._http.request(method, path, **more)

    @contextlib.contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError as error:
            raise SotayError(
                f"Không liên lạc được với tiến trình đang giữ thư mục dữ liệu tại {self._http.base_url}: nó vừa dừng "
                "hoặc đang quá bận. Hãy thử lại sau ít giây."
            ) from error

    def gaps(self, *, days: int) -> list[dict[str, Any]]:
        """What people asked in vain, grouped."""
        found: list[dict[str, Any]] = self._json(self._call("GET", "/internal/gaps", params={"days": str(days)}))
        return found

    def proposals(self) -> list[dict[str, Any]]:
        """Every entry proposed for the register."""
        found: list[dict[str, Any]] = self._json(self._http.get("/v1/register/proposals"))["proposals"]
        return found

    def proposal(self, number: int) -> dict[str, Any]:
        """One of them."""
        found: dict[str, Any] = self._json(self._http.get(f"/v1/register/proposals/{number}"))
        return found

    def decide(self, number: int, *, action: str, changes: dict[str, Any], by: str) -> dict[str, Any]:
        """Confirm, edit or reject one; it takes effect in the owner at once."""
        body = {"action": action, "changes": changes, "by": by}
        done: dict[str, Any] = self._json(self._http.post(f"/v1/register/proposals/{number}", json=body))
        return done

    def _json(self, response: httpx.Response) -> Any:
        data = response.json()
        if response.status_code == 422:
            raise BadInput(data["detail"])
        if response.status_code >= 400:
            raise SotayError(data.get("detail", f"Lỗi {response.status_code} từ tiến trình chủ."))
        return data
