"""`python -m ryoji` is the command `ryoji`."""

from __future__ import annotations

import sys

from ryoji.command import main

sys.exit(main())
