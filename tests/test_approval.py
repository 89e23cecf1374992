"""What a person decides through the command: a first run approved, runs paused and resumed."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from world import NOW, OLD, World

from flows.approval import read_held

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)


def test_an_operator_approves_a_first_run_and_finds_it_in_the_ledger(world: World) -> None:
    world.environment(2)
    user = world.user(2, OLD)
    first, young = world.message(user, OLD, environment_id=2), world.message(None, NOW - DAY, environment_id=2)
    before = world.bytes_of_platform()
    held = world.run(approve_all=False)
    assert (held.outcome, held.exit_code) == ("held back", 4)
    assert world.bytes_of_platform() == before
    shown = world.command("status")
    assert shown.returncode == 7
    assert "environment 2 is held back: no run has finished for it yet." in shown.stdout

    told = world.command("approve", "2")
    assert told.returncode == 0, told.stderr
    assert "Environment 2 keeps data for 24 months" in told.stdout
    assert f"{OLD.astimezone(PARIS):%Y-%m-%d}" in told.stdout
    assert "no run has finished for it yet" in told.stdout
    assert "messages created in the platform before the cutoff: " in told.stdout
    policy = world.command("policy").stdout
    for said in ("network_id → a random identifier", "key → null (its file is deleted)", "url, content → empty"):
        assert said in told.stdout, "the policy's words"
        assert said in policy
    assert not re.search(r"random_id|\(\w+\)", told.stdout), "none of the data map's"
    done = world.run(approve_all=False)
    assert done.outcome == "done"
    assert world.get("messages", first)["content"] == ""
    assert world.get("messages", young)["content"] != ""
    approvals = world.rows("select kind, due, approved_by from retention.approvals order by kind")
    assert [(row["kind"], row["due"]) for row in approvals] == [("messages", 1), ("users", 1)]
    assert world.command("ledger", "verify").returncode == 0
    world.connection.execute("update retention.approvals set due = 2")
    assert world.command("ledger", "verify").returncode == 7
    assert "Nothing of environment 2 is held back" in world.command("approve", "2").stdout
    unknown = world.command("approve", "77")
    assert unknown.returncode == 2
    assert "expected an environment of the platform, found 77" in unknown.stderr


def test_a_paused_run_ends_at_once_whoever_starts_it_and_status_shows_it(world: World) -> None:
    message = world.message(None, OLD)
    assert "Paused: no run acts" in world.command("pause").stdout
    before = world.bytes_of_platform()
    told = world.command("run", "--approve-all")
    assert told.returncode == 8
    assert "found them paused since" in told.stderr
    assert "retention resume" in told.stderr
    assert world.bytes_of_platform() == before
    assert world.rows("select * from retention.runs") == []
    assert world.run(dry_run=True).outcome == "dry run", "looking goes on"
    assert "runs are paused since" in world.command("status").stdout
    assert "Resumed" in world.command("resume").stdout
    assert world.run().outcome == "done"
    assert world.get("messages", message)["content"] == ""
    assert read_held(world.project_dir, "1") == []
