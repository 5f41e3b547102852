"""Sổ tay on the command line: every command in one place.

A command that finds a running owner of the data folder talks to it; otherwise it takes the folder for as long as it
runs. Imports are inside the commands, so that `sotay --help` answers at once.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from api.client import OwnerClient
    from api.deps import House
    from ingest.report import Report
    from knowledge.settings import Settings

log = logging.getLogger(__name__)

app = typer.Typer(
    name="sotay",
    help="Sổ tay: hỏi đáp có trích dẫn về nông thôn mới và OCOP.",
    epilog='Bắt đầu: `sotay serve` rồi mở http://localhost:8000, hoặc `sotay ask "hồ sơ OCOP gồm những gì"`.',
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
handbook = typer.Typer(help="Kiểm tra và liệt kê sổ tay đi kèm.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(handbook, name="handbook")
register = typer.Typer(
    help="Đề nghị cho danh bạ văn bản, đọc từ văn bản của cơ quan: xem, xác nhận, bác.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(register, name="register")

AsOf = Annotated[str | None, typer.Option("--as-of", help="Hỏi theo quy định tại ngày này, dạng 2024-06-01.")]
Locality = Annotated[str | None, typer.Option("--locality", help="Tỉnh, thành phố của người hỏi, ví dụ ha-noi.")]
AsJson = Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác đọc.")]


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="In phiên bản.", is_eager=True)] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="In nhật ký chi tiết ra stderr.")] = False,
) -> None:
    """Sổ tay: hỏi đáp có trích dẫn về nông thôn mới và OCOP."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    # Request lines of these hold the bot token.
    for noisy in ("httpx", "httpcore", "telegram", "apscheduler", "chromadb"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    if version:
        from importlib.metadata import version as installed

        print(f"sotay {installed('sotay')}")
        raise typer.Exit


@app.command()
def ask(question: str, as_of: AsOf = None, locality: Locality = None, as_json: AsJson = False) -> None:
    """Hỏi một câu, nhận câu trả lời kèm trích dẫn."""
    with _door() as (client, house):
        if client:
            answer = client.ask(question, as_of=as_of, locality=locality)
        else:
            from api.ask import question_of
            from api.shapes import Ask, answer_out

            asked = question_of(Ask(question=question, as_of=as_of, locality=locality), house.assistant)
            answer = answer_out(house.assistant.ask(asked, channel="cli")).model_dump()
    print(json.dumps(answer, ensure_ascii=False, indent=2) if as_json else _answer_text(answer))


@app.command()
def search(
    text: str,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="Số đoạn.")] = 5,
    as_of: AsOf = None,
    locality: Locality = None,
    as_json: AsJson = False,
) -> None:
    """Tìm các đoạn liên quan, không soạn câu trả lời."""
    with _door() as (client, house):
        if client:
            found = client.search(text, k=k, as_of=as_of, locality=locality)
        else:
            from api.passages import search_out

            found = search_out(house.assistant, text, k=k, as_of=as_of, locality=locality).model_dump()
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for number, hit in enumerate(found["hits"], 1):
        ground = " ".join(x for x in (hit["instrument"], hit["locator"], f"({_STANDINGS[hit['standing']]})") if x)
        print(f"{number}. {hit['title']}\n   {ground}")
        print("   " + hit["text"][:300].replace("\n", "\n   ") + "\n")


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Tệp hoặc thư mục.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đọc thử và báo cáo, không ghi gì.")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="Xóa cả khi hơn 1/5 số tệp của thư mục đã biến mất.")] = False,
    report: Annotated[Path | None, typer.Option("--report", help="Ghi báo cáo JSON vào tệp này.")] = None,
) -> None:
    """Nạp văn bản của cơ quan: chỉ đọc tệp mới hoặc đã đổi."""
    with _door() as (client, house), _progress("Nạp văn bản") as step:
        if client:
            data = client.ingest(
                paths, dry_run=dry_run, prune=prune, progress=lambda f, n, total: step(n, total, f["path"])
            )
        else:
            run = house.sync.run(
                paths, dry_run=dry_run, prune=prune, progress=lambda f, n, total: step(n, total, f.path)
            )
            data = run.as_data()
    if report:
        report.write_text(json.dumps(data, ensure_ascii=False, indent=2), encoding="utf-8")
    _print_report(data)
    if data["totals"]["failed"] or data["totals"]["refused"]:
        raise typer.Exit(1)


