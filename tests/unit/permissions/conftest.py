"""The register of permissions, empty."""

from __future__ import annotations

import pytest

from ryoji.adapters.permission_table import PermissionTable


@pytest.fixture
def register(cloud: None) -> PermissionTable:
    return PermissionTable()
