"""`python -m ryoji.catalogue.schema [OUT]`: the JSON Schema by which editors complete and check procedure files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ryoji.catalogue.definition import Procedure
from ryoji.catalogue.sections import SECTIONS

DEFAULT = Path("procedures/schema/procedure.schema.json")


def procedure_schema() -> dict[str, Any]:
    """JSON Schema of one procedure file; the sections that exist are named in it."""
    schema = Procedure.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$defs"]["SectionUse"]["properties"]["id"]["enum"] = list(SECTIONS)
    return schema


def as_text() -> str:
    """The schema as it is committed."""
    return json.dumps(procedure_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    target.write_text(as_text(), encoding="utf-8")
