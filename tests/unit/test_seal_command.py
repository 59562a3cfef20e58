"""`ryoji seal verify FILE`: a page, a picture and a text; true, changed and unreadable."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Self

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from ryoji import command
from ryoji.catalogue.messages import Messages
from ryoji.issuance.page_texts import page_texts
from ryoji.issuance.pdf import page
from ryoji.issuance.zone import visa_zone
from tests.unit.issuance.sealing import NOW, ROOT, RULES, VISA, Ministry, ministry


class Then(datetime):
    """The clock of the command stands where the certificates hold."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """When the seals were made."""
        return cls.fromtimestamp(NOW.timestamp(), tz)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "datetime", Then)


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    """The published list in a file."""
    listed = tmp_path / "trust-list.json"
    listed.write_text(ministry().list())
    return listed


def verify(capsys: pytest.CaptureFixture[str], *given: object) -> tuple[int, dict[str, object]]:
    status = command.main(["seal", "verify", *(str(each) for each in given)])
    said: dict[str, object] = json.loads(capsys.readouterr().out or "{}")
    return status, said


def test_the_page_the_picture_and_the_text_say_the_same(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = page_texts(Messages.load(ROOT / "procedures" / "messages"), "visa", "https://ryoji.example")
    document = page(VISA, ministry().seal(), texts, NOW)
    (tmp_path / "visa.pdf").write_bytes(document)
    pypdfium2.PdfDocument(document)[0].render(scale=3).to_pil().save(tmp_path / "visa.png")
    (tmp_path / "visa.txt").write_text(ministry().seal())
    for name in ("visa.pdf", "visa.png", "visa.txt"):
        status, said = verify(capsys, tmp_path / name, "--trust", trust)
        assert (status, said["status"]) == (0, "VALID"), name
        assert said["not_checked"] == ["permission", "holder"]


def test_the_printed_lines_are_held_against_the_seal(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "visa.txt").write_text(ministry().seal())
    (tmp_path / "lines.txt").write_text("\n".join(visa_zone(VISA, RULES)) + "\n")
    asked = (tmp_path / "visa.txt", "--trust", trust, "--mrz")
    status, said = verify(capsys, *asked, tmp_path / "lines.txt")
    assert (status, printed(said)["status"]) == (0, "MATCH")
    forged = "".join(visa_zone(replace(VISA, passport_number="L898902C4"), RULES))
    status, said = verify(capsys, *asked, forged)
    assert (status, said["status"], printed(said)["status"]) == (1, "VALID", "SEAL_VISA_MISMATCH")
    assert [each["field"] for each in printed(said)["fields"] if each["outcome"] == "differs"] == ["number"]
    status, said = verify(capsys, *asked, "V<nothing")
    assert (status, printed(said)["status"]) == (1, "INVALID_VISA_MRZ")
    (tmp_path / "visa.txt").write_text(ministry().seal().replace("ERIKSSON", "ERIKSSOM"))
    assert printed(verify(capsys, *asked, tmp_path / "lines.txt")[1])["status"] == "NOT_COMPARED"


def test_stripes_above_the_seal_are_not_taken_for_it(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Shops and offices stick theirs on; and a reader of stripes finds some where nobody has printed any."""
    texts = page_texts(Messages.load(ROOT / "procedures" / "messages"), "visa", "https://ryoji.example")
    document = page(VISA, ministry().seal(), texts, NOW)
    picture = pypdfium2.PdfDocument(document)[0].render(scale=3).to_pil().convert("L")
    stripes = zxingcpp.create_barcode("STRIPES", zxingcpp.BarcodeFormat.Code128)
    beside = Image.new("L", (picture.width, picture.height + 300), 255)
    beside.paste(Image.fromarray(zxingcpp.write_barcode_to_image(stripes, scale=3)), (60, 60))
    beside.paste(picture, (0, 300))
    assert {str(code.format) for code in zxingcpp.read_barcodes(beside)} >= {"Code 128", "QR Code"}
    beside.save(tmp_path / "visa.png")
    status, said = verify(capsys, tmp_path / "visa.png", "--trust", trust)
    assert (status, said["status"]) == (0, "VALID")


@pytest.mark.parametrize(
    ("change", "status", "outcome"),
    [({}, 0, "MATCH"), ({"corrections": ["O"]}, 1, "MATCH"), ({"lines": []}, 1, "INVALID_VISA_MRZ")],
)
def test_a_picture_of_the_printed_lines_is_read(
    change: dict[str, Any],
    status: int,
    outcome: str,
    tmp_path: Path,
    trust: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = {"lines": list(visa_zone(VISA, RULES)), "corrections": [], "ambiguous": False, **change}
    monkeypatch.setattr(command, "_zone", lambda _jpeg, _today: read)
    (tmp_path / "visa.txt").write_text(ministry().seal())
    Image.new("RGB", (400, 100), "white").save(tmp_path / "lines.jpg")
    asked = (tmp_path / "visa.txt", "--trust", trust, "--mrz", tmp_path / "lines.jpg")
    ended, said = verify(capsys, *asked)
    assert (ended, printed(said)["status"], said["printed_read"]) == (status, outcome, read)


def test_what_is_neither_lines_nor_a_picture_is_told(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "visa.txt").write_text(ministry().seal())
    (tmp_path / "lines.bin").write_bytes(b"\xff\x00")
    assert verify(capsys, tmp_path / "visa.txt", "--trust", trust, "--mrz", tmp_path / "lines.bin") == (2, {})


def printed(said: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = said["printed"]
    return found


def test_a_changed_seal_is_not_valid(tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "visa.txt").write_text(ministry().seal().replace("ERIKSSON", "ERIKSSOM"))
    status, said = verify(capsys, tmp_path / "visa.txt", "--trust", trust)
    assert (status, said["status"]) == (1, "INVALID_SIGNATURE")


def test_a_stranger_is_not_believed(tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "visa.txt").write_text(Ministry().seal())
    assert verify(capsys, tmp_path / "visa.txt", "--trust", trust)[0] == 1


def test_a_list_of_another_authority_is_not_believed(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "visa.txt").write_text(ministry().seal())
    status, _ = verify(capsys, tmp_path / "visa.txt", "--trust", trust, "--authority", "0" * 64)
    assert status == 1


def test_a_picture_without_a_code_cannot_be_read(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken \xff")
    assert verify(capsys, tmp_path / "empty.png", "--trust", trust) == (
        2,
        {"file": str(tmp_path / "empty.png"), "status": "READ_ERROR"},
    )


def test_what_is_not_there_is_wrong_use(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RYOJI_TRUST", raising=False)
    (tmp_path / "visa.txt").write_text(ministry().seal())
    assert verify(capsys, tmp_path / "none.txt", "--trust", trust)[0] == 2
    assert verify(capsys, tmp_path, "--trust", trust)[0] == 2
    assert verify(capsys, tmp_path / "visa.txt", "--trust", tmp_path / "none.json")[0] == 2
    assert verify(capsys, tmp_path / "visa.txt")[0] == 2


def test_the_environment_may_name_the_list(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RYOJI_TRUST", str(trust))
    (tmp_path / "visa.txt").write_text(ministry().seal())
    assert verify(capsys, tmp_path / "visa.txt")[0] == 0


def test_a_list_that_does_not_answer_is_told_from_one_that_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "visa.txt").write_text(ministry().seal())
    assert verify(capsys, tmp_path / "visa.txt", "--trust", "http://127.0.0.1:9/list.json")[0] == 3
