"""Rows that several entries of one table show, in the ways that a person writes: twice to one owner, kept by one alone."""

from collections.abc import Iterator

import pytest
from conftest import MakeWorld
from minimal_office import OLD, minimal_office
from world import World

pytestmark = pytest.mark.xdist_group("told_twice")

# Papers that notes show beside their text or within it, and contacts; visits of a contact, by mail address and number.
TABLES = f"""
create table public.papers (id bigint primary key, title text not null, link text);
create table public.paper_links (paper_id bigint not null, way text not null, note_id uuid, contact_id bigint);
create table public.visits (id bigint primary key, person bigint, mail text, at timestamptz not null);
insert into public.papers select n, 'Paper ' || n, null from generate_series(1, 7) as n;
insert into public.paper_links (paper_id, way, note_id)
select paper_id, way, id from public.notes cross join (
    values (1, 'beside'), (1, 'within'), (2, 'beside'), (2, 'within'), (4, 'beside'), (5, 'beside')
) as shown (paper_id, way) where body = 'an old note'
union all
select 2, 'within', id from public.notes where body = 'a young note'
union all
select 5, 'beside', gen_random_uuid();
insert into public.paper_links (paper_id, way, contact_id) values (3, 'contact', 1), (4, 'contact', 1), (3, 'bulletin', null), (4, 'bulletin', null), (6, 'contact', 2), (7, 'contact', 1), (2, 'contact', null);
insert into public.visits values (1, 1, 'silent@example.com', {OLD}), (2, 2, 'writes@example.com', now());
"""
# What came after all of its owners were anonymized: by one entry, by two, by another.
LATE = """
insert into public.papers values (8, 'Paper 8', null), (9, 'Paper 9', null), (10, 'Paper 10', null);
insert into public.paper_links (paper_id, way, contact_id) values (8, 'contact', 1), (9, 'contact', 1);
insert into public.paper_links (paper_id, way, note_id)
select paper_id, way, id from public.notes cross join (values (9, 'beside'), (10, 'within')) as shown (paper_id, way)
where body = '' and contact_id = 1;
"""
DATA_MAP = """
sources:
  - name: more
    schema: public
    tables:
      - name: papers
        config: {meta: {key: id, owner: {table: messages}, marker: aside}}
        columns: &columns_of_papers
          - {name: id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - {name: title, data_type: text, config: {meta: {replacement: empty}}}
          - {name: link, data_type: text, config: {meta: {replacement: "null"}}}
      - name: papers_within
        identifier: papers
        config: {meta: {key: id, owner: {table: messages}, marker: aside, singular: paper_within}}
        columns: *columns_of_papers
      - name: papers_of_users
        identifier: papers
        config: {meta: {key: id, owner: {table: users}, marker: aside}}
        columns: *columns_of_papers
      - name: visits
        config: {meta: {key: id, kind: visits, marker: aside}}
        columns:
          - {name: id, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - {name: person, data_type: bigint, config: {meta: {personal: false, why: internal key}}}
          - name: mail
            data_type: text
            config: {meta: {replacement: random_id, identifies: {table: users, column: email, within: {person: id}}}}
          - {name: at, data_type: timestamp with time zone, config: {meta: {personal: false, why: judged by it}}}
      - name: paper_links
        config: {meta: {key: paper_id, stays: names and ids}}
        columns:
          - {name: paper_id, data_type: bigint}
          - {name: way, data_type: text}
          - {name: note_id, data_type: uuid}
          - {name: contact_id, data_type: bigint}
"""
VIEW = (
    "select own.id as {0}_id, 1 as environment_id, {1}, timestamptz '2020-01-01' as created_at, {2}"
    " {{{{ retention.anonymized_on('{3}', 'own') }}}} as anonymized_on from {{{{ source('more', '{3}') }}}} as own"
    " inner join {{{{ source('more', 'paper_links') }}}} as link on own.id = link.paper_id and link.way = '{4}'"
)
KEPT = (
    "exists (select 1 from {{ source('more', 'paper_links') }} as also"
    " where also.paper_id = own.id and also.way = 'bulletin') as is_kept,"
)
VIEWS = {
    "papers": VIEW.format("paper", "link.note_id as message_id", "", "papers", "beside"),
    "papers_within": VIEW.format("paper_within", "link.note_id as message_id", "", "papers_within", "within"),
    "papers_of_users": VIEW.format("papers_of_user", "link.contact_id as user_id", KEPT, "papers_of_users", "contact"),
    "visits": "select id as visit_id, 1 as environment_id, at as created_at,"
    " {{ retention.anonymized_on('visits') }} as anonymized_on from {{ source('more', 'visits') }}",
}


