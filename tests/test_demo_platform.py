"""The embedded servers start, serve and go; the reference platform holds what the rules speak of."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

import boto3
import psycopg
import pytest
from types_boto3_s3 import S3Client

from flows.demo import platform
from flows.demo.embedded import LONGEST_FOLDER, embedded_postgres, embedded_s3
from flows.demo.platform import Totals, create_platform, fill_platform

pytestmark = pytest.mark.xdist_group("platform")

ROOT = Path(__file__).parent.parent
AS_OF = datetime(2026, 7, 1, 0, 0, tzinfo=UTC)
DUE: LiteralString = """created_at < timestamptz '2026-07-01 00:00:00+00'
    - make_interval(months => case environment_id when 1 then 24 when 2 then 12 else 36 end)"""


@dataclass
class Filled:
    connection: psycopg.Connection[Any]
    s3: S3Client
    totals: Totals

    def number(self, query: LiteralString) -> Any:
        row = self.connection.execute(query).fetchone()
        assert row is not None
        return row[0]


def connect(libpq: dict[str, str], database: str, **options: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(host=libpq["PGHOST"], port=libpq["PGPORT"], user=libpq["PGUSER"], dbname=database, **options)


@pytest.fixture(scope="module")
def filled(postgres: dict[str, str]) -> Iterator[Filled]:
    with connect(postgres, "postgres", autocommit=True) as admin, embedded_s3() as aws:
        admin.execute("create database demo_platform")
        s3 = boto3.client(
            "s3",
            endpoint_url=aws["AWS_ENDPOINT_URL_S3"],
            aws_access_key_id=aws["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=aws["AWS_SECRET_ACCESS_KEY"],
            region_name=aws["AWS_DEFAULT_REGION"],
        )
        with connect(postgres, "demo_platform", autocommit=True, options="-c search_path=platform") as connection:
            create_platform(connection)
            totals = fill_platform(connection, s3, as_of=AS_OF)
            yield Filled(connection, s3, totals)
        admin.execute("drop database demo_platform")


def test_the_platform_has_the_promised_size(filled: Filled) -> None:
    for table in ("environments", "users", "messages", "attachments", "chatbot_conversations", "custom_events"):
        count = filled.connection.execute(f"select count(*) from {table}".encode()).fetchone()
        assert count == (getattr(filled.totals, table),)
    assert filled.totals.environments == 3
    assert filled.totals.users == 2000
    assert 18_000 <= filled.totals.messages <= 22_000
    assert 1_450 <= filled.totals.files <= 1_550
    assert filled.totals.chatbot_conversations == filled.totals.custom_events == 1000


@pytest.mark.parametrize("table", ["messages", "users", "custom_events", "chatbot_conversations"])
def test_m1_each_environment_has_much_that_is_due_and_much_that_is_living(filled: Filled, table: str) -> None:
    query = f"select environment_id, avg(({DUE})::int)::float from {table} group by 1"
    shares = dict(filled.connection.execute(query.encode()).fetchall())
    assert sorted(shares) == [1, 2, 3]
    assert all(0.1 < share < 0.9 for share in shares.values()), shares


def test_u1_users_have_old_messages_new_ones_both_or_none(filled: Filled) -> None:
    histories = filled.connection.execute(
        f"""with judged as (select user_id, array_agg(distinct {DUE})::text as kind from messages group by 1)
        select coalesce(judged.kind, 'never wrote'), users.is_due, count(*)
        from (select user_id, {DUE} as is_due from users) users left join judged using (user_id)
        group by 1, 2""".encode()
    ).fetchall()
    assert {kind for kind, _, count in histories if count > 100} == {"{f}", "{t}", "{f,t}", "never wrote"}
    assert {is_due for kind, is_due, count in histories if kind == "never wrote" and count > 30} == {False, True}


def test_messages_come_in_every_shape(filled: Filled) -> None:
    shapes = filled.connection.execute(
        """select count(distinct (direction, visibility, network)), max(length(content)),
            count(*) filter (where content = ''), bool_or(content ~ E'\\n'), bool_or(content ~ 'ありがとう'),
            bool_or(content ~ 'شكرا'), bool_or(content ~ 'é'), bool_or(content ~ '📦'),
            count(*) - count(distinct network_id), bool_or(published_at < created_at - interval '1 year')
        from messages"""
    ).fetchone()
    assert shapes is not None
    assert shapes[:2] == (14, 40_000)  # three networks in both visibilities, whatsapp in private
    assert shapes[2] > 100
    assert all(shapes[3:])
    assert filled.number("select bool_and((user_id is null) = (direction = 'outbound')) from messages")


def test_m5_nearly_all_answers_quote_the_customer(filled: Filled) -> None:
    quoted = filled.number(
        """select avg((answer.content ~ coalesce('@' || nullif(u.pseudonyms[1], ''), u.last_name))::int)::float
        from messages answer join (select distinct conversation_id, user_id from messages where user_id is not null)
            asked using (conversation_id) join users u on u.user_id = asked.user_id
        where answer.user_id is null"""
    )
    assert 0.94 < quoted < 0.98


def test_m6_some_anonymized_messages_got_a_file_afterwards(filled: Filled) -> None:
    assert filled.number(
        r"""select count(*) from messages where anonymized_on < '2026-06-01' and content = '' and url = ''
        and network_id ~ '^anonymized-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'"""
    ) == filled.number("select count(*) from messages where anonymized_on is not null")
    assert filled.number("select count(*) from messages where anonymized_on is not null") == 20
    assert (
        filled.number(
            """select count(*) from attachments a join messages m using (message_id)
        where m.anonymized_on is not null and a.anonymized_on is null and a.object_key <> ''
            and a.created_at > m.anonymized_on"""
        )
        == 5
    )


def test_files_are_shared_between_due_and_living_messages(filled: Filled) -> None:
    shared = filled.connection.execute(
        f"""with judged as (select bucket, object_key, a.environment_id, is_due from attachments a join
            (select message_id, {DUE} as is_due from messages) m using (message_id))
        select count(*) filter (where other.environment_id = due.environment_id and not other.is_due),
            count(*) filter (where other.environment_id <> due.environment_id and not other.is_due)
        from judged due join judged other using (bucket, object_key) where due.is_due""".encode()
    ).fetchone()
    assert shared == (10, 10)


def test_u2_pictures_are_files_generic_or_the_networks_own(filled: Filled) -> None:
    assert 600 < filled.number("select count(picture_key) from users") < 700
    generic = "select count(*) from users where picture_key is null and picture_url = %s"
    count = filled.connection.execute(generic, [platform.GENERIC_PICTURE_URL]).fetchone()
    assert count is not None
    assert count[0] > 300


def test_s3_holds_what_the_rows_name_and_keys_are_prefixes_of_keys(filled: Filled) -> None:
    pages = filled.s3.get_paginator("list_objects_v2").paginate(Bucket=platform.FILES_BUCKET)
    plain = {item["Key"]: item["Size"] for page in pages for item in page["Contents"]}
    versions = filled.s3.get_paginator("list_object_versions").paginate(Bucket=platform.ARCHIVE_BUCKET)
    archived, hidden, kept = {}, 0, 0
    for page in versions:
        hidden += len(page.get("DeleteMarkers", []))
        for version in page["Versions"]:
            archived[version["Key"]] = version["Size"]
            kept += 1
    named = filled.connection.execute(
        """select bucket, object_key, byte_size from attachments
        union select picture_bucket, picture_key, null from users where picture_key is not null"""
    ).fetchall()
    stored = {platform.FILES_BUCKET: plain, platform.ARCHIVE_BUCKET: archived}
    assert all(stored[bucket][key] == (size or stored[bucket][key]) for bucket, key, size in named)
    assert len(plain) + len(archived) == filled.totals.files
    assert len(plain) + kept == filled.totals.file_versions
    assert len(archived) <= 150
    assert kept > len(archived) + 20
    assert hidden > 5
    assert {"att/1", "att/10", "att/100"} <= plain.keys()
    assert {"att/6", "att/60", "att/600"} <= archived.keys()


def test_s3_events_belong_to_users(filled: Filled) -> None:
    assert (
        filled.number(
            """select count(*) from (table chatbot_conversations union all table custom_events) event
        join users u on (u.environment_id, u.network, u.network_id)
            = (event.environment_id, event.network, event.user_network_id)"""
        )
        == 2000
    )


def test_the_same_seed_gives_the_same_platform() -> None:
    script = f"""if True:
        import datetime, hashlib, sys
        from flows.demo.platform import _Draft
        draft = _Draft({AS_OF!r}, int(sys.argv[1]), "https://generic.example")
        print(hashlib.sha256(repr((draft.tables, draft.files)).encode()).hexdigest())"""
    drafts = [run(script, seed) for seed in ("1", "1", "2")]
    assert drafts[0] == drafts[1] != drafts[2]


def test_an_instant_without_a_zone_is_refused(filled: Filled) -> None:
    with pytest.raises(ValueError, match="expected as_of with a time zone, found 2026-07-01"):
        fill_platform(filled.connection, filled.s3, as_of=AS_OF.replace(tzinfo=None))


def test_the_server_is_gone_afterwards_and_its_databases_are_kept(folder: Path) -> None:
    for query in ("create database kept", "drop database kept"):
        with embedded_postgres(folder) as libpq, connect(libpq, "postgres", autocommit=True) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
            assert connection.execute("show fsync").fetchone() == ("off",)
            connection.execute(query.encode())
        with pytest.raises(psycopg.OperationalError):
            connect(libpq, "postgres")
        assert not (folder / ".s.PGSQL.5432").exists()


def test_s3_is_gone_afterwards_and_its_objects_with_it() -> None:
    output = run(
        """if True:
        import sys
        from urllib.request import Request, urlopen
        from flows.demo.embedded import embedded_s3
        for _ in range(2):
            with embedded_s3() as aws:
                url = aws["AWS_ENDPOINT_URL_S3"]
                print(b"photos" in urlopen(url).read())
                urlopen(Request(f"{url}/{sys.argv[1]}", method="PUT"))
                print(b"photos" in urlopen(url).read())
            try:
                urlopen(url)
            except OSError as error:
                print(error)""",
        "photos",
    )
    assert output.splitlines() == ["False", "True", "<urlopen error [Errno 111] Connection refused>"] * 2


def test_a_server_that_a_killed_process_left_is_taken_over_and_stopped(folder: Path) -> None:
    run(
        """if True:
        import os, pathlib, sys
        from flows.demo.embedded import embedded_postgres
        with embedded_postgres(pathlib.Path(sys.argv[1])):
            os._exit(0)""",
        str(folder),
    )
    assert (folder / "postmaster.pid").exists()
    with embedded_postgres(folder) as libpq:
        connect(libpq, "postgres").close()
    assert not (folder / "postmaster.pid").exists()


def test_a_folder_too_long_for_a_socket_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match=f"at most {LONGEST_FOLDER} bytes .* found {LONGEST_FOLDER + 1}: /"):
        embedded_postgres(folder / ("x" * (LONGEST_FOLDER - len(str(folder))))).__enter__()


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as name:
        yield Path(name).resolve() / "data"


def run(script: str, argument: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", script, argument], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
