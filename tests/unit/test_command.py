"""The command `ryoji`, with AWS's answers put into its clients' mouths."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image

from ryoji.adapters import aws, case_table, keys, objects, recognition
from ryoji.cases.actions import Action, NewAction, chain
from ryoji.cases.heads import Head, signed_heads
from ryoji.cases.verification import Archived, verify_history
from ryoji.command import main
from tests.unit.cases import walking
from tests.unit.doors.calling import modules

ROOT = Path(__file__).parents[2]
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
HISTORY = walking.completed().actions
Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command with its exit status, its answers and its complaint."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "ap-northeast-1",
        "CASE_TABLE": "ryoji-cases",
        "ARCHIVE_BUCKET": "archive",
        "HISTORY_KEY": "alias/history",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("RYOJI_COMPILED", raising=False)
    aws.client.cache_clear()

    def carry_out(*arguments: object) -> tuple[int, list[dict[str, Any]], str]:
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return status, [json.loads(line) for line in out.splitlines()], err

    return carry_out


@pytest.fixture
def says() -> Iterator[Callable[..., Stubber]]:
    """Put answers into a client's mouth; all of them must be asked for."""
    with ExitStack() as stack:
        stubs: list[Stubber] = []

        def answer(client: Any, *answers: tuple[str, dict[str, Any] | str]) -> Stubber:
            stub = stack.enter_context(Stubber(client))
            for operation, said in answers:
                if isinstance(said, str):
                    stub.add_client_error(operation, said)
                else:
                    stub.add_response(operation, said)
            stubs.append(stub)
            return stub

        yield answer
        for stub in stubs:
            stub.assert_no_pending_responses()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.jpg"
    Image.new("RGB", (800, 600), "white").save(path)
    return path


def block(kind: str, name: str, text: str | None, top: float, children: list[str]) -> dict[str, Any]:
    """One of Textract's blocks: the page, a line or a word."""
    left, width, height = (0.0, 1.0, 1.0) if kind == "PAGE" else (0.05, 0.9, 0.05)
    corners = ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
    return {
        "BlockType": kind,
        "Id": name,
        "Confidence": 99.0,
        "Geometry": {
            "BoundingBox": {"Left": left, "Top": top, "Width": width, "Height": height},
            "Polygon": [{"X": x, "Y": y} for x, y in corners],
        },
        **({"Text": text} if text is not None else {}),
        **({"Relationships": [{"Type": "CHILD", "Ids": children}]} if children else {}),
    }


def recognised(*lines: str) -> dict[str, Any]:
    """Textract's answer for some lines, one under the other."""
    blocks = [block("PAGE", "page", None, 0.0, [f"line-{n}" for n in range(len(lines))])]
    for n, text in enumerate(lines):
        blocks.append(block("LINE", f"line-{n}", text, 0.8 + n * 0.07, [f"word-{n}"]))
        blocks.append(block("WORD", f"word-{n}", text, 0.8 + n * 0.07, []))
    return {"DocumentMetadata": {"Pages": 1}, "Blocks": blocks, "DetectDocumentTextModelVersion": "1.0"}


def test_a_zone_is_read_into_one_line_of_json(run: Run, says: Any, picture: Path) -> None:
    says(recognition.textract(), ("detect_document_text", recognised(*ZONE)))
    status, (answer,), err = run("mrz", picture)
    assert (status, err) == (0, "")
    assert (answer["file"], answer["type"], answer["valid"]) == (str(picture), "TD3", True)
    assert (answer["fields"]["surname"], answer["corrections"]) == ("ERIKSSON", [])


def test_files_that_are_no_pictures_get_their_line_too(
    run: Run, says: Any, picture: Path, tmp_path: Path
) -> None:
    text, empty = tmp_path / "text.jpg", tmp_path / "empty.jpg"
    text.write_text("not a picture")
    empty.write_bytes(b"")
    says(recognition.textract(), ("detect_document_text", recognised(*ZONE)))
    status, answers, err = run("mrz", text, picture, empty, tmp_path / "absent.jpg")
    assert (status, err) == (1, "")
    assert [answer.get("error") for answer in answers] == [
        "not_an_image",
        None,
        "empty_file",
        "cannot_be_read",
    ]


def test_a_service_that_is_down_is_said_in_a_sentence(run: Run, says: Any, picture: Path) -> None:
    says(recognition.textract(), ("detect_document_text", "AccessDeniedException"))
    status, answers, err = run("mrz", picture)
    assert (status, answers) == (3, [])
    assert err.startswith("ryoji: A service does not answer")
    assert len(err.splitlines()) == 1


