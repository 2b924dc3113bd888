"""
Receiving and sending attached files.

    @post("/sessions/{session:str}/sheet/scan", operation_class=FileOperation,
          request_max_body_size=None, opt=needs(...), summary="…")
    async def scan(request: ApiRequest, session: PathId) -> Written:
        attached = await receive(request, session)
        return await run(request, ScanSheet(session=session, sha256=attached.sha256, …))

A file is the whole body of its request: no form, no file name, which may hold someone's. It is read
again through what it was attached to, which says who may.
"""

from dataclasses import dataclass

from litestar import Response
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat

from core.attachments.attachments import Attached
from core.attachments.media import EXTENSIONS
from core.domain.file import MediaType
from core.http.problem import NotFound
from core.http.request import ApiRequest

_BYTES = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
_BODY = RequestBody(
    description="Le fichier lui-même : PDF, PNG ou JPEG.",
    # What it is, is read in the file: its sender need not say.
    content={"application/octet-stream": _BYTES},
    required=True,
)


FILE = {"also_as": dict.fromkeys(EXTENSIONS, bytes)}
"""Added to the `opt` of a route that sends an attached file: it may be of any of these types."""


@dataclass
class FileOperation(Operation):
    """What the OpenAPI document says of a route that takes a file."""

    def __post_init__(self) -> None:
        self.request_body = _BODY


async def receive(request: ApiRequest, subject: str, *, person: bool = False) -> Attached:
    """
    The request's body, stored under the key of a stream, or of a person.

    What is announced or comes beyond the limit is refused before it is in memory. Raises what
    `Attachments.attach` raises.
    """
    attachments = request.house.attachments
    attachments.refuse_larger(_announced(request))
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        attachments.refuse_larger(size)
        chunks.append(chunk)
    return await attachments.attach(request.tenant, subject, b"".join(chunks), person=person)


async def send(
    request: ApiRequest, subject: str, sha256: str, *, file_name: str
) -> Response[bytes]:
    """
    An attached file, to be saved under `file_name` (a code, never a name) with its extension.

    Raises `NotFound` when its key is gone too: an erased file is one that is not there.
    """
    found = await request.house.attachments.open(request.tenant, subject, sha256, request.reading)
    if found is None:
        raise NotFound
    attached, content = found
    response = file(content, attached.media_type, file_name=file_name)
    # What `core.http.conditional` compares: the content itself is the version.
    response.headers["ETag"] = f'"{attached.sha256}"'
    return response


def file(content: bytes, media_type: MediaType, *, file_name: str) -> Response[bytes]:
    """Bytes to be saved, never shown in the page that asked for them nor taken for another type."""
    return Response(
        content,
        media_type=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file_name}.{EXTENSIONS[media_type]}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


def _announced(request: ApiRequest) -> int:
    announced = request.headers.get("content-length", "")
    return int(announced) if announced.isdecimal() else 0
