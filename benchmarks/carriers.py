"""What the airlines' inquiry costs, beside a bare `BatchGetItem` of the same documents in the same process.

Bare is what a program of four lines does: boto3's own client with its defaults, one `batch_get_item` for each hundred
keys, keys and items as long as ours, read consistently as ours are. It neither parses a question nor writes anything.
The function is called as Lambda calls it: an event of API Gateway in, an answer's text out; it validates, hashes
each document and birth date, reads, judges, counts the call, writes the proof and says who is watched. Nothing of
that is left out.

Both speak to a stand-in of DynamoDB in a process of its own, over the same kind of connection; what is measured is the
CPU time of the function's process, without the stand-in's. The function is what Lambda has: the run-time packages,
the domain layer and its folder. Each inquiry is paired with a bare call just before it; the median of the pairs counts.

Every size has the budget (docs/decisions/0029): the reads, and two calls more that are the same for one passenger and
for four hundred, the count and the proof.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, at_most, counted
from infra.build import domain_layer
from local.places import DEPENDENCIES, ROOT, venv_python

BUDGET = 1.5
HERE = Path(__file__).parent
# Unknown and refused take the same time, but for what a clock shows of one answer beside another.
SAME = 1.1


def measure() -> list[Figure]:
    """Ratios for one, ten, a hundred and four hundred passengers, and the CPU time of one passenger in a manifest."""
    with tempfile.TemporaryDirectory() as folder:
        domain = domain_layer(Path(folder)) / "python"
        store = subprocess.Popen(
            [sys.executable, str(HERE / "inquiry_store.py")], stdout=subprocess.PIPE, text=True
        )
        try:
            address = store.stdout.readline().strip() if store.stdout else ""
            found = _measured(domain, address)
        finally:
            store.terminate()
            store.wait()
    figures = []
    for size, each in found.items():
        name = f"inquiry.{size}.cpu"
        figures.append(at_most(name, each["ratio"], "of a bare BatchGetItem", BUDGET))
        figures.append(counted(f"inquiry.{size}.cpu_a_passenger", each["seconds"] * 1e6 / int(size), "µs"))
        figures.append(counted(f"inquiry.{size}.calls", each["calls"], "calls of AWS"))
    figures.append(at_most("inquiry.1.lookups", found["1"]["keys"], "keys read for one passenger", 1))
    same = found["1"]["unknown_beside_refused"]
    figures.append(at_most("inquiry.1.unknown_beside_refused", same, "the longer time by the shorter", SAME))
    return figures


def _measured(domain: Path, address: str) -> dict[str, dict[str, float]]:
    function = ROOT / "functions" / "answer_carriers"
    environment = {
        "PYTHONPATH": ":".join(str(path) for path in (function, domain, DEPENDENCIES)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_ENDPOINT_URL": address,
        "AWS_REGION": "ap-northeast-1",
        "AWS_DEFAULT_REGION": "ap-northeast-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "PERMISSION_TABLE": "permissions",
        "INQUIRY_TABLE": "inquiries",
        "DOCUMENT_KEY": "key",
        "PARTNER_SETTINGS": "/ryoji/partners",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_METRICS_NAMESPACE": "Ryoji",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    command = [str(venv_python("cloud")), "-S", str(HERE / "inquiry_asked.py")]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(f"the inquiry cannot be asked: {answer.stderr[-600:]}")
    found: dict[str, dict[str, float]] = json.loads(answer.stderr.splitlines()[-1])
    return found
