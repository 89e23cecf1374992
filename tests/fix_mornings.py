"""The morning after a first night, for a module of tests: looking and trying change nothing of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from conftest import MakeWorld

if TYPE_CHECKING:  # dbt takes a while to import, in every session
    from mornings import Morning


@pytest.fixture(scope="module")
def morning(
    make_world: MakeWorld, prefect_server: str, tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[Morning]":
    from mornings import first_morning

    assert prefect_server
    with first_morning(make_world, tmp_path_factory.mktemp("morning")) as morning:
        yield morning


@pytest.fixture
def unchanged(morning: "Morning") -> "Iterator[Morning]":
    """Whatever the test does, rows are due, and not a byte of platform, ledger and queue changes."""
    due = morning.world.rows("select message_id from retention.due_messages")
    assert due == [{"message_id": morning.due_message}]
    ledger = morning.ledger()
    assert all(ledger)
    with morning.world.untouched():
        yield morning
    assert morning.ledger() == ledger
