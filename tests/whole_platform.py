"""A platform with everything in it that a rule speaks of, around the cutoff of one night."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from world import World

PARIS = ZoneInfo("Europe/Paris")
# A run at one minute past midnight: 24 months before is 29 February 2024, at 00:00 Paris time.
AS_OF = "2026-02-28T00:01"
CUTOFF = datetime(2024, 2, 28, tzinfo=PARIS).astimezone(UTC)
OLD = CUTOFF - timedelta(days=300)
YOUNG = CUTOFF + timedelta(days=300)
SECOND = timedelta(seconds=1)
GENERIC = "https://static.example.com/generic-profile.png"


def build(world: World) -> dict[str, int]:
    rows: dict[str, int] = {}
    for environment_id, months in ((1, None), (2, 1), (3, 12), (4, 120)):
        world.environment(environment_id, months)
    world.bucket("files")
    world.bucket("versioned", "Enabled")
    _messages(world, rows)
    _attachments(world, rows)
    _users(world, rows)
    _events(world, rows)
    return rows


def _messages(world: World, rows: dict[str, int]) -> None:
    author = rows["mixed author"] = world.user(created_at=OLD)
    rows["second before"] = world.message(author, CUTOFF - SECOND, published_at=YOUNG)
    rows["exactly"] = world.message(author, CUTOFF, published_at=OLD)
    rows["second after"] = world.message(author, CUTOFF + SECOND)
    rows["answer"] = world.message(None, OLD, content="@someone, we are on it")
    rows["long"] = world.message(author, OLD, content="é🙂\n\x7f" * 10_000, visibility="public")
    rows["empty already"] = world.message(author, OLD, content="", url="")
    cutoffs = {2: datetime(2026, 1, 28), 3: datetime(2025, 2, 28), 4: datetime(2016, 2, 28)}
    for environment_id, cutoff in cutoffs.items():
        at = cutoff.replace(tzinfo=PARIS)
        writer = world.user(environment_id, created_at=datetime(2010, 1, 1, tzinfo=UTC))
        rows[f"environment {environment_id} before"] = world.message(writer, at - SECOND, environment_id)
        rows[f"environment {environment_id} exactly"] = world.message(writer, at, environment_id)


def _attachments(world: World, rows: dict[str, int]) -> None:
    old, young = world.message(None, OLD), world.message(None, YOUNG)
    elsewhere = world.message(None, YOUNG, environment_id=4)
    long_gone = world.message(
        None, OLD, content="", url="", network_id="anonymized-6b1f0a5e-0000-4000-8000-000000000000",
        anonymized_on=date(2025, 1, 1),
    )  # fmt: skip
    for bucket in ("files", "versioned"):
        for key in ("att/1", "att/10", "shared", "shared elsewhere", "a b+%é", "twice"):
            world.put(key, bucket)
            world.put(key, bucket, b"second version")
        world.s3.delete_object(Bucket="versioned", Key="att/1")
        rows[f"due {bucket}"] = world.attachment(old, "att/1", bucket)
        rows[f"living {bucket}"] = world.attachment(young, "att/10", bucket)
        world.attachment(old, "shared", bucket)
        rows[f"shares {bucket}"] = world.attachment(young, "shared", bucket)
        world.attachment(old, "shared elsewhere", bucket)
        world.attachment(elsewhere, "shared elsewhere", bucket, environment_id=4)
        world.attachment(old, "twice", bucket)
        world.attachment(old, "twice", bucket)
        world.attachment(old, "a b+%é", bucket)
    world.put("late")
    rows["late"] = world.attachment(long_gone, "late", created_at=YOUNG)
    rows["long gone"] = long_gone


def _users(world: World, rows: dict[str, int]) -> None:
    for name in ("picture", "generic.png"):
        world.put(name)
    rows["silent"] = world.user(
        created_at=OLD, picture_bucket="files", picture_key="picture", network_id="silent person"
    )  # fmt: skip
    world.message(rows["silent"], OLD)
    rows["never wrote, old"] = world.user(created_at=CUTOFF - SECOND)
    rows["never wrote, at the cutoff"] = world.user(created_at=CUTOFF)
    rows["last at the cutoff"] = world.user(created_at=OLD)
    world.message(rows["last at the cutoff"], CUTOFF)
    rows["imported late, wrote long ago"] = world.user(created_at=YOUNG)
    world.message(rows["imported late, wrote long ago"], OLD)
    rows["generic"] = world.user(
        created_at=OLD, picture_url=GENERIC, picture_bucket="files", picture_key="generic.png"
    )  # fmt: skip


def _events(world: World, rows: dict[str, int]) -> None:
    living = world.user(created_at=YOUNG, network_id="living person")
    assert living
    for table in ("chatbot_conversations", "custom_events"):
        rows[f"{table} old"] = world.event(table, "living person", OLD)
        rows[f"{table} older"] = world.event(table, "living person", OLD)
        rows[f"{table} exactly"] = world.event(table, "living person", CUTOFF)
        rows[f"{table} of silent, old"] = world.event(table, "silent person", OLD)
        rows[f"{table} of silent, young"] = world.event(table, "silent person", YOUNG)
        rows[f"{table} of a namesake"] = world.event(table, "silent person", YOUNG, network="facebook")
