"""microburst between the functions and one upstream; runs in an environment of its own (requirements/chaos.txt).

`proxy.py SEED …` gives microburst's draws a seed, lets the caller's Host through (calls are signed over the host that
they were sent to, and the local cloud verifies signatures) and takes bodies as large as pictures are, where aiohttp's
default is one megabyte. The rest of the options are microburst's.
"""

from __future__ import annotations

import random
import sys
from typing import Any

from microburst import cli, forward

MOST_BYTES = 32 * 1024 * 1024


def main() -> int:
    """Serve until interrupted."""
    seed, *options = sys.argv[1:]
    random.seed(int(seed))
    kept = forward.Upstream._outbound_headers  # noqa: SLF001 - it has no option for it

    def with_the_callers_host(upstream: forward.Upstream, request: forward.web.Request) -> dict[str, str]:
        return {**kept(upstream, request), "host": request.headers["Host"]}

    forward.Upstream._outbound_headers = with_the_callers_host  # noqa: SLF001 - as above
    made = cli.make_app

    def roomy(*given: Any, **named: Any) -> Any:
        application = made(*given, **named)
        application._client_max_size = MOST_BYTES  # noqa: SLF001 - nor for this
        return application

    cli.make_app = roomy
    return int(cli.main(options))


if __name__ == "__main__":
    sys.exit(main())
