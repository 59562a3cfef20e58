"""Invented holders and their documents, drawn from a seeded source of randomness."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from ryoji.evidence.travel_document.document import MrzFields, format_mrz
from ryoji.evidence.travel_document.layouts import Format

FORMATS: tuple[Format, ...] = ("TD3", "TD3", "TD3", "TD1", "TD2", "MRVA", "MRVB")
"""Passports are what applicants send most."""

_CODES: dict[Format, tuple[str, ...]] = {
    "TD3": ("P", "P", "P", "PP", "PM", "PD", "PO"),
    "TD1": ("I", "ID", "AR", "C"),
    "TD2": ("I", "ID", "AR", "C"),
    "MRVA": ("V", "VC", "VS"),
    "MRVB": ("V", "VC", "VS"),
}
_NAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "JPN": (
        ("GAIMU", "SAKURA"), ("RYOJI", "HANAKO"), ("OHNO", "KENICHIRO"), ("SHIMMURA", "JUN"), ("II", "YU"),
        ("KATSUSHIKA", "HOKUSAI"), ("MINAMOTO", "NO YOSHITSUNE"),
    ),
    "UTO": (
        ("ERIKSSON", "ANNA MARIA"), ("STEVENSON", "PETER JOHN"), ("O'CONNOR", "ENYA SIOBHAN"),
        ("VAN DER MUELLEN", "ADRIANA CHRISTINA"), ("ARKFREITH", ""), ("PAPANDROPOULOUS", "JONATHON WARREN TREVOR"),
        ("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG"),
    ),
    "D": (("MUSTERMANN", "ERIKA"), ("GROẞMANN", "JÜRGEN"), ("MÜLLER-LÜDENSCHEIDT", "ÄNNE")),
    "IND": (("RAMASUBRAMANIAN", "VENKATANARASIMHARAJU"), ("KUMAR", "AJAY"), ("SINGH", "HARPREET")),
    "VNM": (("NGUYEN", "THI THU HUONG"), ("TRAN", "VAN MINH")),
    "BRA": (("DOS SANTOS", "MARIA APARECIDA"), ("CONCEIÇÃO", "JOÃO")),
    "PHL": (("DELA CRUZ", "JUAN MIGUEL"), ("OCAMPO", "LIZA")),
    "CHN": (("ZHANG", "SAN"), ("OUYANG", "XIU")),
    "GBR": (("UK SPECIMEN", "ANGELA ZOE"), ("FFOULKES", "QUENTIN")),
    "IDN": (("SUKARNO", ""), ("WIDODO", "SRI BUDI")),
}  # fmt: skip
_NUMBER_SHAPES = {
    "JPN": "AA0000000", "UTO": "X00000X00", "D": "CCXXXXXXX", "IND": "A0000000", "VNM": "A0000000",
    "BRA": "AA000000", "PHL": "A0000000A", "CHN": "A00000000", "GBR": "000000000", "IDN": "A0000000",
}  # fmt: skip
_GERMAN = "CFGHJKLMNPRTVWXYZ0123456789"


@dataclass(frozen=True)
class Holding:
    """One document in somebody's hand: the format, its fields and its zone."""

    format: Format
    fields: MrzFields
    lines: tuple[str, ...]


def draw_holding(chance: random.Random, today: date, format: Format | None = None) -> Holding:
    """An invented document; the format is drawn too unless it is given."""
    chosen = chance.choice(FORMATS) if format is None else format
    state = chance.choice(("JPN", "JPN", *_NAMES))
    surname, given_names = chance.choice(_NAMES[state])
    fields = MrzFields(
        document_code=chance.choice(_CODES[chosen]),
        issuing_state="JPN" if chosen in ("MRVA", "MRVB") else state,
        surname=surname,
        given_names=given_names,
        number=_number(chance, chosen, state),
        nationality=state,
        birth_date=_day(chance, today - timedelta(days=365 * 85), today - timedelta(days=30)),
        sex=chance.choice(("F", "M", "F", "M", "X")),
        expiry_date=_day(chance, today - timedelta(days=365), today + timedelta(days=3650)),
        optional=_optional(chance, chosen),
    )
    digit = chance.choice("<0")
    return Holding(chosen, fields, format_mrz(fields, chosen, empty_optional_digit=digit))


def _number(chance: random.Random, format: Format, state: str) -> str:
    shape = _NUMBER_SHAPES[state]
    if format in ("TD1", "TD2") and chance.random() < 0.2:
        shape = "A00000000000"
    return "".join(_drawn(chance, symbol) for symbol in shape)


def _drawn(chance: random.Random, symbol: str) -> str:
    if symbol == "0":
        return chance.choice("0123456789")
    return chance.choice(_GERMAN if symbol == "X" else "ABCDEFGHJKLMNPRSTUVWXYZ")


def _optional(chance: random.Random, format: Format) -> str:
    if chance.random() < 0.6:
        return ""
    # A long number and its check digit may need five of a TD2's seven places.
    length = {"TD3": 14, "TD1": 8, "TD2": 2, "MRVA": 12, "MRVB": 8}[format]
    return "".join(
        chance.choice("0123456789ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(chance.randint(2, length))
    )


def _day(chance: random.Random, first: date, last: date) -> str:
    return (first + timedelta(days=chance.randrange((last - first).days))).isoformat()
