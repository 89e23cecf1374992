"""Another platform than the reference one, by a project that depends on this one: nothing of the engine is copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import MakeWorld, empty_store
from project_copy import ROOT
from world import World

pytestmark = pytest.mark.xdist_group("minimal")

# What a platform may have besides: labels, which somebody decided to keep after they were proposed to go, and pictures
# whose objects are called by a uuid, in several sizes of other names, and scans that several notes show, or a contact: two entries for one table.
MORE = """
create table public.labels (id bigint generated always as identity primary key, title text, created_at timestamptz);
create table public.pictures (id bigint generated always as identity primary key, note_id uuid, token uuid unique not null, sizes text[]);
create table public.scans (id bigint primary key, title text not null, remote_ref text not null default 'scan', contact_id bigint);
create table public.note_scans (scan_id bigint, note_id uuid);
create table public.stamps (id bigint generated always as identity primary key, note_id uuid, title text, done_on date);
"""
MORE_MAP = """
sources:
  - name: more
    schema: public
    tables:
      - name: labels
        config: {meta: {key: id, kind: labels, marker: aside}}
        columns:
          - {name: id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - {name: title, data_type: text, config: {meta: {personal: false, why: of the company}}}
          - {name: created_at, data_type: timestamp with time zone, config: {meta: {personal: false, why: an instant}}}
      - name: pictures
        config: {meta: {key: id, owner: {table: messages, key: note_id}, marker: aside}}
        columns:
          - {name: id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - {name: note_id, data_type: uuid, config: {meta: {personal: false, why: internal key}}}
          - {name: token, data_type: uuid, config: {meta: {replacement: file, leaves: random_id, bucket_name: files}}}
          - {name: sizes, data_type: 'text[]', config: {meta: {replacement: file, leaves: empty, holds: keys, bucket_name: files}}}
      - name: scans
        config: {meta: {key: id, owner: {table: messages}, marker: aside}}
        columns: &columns_of_scans
          - {name: id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - {name: title, data_type: text, config: {meta: {replacement: empty}}}
          - {name: remote_ref, data_type: text, config: {meta: {replacement: random_id}}}
          - {name: contact_id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
      - name: scans_of_users
        identifier: scans
        config: {meta: {key: id, owner: {table: users, key: contact_id}, marker: aside}}
        columns: *columns_of_scans
      - name: stamps
        config: {meta: {key: id, owner: {table: messages, key: note_id}, marker: done_on}}
        columns: &columns_of_stamps
          - {name: id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - {name: note_id, data_type: uuid, config: {meta: {personal: false, why: internal key}}}
          - {name: title, data_type: text, config: {meta: {replacement: empty}}}
          - {name: done_on, data_type: date, config: {meta: {personal: false, why: the marker}}}
      - name: stamps_again
        identifier: stamps
        config: {meta: {key: id, owner: {table: messages, key: note_id}, marker: done_on}}
        columns: *columns_of_stamps
      - name: note_scans
        config: {meta: {key: scan_id}}
        columns:
          - {name: scan_id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - {name: note_id, data_type: uuid, config: {meta: {personal: false, why: internal key}}}
"""
MORE_VIEWS = {
    "labels": "select id as label_id, 1 as environment_id, created_at, {{ retention.anonymized_on('labels') }} as anonymized_on"
    " from {{ source('more', 'labels') }}",
    "pictures": "select own.id as picture_id, 1 as environment_id, own.note_id as message_id, now() as created_at,"
    " {{ retention.has_own_file('pictures', 'token', 'own') }} as has_file,"
    " {{ retention.anonymized_on('pictures', 'own') }} as anonymized_on from {{ source('more', 'pictures') }} as own",
    "scans": "select own.id as scan_id, 1 as environment_id, link.note_id as message_id, now() as created_at,"
    " {{ retention.anonymized_on('scans', 'own') }} as anonymized_on from {{ source('more', 'scans') }} as own"
    " inner join {{ source('more', 'note_scans') }} as link on own.id = link.scan_id",
    "scans_of_users": "select id as scans_of_user_id, 1 as environment_id, contact_id as user_id, now() as created_at,"
    " {{ retention.anonymized_on('scans_of_users') }} as anonymized_on from {{ source('more', 'scans') }}"
    " where contact_id is not null",
    **{
        name: f"select id as {name.removesuffix('s') if name == 'stamps' else name}_id, 1 as environment_id, note_id as message_id,"
        " now() as created_at, done_on as anonymized_on from {{ source('more', '" + name + "') }}"
        for name in ("stamps", "stamps_again")
    },
}
# Of an old note alone; of an old and a young one; of an old one and one of whom no thin view tells; of two old ones.
SCANS = """
insert into public.scans (id, title) select n, 'Scan ' || n from generate_series(1, 4) as n;
insert into public.scans (id, title, contact_id) select 4 + id, 'Scan ' || 4 + id, id from public.contacts where id < 3;
insert into public.note_scans
select scan_id, id from public.notes cross join (values (1), (2), (3)) as scan (scan_id) where body = 'an old note'
union all
select 2, id from public.notes where body = 'a young note'
union all
select 3, gen_random_uuid()
union all
select 4, id from public.notes where created_at < now() - interval '2 years';
"""
GONE_TOKEN, KEPT_TOKEN = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"

OLD, YOUNG = "now() - interval '3 years'", "now() - interval '1 month'"


@pytest.fixture(scope="module")
def office(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    """The example's database with old and young rows, and its project beside it."""
    assert prefect_server
    folder = tmp_path_factory.mktemp("office")
    with make_world(folder, "office") as world:
        world.connection.execute("drop schema platform cascade")
        world.connection.execute((ROOT / "examples/minimal/platform.sql").read_text())
        world.connection.execute(
            f"""
            insert into public.contacts (full_name, email, is_agent, created_at) values
                ('Silent for years', 'silent@example.com', false, {OLD}),
                ('Still writes', 'writes@example.com', false, {OLD}),
                ('Our own agent', 'agent@example.com', true, {OLD});
            insert into public.notes (contact_id, body, meta, created_at) values
                (1, 'an old note', '{{"phone": "+33 1", "source": "web", "cc": [{{"name": "Someone"}}, {{"name": "Else"}}]}}', {OLD}),
                (2, 'old, by one who still writes', '{{}}', {OLD}),
                (2, 'a young note', '{{"phone": "+33 2", "source": 1.50}}', {YOUNG})
            """
        )
        world.connection.execute(MORE)
        world.connection.execute(f"insert into public.labels (title, created_at) values ('Urgent', {OLD})")
        empty_store()
        world.bucket()
        for age, token in (("<", GONE_TOKEN), (">", KEPT_TOKEN)):
            world.connection.execute(
                "insert into public.pictures (note_id, token, sizes)"
                f" select id, '{token}', array['{token}/large', '{token}/small', null, '{KEPT_TOKEN}/shown twice'] from public.notes"
                f" where created_at {age} now() - interval '2 years' order by body limit 1"
            )
            for key in (token, f"{token}/large", f"{token}/small"):
                world.put(key)
        world.put(f"{KEPT_TOKEN}/shown twice")
        world.connection.execute(SCANS)
        world.connection.execute("insert into public.stamps (note_id, title) select id, body from public.notes")
        world.project_dir = project_with(folder / "minimal", MORE_MAP, MORE_VIEWS)
        yield world


def project_with(target: Path, more_map: str, more_views: dict[str, str]) -> Path:
    """The example's project with more tables: their data map, and a thin view for each further kind."""
    shutil.copytree(ROOT / "examples/minimal", target, ignore=shutil.ignore_patterns("target", "logs", "dbt_packages"))
    (target / "packages.yml").write_text(f"packages:\n  - local: {ROOT}\n")
    (target / "models" / "_more.yml").write_text(more_map)
    for name, view in more_views.items():
        (target / "models" / f"platform_{name}.sql").write_text(f"{view}\n")
    project = target / "dbt_project.yml"
    project.write_text(
        project.read_text().replace("[messages, users]", f"[{', '.join(('messages', 'users', *more_views))}]")
    )
    return target


def test_what_is_due_is_emptied_and_what_lives_stays_to_the_byte(office: World) -> None:
    living = "select concat(xmin, ctid, t::text) as row from {0} t where created_at > now() - interval '2 years'"
    before = [office.rows(living.format(table)) for table in ("public.notes", "public.contacts")]
    agent = office.one("select concat(xmin, ctid, c::text) as row from public.contacts c where is_agent")
    summary = office.run()
    assert (summary.outcome, summary.left) == ("done", [])
    silent, writes = office.rows("select full_name, email from public.contacts where not is_agent order by id")
    assert silent["full_name"] == ""
    assert silent["email"].startswith("anonymized-")
    assert writes == {"full_name": "Still writes", "email": "writes@example.com"}
    old = office.rows(
        "select body, meta::text as meta from public.notes where created_at < now() - interval '2 years' order by length(meta::text)"
    )
    assert old == [
        {"body": "", "meta": "{}"},
        {"body": "", "meta": '{"cc": [{"name": null}, {"name": null}], "phone": "", "source": "web"}'},
    ]
    assert [office.rows(living.format(table)) for table in ("public.notes", "public.contacts")] == before
    assert office.one("select concat(xmin, ctid, c::text) as row from public.contacts c where is_agent") == agent
    assert office.rows("select kind, count(*)::integer as n from retention.done_rows group by kind order by kind") == [
        {"kind": "messages", "n": 2}, {"kind": "pictures", "n": 1}, {"kind": "scans", "n": 2}, {"kind": "scans_of_users", "n": 1}, {"kind": "users", "n": 1},
    ]  # fmt: skip


def test_what_somebody_decided_to_keep_is_no_kind_of_row_although_the_map_still_names_one(office: World) -> None:
    assert office.rows("select title from public.labels") == [{"title": "Urgent"}]
    assert office.one("select count(*)::integer as n from retention.run_lines where kind = 'labels'") == {"n": 0}


def test_m4_an_object_that_is_called_by_a_uuid_is_purged_with_its_row_and_one_of_a_living_row_is_not(
    office: World,
) -> None:
    keys = office.keys()
    assert {key for key in keys if "/" not in key} == {KEPT_TOKEN}
    tokens = [str(row["token"]) for row in office.rows("select token from public.pictures order by id")]
    assert GONE_TOKEN not in tokens
    assert tokens[1] == KEPT_TOKEN


def test_m4_objects_whose_keys_are_an_array_of_text_are_purged_with_their_row_but_for_one_that_a_living_row_names(
    office: World,
) -> None:
    kept, keys = [f"{KEPT_TOKEN}/large", f"{KEPT_TOKEN}/small", None, f"{KEPT_TOKEN}/shown twice"], office.keys()
    assert {key for key in keys if "/" in key} == {*kept} - {None}
    sizes = [row["sizes"] for row in office.rows("select sizes from public.pictures order by id")]
    assert sizes == [[], kept]


def test_m6_what_several_notes_show_goes_with_the_last_of_them_and_stays_for_an_owner_that_nobody_knows(
    office: World,
) -> None:
    titles = [row["title"] for row in office.rows("select title from public.scans where id < 5 order by id")]
    assert titles == ["", "Scan 2", "Scan 3", ""]


def test_a_row_that_one_entry_of_its_table_says_is_done_is_no_offence_by_another(office: World) -> None:
    titles = [row["title"] for row in office.rows("select title from public.scans where id > 4 order by id")]
    assert titles == ["", "Scan 6"]
    assert office.rows("select * from retention.cleared_markers") == []


def test_a_second_night_finds_nothing_and_a_new_path_is_an_offence_that_shows_no_value(office: World) -> None:
    assert office.run().outcome == "done"
    office.connection.execute(
        """insert into public.notes (contact_id, body, meta, created_at)
            values (2, 'x', '{"secret": "A. Person", "cc": [{"name": "N", "jane@example.com": 1}]}', now())"""
    )
    summary = office.run()
    assert summary.outcome == "offences found"
    offences = office.rows("select kind, column_name, path, row_count from retention.undeclared_paths order by path")
    assert offences == [
        {"kind": "messages", "column_name": "meta", "path": "cc[].?", "row_count": "1"},
        {"kind": "messages", "column_name": "meta", "path": "secret", "row_count": "1"},
    ]


def test_m3_a_due_row_with_a_path_that_nobody_declared_stays_as_it_is_and_is_left(office: World) -> None:
    office.connection.execute(
        f"""insert into public.notes (contact_id, body, meta, created_at)
            values (2, 'due, and unclear', '{{"phone": "+33 9", "elsewhere": "A. Person"}}', {OLD})"""
    )
    summary = office.run()
    assert summary.exit_code != 0
    assert any(sentence.startswith("1 messages of environment 1 are still due") for sentence in summary.left), (
        summary.left
    )
    row = office.one("select meta::text as meta from public.notes where body = 'due, and unclear'")
    assert row["meta"] == '{"phone": "+33 9", "elsewhere": "A. Person"}'


def test_a_column_that_nobody_declared_stops_the_night_before_anything_else(office: World) -> None:
    office.connection.execute("alter table public.notes add column body_html text")
    done = office.command("run", "--project-dir", str(office.project_dir))
    assert done.returncode == 2
    assert "notes.body_html" in done.stderr


def test_a_row_that_two_entries_lead_to_from_the_same_owner_goes_once(office: World) -> None:
    stamps = office.rows("select title, done_on is not null as is_done from public.stamps order by id")
    assert [tuple(stamp.values()) for stamp in stamps] == [("", True), ("", True), ("a young note", False)]