def test_a_portrait_without_a_face_is_a_finding(run: Run, says: Any, picture: Path) -> None:
    says(recognition.rekognition(), ("detect_faces", {"FaceDetails": []}))
    status, (answer,), _ = run("portrait", picture)
    assert (status, answer["check"], answer["outcome"]) == (0, "portrait", "fail")
    assert answer["reasons"]


def test_faces_are_compared(run: Run, says: Any, picture: Path) -> None:
    match = {
        "Similarity": 99.5,
        "Face": {
            "BoundingBox": {"Left": 0.3, "Top": 0.3, "Width": 0.3, "Height": 0.3},
            "Confidence": 99.9,
        },
    }
    says(recognition.rekognition(), ("compare_faces", {"FaceMatches": [match], "UnmatchedFaces": []}))
    status, (answer,), _ = run("faces", picture, picture)
    assert (status, answer["check"], answer["files"]) == (0, "faces", [str(picture)] * 2)


def test_a_picture_that_cannot_be_compared_is_named(run: Run, picture: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(picture.read_bytes()[:200])
    status, (answer,), _ = run("faces", picture, broken)
    assert (status, answer) == (1, {"file": str(broken), "error": answer["error"]})


def sign(key: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    """As KMS signs: over a digest."""
    return lambda digest: key.sign(digest, ec.ECDSA(utils.Prehashed(SHA256())))


def public(key: ec.EllipticCurvePrivateKey = KEY) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def night(actions: list[Action], upto: int, key: ec.EllipticCurvePrivateKey = KEY) -> bytes:
    """A night's list that names the history as it was then, beside another case."""
    head = actions[upto - 1]
    heads = [Head(head.case_id, head.sequence, head.hash), Head("f" * 24, 3, "3" * 64)]
    return signed_heads(heads, head.at, sign=sign(key))


def archive(*contents: bytes) -> list[Archived]:
    return [Archived(f"heads/2026/11/{23 + n}/021000.json", each) for n, each in enumerate(contents)]


def anew(upto: int) -> list[Action]:
    """A history that was written anew from one action on, with a sound chain."""
    forged = list(HISTORY[:upto])
    for action in HISTORY[upto:]:
        body = {**action.body, "forged": True}
        forged += chain(
            action.case_id,
            forged[-1] if forged else None,
            [NewAction(action.kind, body)],
            action.by,
            action.at,
        )
    return forged


def test_a_true_history_holds() -> None:
    lists = archive(night(HISTORY, 10), night(HISTORY, len(HISTORY)))
    verdict = verify_history(walking.CASE, HISTORY, lists, public())
    assert (verdict.holds, verdict.signed, verdict.lists) == (True, len(HISTORY), 2)


@pytest.mark.parametrize(
    ("actions", "contents", "fault"),
    [
        ([*HISTORY[:4], *HISTORY[5:]], [], "action 5 is not what was recorded"),
        (HISTORY[:9], [night(HISTORY, 10)], "it names action 10, and the history ends at 9"),
        (anew(6), [night(HISTORY, 10)], "it names action 10 with another hash"),
        (HISTORY, [night(HISTORY, 10, OTHER_KEY)], "its signature does not verify"),
        (HISTORY, [night(HISTORY, 10).replace(b"ECDSA", b"ecdsa")[:-5]], "it is not a list of signed heads"),
        (HISTORY, [b"{}"], "it is not a list of signed heads"),
        (HISTORY, [night(anew(6), 10)], "it names action 10 with another hash"),
    ],
)
def test_a_history_that_was_meddled_with_does_not(
    actions: list[Action], contents: list[bytes], fault: str
) -> None:
    verdict = verify_history(walking.CASE, actions, archive(*contents), public())
    assert not verdict.holds
    assert any(fault in each for each in verdict.faults)


def test_a_list_whose_text_was_changed_does_not_verify() -> None:
    file = json.loads(night(HISTORY, 10))
    file["signed"] = file["signed"].replace(HISTORY[9].hash, "0" * 64)
    verdict = verify_history(walking.CASE, HISTORY, archive(json.dumps(file).encode()), public())
    assert verdict.faults == ("heads/2026/11/23/021000.json: its signature does not verify",)


def table_with(says: Any, actions: list[Action]) -> None:
    items = [case_table._entry(action).to_dynamodb_dict() for action in actions]
    connection = case_table.Entry._get_connection().connection
    says(connection.client, ("query", {"Items": items, "Count": len(items), "ScannedCount": len(items)}))


def archive_with(says: Any, *contents: bytes) -> None:
    names = [each.name for each in archive(*contents)]
    listed = {"Contents": [{"Key": name} for name in names], "IsTruncated": False, "KeyCount": len(names)}
    bodies = [{"Body": StreamingBody(io.BytesIO(each), len(each))} for each in contents]
    says(objects._client(), ("list_objects_v2", listed), *(("get_object", body) for body in bodies))
    says(aws.client("kms"), ("get_public_key", {"PublicKey": public()}))


def test_a_history_is_verified_from_the_table_and_the_archive(run: Run, says: Any, tmp_path: Path) -> None:
    table_with(says, HISTORY)
    archive_with(says, night(HISTORY, 10), night(HISTORY, 20))
    export = tmp_path / "export.json"
    status, (answer,), _ = run("verify-history", walking.CASE, "--export", export)
    assert status == 0
    assert answer == {
        "case": walking.CASE,
        "holds": True,
        "actions": len(HISTORY),
        "signed_up_to": 20,
        "signed_lists": 2,
        "faults": [],
    }
    # What was exported is verified anywhere, and what is changed in it is found.
    status, (offline,), _ = run("verify-history", "--file", export)
    assert (status, offline) == (0, answer)
    changed = json.loads(export.read_text())
    changed["actions"][3]["body"]["answers"] = {}
    export.write_text(json.dumps(changed))
    status, (offline,), _ = run("verify-history", "--file", export)
    assert (status, offline["faults"]) == (1, ["action 4 is not what was recorded"])


def test_a_shortened_history_is_found_by_the_archive(run: Run, says: Any) -> None:
    table_with(says, HISTORY[:-1])
    archive_with(says, night(HISTORY, len(HISTORY)))
    status, (answer,), _ = run("verify-history", walking.CASE)
    assert (status, answer["holds"]) == (1, False)


def test_an_exports_own_key_need_not_be_believed(run: Run, says: Any, tmp_path: Path) -> None:
    table_with(says, HISTORY)
    archive_with(says, night(HISTORY, 10))
    export, key = tmp_path / "export.json", tmp_path / "key.pem"
    run("verify-history", walking.CASE, "--export", export)
    pem = OTHER_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key.write_bytes(pem)
    status, (answer,), _ = run("verify-history", "--file", export, "--public-key", key)
    assert (status, answer["signed_lists"]) == (1, 0)
    key.write_bytes(KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert run("verify-history", "--file", export, "--public-key", key)[0] == 0


def test_a_case_that_is_not_there_does_not_hold(run: Run, says: Any) -> None:
    table_with(says, [])
    status, (answer,), _ = run("verify-history", "f" * 24)
    assert (status, answer["faults"]) == (1, ["there is no such case"])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Name either a case, or an export with --file."),
        (["case", "--file", "x.json"], "Name either a case, or an export with --file."),
        (["--file", "absent.json"], "absent.json cannot be read"),
        (["--file", "pyproject.toml"], "is not an export of a history"),
    ],
)
def test_wrong_use_is_said_in_a_sentence(
    run: Run, arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    status, answers, err = run("verify-history", *arguments)
    assert (status, answers) == (2, [])
    assert sentence in err


def test_settings_that_are_missing_are_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HISTORY_KEY")
    status, _, err = run("verify-history", walking.CASE)
    assert status == 2
    assert "Set HISTORY_KEY" in err


def test_the_signature_is_as_the_nightly_job_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The night's own function signs and archives; what it archived is what verifying believes, and is like ours."""
    job = modules()["sign_histories"]
    head = HISTORY[-1]
    archived: list[Archived] = []
    monkeypatch.setattr(
        job, "grown_since", lambda _since, _now: [Head(head.case_id, head.sequence, head.hash)]
    )
    monkeypatch.setattr(keys, "sign_digest", sign(KEY))
    monkeypatch.setattr(objects, "archive", lambda name, body: archived.append(Archived(name, body)))
    assert job.take({})["outcome"] == "signed"
    verdict = verify_history(walking.CASE, HISTORY, archived, public())
    assert (verdict.holds, verdict.signed, verdict.lists) == (True, len(HISTORY), 1)
    assert not verify_history(walking.CASE, HISTORY, archived, public(OTHER_KEY)).holds
    ours, theirs = json.loads(night(HISTORY, len(HISTORY))), json.loads(archived[0].content)
    assert {name: type(value) for name, value in ours.items()} == {
        name: type(value) for name, value in theirs.items()
    }
    assert ours["algorithm"] == theirs["algorithm"]


def test_it_runs_as_a_module() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "layers" / "ryoji" / "python")}
    done = subprocess.run(
        [sys.executable, "-m", "ryoji", "mrz", "absent.jpg"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"file": "absent.jpg", "error": "cannot_be_read"}
    assert "Traceback" not in done.stderr
