"""Why a batch failed, for a person: the code of the ledger, and what it means."""

import pytest

from flows.refusals import worded


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (
            "SQLSTATE 55P03, table messages",
            "SQLSTATE 55P03, table messages: other sessions held the rows; the next run takes them",
        ),
        ("SQLSTATE P0077", "SQLSTATE P0077"),
        ("the budget was used up", "the budget was used up"),
    ],
)
def test_a_failure_says_what_was_in_the_way_and_what_mends_it_where_that_is_known(failure: str, said: str) -> None:
    assert worded(failure) == said
