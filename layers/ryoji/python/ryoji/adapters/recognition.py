"""Textract and Rekognition: what they answer, as plain dicts of AWS's shapes, and their errors as ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ryoji.adapters.aws import Patience, client
from ryoji.errors import Invalid, Retryable, RyojiError, TooLarge, Unavailable

_BUSY = frozenset({"ThrottlingException", "ProvisionedThroughputExceededException", "LimitExceededException"})
_NOT_A_PICTURE = frozenset(
    {"InvalidImageFormatException", "UnsupportedDocumentException", "BadDocumentException"}
)
_TOO_LARGE = frozenset({"ImageTooLargeException", "DocumentTooLargeException"})
# Two calls that are not answered, or an answer and one more call, must end before the function does (infra/functions.py
# gives it 28 seconds, and the API has 29): who waits is told what is the matter.
PATIENCE = Patience(connect=2, read=11, calls=2)
ONCE = PATIENCE._replace(calls=1)


def textract(*, once: bool = False) -> Any:
    """Textract's client; `once` does not call again when no answer comes."""
    return client("textract", patience=ONCE if once else PATIENCE)


def rekognition() -> Any:
    """Rekognition's client."""
    return client("rekognition", patience=PATIENCE)


def read_text(jpeg: bytes, *, once: bool = False) -> dict[str, Any]:
    """Textract's DetectDocumentText, asked twice where the first is not answered, or `once`.

    Raises Invalid, TooLarge, Retryable or Unavailable.
    """
    return _plain(_ask(lambda: textract(once=once).detect_document_text(Document={"Bytes": jpeg})))


def detect_faces(jpeg: bytes) -> dict[str, Any]:
    """Rekognition's DetectFaces with all attributes. Raises Invalid, TooLarge, Retryable or Unavailable."""
    return _plain(_ask(lambda: rekognition().detect_faces(Image={"Bytes": jpeg}, Attributes=["ALL"])))


def compare_faces(source: bytes, target: bytes, threshold: float = 0) -> dict[str, Any]:
    """Rekognition's CompareFaces; an answer without faces if a picture shows none (AWS answers that as an error).

    Raises Invalid, TooLarge, Retryable or Unavailable.
    """

    def call() -> Any:
        return rekognition().compare_faces(
            SourceImage={"Bytes": source}, TargetImage={"Bytes": target}, SimilarityThreshold=threshold
        )

    try:
        return _plain(_ask(call))
    except _NoFaceError:
        return {"FaceMatches": [], "UnmatchedFaces": []}


class _NoFaceError(Invalid):
    """InvalidParameterException: our parameters are well-formed, so a face is missing (or the picture is no use)."""


def _ask(call: Callable[[], Any]) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return call()
    except ClientError as error:
        raise _ours(error.response) from error
    except BotoCoreError as error:  # no connection, no answer in time, no credentials
        raise Unavailable("recognition_unavailable") from error


def _ours(response: Any) -> RyojiError:
    code = response.get("Error", {}).get("Code", "")
    if code in _BUSY:
        return Retryable("recognition_busy")
    if code in _TOO_LARGE:
        return TooLarge("too_large")
    if code in _NOT_A_PICTURE:
        return Invalid("broken_image")
    if code == "InvalidParameterException":
        return _NoFaceError("broken_image")
    # Refused access or an internal error: nothing that the applicant can mend.
    return Unavailable("recognition_unavailable")


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
