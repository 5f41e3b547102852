"""An office's own papers over HTTP: sent in, listed, taken away again; for the holder of the admin key."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO, Any

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.deps import PROBLEMS, AdminOnly, House, HouseDep
from api.shapes import Problem
from ingest.holdings import holdings, take_in, take_out
from knowledge.errors import BadInput

PATH = "/v1/documents"
MAX_FILE = 20 * 1024 * 1024
MAX_BODY = MAX_FILE + 64 * 1024  # the form around the file
TOO_LARGE = "Tệp quá lớn (giới hạn 20 MB). Hãy chép tệp vào thư mục văn bản, hoặc dùng `sotay ingest`."

REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "Thiếu hoặc sai khóa quản trị"},
    403: {"model": Problem, "description": "Quản trị qua HTTP đang tắt"},
}
router = APIRouter(tags=["Quản trị"], dependencies=[AdminOnly], responses=PROBLEMS | REFUSALS)


class DocumentOut(BaseModel):
    """One file that was read in."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str = Field(description="Tên tệp như người gửi đặt")
    title: str
    uploaded: bool = Field(description="Gửi qua HTTP; nếu không thì nằm trong thư mục văn bản")
    instrument: str = Field(description="Số, ký hiệu văn bản")
    kind: str
    copy_of: str = Field(description="Là bản sao của tệp này nên không nạp lần hai")
    likeness: int
    passages: int
    pages: int | None
    media_type: str
    valid_from: date | None
    valid_to: date | None
    warnings: list[str]
    sent_by: str
    sent_at: datetime | None


class Documents(BaseModel):
    """All files that were read in."""

    documents: list[DocumentOut]


class Taken(BaseModel):
    """What became of a file that was sent in."""

    document: DocumentOut
    report: dict[str, Any] = Field(description="Như `sotay ingest --report`")


@router.post(
    PATH,
    status_code=201,
    summary="Nạp một văn bản",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {
                            "file": {"type": "string", "format": "binary"},
                            "by": {"type": "string", "description": "Người gửi"},
                        },
                    }
                }
            },
        }
    },
)
async def add(request: Request, here: HouseDep) -> Taken:
    """Take a file in, up to 20 MB; 422 with the reason when it cannot be read."""
    # The form is read here and not by the framework, which would read it before it looks at the key.
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise BadInput("Hãy gửi tệp dạng multipart/form-data, trong trường «file».")
    try:
        form = await request.form(max_files=1, max_fields=4)
    except HTTPException as error:
        if error.status_code != 400:
            raise
        raise BadInput("Biểu mẫu gửi lên không đọc được: cần đúng một tệp, trong trường «file».") from error
    try:
        file, by = form.get("file"), form.get("by")
        if not isinstance(file, UploadFile):
            raise BadInput("Thiếu tệp: hãy gửi trong trường «file».")
        if (file.size or 0) > MAX_FILE:
            raise HTTPException(413, TOO_LARGE)
        sender = by if isinstance(by, str) else ""
        return await run_in_threadpool(_take_in, here, file.file, file.filename or "", sender)
    finally:
        await form.close()


@router.get(PATH, summary="Các văn bản đã nạp")
def listed(here: HouseDep) -> Documents:
    """Every file read in, uploads and folders, but for the shipped handbook."""
    return Documents(documents=_all(here))


@router.delete(
    PATH + "/{document_id}",
    status_code=204,
    responses={404: {"model": Problem, "description": "Không có văn bản này"}},
    summary="Gỡ một văn bản đã gửi",
)
def remove(document_id: str, here: HouseDep) -> None:
    """Take an uploaded file away; a copy of it takes its place. Files in folders are removed there."""
    found = next((document for document in _all(here) if document.id == document_id), None)
    if here.sync.uploads.get(document_id) is None:
        if found is None:
            raise HTTPException(404, "Không có văn bản này.")
        raise BadInput(f"«{found.name}» nằm trong thư mục văn bản: hãy xóa tệp trong thư mục đó.")
    take_out(here.sync, document_id)


def _all(here: House) -> list[DocumentOut]:
    return [DocumentOut.model_validate(holding) for holding in holdings(here.sync)]


def _take_in(here: House, content: IO[bytes], name: str, by: str) -> Taken:
    uploads = here.sync.uploads
    own, report = take_in(here.sync, content, name, by=by)
    data = report.as_data()
    for file in data["files"]:
        file["path"] = uploads.name_of(uploads.folder / file["path"].rpartition("/")[2]) or file["path"]
    return Taken(document=next(document for document in _all(here) if document.id == own), report=data)
