"""Files named by URLs in arrays and JSON, identifiers within columns of two names, and rows that no rule ever reaches."""

import json
from collections.abc import Iterator
from random import Random

import pytest
from conftest import MakeWorld, empty_store
from minimal_office import OLD, YOUNG, project_with
from project_copy import ROOT
from world import World

pytestmark = pytest.mark.xdist_group("minimal")

BASE = "https://files.example.com/store/"
TABLES = """
create table public.albums (
    id bigint primary key, note_id uuid, pictures text[], scans jsonb not null default '[]', sizes varchar(200)[], papers jsonb,
    created_at timestamptz not null
);
create table public.calls (id bigint primary key, of_agent boolean, caller varchar(200), created_at timestamptz not null);
create table public.leaflets (id bigint primary key, note_id uuid, folder text, title text, created_at timestamptz not null);
"""
MAP = """
sources:
  - name: more
    schema: public
    tables:
      - name: albums
        config: {meta: {key: id, owner: {table: messages, key: note_id}, marker: values}}
        columns:
          - {name: id, data_type: bigint, config: {meta: &key {personal: false, why: internal key}}}
          - {name: note_id, data_type: uuid, config: {meta: *key}}
          - name: pictures
            data_type: text[]
            config: {meta: &urls {replacement: file, leaves: empty, holds: urls, base_url: "https://files.example.com/store/", bucket_name: files}}
          - {name: scans, data_type: jsonb, config: {meta: {<<: *urls, key_at: href}}}
          - {name: sizes, data_type: "character varying(200)[]", config: {meta: &keys {replacement: file, leaves: empty, holds: keys, bucket_name: files}}}
          - {name: papers, data_type: jsonb, config: {meta: {<<: *keys, leaves: "null", key_at: key}}}
          - {name: created_at, data_type: timestamp with time zone, config: {meta: *key}}
      - name: calls
        config: {meta: {key: id, kind: calls, marker: values}}
        columns:
          - {name: id, data_type: bigint, config: {meta: *key}}
          - {name: of_agent, data_type: boolean, config: {meta: *key}}
          - name: caller
            data_type: varchar(200)
            config: {meta: {replacement: random_id, identifies: {table: users, column: email, within: {of_agent: is_agent}}}}
          - {name: created_at, data_type: timestamp with time zone, config: {meta: *key}}
      - name: leaflets
        config: {meta: {key: id, owner: {table: messages, key: note_id}, marker: values}}
        columns:
          - {name: id, data_type: bigint, config: {meta: *key}}
          - {name: note_id, data_type: uuid, config: {meta: *key}}
          - {name: folder, data_type: text, config: {meta: *key}}
          - {name: title, data_type: text, config: {meta: {replacement: empty}}}
          - {name: created_at, data_type: timestamp with time zone, config: {meta: *key}}
"""
VIEWS = {
    "albums": "select id as album_id, 1 as environment_id, note_id as message_id, created_at,"
    " {{ retention.has_own_file('albums', 'pictures') }} as has_file, {{ retention.anonymized_on('albums') }} as anonymized_on"
    " from {{ source('more', 'albums') }}",
    "calls": "select id as call_id, 1 as environment_id, created_at, {{ retention.anonymized_on('calls') }} as anonymized_on"
    " from {{ source('more', 'calls') }}",
    "leaflets": "select id as leaflet_id, 1 as environment_id, note_id as message_id, created_at,"
    " {{ retention.anonymized_on('leaflets') }} as anonymized_on from {{ source('more', 'leaflets') }} where folder <> 'unknown'",
}
GONE = {"gone/1", "gone/à 2", "gone/3", "gone/4", "gone/5", "gone/6", "gone/%E9"}
KEPT = {"kept/1", "kept/2", "kept/3", "kept/4", "kept/5", "kept/%FF"}
OF_OLD = (
    [
        f"{BASE}gone/1",
        f"{BASE}gone/%C3%A0%202?v=1#top",
        f"{BASE}kept/1",
        f"{BASE}gone/%E9",
        f"{BASE}kept/%FF",
        "https://elsewhere.example/kept/5",
        None,
        "",
    ],
    [{"href": f"{BASE}gone/3", "w": 1}, {"href": f"{BASE}kept/2"}, {"w": 2}],
    ["gone/4", "gone/5", "kept/3"],
    [{"key": "gone/6"}, {"key": "kept/4"}],
)
OF_YOUNG = (
    [f"{BASE}kept/1?v=2", f"{BASE}kept/%FF", f"{BASE}kept/%00"],
    [{"href": f"{BASE}kept/2"}],
    ["kept/3"],
    [{"key": "kept/4", "page": 1}],
)


