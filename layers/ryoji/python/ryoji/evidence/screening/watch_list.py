"""A version of the watch list: written as lines, checked, put into one file with its index, and asked from it.

The source is JSON Lines, one entry a line. The version is a ZIP file of the entries and an index of hashed keys, which
is read without building anything: a worker has it in a fraction of a second. Its digest names it in every finding.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from ryoji.catalogue.states import state_of
from ryoji.errors import Invalid, Unavailable
from ryoji.evidence.screening.dates import is_partial_date
from ryoji.evidence.screening.keys import SCHEME, keys_of_document, keys_of_person
from ryoji.evidence.screening.latin import is_compared
from ryoji.evidence.screening.names import Name, name_of
from ryoji.evidence.travel_document.states import is_known

FORMAT = 1
MOST_FAULTS = 50
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_CODE = r"^[a-z][a-z0-9_]{0,39}$"
_ID = r"^[A-Za-z0-9._:-]{1,64}$"

Code = Annotated[str, Field(pattern=_CODE)]
LOST = frozenset({"lost", "stolen", "stolen_blank", "invalidated"})


class _Listed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ListedName(_Listed):
    """A name in any script, as surname and given names or, when they are not told apart, whole."""

    surname: str = Field(default="", max_length=200)
    given_names: str = Field(default="", max_length=200)
    full: str = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _is_a_name(self) -> Self:
        if bool(self.full) == bool(self.surname or self.given_names):
            raise ValueError("a name is either `full`, or `surname` and `given_names`")
        if not any(char.isalpha() for char in self._written):
            raise ValueError("a name has letters")
        return self

    @property
    def name(self) -> Name:
        """The name as it is compared."""
        return name_of(self.full) if self.full else name_of(self.surname, self.given_names)

    @property
    def is_compared(self) -> bool:
        """Whether all of it is in scripts that are compared."""
        return self._written.isascii() or all(is_compared(char) for char in self._written)

    @property
    def _written(self) -> str:
        return f"{self.full}{self.surname}{self.given_names}"


# A passport's zone writes Germany `D`; forms, and so everything that is asked, write DEU.
State = Annotated[str, Field(pattern=r"^[A-Z]{1,3}$"), AfterValidator(state_of)]


class ListedDocument(_Listed):
    """A travel document by issuing state (Doc 9303 code) and number."""

    issuing_state: State
    number: str = Field(pattern=r"^[A-Z0-9]{3,24}$")


class Entry(_Listed):
    """One entry of a list: a person, or a document alone (lost, stolen …). Dates may be known in part (`XX`)."""

    list_id: str = Field(pattern=_ID)
    entry_id: str = Field(pattern=_ID)
    names: tuple[ListedName, ...] = ()
    birth_dates: tuple[str, ...] = ()
    nationalities: tuple[State, ...] = ()
    sex: Literal["F", "M", "X"] | None = None
    documents: tuple[ListedDocument, ...] = ()
    ground: Code
    source: str = Field(min_length=1, max_length=300)
    listed_on: date | None = None

    @field_validator("birth_dates")
    @classmethod
    def _dates(cls, dates: tuple[str, ...]) -> tuple[str, ...]:
        if not all(is_partial_date(each) for each in dates):
            raise ValueError("a date is YYYY-MM-DD with XX for what is not known")
        return dates

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if not self.names and not self.documents:
            raise ValueError("an entry has a name or a document")
        return self

    @property
    def can_be_found(self) -> bool:
        """Whether a document or a name of it is compared."""
        return bool(self.documents) or any(listed.name.parts for listed in self.names)

    @property
    def digest(self) -> str:
        """Changes when anything in the entry does: what was decided about it then is decided anew."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


class WatchListFaults(Invalid):
    """A list that cannot be used; `faults` are `file:line: what is wrong`, without the entry's data."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("watch_list_invalid", faults=str(len(faults)))
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(self.faults)


@dataclass(frozen=True)
class Line:
    """An entry with where it stands, `file:line`."""

    place: str
    entry: Entry


def _read(text: str, file: str) -> list[Line]:
    """The entries of JSON Lines; empty lines and lines that begin with `#` are left out.

    Raises WatchListFaults with every line that is wrong (the first fifty), doubles among them.
    """
    lines: list[Line] = []
    faults: list[str] = []
    lines_of: dict[tuple[str, str], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            entry = Entry.model_validate_json(line)
        except ValidationError as error:
            faults += [f"{file}:{number}: {said}" for said in _sayings(error)]
            continue
        first = lines_of.setdefault((entry.list_id, entry.entry_id), number)
        if first != number:
            faults.append(f"{file}:{number}: the entry is already in line {first}")
        faults += [f"{file}:{number}: {said}" for said in _unknown_states(entry)]
        lines.append(Line(f"{file}:{number}", entry))
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise WatchListFaults(faults[:MOST_FAULTS])
    return lines


def _sayings(error: ValidationError) -> Iterable[str]:
    for each in error.errors(include_url=False, include_input=False):
        place = "/".join(str(part) for part in each["loc"])
        yield f"{place}: {each['msg']}" if place else each["msg"]


def _unknown_states(entry: Entry) -> Iterable[str]:
    """Codes under which nobody would be found. Only what is brought in is held to it: a published version is read."""
    codes = {f"nationalities/{number}": code for number, code in enumerate(entry.nationalities)}
    for number, document in enumerate(entry.documents):
        codes[f"documents/{number}/issuing_state"] = document.issuing_state
    for place, code in codes.items():
        if not is_known(code):
            yield f"{place}: no code of ICAO Doc 9303, part 3 (Germany is DEU or D)"


@dataclass(frozen=True)
class Compiled:
    """A version as a file, and what of the lists is in it and will not be found: `file:line: why`."""

    data: bytes
    warnings: tuple[str, ...]


def compile_files(texts: Mapping[str, str], made_at: datetime) -> Compiled:
    """One version of several lists by their files' names. Raises WatchListFaults; an entry stands in one file only."""
    lines: list[Line] = []
    faults: list[str] = []
    for file, text in texts.items():
        try:
            lines += _read(text, file)
        except WatchListFaults as error:
            faults += error.faults
    known = Counter((line.entry.list_id, line.entry.entry_id) for line in lines)
    faults += [
        f"{'/'.join(which)}: the entry stands in several files" for which, times in known.items() if times > 1
    ]
    if not faults and not lines:
        faults.append("there is no entry")
    if faults:
        raise WatchListFaults(faults[:MOST_FAULTS])
    warnings = tuple(warning for line in lines for warning in _warnings(line))
    return Compiled(compile_version([line.entry for line in lines], made_at), warnings)


