"""The catalogue as the API would tell it, for the stand-in of the front end's developers: JSON on standard output."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "layers/ryoji/python"))

from ryoji.catalogue import public  # noqa: E402 - found by the path above
from ryoji.catalogue.loading import load  # noqa: E402 - found by the path above

catalogue = load(ROOT / "procedures")
today = datetime.now(UTC).date()
told = {}
for language in ("ja", "en"):
    definition = catalogue.definition_on("passport-renewal", today)
    offices = catalogue.offices_for(definition)
    told[language] = {
        "summaries": [public.summarise(each, language, catalogue.messages) for each in catalogue.in_force(today)],
        "procedure": public.describe(definition, language, catalogue.messages, today, fees=catalogue.fees, offices=offices),
        "offices": [
            {"code": o.code, "name": o.named(language), "kind": o.kind, "country": o.country, "timezone": o.timezone, "address": o.addressed(language)}
            for o in offices
        ],
    }
json.dump(told, sys.stdout, ensure_ascii=False)