@app.command()
def passages(file: Path, as_json: AsJson = False) -> None:
    """Liệt kê các đoạn của một tệp, theo thứ tự, kèm vị trí trong văn bản; tệp chưa nạp thì chỉ đọc, không ghi."""
    from ingest.preview import preview

    with _door(optional=True) as (client, house):
        found = client.passages(file.absolute()) if client else house.sync.passages_of(file) if house else None
    if found is None:
        found = preview(file)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for passage in found:
        print("▪ " + " › ".join(passage["breadcrumb"]) + (f" (trang {passage['page']})" if passage["page"] else ""))
        print(passage["text"] + "\n")


@app.command()
def gaps(
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Số ngày gần đây.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Liệt kê những câu chưa trả lời được hoặc bị chê, gom theo nhóm, kèm văn bản có thể thiếu."""
    with _door() as (client, house):
        if client:
            found = client.gaps(days=days)
        else:
            from knowledge.gaps import gaps as found_gaps
            from knowledge.gaps import told

            found = [gap.as_data() | {"told": told(gap)} for gap in found_gaps(house.assistant, days=days)]
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for number, gap in enumerate(found, 1):
        print(f"{number}. " + gap["told"].replace("\n", "\n   "))
    if not found:
        print(f"Trong {days} ngày qua không có câu nào bỏ ngỏ hay bị chê.")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Thay SOTAY_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Thay SOTAY_PORT.")] = None,
) -> None:
    """Chạy trang web và API; có SOTAY_TELEGRAM_TOKEN thì chạy cả bot Telegram."""
    _serve(host=host, port=port, only_bot=False)


@app.command()
def bot() -> None:
    """Chỉ chạy bot Telegram (cần SOTAY_TELEGRAM_TOKEN)."""
    _serve(host="127.0.0.1", port=0, only_bot=True)


@app.command()
def evaluate(
    golden: Annotated[Path, typer.Option(help="Thư mục câu hỏi chuẩn.")] = Path("tests/golden"),
    split: Annotated[str, typer.Option(help="dev, report hoặc all.")] = "dev",
    out: Annotated[Path | None, typer.Option("--out", help="Ghi kết quả từng câu (JSON).")] = None,
    compare: Annotated[Path | None, typer.Option("--compare", help="So với kết quả của một lần chạy trước.")] = None,
) -> None:
    """Chấm câu trả lời trên bộ câu hỏi chuẩn: đúng, trích dẫn đúng, bịa, từ chối nhầm, dè dặt."""
    from knowledge.evaluate import compare_runs, load_golden, run, table

    questions = load_golden(golden, split)
    with _door(own=True) as (_, house), _progress("Chấm") as step:
        results = run(house.assistant, questions, progress=lambda n: step(n, len(questions), ""))
    print(table(results))
    if compare:
        print(compare_runs(json.loads(compare.read_text(encoding="utf-8")), results))
    if out:
        out.write_text(json.dumps([r.as_data() for r in results], ensure_ascii=False, indent=1), encoding="utf-8")


@app.command()
def doctor() -> None:
    """Kiểm tra máy, thiết lập và phần mềm tùy chọn; nói cần cài gì để được gì."""
    from ingest.doctor import checks

    worst = 0
    for check in checks(_settings()):
        print(f"{'✓' if check.ok else '✗' if check.needed else '–'} {check.name}: {check.told}")
        worst = max(worst, int(check.needed and not check.ok))
    raise typer.Exit(worst)


@handbook.command("check")
def handbook_check() -> None:
    """Từ chối trang thiếu nguồn, nguồn không có trong sổ đăng ký, hiệu lực mâu thuẫn, liên kết hỏng."""
    from ingest.handbook import check

    faults = check()
    for fault in faults:
        print(fault)
    print(f"{len(faults)} lỗi." if faults else "Sổ tay không có lỗi.")
    raise typer.Exit(1 if faults else 0)


@handbook.command("list")
def handbook_list(as_json: AsJson = False) -> None:
    """Liệt kê các trang, số mục, văn bản và thời gian áp dụng."""
    from ingest.handbook import coverage, coverage_table

    pages = coverage()
    print(json.dumps(pages, ensure_ascii=False, indent=2) if as_json else coverage_table(pages))


@register.command("list")
def register_list(
    every: Annotated[bool, typer.Option("--all", help="Cả những đề nghị đã xác nhận hoặc đã bác.")] = False,
    as_json: AsJson = False,
) -> None:
    """Liệt kê các đề nghị chờ xác nhận."""
    with _door() as (client, house):
        if client:
            found = client.proposals()
        else:
            from api.register import proposal_out

            found = [proposal_out(one).model_dump(mode="json") for one in house.assistant.overlay.proposals()]
    found = [one for one in found if every or one["status"] == "proposed"]
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for one in found:
        print(_proposal_line(one))
    if not found:
        print("Không có đề nghị nào chờ xác nhận.")


@register.command("show")
def register_show(number: int, as_json: AsJson = False) -> None:
    """Xem một đề nghị: từng trường, câu trong văn bản làm căn cứ, chỗ cần xem lại."""
    with _door() as (client, house):
        if client:
            found = client.proposal(number)
        else:
            from api.register import proposal_out

            found = proposal_out(house.assistant.overlay.proposal(number)).model_dump(mode="json")
    print(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _proposal_text(found))


@register.command("confirm")
def register_confirm(
    number: int,
    changes: Annotated[list[str] | None, typer.Option("--set", help="Sửa một trường: effective=2026-05-22.")] = None,
    by: Annotated[str, typer.Option("--by", help="Người quyết định.")] = "",
) -> None:
    """Xác nhận một đề nghị: có hiệu lực ngay với các câu trả lời."""
    from knowledge.errors import BadInput

    if any("=" not in change for change in changes or ()):
        raise BadInput("Sửa trường bằng --set tên=giá trị, ví dụ --set effective=2026-05-22.")
    pairs = (change.partition("=") for change in changes or ())
    print(_proposal_line(_decide(number, "confirm", {name.strip(): value for name, _, value in pairs}, by)))


@register.command("reject")
def register_reject(number: int, by: Annotated[str, typer.Option("--by", help="Người quyết định.")] = "") -> None:
    """Bác một đề nghị; mục đã xác nhận thì được rút lại."""
    print(_proposal_line(_decide(number, "reject", {}, by)))


# -- behind the commands -----------------------------------------------------------------------------------------------

_STANDINGS = {
    "in force": "đang áp dụng",
    "earlier": "quy định trước đây",
    "later": "chưa có hiệu lực",
    "unknown": "chưa rõ",
}


_FILE_WORDS = {"read": "đã đọc", "unchanged": "không đổi", "refused": "bị từ chối", "failed": "lỗi", "removed": "đã gỡ"}


def _settings(**overrides: object) -> Settings:
    from knowledge.settings import load_settings

    return load_settings(**{name: value for name, value in overrides.items() if value is not None})


@contextlib.contextmanager
def _door(*, own: bool = False, optional: bool = False) -> Iterator[tuple[OwnerClient | None, Any]]:
    """The way in: a client of the running owner, or the house opened here.

    `own` needs the house itself; `optional` yields (None, None) where nothing has been built yet.
    """
    from knowledge.owner import claim, running_owner

    settings = _settings()
    owner = running_owner(settings.data_dir)
    if owner and owner.url and not own:
        from api.client import OwnerClient

        yield OwnerClient(owner), None
        return
    if optional and not (settings.data_dir / "sotay.db").exists() and not settings.database_url:
        yield None, None
        return
    right = claim(settings.data_dir)
    try:
        house = _open_house(settings, right.secret)
        try:
            yield None, house
        finally:
            house.assistant.close()
    finally:
        right.release()


def _open_house(settings: Settings, secret: str) -> House:
    """Open everything and bring the handbook up to date, with a progress bar where that takes time."""
    from api.deps import House
    from ingest.sync import Sync
    from knowledge.assistant import open_assistant

    assistant = open_assistant(settings)
    sync = Sync(assistant)
    with _progress("Dựng chỉ mục sổ tay") as step:
        report = sync.handbook(
            progress=lambda file, n, total: step(n, total, "") if file.status != "unchanged" else None
        )
    for file in report.files:
        if file.status in ("failed", "refused"):
            print(f"Trang sổ tay {file.path}: {file.reason}", file=sys.stderr)
    return House(assistant, sync, secret)


def _serve(*, host: str | None, port: int | None, only_bot: bool) -> None:
    from api.server import address_of, bind, serve
    from ingest.watch import state_of, watch
    from knowledge.errors import BadSettings
    from knowledge.owner import claim
    from knowledge.retention import keep

    settings = _settings(host=host, port=port)
    if only_bot and not settings.telegram_token.get_secret_value():
        raise BadSettings("Chưa có SOTAY_TELEGRAM_TOKEN. Hãy tạo bot với @BotFather rồi đặt mã vào biến này.")
    right = claim(settings.data_dir)
    listener = None
    try:
        listener = bind(settings.host, settings.port)
        house = _open_house(settings, right.secret)
        url = address_of(listener)
        telegram = None
        if settings.telegram_token.get_secret_value():
            from bot.run import Telegram

            telegram = Telegram(house.assistant, settings, ingest=_ingest_for(house))
            house.bot_status = telegram.status

        def ready() -> None:
            right.announce(url)
            print(
                "Bot Telegram đang chạy." if only_bot else f"Sổ tay đang chạy tại {url} (Ctrl+C để dừng).", flush=True
            )

        def background() -> None:
            house.assistant.index.warm(wait=True)
            seen = state_of(settings.documents_dir)
            folders = [folder for folder in (house.sync.uploads.folder, settings.documents_dir) if folder.is_dir()]
            if folders:
                house.building = "đang nạp thư mục văn bản"
                with contextlib.suppress(Exception):
                    house.sync.run(folders)
            house.building = ""
            if settings.watch_seconds:
                folder = settings.documents_dir
                watch(
                    folder, settings.watch_seconds, lambda: _report_to_log(house.sync.run([folder])), stop, since=seen
                )

        stop = threading.Event()
        keep(house.assistant.records.expire, settings.retention_days, stop)
        try:
            serve(
                house,
                listener,
                on_ready=ready,
                background=background,
                beside=telegram.run if telegram else None,
                mounts={"/telegram": telegram.webhook} if telegram and settings.telegram_webhook_url else None,
            )
        finally:
            stop.set()
            house.assistant.close()
    finally:
        if listener:
            listener.close()
        right.release()


def _report_to_log(report: Report) -> None:
    for file in report.files:
        if file.status != "unchanged":
            log.info("%s: %s %s", file.path, file.status, file.reason)
    for note in report.notes:
        log.warning(note)


def _ingest_for(house: House) -> Callable[[Path, str], str]:
    """What the bot does with an admin's file: read it in, tell in Vietnamese what became of it."""

    def ingest(path: Path, name: str) -> str:
        report = house.sync.run([path])
        told = [f"{name}: {_FILE_WORDS[f.status]}, {f.passages} đoạn. {f.reason}".strip() for f in report.files]
        return "\n".join([*told, *report.notes])

    return ingest


def _decide(number: int, action: str, changes: dict[str, Any], by: str) -> dict[str, Any]:
    who = by or f"{os.environ.get('USER') or 'quản trị'} (dòng lệnh)"
    with _door() as (client, house):
        if client:
            return client.decide(number, action=action, changes=changes, by=who)
        from api.register import Decision, decide

        decision = Decision.model_validate({"action": action, "changes": changes, "by": who})
        return decide(house.assistant, number, decision, by=who).model_dump(mode="json")


def _proposal_line(found: dict[str, Any]) -> str:
    words = {"proposed": "chờ xác nhận", "confirmed": "đã xác nhận", "rejected": "đã bác"}
    effective = found["fields"].get("effective", {}).get("value") or "chưa rõ ngày"
    told = [f"{r['told']} {r['number']}" for r in found["relations"]]
    check = " ⚠ có chỗ cần xem lại" if any(f["check"] for f in (*found["fields"].values(), *found["relations"])) else ""
    parts = f"{found['id']}. {found['number']} ({words[found['status']]}): hiệu lực từ {effective}"
    return parts + (f"; {', '.join(told)}" if told else "") + check


def _proposal_text(found: dict[str, Any]) -> str:
    lines = [_proposal_line(found), f"   Nguồn: {found['origin']}"]
    for field in found["fields"].values():
        lines.append(f"{'⚠' if field['check'] else ' '} {field['name']}: {field['value'] or '(không có)'}")
        lines += [f"      «{field['sentence'][:200]}»"] if field["sentence"] else []
    for relation in found["relations"]:
        until = f", còn hiệu lực đến hết {relation['ends']}" if relation["ends"] else ""
        lines.append(f"{'⚠' if relation['check'] else ' '} {relation['told']} {relation['number']}{until}")
        lines.append(f"      «{relation['sentence'][:200]}»")
    return "\n".join(lines)


@contextlib.contextmanager
def _progress(title: str) -> Iterator[Any]:
    """A bar on stderr that appears with the first step and stays away where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[now]}"),
    )
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = None

    def step(done: int, total: int, now: str) -> None:
        nonlocal task
        if task is None:
            bar.start()
            task = bar.add_task(title, total=total, now="")
        bar.update(task, completed=done, total=total, now=Path(now).name[:40])

    try:
        yield step
    finally:
        bar.stop()


def _answer_text(answer: dict[str, Any]) -> str:
    parts = [answer["answer"]]
    if answer["citations"]:
        parts.append("\nCăn cứ:")
        for c in answer["citations"]:
            ground = " ".join(x for x in (c["instrument"], c["locator"]) if x)
            parts.append(f"[{c['marker']}] {ground + ' – ' if ground else ''}{c['title']}")
    parts += [f"\n⚠ {warning}" for warning in answer["warnings"]]
    if answer["suggestions"]:
        parts.append("\nCó thể hỏi tiếp:\n" + "\n".join(f"  • {s}" for s in answer["suggestions"]))
    return "\n".join(parts)


def _print_report(data: dict[str, Any]) -> None:
    for file in data["files"]:
        if file["status"] in ("failed", "refused", "removed") or "bản sao" in file["reason"] or file["warnings"]:
            told = "; ".join(x for x in (file["reason"], *file["warnings"]) if x)
            # A name may hold a line break.
            print(f"{_FILE_WORDS[file['status']]}: {' '.join(file['path'].split())} – {told}")
    totals = data["totals"]
    counts = ", ".join(f"{totals[status]} {word}" for status, word in _FILE_WORDS.items() if totals[status])
    print(
        f"{totals['files']} tệp ({counts or 'không có gì'}), {totals['passages']} đoạn, {totals['seconds']:.1f} giây."
    )
    for note in data["notes"]:
        print(f"⚠ {note}")


def main() -> None:
    """Run a command; an expected failure is one line in Vietnamese and an exit code that means something."""
    from knowledge.errors import SotayError

    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code or 0)
    except SotayError as error:
        print(f"Lỗi: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("Đã dừng.", file=sys.stderr)
        sys.exit(130)
    except (BrokenPipeError, SystemExit) as end:
        if isinstance(end, SystemExit) and not isinstance(end.__context__, BrokenPipeError):
            raise
        # Who reads has had enough (`| head`); what is left in the buffer must not complain at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        os._exit(0)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        no_arguments = type(error).__name__ == "NoArgsIsHelpError"
        print(error.format_message() if no_arguments else _usage(error), file=sys.stderr)
        sys.exit(2)


def _usage(error: Any) -> str:
    """What was typed wrong, in Vietnamese; Typer tells it in English."""
    words = {
        "MissingParameter": "thiếu {what}",
        "NoSuchOption": "không có tùy chọn {what}",
        "NoSuchCommand": "không có lệnh {what}",
        "BadParameter": "giá trị của {what} chưa đúng",
    }
    told = error.format_message()
    quoted = re.search(r"'([^']+)'", told)
    what = getattr(error, "option_name", None) or (quoted[1] if quoted else "")
    kind = "NoSuchCommand" if told.startswith("No such command") else type(error).__name__
    line = words.get(kind, told).format(what=f"«{what}»")
    command = error.ctx.command_path if getattr(error, "ctx", None) else "sotay"
    return f"Lỗi: {line}. Xem cách dùng: {command} --help"


if __name__ == "__main__":
    main()