def _warnings(line: Line) -> Iterable[str]:
    for number, name in enumerate(line.entry.names):
        if not name.is_compared:
            yield f"{line.place}: names/{number}: letters of this script are not compared; give Latin ones too"
    if not line.entry.can_be_found:
        yield f"{line.place}: nothing of this entry is compared, so it finds nobody"


def compile_version(entries: Sequence[Entry], made_at: datetime) -> bytes:
    """One version as a file. The same entries at the same moment give the same bytes."""
    starts, lines = array("Q", [0]), []
    postings: list[tuple[int, int]] = []
    for row, entry in enumerate(entries):
        line = entry.model_dump_json(exclude_defaults=True).encode()
        lines.append(line)
        starts.append(starts[-1] + len(line))
        postings += [(hashed(key), row) for key in _keys(entry)]
    postings.sort()
    manifest = {
        "format": FORMAT,
        "scheme": SCHEME,
        "made_at": made_at.isoformat(),
        "entries": len(entries),
        "lists": dict(sorted(Counter(entry.list_id for entry in entries).items())),
        "not_compared": asdict(_not_compared(entries)),
    }
    return _zipped(
        {
            "manifest.json": json.dumps(manifest, sort_keys=True).encode(),
            "entries": b"".join(lines),
            "starts": _bytes(starts),
            "keys": _bytes(array("I", [key for key, _ in postings])),
            "rows": _bytes(array("I", [row for _, row in postings])),
        }
    )


def _not_compared(entries: Sequence[Entry]) -> NotCompared:
    return NotCompared(
        names=sum(not name.is_compared for entry in entries for name in entry.names),
        entries=sum(not entry.can_be_found for entry in entries),
    )


def _keys(entry: Entry) -> set[str]:
    names = (listed.name for listed in entry.names)
    keys = {key for name in names if name.parts for key in keys_of_person(name, entry.birth_dates)}
    for document in entry.documents:
        keys.update(keys_of_document(document.issuing_state, document.number))
    return keys


@lru_cache(maxsize=500_000)
def hashed(key: str) -> int:
    """A key in 32 bits. Two keys may meet: that brings one candidate too many, never one too few."""
    return zlib.crc32(key.encode())


def _bytes(numbers: array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()


def _numbers(typecode: Literal["I", "Q"], data: bytes) -> array[int]:
    numbers = array(typecode)
    numbers.frombytes(data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name, _FIRST_DAY)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


@dataclass(frozen=True)
class Version:
    """Which version was asked: its file's SHA-256, when it was made, how many entries of which lists."""

    digest: str
    made_at: str
    entries: int
    lists: dict[str, int]


@dataclass(frozen=True)
class NotCompared:
    """How many names have letters of scripts that are not compared, and how many entries have nothing else."""

    names: int
    entries: int


class WatchList:
    """One immutable version, opened from its file's bytes."""

    def __init__(self, data: bytes) -> None:
        """Raises Unavailable (watch_list_unreadable): a broken file, another format or another scheme of keys."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                manifest = json.loads(archive.read("manifest.json"))
                if (manifest["format"], manifest["scheme"]) != (FORMAT, SCHEME):
                    raise Unavailable("watch_list_unreadable")
                self._entries = archive.read("entries")
                self._starts = _numbers("Q", archive.read("starts"))
                self._hashes = _numbers("I", archive.read("keys"))
                self._rows = _numbers("I", archive.read("rows"))
                self.not_compared = NotCompared(**manifest["not_compared"])
        except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
            raise Unavailable("watch_list_unreadable") from error
        self.version = Version(
            hashlib.sha256(data).hexdigest(), manifest["made_at"], manifest["entries"], manifest["lists"]
        )

    def candidates(self, keys: Iterable[str], most: int) -> list[int]:
        """Rows that share a key, those that share most of them first, at most `most`."""
        shared: Counter[int] = Counter()
        for key in {hashed(each) for each in keys}:
            first = bisect_left(self._hashes, key)
            shared.update(self._rows[first : bisect_right(self._hashes, key, lo=first)])
        return [row for row, _ in shared.most_common(most)]

    def entry(self, row: int) -> Entry:
        """One entry."""
        return _entry(self._entries[self._starts[row] : self._starts[row + 1]])


@lru_cache(maxsize=4096)
def _entry(line: bytes) -> Entry:
    return Entry.model_validate_json(line)
