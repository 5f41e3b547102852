"""Every setting of Sổ tay, from the environment (`SOTAY_…`) or a `.env` file; made once at the edge and handed down."""

from __future__ import annotations

import ipaddress
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from knowledge.errors import BadSettings

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class Settings(BaseSettings):
    """Typed settings; unsafe or malformed values are refused with a message in Vietnamese."""

    # An empty value is none: people copy a list of settings and leave blank what they do not need.
    model_config = SettingsConfigDict(
        env_prefix="SOTAY_", env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    data_dir: Path = Field(Path(".sotay"), description="Thư mục dữ liệu: cơ sở dữ liệu và chỉ mục.")
    documents_dir: Path = Field(Path("documents"), description="Thư mục văn bản của cơ quan, đọc khi khởi động.")
    host: str = Field("127.0.0.1", description="Địa chỉ mà máy chủ lắng nghe.")
    port: int = Field(8000, ge=0, le=65535, description="Cổng của máy chủ (0: hệ thống tự chọn).")
    today: date | None = Field(None, description="Cố định ngày hôm nay (YYYY-MM-DD), để kiểm thử hoặc tập huấn.")
    database_url: str = Field(
        "", description="Cơ sở dữ liệu khác, ví dụ PostgreSQL; để trống: SQLite trong thư mục dữ liệu."
    )
    embedding_model: str = Field(
        "", description="Mô hình sentence-transformers khác (tên hoặc thư mục); để trống: mô hình kèm theo."
    )
    chat_model: str = Field(
        "",
        description="Mô hình ngôn ngữ viết câu trả lời, ví dụ `ollama:qwen3`, `openai:gpt-4.1-mini`; "
        "để trống: trích nguyên văn.",
    )
    chat_base_url: str = Field("", description="Địa chỉ dịch vụ tương thích OpenAI.")
    chat_api_key: SecretStr = Field(SecretStr(""), description="Khóa của dịch vụ mô hình ngôn ngữ.")
    chat_timeout: float = Field(45.0, gt=0, description="Số giây tối đa chờ mô hình ngôn ngữ cho một câu trả lời.")
    telegram_token: SecretStr = Field(
        SecretStr(""), description="Mã của bot Telegram; có mã thì bot chạy cùng máy chủ."
    )
    telegram_api_url: str = Field("https://api.telegram.org", description="Máy chủ Bot API khác.")
    telegram_webhook_url: str = Field(
        "", description="Địa chỉ https công khai để Telegram gửi tin tới (`…/telegram`); để trống: bot tự hỏi tin."
    )
    telegram_rate: float = Field(28.0, gt=0, le=1000, description="Số tin bot gửi mỗi giây (Telegram cho khoảng 30).")
    telegram_workers: int = Field(16, ge=1, le=256, description="Số câu hỏi Telegram được trả lời cùng lúc.")
    telegram_access: Literal["open", "invite", "list"] = Field(
        "open", description="Ai được hỏi bot: `open` mọi người, `invite` người có mã mời, `list` người trong danh sách."
    )
    telegram_allowed: Annotated[list[int], NoDecode] = Field(
        default_factory=list, description="Số Telegram của những người được hỏi, cách nhau bằng dấu phẩy."
    )
    telegram_admins: Annotated[list[int], NoDecode] = Field(
        default_factory=list, description="Số Telegram của những người quản trị bot, cách nhau bằng dấu phẩy."
    )
    telegram_reviewers_chat: int | None = Field(
        None,
        description="Số của nhóm Telegram nhận câu hỏi cho chuyên viên; để trống: gửi riêng chuyên viên và quản trị.",
    )
    telegram_user_rate: int = Field(60, ge=1, description="Số tin Telegram mỗi người được gửi trong một phút.")
    telegram_senders: int = Field(8, ge=1, le=64, description="Số tin Telegram được gửi cùng lúc.")
    admin_key: SecretStr = Field(
        SecretStr(""), description="Khóa quản trị (ít nhất 16 ký tự); để trống: tắt việc nạp văn bản qua HTTP."
    )
    rate_limit: str = Field("30/minute", description="Số câu hỏi mỗi địa chỉ được gửi, dạng `30/minute`.")
    trusted_proxies: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Địa chỉ (hoặc dải) của proxy đứng trước, cách nhau bằng dấu phẩy."
    )
    watch_seconds: float = Field(
        15.0, ge=0, le=3600, description="Số giây giữa hai lần xem thư mục văn bản có gì đổi không (0: không xem)."
    )
    retention_days: int = Field(90, ge=1, description="Số ngày giữ câu hỏi và câu trả lời.")

    @field_validator("trusted_proxies", "telegram_allowed", "telegram_admins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for part in value:
            try:
                ipaddress.ip_network(part, strict=False)
            except ValueError:
                raise ValueError(f"«{part}» không phải địa chỉ hay dải địa chỉ IP, ví dụ 10.0.0.0/8") from None
        return value

    @field_validator("rate_limit")
    @classmethod
    def _rate(cls, value: str) -> str:
        from limits import parse

        try:
            parse(value)
        except ValueError:
            raise ValueError(f"«{value}» chưa đúng dạng, ví dụ 30/minute hoặc 500/hour") from None
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        return value.rstrip("/").removesuffix("/bot")

    @model_validator(mode="after")
    def _safe(self) -> Settings:
        key = self.admin_key.get_secret_value()
        if key and len(key) < 16:
            raise ValueError("SOTAY_ADMIN_KEY phải dài ít nhất 16 ký tự")
        return self

    def current_day(self) -> date:
        """Today in Viet Nam, unless `SOTAY_TODAY` fixes it."""
        return self.today or datetime.now(TIME_ZONE).date()

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite:///{self.data_dir / 'sotay.db'}"


def load_settings(**overrides: object) -> Settings:
    """Settings from environment, `.env` and overrides; raises BadSettings naming each bad value in Vietnamese."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [f"- {_told(fault)}." for fault in error.errors(include_input=False, include_url=False)]
        raise BadSettings("Thiết lập chưa đúng:\n" + "\n".join(lines)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"Không đọc được tệp .env: {error}. Tệp này phải là văn bản UTF-8.") from None


# What pydantic finds wrong, by the start of its type; the first that fits.
_WORDS = (
    ("int", "phải là số nguyên"),
    ("float", "phải là số"),
    ("finite", "phải là số"),
    ("date", "phải là ngày có thật, dạng 2026-05-22"),
    ("greater_than_equal", "phải từ {ge} trở lên"),
    ("greater_than", "phải lớn hơn {gt}"),
    ("less_than_equal", "không được quá {le}"),
    ("less_than", "phải nhỏ hơn {lt}"),
    ("literal", "phải là một trong {expected}"),
)


def _told(fault: Any) -> str:
    context = fault.get("ctx") or {}
    words = next((words for start, words in _WORDS if fault["type"].startswith(start)), "chưa đúng kiểu")
    told = str(context["error"]) if fault["type"] == "value_error" else words.format(**context)
    return f"SOTAY_{'_'.join(str(part) for part in fault['loc']).upper()}: {told}" if fault["loc"] else told
