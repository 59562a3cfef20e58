"""`ryoji seal verify FILE`: a page, a picture and a text; true, changed and unreadable."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Self

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from ryoji import command
from ryoji.adapters.code_reading import codes_in
from ryoji.catalogue.messages import Messages
from ryoji.issuance.page_texts import page_texts
from ryoji.issuance.pdf import page
from ryoji.issuance.trust import fingerprint, read_trust
from ryoji.issuance.verification import told
from ryoji.issuance.verification import verify as verify_seal
from ryoji.issuance.zone import visa_zone
from tests.unit.issuance.sealing import NOW, ROOT, RULES, VISA, Ministry, ministry


class Then(datetime):
    """The clock of the command stands where the certificates hold, or some days later."""

    days = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        """When the seals were made."""
        return cls.fromtimestamp((NOW + timedelta(days=cls.days)).timestamp(), tz)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "datetime", Then)
    monkeypatch.setattr(Then, "days", 0)


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


def codes(*texts: str) -> Image.Image:
    """A page with these QR codes below each other."""
    drawn = [Image.fromarray(zxingcpp.write_barcode_to_image(_code(text), scale=3)) for text in texts]
    page = Image.new("L", (max(each.width for each in drawn), sum(each.height for each in drawn)), 255)
    for place, each in enumerate(drawn):
        page.paste(each, (0, sum(other.height for other in drawn[:place])))
    return page


def _code(text: str) -> Any:
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)


def test_another_code_before_the_seal_is_not_taken_for_it(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    codes("https://hotel.example/booking/1", ministry().seal()).save(tmp_path / "visa.png")
    read = codes_in((tmp_path / "visa.png").read_bytes())
    assert [text.startswith("{") for text in read] == [False, True]
    status, said = verify(capsys, tmp_path / "visa.png", "--trust", trust)
    assert (status, said["status"]) == (0, "VALID")
    codes("https://hotel.example/booking/1").save(tmp_path / "booking.png")
    status, said = verify(capsys, tmp_path / "booking.png", "--trust", trust)
    assert (status, said["status"]) == (1, "WRONG_FORMAT")


def pdf(password: str | None = None) -> bytes:
    """A page with a seal on it, locked where there is a password."""
    from io import BytesIO

    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, encrypt=password)
    canvas.drawImage(ImageReader(codes(ministry().seal())), 50, 50, 400, 400)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize("data", [b"%PDF-1.7 garbage", b"%PDF", pdf()[:400], pdf("secret")])
def test_a_pdf_that_is_damaged_or_locked_cannot_be_read(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str], data: bytes
) -> None:
    file = tmp_path / "visa.pdf"
    file.write_bytes(data)
    assert verify(capsys, file, "--trust", trust) == (2, {"file": str(file), "status": "READ_ERROR"})
    file.write_bytes(pdf())
    assert verify(capsys, file, "--trust", trust)[0] == 0


@pytest.mark.parametrize(
    ("days", "status", "validity", "not_checked"),
    [
        (0, 0, "not_yet", ["permission", "holder"]),
        (10, 0, "current", ["permission", "holder"]),
        # The list is too old to say that the signer was not revoked since.
        (20, 1, "current", ["revocation", "permission", "holder"]),
        (120, 1, "past", ["revocation", "permission", "holder"]),
    ],
)
def test_what_is_over_or_could_not_be_checked_is_not_all_well(
    tmp_path: Path,
    trust: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    days: int,
    status: int,
    validity: str,
    not_checked: list[str],
) -> None:
    (tmp_path / "visa.txt").write_text(ministry().seal())
    monkeypatch.setattr(Then, "days", days)
    asked = (tmp_path / "visa.txt", "--trust", trust)
    ended, said = verify(capsys, *asked)
    assert (ended, said["status"], said["validity"]) == (status, "VALID", validity)
    assert said["not_checked"] == not_checked
    ended, said = verify(capsys, *asked, "--mrz", "".join(visa_zone(VISA, RULES)))
    assert (ended, printed(said)["status"]) == (status, "MATCH")


def test_a_visa_that_is_past_is_not_all_well_though_its_signer_could_be_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = Ministry()
    (tmp_path / "list.json").write_text(house.list())
    past = replace(VISA, valid_from=date(2026, 10, 1), valid_until=date(2026, 11, 23))
    (tmp_path / "visa.txt").write_text(house.seal(past))
    status, said = verify(capsys, tmp_path / "visa.txt", "--trust", tmp_path / "list.json")
    assert (status, said["status"], said["validity"]) == (1, "VALID", "past")
    assert said["not_checked"] == ["permission", "holder"]


def test_the_answer_is_the_services_without_its_words(
    tmp_path: Path, trust: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "visa.txt").write_text(ministry().seal())
    asked = (tmp_path / "visa.txt", "--trust", trust)
    _, said = verify(capsys, *asked)
    believed = read_trust(trust.read_text())
    same = told(verify_seal(ministry().seal(), believed, RULES, NOW), believed, "not_checked", NOW)
    answer = json.loads(json.dumps(same))
    assert said == {
        "file": str(asked[0]),
        **answer,
        "trust_list": {"issued": NOW.isoformat(), "age_seconds": 0, "pinned": False},
    }
    _, said = verify(capsys, *asked, "--authority", fingerprint(ministry().ca.der))
    assert said["trust_list"] == {"issued": NOW.isoformat(), "age_seconds": 0, "pinned": True}


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
