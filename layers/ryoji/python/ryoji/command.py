"""The command `ryoji`: read zones, look at portraits, compare faces, verify histories and seals,
make and publish watch lists, try a carrier's connection.

AWS is reached as the environment says (AWS_REGION, AWS_ENDPOINT_URL…); histories also want CASE_TABLE,
ARCHIVE_BUCKET and HISTORY_KEY; publishing a watch list wants LIST_BUCKET; seals want the trust list,
by --trust or RYOJI_TRUST. Answers are JSON, one
object a line; exit status:
0 all is well; 1 a file is no picture, or a history or rule does not hold; 2 wrong use; 3 a service does not answer.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ryoji.errors import Conflict, Invalid, NotAllowed, NotFound, Retryable, RyojiError, TooLarge, Unavailable

if TYPE_CHECKING:
    from ryoji.cases.actions import Action
    from ryoji.cases.verification import Archived
    from ryoji.conformance.pushes import Listener
    from ryoji.issuance.printed import Printed
    from ryoji.issuance.verification import Verdict

LONGER_SIDE = 3000
MOST_BYTES = 4_500_000
FINE, WRONG, MISUSED, UNREACHABLE = 0, 1, 2, 3
# The carrier's client, for the conformance kit; RYOJI_TOKEN_URL beside it has a default.
CARRIER = ("RYOJI_CLIENT_ID", "RYOJI_CLIENT_SECRET")
# The trust list, for those who verify many seals.
TRUST = "RYOJI_TRUST"
# Settings that a history is read by.
NEEDED = ("CASE_TABLE", "ARCHIVE_BUCKET", "HISTORY_KEY")


class _ToldError(RyojiError):
    """The command cannot be carried out; the message is a sentence for the person, with the exit status."""

    def __init__(self, sentence: str, status: int = MISUSED) -> None:
        super().__init__("told")
        self.sentence = sentence
        self.status = status


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit status."""
    given = _parser().parse_args(arguments)
    do: Callable[[argparse.Namespace], int] = given.do
    try:
        return do(given)
    except _ToldError as error:
        return _complain(error.sentence, error.status)
    except (Unavailable, Retryable) as error:
        return _complain(
            f"A service does not answer ({error.code}). Look at AWS_REGION and AWS_ENDPOINT_URL."
        )
    except RyojiError as error:
        return _complain(f"It could not be done ({error.code}).", WRONG)
    except BrokenPipeError:
        # Who reads the answers has heard enough; nothing more may be written at the end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except Exception as error:
        if not type(error).__module__.startswith(("botocore", "pynamodb")):
            raise
        return _complain(
            f"AWS could not be used ({type(error).__name__}). Look at the region and credentials."
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ryoji", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    mrz = commands.add_parser("mrz", help="read the machine-readable zone of pictures")
    mrz.add_argument("files", nargs="+", type=Path, metavar="FILE")
    mrz.set_defaults(do=_mrz)
    portrait = commands.add_parser("portrait", help="hold a portrait against the rules")
    portrait.add_argument("file", type=Path, metavar="FILE")
    portrait.set_defaults(do=_portrait)
    faces = commands.add_parser("faces", help="compare the faces of two pictures")
    faces.add_argument("first", type=Path, metavar="A")
    faces.add_argument("second", type=Path, metavar="B")
    faces.set_defaults(do=_faces)
    seal = commands.add_parser("seal", help="verify the seal of a visa or authorization").add_subparsers(
        required=True, metavar="COMMAND"
    )
    verify = seal.add_parser("verify", help="verify a picture or PDF with the code, or the code's text")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument(
        "--trust",
        default=os.environ.get(TRUST),
        metavar="FILE or URL",
        help=f"the trust list, as published under /trust/; or {TRUST} names it",
    )
    verify.add_argument(
        "--mrz",
        metavar="FILE or TEXT",
        help="the two lines printed on the visa's page, or a picture of them: which fields agree with the seal",
    )
    verify.add_argument("--authority", metavar="SHA256", help="the authority that must have signed the list")
    verify.set_defaults(do=_verify_seal)
    history = commands.add_parser(
        "verify-history", help="recompute a history and hold it against signed heads"
    )
    history.add_argument("case", nargs="?", metavar="CASE")
    history.add_argument("--file", type=Path, metavar="EXPORT.json", help="verify an export, without network")
    history.add_argument(
        "--export", type=Path, metavar="EXPORT.json", help="write the history to a file as well"
    )
    history.add_argument(
        "--public-key",
        type=Path,
        metavar="KEY.pem",
        help="the key to believe, instead of KMS's or the export's",
    )
    history.set_defaults(do=_verify_history)
    lists = commands.add_parser("watch-list", help="make a version of the watch list, and put it in force")
    _watch_list_parsers(lists.add_subparsers(required=True, metavar="COMMAND"))
    kit = commands.add_parser("conformance", help="ask as a carrier and say which rules hold: docs/carriers")
    kit.add_argument("url", metavar="URL", help="the API's address, as in https://host/api")
    kit.add_argument(
        "--listen",
        metavar="HOST:PORT",
        help="also try pushes: the address agreed with the ministry must lead here",
    )
    kit.add_argument(
        "--change",
        metavar="COMMAND",
        help='also try changes: run this with {"number": …, "status": …} as its input; `ask` asks a person',
    )
    kit.set_defaults(do=_conformance)
    return parser


def _watch_list_parsers(commands: Any) -> None:
    made = commands.add_parser("compile", help="check lists and write them as one version, without network")
    made.add_argument("files", nargs="+", type=Path, metavar="LIST.jsonl")
    made.add_argument("--out", required=True, type=Path, metavar="VERSION.zip")
    made.set_defaults(do=_compile_watch_list)
    put = commands.add_parser("publish", help="put a version in force: docs/how-to/publish-a-watch-list.md")
    put.add_argument("version", type=Path, metavar="VERSION.zip")
    put.add_argument(
        "--replaces",
        metavar="SHA256",
        help="refuse when another version than this one is in force (`none` when there is to be none)",
    )
    put.set_defaults(do=_publish_watch_list)


def _compile_watch_list(given: argparse.Namespace) -> int:
    """0: written; 1: places are wrong, one line each, without what stands there."""
    from ryoji.evidence.screening.watch_list import WatchListFaults, compile_files

    try:
        texts = {str(file): _read(file).decode() for file in given.files}
        made = compile_files(texts, datetime.now(UTC))
    except UnicodeDecodeError as error:
        raise _ToldError("A list is text in UTF-8.", WRONG) from error
    except WatchListFaults as error:
        for fault in error.faults:
            _say({"fault": fault}, WRONG)
        return WRONG
    given.out.write_bytes(made.data)
    for warning in made.warnings:
        _say({"warning": warning}, FINE)
    return _say({"file": str(given.out), **_version_of(made.data)}, FINE)


def _publish_watch_list(given: argparse.Namespace) -> int:
    if not os.environ.get("LIST_BUCKET"):
        raise _ToldError("Set LIST_BUCKET as the deployment's outputs say.")
    from ryoji.adapters.watch_list_store import StoredWatchLists

    lists, data = StoredWatchLists(), _read(given.version)
    told = _version_of(data)
    before = lists.in_force()
    if given.replaces and given.replaces != (before.digest or "none"):
        raise _ToldError(f"In force is {before.digest or 'none'}, not what this was to replace.", WRONG)
    try:
        stored = lists.publish(data, before)
    except Conflict as error:
        raise _ToldError(
            "Another version was put in force at this moment; this one was not.", WRONG
        ) from error
    return _say({"file": str(given.version), **told, "replaces": before.digest, "stored_as": stored}, FINE)


def _version_of(data: bytes) -> dict[str, Any]:
    from dataclasses import asdict

    from ryoji.evidence.screening.watch_list import WatchList

    try:
        made = WatchList(data)
        return {**asdict(made.version), "not_compared": asdict(made.not_compared)}
    except Unavailable as error:
        raise _ToldError("This is no version of a watch list, or one of another format.", WRONG) from error


@contextmanager
def _listener(where: str | None) -> Iterator[Listener | None]:
    from ryoji.conformance.pushes import listening

    if where is None:
        yield None
        return
    host, _, port = where.rpartition(":")
    if not host or not port.isdigit():
        raise _ToldError("Give --listen as HOST:PORT.")
    with listening(host, int(port)) as listener:
        yield listener


def _changer(command: str) -> Callable[[str, str], None]:
    """Who changes the permission: a command of the sandbox, or a person, who is asked."""
    import shlex
    import subprocess

    def change(number: str, status: str) -> None:
        if command == "ask":
            sys.stderr.write(f"Have the permission {number} put into the status {status} now.\n")
            return
        said = json.dumps({"number": number, "status": status})
        subprocess.run(shlex.split(command), input=said, text=True, check=True)  # noqa: S603 - who runs the kit names it

    return change


def _conformance(given: argparse.Namespace) -> int:
    from itertools import chain
    from subprocess import CalledProcessError

    from ryoji.conformance.asking import signed_in
    from ryoji.conformance.pushes import met
    from ryoji.conformance.rules import verdicts

    client, secret = (os.environ.get(name, "") for name in CARRIER)
    if not client or not secret or not given.url.startswith(("http://", "https://")):
        raise _ToldError(f"Give the API's address, and set {' and '.join(CARRIER)}.")
    token_url = (
        os.environ.get("RYOJI_TOKEN_URL") or given.url.rstrip("/").removesuffix("/api") + "/oauth2/token"
    )
    broken = 0
    try:
        carrier = signed_in(given.url, token_url, client, secret, datetime.now(UTC))
        with _listener(given.listen) as listener:
            wanted = given.change or listener
            changes = met(carrier, _changer(given.change or "ask"), listener) if wanted else iter(())
            for each in chain(verdicts(carrier), changes):
                broken += not each.holds
                verdict = "pass" if each.holds else "fail"
                _say({"rule": each.rule, "verdict": verdict, "says": each.says, "seen": each.seen}, FINE)
    except (CalledProcessError, OSError):
        return _complain("The permission cannot be changed, or nobody can listen there.", MISUSED)
    except NotAllowed:
        return _complain("The client gets no token, or is no carrier's.", WRONG)
    except NotFound:
        return _complain(
            f"{given.url} is not this service's API, whose address ends in /api, or {token_url} gives no tokens.",
            MISUSED,
        )
    except Unavailable:
        return _complain(f"{given.url} or {token_url} does not answer.")
    return WRONG if broken else FINE


def _mrz(given: argparse.Namespace) -> int:
    return max(_each(file, lambda jpeg: _zone(jpeg, datetime.now(UTC).date())) for file in given.files)


def _zone(jpeg: bytes, today: date) -> dict[str, Any]:
    from ryoji.adapters.zone_reading import read_zone

    reading = read_zone(jpeg, today).model_dump(mode="json")
    named = ("valid", "ambiguous", "lines", "fields", "corrections", "checks", "confidence")
    return {"type": reading["format"], **{name: reading[name] for name in named}}


def _portrait(given: argparse.Namespace) -> int:
    return _each(given.file, _look_at_portrait)


def _look_at_portrait(jpeg: bytes) -> dict[str, Any]:
    from ryoji.adapters import recognition
    from ryoji.evidence.portrait import PortraitRules, check_portrait, measure_pixels

    faces = recognition.detect_faces(jpeg)
    rules = PortraitRules.model_validate(_rules("portrait"))
    return check_portrait(measure_pixels(jpeg, faces), faces, rules).model_dump(mode="json")


def _verify_seal(given: argparse.Namespace) -> int:
    """0: valid, not over, its signer known not to be revoked, and what is printed agrees; 1: one of them is not so;
    2: nothing that could be read as a code."""
    from dataclasses import asdict

    from ryoji.adapters.code_reading import codes_in
    from ryoji.issuance.seal_profile import SealRules
    from ryoji.issuance.trust import read_trust
    from ryoji.issuance.verification import told, verify

    if not given.trust:
        raise _ToldError(f"Name the trust list with --trust, or set {TRUST}.")
    found = codes_in(_read(given.file))
    if not found:
        return _say({"file": str(given.file), "status": "READ_ERROR"}, MISUSED)
    trust = read_trust(_trust_list(given.trust), expected=given.authority)
    rules, now = SealRules.model_validate(_rules("seals")), datetime.now(UTC)
    verdicts = [verify(code, trust, rules, now) for code in found]
    # Other codes may stand on the page: the seal is the first that has the form of one.
    verdict = next((each for each in verdicts if each.checks["format"] == "pass"), verdicts[0])
    said = {"file": str(given.file), **told(verdict, trust, "not_checked", now)}
    said["trust_list"]["pinned"] = given.authority is not None
    fine = verdict.status == "VALID" and verdict.validity != "past" and verdict.checks["revocation"] == "pass"
    if given.mrz is not None:
        text, read = _printed_lines(given.mrz)
        printed = _printed(text, verdict)
        said["printed"], fine = asdict(printed), fine and printed.status == "MATCH"
        if read is not None:
            # What the reading had to mend may be what a forger changed: a person looks at it.
            said["printed_read"], fine = read, fine and not (read["corrections"] or read["ambiguous"])
    return _say(said, FINE if fine else WRONG)


def _printed_lines(place_or_text: str) -> tuple[str, dict[str, Any] | None]:
    """The two lines, and how they were read where they come from a picture."""
    # The lines of a zone are no file's name: they are long and have `<` in them.
    if "<" in place_or_text:
        return place_or_text, None
    try:
        return _read(Path(place_or_text)).decode(), None
    except UnicodeDecodeError:
        pass
    try:
        read = _zone(_clean(Path(place_or_text)), datetime.now(UTC).date())
    except (Invalid, TooLarge) as error:
        raise _ToldError("The file of --mrz is neither text nor a picture.") from error
    return "\n".join(read["lines"] or ()), read


def _printed(text: str, verdict: Verdict) -> Printed:
    from ryoji.issuance.printed import Printed, compare_printed, lines_of

    if verdict.status != "VALID":
        return Printed("NOT_COMPARED")
    return compare_printed(lines_of(text), verdict.content, verdict.state)


def _trust_list(place: str) -> bytes:
    if not place.startswith("https://") and not place.startswith("http://"):
        return _read(Path(place))
    from http.client import HTTPException
    from urllib.request import urlopen

    try:
        with urlopen(place, timeout=10) as answer:  # noqa: S310 - the scheme was looked at
            body: bytes = answer.read()
    except (OSError, HTTPException) as error:
        raise _ToldError(f"{place} does not answer.", UNREACHABLE) from error
    return body


def _faces(given: argparse.Namespace) -> int:
    from ryoji.adapters import recognition
    from ryoji.evidence.faces import FaceBands, compare

    pictures = []
    for file in (given.first, given.second):
        try:
            pictures.append(_clean(file))
        except Invalid as error:
            return _say({"file": str(file), "error": error.code}, WRONG)
    finding = compare(
        recognition.compare_faces(pictures[0], pictures[1]), FaceBands.model_validate(_rules("faces"))
    )
    files = [str(given.first), str(given.second)]
    return _say({"files": files, **finding.model_dump(mode="json")}, FINE)


def _each(file: Path, look: Callable[[bytes], dict[str, Any]]) -> int:
    try:
        return _say({"file": str(file), **look(_clean(file))}, FINE)
    except (Invalid, TooLarge) as error:
        return _say({"file": str(file), "error": error.code}, WRONG)


def _clean(file: Path) -> bytes:
    from ryoji.evidence.images import sanitise

    try:
        data = file.read_bytes()
    except OSError as error:
        raise Invalid("cannot_be_read") from error
    return sanitise(data, max_side=LONGER_SIDE, max_bytes=MOST_BYTES).jpeg


def _rules(name: str) -> dict[str, Any]:
    """The limits as compiled into the layer, or from the project's folder."""
    here = Path(__file__).resolve()
    compiled = Path(os.environ.get("RYOJI_COMPILED", str(here.parents[1]))) / "ryoji-rules.json"
    if compiled.exists():
        rules: dict[str, Any] = json.loads(compiled.read_bytes())[name]
        return rules
    import yaml

    source = here.parents[4] / "procedures" / "rules" / f"{name}.yaml"
    read: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return read


def _verify_history(given: argparse.Namespace) -> int:
    from ryoji.cases.verification import as_export, verify_history

    if bool(given.case) == bool(given.file):
        raise _ToldError("Name either a case, or an export with --file.")
    case_id, actions, archive, key = _from_file(given.file) if given.file else _from_aws(given.case)
    if given.public_key:
        key = _read(given.public_key)
    if not actions:
        return _say({"case": case_id, "holds": False, "faults": ["there is no such case"]}, WRONG)
    verdict = verify_history(case_id, actions, archive, key)
    if given.export:
        given.export.write_text(
            json.dumps(as_export(case_id, actions, archive, _pem(key)), ensure_ascii=False)
        )
    answer = {
        "case": case_id,
        "holds": verdict.holds,
        "actions": verdict.actions,
        "signed_up_to": verdict.signed,
        "signed_lists": verdict.lists,
        "faults": list(verdict.faults),
    }
    return _say(answer, FINE if verdict.holds else WRONG)


def _from_file(file: Path) -> tuple[str, list[Action], list[Archived], bytes]:
    from ryoji.cases.verification import from_export

    try:
        return from_export(json.loads(_read(file)))
    except (ValueError, KeyError, TypeError) as error:
        raise _ToldError(f"{file} is not an export of a history.") from error


def _from_aws(case_id: str) -> tuple[str, list[Action], list[Archived], bytes]:
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        raise _ToldError(f"Set {', '.join(missing)} as the deployment's outputs say, or use --file.")
    from ryoji.adapters import keys, objects
    from ryoji.adapters.case_table import CaseTable
    from ryoji.cases.verification import Archived

    actions = CaseTable().actions(case_id)
    if not actions:
        return case_id, [], [], b""
    # A list from before the first action cannot name the case.
    names = objects.archived_keys("heads/", after=f"heads/{actions[0].at:%Y/%m/%d}")
    return case_id, actions, [Archived(name, objects.archived(name)) for name in names], keys.public_key()


def _pem(key: bytes) -> str:
    from base64 import encodebytes

    if key.lstrip().startswith(b"-----BEGIN"):
        return key.decode()
    return f"-----BEGIN PUBLIC KEY-----\n{encodebytes(key).decode()}-----END PUBLIC KEY-----\n"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _ToldError(f"{file} cannot be read: {error.strerror}.") from error


def _say(answer: dict[str, Any], status: int) -> int:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return status


def _complain(sentence: str, status: int = UNREACHABLE) -> int:
    sys.stderr.write(f"ryoji: {sentence}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
