"""microburst between the functions and one upstream; runs in an environment of its own (requirements/chaos.txt).

`proxy.py SEED …` gives microburst's draws a seed and lets the caller's Host through: calls are signed over the host
that they were sent to, and the local cloud verifies signatures. The rest of the options are microburst's.
"""

from __future__ import annotations

import random
import sys

from microburst import cli, forward


def main() -> int:
    """Serve until interrupted."""
    seed, *options = sys.argv[1:]
    random.seed(int(seed))
    kept = forward.Upstream._outbound_headers  # noqa: SLF001 - it has no option for it

    def with_the_callers_host(upstream: forward.Upstream, request: forward.web.Request) -> dict[str, str]:
        return {**kept(upstream, request), "host": request.headers["Host"]}

    forward.Upstream._outbound_headers = with_the_callers_host  # noqa: SLF001
    return int(cli.main(options))


if __name__ == "__main__":
    sys.exit(main())
