"""The catalogue as a whole: from a folder of YAML (with every cross-check), or from the one compiled JSON file.

A function reads the compiled file at start and builds only the definitions that it is asked for.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ryoji.catalogue.messages import Messages
from ryoji.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from ryoji.catalogue.calendars import Calendar, CalendarData
    from ryoji.catalogue.definition import Procedure
    from ryoji.catalogue.fees import FeeTables, LocalTable
    from ryoji.catalogue.offices import Office

Raw = dict[str, Any]


class Catalogue:
    """Procedures, fee tables, calendars, offices and texts. Each is built from plain data when first asked for."""

    def __init__(self, raw: Raw, *, strict: bool = False) -> None:
        """`raw` has procedures (list), fees, local_fees, calendars, offices (by name) and messages (by language)."""
        self.raw = raw
        self.messages = Messages(raw["messages"], strict=strict)
        self._definitions: dict[tuple[str, str], Procedure] = {}
        self._calendars: dict[str, Calendar] = {}

    def definition(self, procedure_id: str, version: str) -> Procedure:
        """The version to which a case is pinned. Raises NotFound (procedure_not_found)."""
        if (procedure_id, version) not in self._definitions:
            raw = next((row for row in self._versions(procedure_id) if row["version"] == version), None)
            if raw is None:
                raise NotFound("procedure_not_found")
            from ryoji.catalogue.definition import Procedure

            self._definitions[procedure_id, version] = Procedure.model_validate(raw)
        return self._definitions[procedure_id, version]

    def definition_on(self, procedure_id: str, day: date) -> Procedure:
        """The version in force on that day. Raises NotFound (procedure_not_found)."""
        text = day.isoformat()
        for raw in self._versions(procedure_id):
            if raw["from"] <= text and (raw.get("until") is None or text <= raw["until"]):
                return self.definition(procedure_id, raw["version"])
        raise NotFound("procedure_not_found")

    def in_force(self, day: date) -> tuple[Procedure, ...]:
        """Every procedure that may be applied for on that day, by name."""
        text = day.isoformat()
        return tuple(
            self.definition(raw["id"], raw["version"])
            for raw in sorted(self.raw["procedures"], key=lambda row: str(row["id"]))
            if raw["from"] <= text and (raw.get("until") is None or text <= raw["until"])
        )

    def family(self, procedure_id: str) -> str:
        """The family of a procedure, read without building its definition. Raises NotFound (procedure_not_found)."""
        for raw in self._versions(procedure_id):
            return str(raw["family"])
        raise NotFound("procedure_not_found")

    def versions(self) -> tuple[Procedure, ...]:
        """Every version of every procedure, past and future."""
        return tuple(self.definition(raw["id"], raw["version"]) for raw in self.raw["procedures"])

    def office(self, code: str) -> Office:
        """One office. Raises NotFound (office_not_found)."""
        if code not in self.offices:
            raise NotFound("office_not_found")
        return self.offices[code]

    def desks(self) -> list[str]:
        """The desks of all offices, in order."""
        return sorted({office.desk for office in self.offices.values()})

    def offices_for(self, procedure: Procedure) -> tuple[Office, ...]:
        """The offices that take this procedure, in the order of the file."""
        return tuple(office for office in self.offices.values() if office.kind in procedure.offices)

    def calendar(self, calendar_id: str) -> Calendar:
        """A calendar of working days, with what it adds to. Raises KeyError: names were checked when compiled."""
        if calendar_id not in self._calendars:
            from ryoji.catalogue.calendars import combined

            self._calendars[calendar_id] = combined(calendar_id, self._calendar_data)
        return self._calendars[calendar_id]

    @cached_property
    def offices(self) -> Mapping[str, Office]:
        """Every office by code."""
        from ryoji.catalogue.offices import Office

        return {raw["code"]: Office.model_validate(raw) for raw in self.raw["offices"]}

    @cached_property
    def fees(self) -> FeeTables:
        """The fee tables."""
        from ryoji.catalogue.fees import FeeTable, FeeTables

        tables = {name: FeeTable.model_validate(raw) for name, raw in self.raw["fees"].items()}
        return FeeTables(tables, self._local_fees)

    @cached_property
    def _calendar_data(self) -> Mapping[str, CalendarData]:
        from ryoji.catalogue.calendars import CalendarData

        return {name: CalendarData.model_validate(raw) for name, raw in self.raw["calendars"].items()}

    def _local_fees(self, file: str) -> LocalTable:
        from ryoji.catalogue.fees import LocalAmount

        rows = self.raw["local_fees"].get(file, [])
        return {
            (row["country"], column): LocalAmount(_minor(row[column], row["minor"]), row["currency"])
            for row in rows
            for column in row.keys() - {"country", "country_ja", "unit_ja", "currency", "minor"}
        }

    def _versions(self, procedure_id: str) -> list[Raw]:
        return [raw for raw in self.raw["procedures"] if raw["id"] == procedure_id]


def load(folder: Path) -> Catalogue:
    """Read and check a folder of YAML. Raises CatalogueError with every fault's file and line."""
    from ryoji.catalogue.checks import checked
    from ryoji.catalogue.reading import read_folder

    return Catalogue(checked(read_folder(folder)), strict=True)


def read_compiled(path: Path) -> Catalogue:
    """Read what `python -m ryoji.catalogue.compile` wrote; it was checked then."""
    return Catalogue(json.loads(path.read_bytes()))


def _minor(amount: str, decimals: str) -> int:
    """An amount in whole units of its currency, such as 2.50, as a number of the minor unit."""
    from decimal import Decimal

    return int(Decimal(amount).scaleb(int(decimals)))
