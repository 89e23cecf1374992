"""Rows that several owners show: they go with the last of them, whichever entry of the data map tells of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from conftest import MakeWorld, connect
from minimal_office import OLD, minimal_office
from world import World

pytestmark = pytest.mark.xdist_group("shared")

# Files that links name, by a word and an id; their bytes, which the file's hash alone leads to.
TABLES = """
create table public.files (id bigint primary key, title text not null, sha text not null unique);
create table public.file_links (file_id bigint not null references public.files (id), shown_by text, note_id uuid, contact_id bigint);
create table public.file_bytes (id bigint primary key, sha text not null unique, text text not null);
"""
DATA_MAP = """
sources:
  - name: more
    schema: public
    tables:
      - name: files
        config: {meta: {key: id, owner: {table: messages}, marker: aside}}
        columns: &columns_of_files
          - {name: id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - {name: title, data_type: text, config: {meta: {replacement: empty}}}
          - {name: sha, data_type: text, config: {meta: {replacement: random_id}}}
      - name: files_of_users
        identifier: files
        config: {meta: {key: id, owner: {table: users}, marker: aside}}
        columns: *columns_of_files
      - name: file_bytes
        config: {meta: {key: id, owner: {table: messages}, marker: aside, singular: file_byte}}
        columns:
          - {name: id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - {name: sha, data_type: text, config: {meta: {replacement: random_id}}}
          - {name: text, data_type: text, config: {meta: {replacement: empty}}}
      - name: file_links
        config: {meta: {key: file_id, stays: names and ids}}
        columns:
          - {name: file_id, data_type: bigint}
          - {name: shown_by, data_type: text}
          - {name: note_id, data_type: uuid}
          - {name: contact_id, data_type: bigint}
"""
VIEW = (
    "select own.id as {0}_id, 1 as environment_id, {1}, now() as created_at,"
    " exists (select 1 from {{{{ source('more', 'file_links') }}}} as link"
    " where link.file_id = own.id and link.shown_by not in ('note', 'contact')) as is_kept,"
    " {{{{ retention.anonymized_on('{0}s', 'own') }}}} as anonymized_on from {{{{ source('more', 'files') }}}} as own"
    " inner join {{{{ source('more', 'file_links') }}}} as link on own.id = link.file_id and link.shown_by = '{2}'"
)
VIEWS = {
    "files": VIEW.format("file", "link.note_id as message_id", "note"),
    "files_of_users": VIEW.format("files_of_user", "link.contact_id as user_id", "contact"),
    "file_bytes": "select own.id as file_byte_id, 1 as environment_id, link.note_id as message_id, now() as created_at,"
    " {{ retention.anonymized_on('file_bytes', 'own') }} as anonymized_on from {{ source('more', 'file_bytes') }} as own"
    " inner join {{ source('more', 'files') }} as file on own.sha = file.sha"
    " inner join {{ source('more', 'file_links') }} as link on file.id = link.file_id and link.shown_by = 'note'",
}
# 1 of an old note; 2 of one and of a contact who writes; 3 of one and of the silent contact; 4 of one and of a bulletin;
# 5 of the silent contact and of a young note; 6 of the silent contact; 7 of the contact who writes; 8 of an old note.
ROWS = """
insert into public.files select n, 'File ' || n, 'hash ' || n from generate_series(1, 8) as n;
insert into public.file_links (file_id, shown_by, note_id)
select file_id, 'note', id from public.notes cross join (values (1), (2), (3), (4), (8)) as file (file_id) where body = 'an old note'
union all
select 5, 'note', id from public.notes where body = 'a young note';
insert into public.file_links (file_id, shown_by, contact_id)
values (2, 'contact', 2), (3, 'contact', 1), (4, 'bulletin', null), (5, 'contact', 1), (6, 'contact', 1), (7, 'contact', 2);
insert into public.file_bytes values (1, 'hash 1', 'Bytes 1'), (2, 'hash 7', 'Bytes 7'), (3, 'hash 8', 'Bytes 8');
"""
KEPT = ["File 2", "File 4", "File 5", "File 7"]


@pytest.fixture(scope="module")
def office(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    assert prefect_server
    folder = tmp_path_factory.mktemp("shared")
    with minimal_office(make_world, folder, "shared", tables=TABLES + ROWS, data_map=DATA_MAP, views=VIEWS) as world:
        yield world


def titles(office: World) -> list[str]:
    return [row["title"] for row in office.rows("select title from public.files where title <> '' order by id")]


def texts(office: World) -> list[str]:
    return [row["text"] for row in office.rows("select text from public.file_bytes order by id")]


def test_bytes_that_somebody_holds_keep_their_way_to_the_owner_until_they_are_free(office: World) -> None:
    with connect(office.environ, "shared") as holder:
        holder.execute("begin")
        holder.execute("select 1 from public.file_bytes where id = 1 for update")
        summary = office.run()
        holder.execute("rollback")
    assert any("55P03" in sentence for sentence in summary.left), summary.left
    assert texts(office) == ["Bytes 1", "Bytes 7", "Bytes 8"]
    assert "File 1" in titles(office)


def test_m6_a_row_goes_with_its_last_owner_and_stays_for_what_is_no_data_subject(office: World) -> None:
    plan = office.command("plan", "--project-dir", str(office.project_dir))
    assert plan.returncode == 0, plan.stderr
    counted = {line.split()[0]: line.split()[1] for line in plan.stdout.splitlines() if line.startswith("file")}
    assert counted == {"files": "3", "files_of_users": "0", "file_bytes": "2"}
    summary = office.run()
    assert (summary.outcome, summary.left) == ("done", [])
    assert titles(office) == KEPT
    assert texts(office) == ["", "Bytes 7", ""]


def test_a_row_that_several_entries_show_is_done_once_for_all_of_them(office: World) -> None:
    done = office.rows(
        "select row_key from retention.done_rows where kind in ('files', 'files_of_users') order by row_key"
    )
    assert [row["row_key"] for row in done] == ["1", "3", "6", "8"]
    assert office.run().outcome == "done"
    lines = office.one(
        "select sum(anonymized + dependents)::integer as n from retention.run_lines"
        " where run_id = (select max(run_id) from retention.runs)"
    )
    assert lines == {"n": 0}


def test_a_row_whose_last_living_owner_was_taken_away_goes_that_night(office: World) -> None:
    office.connection.execute("delete from public.file_links where shown_by = 'bulletin'")
    office.connection.execute("delete from public.file_links where file_id = 2 and shown_by = 'contact'")
    assert office.run().outcome == "done"
    assert titles(office) == ["File 5", "File 7"]


def test_lanes_that_leave_a_row_to_each_others_owners_take_turns(office: World) -> None:
    """Another lane, played here, holds what such lanes wait for: the run goes on once that is done."""
    office.connection.execute("insert into public.files values (9, 'File 9', 'hash 9')")
    office.connection.execute(
        "with note as (insert into public.notes (contact_id, body, meta, created_at)"
        f" values (2, 'old and late', '{{}}', {OLD}), (2, 'old and late', '{{}}', {OLD}) returning id)"
        " insert into public.file_links (file_id, shown_by, note_id, contact_id)"
        " select 9, 'note', id, null from note union all select 9, 'contact', null, 2"
    )
    waiting = "select count(*) as n from pg_locks where locktype = 'advisory' and classid = 1380275270 and not granted"
    with connect(office.environ, "shared") as lane, ThreadPoolExecutor(1) as pool:
        lane.execute("""select pg_advisory_lock(1380275270, hashtext('"shared"."public"."files"'))""")
        run = pool.submit(office.run, lanes=2)
        while office.one(waiting)["n"] == 0:
            assert not run.done(), run.result()
            sleep(0.05)
        assert office.rows("select 1 from public.notes where body = 'old and late'")
        lane.execute("select pg_advisory_unlock_all()")
        assert run.result().outcome == "done"
    assert titles(office) == ["File 5", "File 7", "File 9"]
    assert not office.rows("select 1 from public.notes where body = 'old and late'")
