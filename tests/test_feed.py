"""What a client may follow: the feed of anonymized users, and what it is told is its own to anonymize."""

from datetime import timedelta
from pathlib import Path

import pytest
from world import World


def test_b1_the_feed_lists_internal_ids_of_environments_that_asked_for_90_days(world: World) -> None:
    world.environment(2)
    asked, other = world.user(1), world.user(2)
    (world.project_dir / "seeds" / "feed_environments.csv").write_text("environment_id\n1\n")
    summary = world.run()
    assert summary.outcome == "done"
    (row,) = world.rows("select * from retention.anonymized_users_feed")
    assert row == {"environment_id": 1, "user_id": asked, "anonymized_on": world.get("users", other)["anonymized_on"]}
    today = world.one("select (now() at time zone 'Europe/Paris')::date as day")["day"]
    for days, listed in ((89, 1), (90, 0)):
        world.connection.execute("update platform.users set anonymized_on = %s", (today - timedelta(days=days),))
        assert len(world.rows("select * from retention.anonymized_users_feed")) == listed


@pytest.mark.parametrize(
    "seed", ["environment\n1\n", "environment_id\n1\n1\n", "environment_id\n 1\n", "", "environment_id\nnull\n"]
)
def test_b1_a_feed_that_cannot_be_read_is_refused(tmp_path: Path, seed: str) -> None:
    from flows.errors import BadConfiguration
    from flows.periods import check_periods

    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "retention_periods.csv").write_text("environment_id,retention_months\n")
    with pytest.raises(BadConfiguration, match=r"feed_environments\.csv.*FileNotFoundError"):
        check_periods(tmp_path)
    (tmp_path / "seeds" / "feed_environments.csv").write_text(seed)
    with pytest.raises(BadConfiguration, match=r"feed_environments\.csv"):
        check_periods(tmp_path)


def test_b1_a_feed_of_an_environment_that_does_not_exist_is_refused(world: World) -> None:
    from flows.errors import BadConfiguration

    (world.project_dir / "seeds" / "feed_environments.csv").write_text("environment_id\n77\n")
    before = world.bytes_of_platform()
    with pytest.raises(BadConfiguration, match=r"feed_environments\.csv.*77"):
        world.run()
    assert world.bytes_of_platform() == before


def test_b1_the_report_says_what_is_the_clients_to_anonymize(world: World) -> None:
    told = world.command("run", "--approve-all")
    assert told.returncode == 0
    assert "CRM" in told.stdout
