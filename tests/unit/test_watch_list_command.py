"""`ryoji watch-list compile` and `publish`: a list becomes a version, and the version is what screening asks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ryoji.adapters import aws, watch_list_store
from ryoji.adapters.watch_list_store import InForce, StoredWatchLists
from ryoji.command import main
from ryoji.errors import Unavailable

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]
ENTRY = {
    "list_id": "mofa",
    "entry_id": "1",
    "names": [{"full": "ANNA ERIKSSON"}],
    "ground": "crime",
    "source": "made up",
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """The command with its exit status, its answers and its complaint."""

    def carry_out(*arguments: object) -> tuple[int, list[dict[str, Any]], str]:
        status = main(["watch-list", *(str(argument) for argument in arguments)])
        out, err = capsys.readouterr()
        return status, [json.loads(line) for line in out.splitlines()], err

    return carry_out


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The lists' bucket, with versions."""
    import boto3
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "ap-northeast-1")
    monkeypatch.setenv("LIST_BUCKET", "lists")
    aws.client.cache_clear()
    watch_list_store._opened.clear()
    with mock_aws():
        s3 = boto3.client("s3", region_name="ap-northeast-1")
        s3.create_bucket(Bucket="lists", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
        s3.put_bucket_versioning(Bucket="lists", VersioningConfiguration={"Status": "Enabled"})
        yield "lists"
    aws.client.cache_clear()
    watch_list_store._opened.clear()


def listed(folder: Path, name: str, *entries: dict[str, Any]) -> Path:
    path = folder / f"{name}.jsonl"
    path.write_text("\n".join(json.dumps(entry) for entry in entries), encoding="utf-8")
    return path


@pytest.mark.usefixtures("bucket")
def test_a_list_is_compiled_published_asked_and_replaced(run: Run, tmp_path: Path) -> None:
    first, second = tmp_path / "first.zip", tmp_path / "second.zip"
    mofa = listed(tmp_path, "mofa", ENTRY)
    other = listed(tmp_path, "other", {**ENTRY, "list_id": "other"})
    status, (made,), _ = run("compile", mofa, "--out", first)
    assert (status, made["entries"], made["lists"]) == (0, 1, {"mofa": 1})
    run("compile", mofa, other, "--out", second)
    with pytest.raises(Unavailable):
        StoredWatchLists().latest()
    status, (told,), _ = run("publish", first, "--replaces", "none")
    assert (status, told["replaces"], bool(told["stored_as"])) == (0, None, True)
    assert StoredWatchLists().latest().version.digest == made["digest"]
    assert run("publish", second, "--replaces", "0" * 64)[0] == 1
    assert StoredWatchLists().latest().version.digest == made["digest"]
    status, (told,), _ = run("publish", second, "--replaces", made["digest"])
    assert (status, told["replaces"], told["lists"]) == (0, made["digest"], {"mofa": 1, "other": 1})
    assert StoredWatchLists().latest().version.digest == told["digest"]


def test_what_is_wrong_is_told_by_its_line_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    wrong = listed(tmp_path, "wrong", ENTRY, {**ENTRY, "entry_id": "2", "birth_dates": ["1974"]})
    again = listed(tmp_path, "again", ENTRY)
    out = tmp_path / "out.zip"
    status, faults, _ = run("compile", wrong, "--out", out)
    assert status == 1
    assert [each["fault"].split(": ")[0] for each in faults] == [f"{wrong}:2"]
    assert "ERIKSSON" not in str(faults)
    mofa = listed(tmp_path, "mofa", ENTRY)
    status, faults, _ = run("compile", mofa, again, "--out", out)
    assert (status, faults) == (1, [{"fault": "mofa/1: the entry stands in several files"}])
    assert run("compile", listed(tmp_path, "empty"), "--out", out)[0] == 1
    assert not out.exists()


@pytest.mark.usefixtures("bucket")
def test_what_is_no_version_is_not_published(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK no")
    assert run("publish", broken)[0] == 1
    assert StoredWatchLists().in_force() == InForce(None, None)


@pytest.mark.usefixtures("bucket")
def test_a_name_that_is_not_compared_is_warned_of_and_counted_again_when_published(
    run: Run, tmp_path: Path
) -> None:
    version, korean = tmp_path / "version.zip", {**ENTRY, "names": [{"full": "김정은"}]}
    status, (first, second, made), _ = run("compile", listed(tmp_path, "mofa", korean), "--out", version)
    assert status == 0
    assert [each["warning"].split(": ")[0] for each in (first, second)] == [
        f"{tmp_path / 'mofa.jsonl'}:1"
    ] * 2
    assert (made["entries"], made["not_compared"]) == (1, {"names": 1, "entries": 1})
    assert run("publish", version)[1][0]["not_compared"] == {"names": 1, "entries": 1}


@pytest.mark.usefixtures("bucket")
def test_of_two_who_publish_at_once_one_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, mine, theirs = (tmp_path / f"{name}.zip" for name in ("first", "mine", "theirs"))
    for number, version in enumerate((first, mine, theirs)):
        run("compile", listed(tmp_path, version.stem, {**ENTRY, "entry_id": str(number)}), "--out", version)
    lists = StoredWatchLists()
    monkeypatch.setattr(watch_list_store, "StoredWatchLists", lambda: lists)

    def overtaken(read: Callable[[], InForce]) -> Callable[[], InForce]:
        def in_force() -> InForce:
            seen = read()
            lists.publish(theirs.read_bytes(), seen)
            return seen

        return in_force

    read = lists.in_force
    monkeypatch.setattr(lists, "in_force", overtaken(read))
    # There is none yet for either of them.
    status, _, err = run("publish", mine, "--replaces", "none")
    assert (status, "Another version" in err) == (1, True)
    assert read().digest == _digest(theirs)
    monkeypatch.setattr(lists, "in_force", read)
    assert run("publish", first, "--replaces", _digest(theirs))[0] == 0
    monkeypatch.setattr(lists, "in_force", overtaken(read))
    assert run("publish", mine)[0] == 1
    assert read().digest == _digest(theirs)


def test_a_version_that_is_no_longer_read_can_be_replaced(run: Run, bucket: str, tmp_path: Path) -> None:
    """As after a release with other keys: what is in force is not opened, and all the same is what is replaced."""
    import boto3

    version = tmp_path / "version.zip"
    run("compile", listed(tmp_path, "mofa", ENTRY), "--out", version)
    boto3.client("s3", region_name="ap-northeast-1").put_object(
        Bucket=bucket, Key=watch_list_store.KEY, Body=b"of before"
    )
    with pytest.raises(Unavailable):
        StoredWatchLists().latest()
    status, (told,), _ = run("publish", version, "--replaces", hashlib.sha256(b"of before").hexdigest())
    assert (status, told["replaces"]) == (0, hashlib.sha256(b"of before").hexdigest())
    assert StoredWatchLists().latest().version.digest == told["digest"]


def _digest(version: Path) -> str:
    return hashlib.sha256(version.read_bytes()).hexdigest()


def test_without_a_bucket_it_says_what_to_set(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIST_BUCKET", raising=False)
    status, _, err = run("publish", tmp_path / "x.zip")
    assert (status, "LIST_BUCKET" in err) == (2, True)