@pytest.fixture(scope="module")
def gallery(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    """Old and young rows after one night."""
    assert prefect_server
    folder = tmp_path_factory.mktemp("gallery")
    with make_world(folder, "gallery") as world:
        world.connection.execute("drop schema platform cascade")
        world.connection.execute((ROOT / "examples/minimal/platform.sql").read_text())
        world.connection.execute(TABLES)
        world.connection.execute(
            f"""
            insert into public.contacts (full_name, email, is_agent, created_at) values
                ('Silent', 'same@example.com', false, {OLD}), ('Agent', 'same@example.com', true, {OLD}),
                ('Writes', 'writes@example.com', false, {OLD});
            insert into public.notes (contact_id, body, created_at) values (1, 'old', {OLD}), (3, 'young', {YOUNG});
            insert into public.calls values (1, false, 'same@example.com', {YOUNG}), (2, true, 'same@example.com', {YOUNG})
            """
        )
        for number, (body, files) in enumerate({"old": OF_OLD, "young": OF_YOUNG}.items()):
            world.connection.execute(
                "insert into public.albums select %s, id, %s, %s, %s, %s, created_at from public.notes where body = %s",
                [number, files[0], json.dumps(files[1]), files[2], json.dumps(files[3]), body],
            )
        world.connection.execute(
            f"""
            insert into public.leaflets
            select n, case n when 2 then gen_random_uuid() when 5 then note.id end,
                case n when 4 then 'unknown' else 'known' end, 'Leaflet ' || n, case n when 3 then {YOUNG} else {OLD} end
            from generate_series(1, 5) as n cross join public.notes as note where note.body = 'young'
            """
        )
        empty_store()
        world.bucket()
        for key in GONE | KEPT:
            world.put(key)
        world.project_dir = project_with(folder / "minimal", MAP, VIEWS)
        summary = world.run()
        assert (summary.outcome, summary.left) == ("done", [])
        yield world


def test_m4_files_that_urls_in_arrays_and_json_name_are_purged_but_for_those_that_a_living_row_names(
    gallery: World,
) -> None:
    assert gallery.keys() == KEPT
    columns = "to_jsonb(a.pictures) as pictures, scans, to_jsonb(sizes) as sizes, papers"
    old, young = gallery.rows(f"select {columns} from public.albums as a order by id")
    assert old == {"pictures": [], "scans": [], "sizes": [], "papers": None}
    assert tuple(young.values()) == OF_YOUNG


def test_a_url_names_the_key_that_it_spells_and_what_is_no_utf_8_is_left_as_it_is(gallery: World) -> None:
    drawn = Random(7)
    parts = [
        b"a",
        b"%",
        b"\x00",
        b"\xc3",
        b"\xa9",
        b"\xe2",
        b"\x82",
        b"\xac",
        b"\xed",
        b"\xf0",
        b"\x9f",
        b"\x98",
        b"\x80",
        b"\xf4",
        b"\xc0",
    ]
    names = [b"".join(drawn.choices(parts, k=drawn.randint(0, 5))) for _ in range(2000)]
    urls = ["".join(f"%{byte:02x}" for byte in name) for name in names]
    found = gallery.connection.execute(
        "select retention.url_decoded(url) as key from unnest(%s::text[]) with ordinality as given (url, n) order by n",
        [urls],
    ).fetchall()
    assert [row["key"] for row in found] == [_spelt(name, url) for name, url in zip(names, urls, strict=True)]


def _spelt(name: bytes, url: str) -> str:
    try:
        key = name.decode()
    except UnicodeDecodeError:
        return url
    return url if "\x00" in key else key


def test_s3_an_identifier_is_one_persons_within_columns_that_are_called_otherwise(gallery: World) -> None:
    of_customer, of_agent = gallery.rows("select caller from public.calls order by id")
    assert of_customer["caller"].startswith("anonymized-")
    assert of_agent["caller"] == "same@example.com"
    needed = gallery.command("prepare", "--part", "indexes", "--project-dir", str(gallery.project_dir))
    assert "(of_agent, caller)" in needed.stdout


def test_m4_a_file_that_an_array_or_json_may_name_is_looked_up_by_an_index_once_it_stands(gallery: World) -> None:
    folder = str(gallery.project_dir)
    missing = gallery.command("prepare", "--part", "indexes", "--project-dir", folder).stdout
    assert "on public.albums using gin (sizes);" in missing
    assert "on public.albums using gin (papers);" in missing
    assert "gin (pictures)" not in missing, "a URL is written in many ways"
    assert gallery.command("prepare", "--part", "indexes", "--apply", "--project-dir", folder).returncode == 0
    gallery.connection.execute(
        f"""
        insert into public.albums
        select 10 + n, note.id, '{{}}'::text[], '[]'::jsonb, (case n when 1 then '{{gone/7,kept/3}}' else '{{}}' end)::text[],
            (case n when 2 then '[{{"key": "gone/8"}}, {{"key": 9}}, {{"key": "kept/4"}}]' end)::jsonb, {OLD}
        from generate_series(1, 2) as n cross join public.notes as note where note.body = ''
        union all
        select 13, id, '{{}}', '[]', '{{}}', '[{{"key": 9}}]', {YOUNG} from public.notes where body = 'young'
        """
    )
    for key in ("gone/7", "gone/8", "9"):
        gallery.put(key)
    assert gallery.run().outcome == "done"
    assert gallery.keys() == KEPT | {"9"}
    gallery.connection.execute("set enable_seqscan = off")
    plan = gallery.rows("explain select file_id from retention.named_files where file_id = any('{1,2}')")
    gallery.connection.execute("reset enable_seqscan")
    assert sum("Bitmap Index Scan on retention_albums" in row["QUERY PLAN"] for row in plan) >= 2


def test_rows_that_no_rule_ever_reaches_are_counted_every_night_and_stay_as_they_are(gallery: World) -> None:
    found = gallery.rows(
        "select environment_id, kind, row_count, reason from retention.rows_without_rule order by kind"
    )
    assert [tuple(row.values()) for row in found] == [
        ("1", "leaflets", 2, "past the period, of no owner: no rule reaches them"),
        (None, "public.leaflets", 1, "shown by no thin view: no rule reaches them"),
    ]
    checks = gallery.one("select checks from retention.runs order by run_id desc limit 1")["checks"]
    assert checks["rows_without_rule"] == {"status": "warn", "offences": 2}
    status = json.loads(gallery.command("status", "--json").stdout)
    assert any("2 sorts of rows that no rule reaches" in hint for hint in status["hints"])
    assert status["is_healthy"]
    titles = [row["title"] for row in gallery.rows("select title from public.leaflets order by id")]
    assert titles == [f"Leaflet {n}" for n in range(1, 6)]


def test_m4_a_url_whose_percent_signs_stand_for_no_text_stops_neither_batch_nor_purge(gallery: World) -> None:
    for number, body, url, key in ((20, "young", "%FF%00", "kept/1"), (21, "", "%E9t%E9.png", "gone/9")):
        gallery.connection.execute(
            "insert into public.albums select %s, id, %s, '[]', '{}', null, created_at from public.notes where body = %s",
            [number, [f"{BASE}{url}", f"{BASE}{key}"], body],
        )
    gallery.put("gone/9")
    summary = gallery.run()
    assert (summary.outcome, summary.left) == ("done", [])
    assert gallery.keys() == KEPT | {"9"}