@pytest.fixture(scope="module")
def office(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    assert prefect_server
    folder = tmp_path_factory.mktemp("told_twice")
    with minimal_office(make_world, folder, "told_twice", tables=TABLES, data_map=DATA_MAP, views=VIEWS) as world:
        yield world


def titles(office: World) -> list[str]:
    return [row["title"] for row in office.rows("select title from public.papers order by id")]


def test_a_row_that_two_joins_lead_to_from_one_owner_goes_with_it(office: World) -> None:
    summary = office.run()
    assert (summary.outcome, summary.left) == ("done", [])
    assert titles(office) == ["", "Paper 2", "Paper 3", "Paper 4", "Paper 5", "Paper 6", ""]


def test_what_is_gone_with_a_person_is_looked_for_within_columns_of_two_names(office: World) -> None:
    first, second = office.rows("select mail from public.visits order by id")
    assert first["mail"].startswith("anonymized-")
    assert second["mail"] == "writes@example.com"


def test_what_one_entry_says_is_kept_stays_whichever_entry_leads_to_its_owners(office: World) -> None:
    """Its owners are all gone by now: an entry that knows nothing of the bulletin must not take it."""
    assert office.rows("select * from retention.overdue_rows") == []
    office.connection.execute("update retention.activity_state set late_since = '-infinity'")
    office.connection.execute(LATE)
    done = office.run()
    assert (done.outcome, titles(office)[7:]) == ("done", ["", "", ""])
    assert titles(office)[3] == "Paper 4"
    plan = office.command("plan", "--project-dir", str(office.project_dir))
    counted = {line.split()[0]: line.split()[1] for line in plan.stdout.splitlines() if line.startswith("paper")}
    assert counted == {"papers": "0", "papers_within": "0", "papers_of_users": "0"}


def test_what_is_kept_without_an_owner_is_counted_for_who_asks_what_stays(office: World) -> None:
    """Two papers that only the bulletin shows: once each, whichever entries tell of them; and none once it lets go of one."""
    told = "select environment_id, kind, row_id from retention.rows_kept_past_their_owners order by row_id"
    three, four = ({"environment_id": "1", "kind": "papers", "row_id": row_id} for row_id in ("3", "4"))
    assert office.rows(told) == [three, four]
    checks = office.one("select checks from retention.runs order by run_id desc limit 1")["checks"]
    assert checks["rows_kept_past_their_owners"] == {"status": "warn", "offences": 2}
    with office.connection.transaction(force_rollback=True):
        office.connection.execute("delete from public.paper_links where paper_id = 3 and way = 'bulletin'")
        assert office.rows(told) == [four]
        office.connection.execute("update public.paper_links set contact_id = 2 where paper_id = 4 and contact_id = 1")
        assert office.rows(told) == []


def test_what_is_kept_and_meant_to_be_is_not_told_every_night(office: World) -> None:
    """Only of the entry that says so: the other's rows still are."""
    path = office.project_dir / "models" / "_more.yml"
    as_it_was = path.read_text()
    _, entry, of_users = as_it_was.partition("owner: {table: users}, ")
    path.write_text(as_it_was.replace(entry + of_users, f"{entry}kept: the bulletin shows them, {of_users}"))
    assert office.run().outcome == "done"
    assert office.rows("select row_id from retention.rows_kept_past_their_owners") == []
    path.write_text(as_it_was)
    office.run()
    assert len(office.rows("select row_id from retention.rows_kept_past_their_owners")) == 2


def test_a_row_of_which_one_owner_is_gone_and_the_other_missing_is_counted_as_one_that_no_rule_reaches(
    office: World,
) -> None:
    rows = office.rows("select kind, row_count from retention.rows_without_rule")
    assert rows == [{"kind": "papers", "row_count": 1}]


def test_a_view_that_keeps_rows_without_owners_is_refused(office: World) -> None:
    """They are judged by their own age, which would not ask: emptied in spite of what their view says."""
    view = office.project_dir / "models" / "platform_visits.sql"
    as_it_was = view.read_text()
    old = "insert into public.visits (id, person, mail, at) select max(id) + 1, 99, 'kept', '2020-01-01' from public.visits"
    office.connection.execute(old)
    for word in ("true", "null::boolean"):
        view.write_text(as_it_was.replace("as anonymized_on from", f"as anonymized_on, {word} as is_kept from"))
        refused = office.command("run", "--approve-all", "--project-dir", str(office.project_dir))
        assert office.rows("select 1 from public.visits where mail = 'kept'")
        assert refused.returncode == 2, refused.stdout
        assert "expected is_kept of rows that belong to others only, found it of visits" in refused.stderr
    view.write_text(as_it_was)


def test_m3_entries_that_replace_one_column_by_different_things_are_refused(office: World) -> None:
    """Else whichever comes first decides: a file that the other would have queued is never deleted."""
    columns = DATA_MAP.partition("columns: &columns_of_papers")[2].partition("      - name: papers_within")[0]
    other = columns.replace('"null"', "random_id")
    (office.project_dir / "models" / "_more.yml").write_text(DATA_MAP.replace(" *columns_of_papers\n", other, 1))
    refused = office.command("run", "--dry-run", "--project-dir", str(office.project_dir))
    assert refused.returncode == 2, refused.stdout
    assert "expected the same columns to be replaced by the same" in refused.stderr
    mixed = DATA_MAP.replace("owner: {table: users}, marker: aside", "owner: {table: users}, marker: values")
    (office.project_dir / "models" / "_more.yml").write_text(mixed)
    refused = office.command("run", "--dry-run", "--project-dir", str(office.project_dir))
    assert "expected the marker 'values' at both or none" in refused.stderr
