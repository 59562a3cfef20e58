"""How long a function takes to import, beside `import boto3; boto3.client("s3")` in the same run.

Each import has a process of its own, which sees what Lambda has and nothing else: the run-time packages, the domain
layer and the function's folder. Every one is paired with a client of boto3 that was made just before it, and the
median of these pairs' ratios counts, so that other work on the machine falls on both. The interpreter's own start is
on neither side.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, at_most, counted
from infra.build import domain_layer, function_folders
from local.places import DEPENDENCIES, venv_python

BUDGET = 1.3
ROUNDS = 7
CLIENT = "import boto3; boto3.client('s3', region_name='ap-northeast-1')"
TIMED = "import time; s = time.perf_counter()\n{}\nprint(time.perf_counter() - s)"


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """A ratio for each function, and the seconds of a client for whoever wants to see them."""
    with tempfile.TemporaryDirectory() as folder:
        domain = domain_layer(Path(folder)) / "python"
        folders = function_folders()
        for each in (*folders, None):  # once for the system's file cache
            _seconds(each, domain)
        ratios: dict[str, list[float]] = {each.name: [] for each in folders}
        clients = []
        for _ in range(rounds):
            for each in folders:
                client, function = _seconds(None, domain), _seconds(each, domain)
                clients.append(client)
                ratios[each.name].append(function / client)
    figures = [
        at_most(f"import.{name}", statistics.median(found), "of a boto3 client", BUDGET)
        for name, found in ratios.items()
    ]
    return [*figures, counted("import.boto3_client", statistics.median(clients), "s")]


def _seconds(function: Path | None, domain: Path) -> float:
    """Seconds of one import in a fresh process; without a function, of a client of boto3."""
    paths = [domain, DEPENDENCIES] if function is None else [function, domain, DEPENDENCIES]
    environment = {
        "PYTHONPATH": ":".join(str(path) for path in paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_REGION": "ap-northeast-1",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_METRICS_NAMESPACE": "Ryoji",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    # Without -S the interpreter's own packages would be there too; -E and -I would drop PYTHONPATH.
    command = [str(venv_python("cloud")), "-S", "-c", TIMED.format("import app" if function else CLIENT)]
    answer = subprocess.run(command, env=environment, cwd=domain, capture_output=True, text=True, check=False)
    if answer.returncode:
        what = function.name if function else "boto3"
        raise RuntimeError(f"{what} cannot be imported with what Lambda has: {answer.stderr[-600:]}")
    return float(answer.stdout.split()[-1])
