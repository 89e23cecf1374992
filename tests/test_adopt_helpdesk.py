"""What `retention adopt` proposes for a help desk of one company: no tenants, roles, lists of types, files by hash."""

from pathlib import Path
from typing import Any

import pytest
from adopted_platform import HELPDESK, adopt, database_of, entries_of, metas_of, view
from typer.testing import Result

pytestmark = pytest.mark.xdist_group("adopted")
Entry = dict[str, Any]


@pytest.fixture(scope="module")
def adopted(postgres: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The project that is written for the help desk, and what was printed."""
    out = tmp_path_factory.mktemp("helpdesk") / "desk"
    with database_of(postgres, "helpdesk", HELPDESK.read_text()):
        result = adopt(out, "--bucket", "files")
        assert result.exit_code == 0, result.exception
        named = adopt(out.with_name("desk-of-one"), "--environments", "none")
        assert named.exit_code == 0, named.exception
        assert "environments: one, the whole database\n" in named.stdout
        again = adopt(out, "--update", "--bucket", "files")
        assert "added to models/_sources.yml: nothing." in again.stdout, again.exception
    return out, result


@pytest.fixture(scope="module")
def entries(adopted: tuple[Path, Result]) -> dict[str, Entry]:
    """The meta of each entry, and of its columns."""
    return {table["name"]: table["config"]["meta"] | {"columns": metas_of(table)} for table in entries_of(adopted[0])}


def test_people_are_found_though_each_names_the_person_who_made_the_account(adopted: tuple[Path, Result]) -> None:
    assert "users: public.people\n" in adopted[1].stdout


def test_of_tables_that_may_be_the_messages_the_one_with_many_more_rows_is_taken(
    adopted: tuple[Path, Result],
) -> None:
    assert "messages: public.case_mails  (nearly: public.chat_messages;" in adopted[1].stdout


def test_p1_companies_that_customers_may_work_for_are_no_tenants_but_named_as_nearly_so(
    adopted: tuple[Path, Result],
) -> None:
    assert "environments: one, the whole database  (nearly: public.companies;" in adopted[1].stdout
    assert "1 as environment_id" in view(adopted[0], "messages")


def test_staff_who_have_a_role_by_another_table_are_no_data_subjects(
    adopted: tuple[Path, Result], entries: dict[str, Entry]
) -> None:
    condition = view(adopted[0], "users").partition(" where ")[2]
    assert condition.startswith(
        "not exists ( select 1 from {{ source('public', 'people_roles') }} as given inner join"
        " {{ source('public', 'roles') }} as role on given.role_id = role.id where given.person_id = own.id"
        " and lower(role.name) in ('admin',"
    )
    assert "Do staff and customers share this table?" in entries["users"]["decide"]


@pytest.mark.parametrize("name", ["companies", "case_states", "workflows", "roles"])
def test_things_under_a_unique_name_stay_whoever_made_them(entries: dict[str, Entry], name: str) -> None:
    assert "decide" not in entries[name]
    assert not any("replacement" in column for column in entries[name]["columns"].values())


def test_who_made_a_row_is_no_owner_of_it(entries: dict[str, Entry]) -> None:
    assert "owner" not in entries["bulletins"]
    assert "`stays: <why>` in the place of this line keeps all of the table" in entries["bulletins"]["decide"]


def test_m6_files_go_with_the_rows_that_a_type_of_a_list_and_an_id_name(
    adopted: tuple[Path, Result], entries: dict[str, Entry]
) -> None:
    for name in ("stored_files", "uploads", "stored_bytes"):
        assert entries[name]["owner"] == {"table": "messages"}
        assert "of_listed_types.of_listed_types_name = 'CaseMail'" in view(adopted[0], name)
    assert entries["uploads_of_users"]["owner"] == {"table": "users"}
    assert "of_listed_types.of_listed_types_name = 'Person'" in view(adopted[0], "uploads_of_users")
    assert entries["uploads"]["columns"]["filename"] == {"replacement": "empty"}


def test_which_word_stands_for_a_table_is_asked_once_for_all_that_join_by_it(adopted: tuple[Path, Result]) -> None:
    asked = [
        line for line in adopted[1].stdout.splitlines() if "Is 'CaseMail' the word" in line and "listed_types" in line
    ]
    assert len(asked) == 1
    assert "and the only one, of raw copies too?" in asked[0]
    assert (
        "models/platform_stored_bytes.sql, models/platform_stored_files.sql, models/platform_uploads.sql join by it, and is_kept"
        in asked[0]
    )


SAYS_KEPT = {"stored_files", "stored_files_of_users", "stored_bytes", "stored_bytes_of_users"}


def test_a_file_stays_that_a_row_of_another_type_names_and_what_else_names_files_is_asked(
    adopted: tuple[Path, Result],
) -> None:
    for name in ("stored_files", "stored_files_of_users"):
        assert (
            "exists ( select 1 from {{ source('public', 'uploads') }} as shown_1 left join {{ source('public', 'listed_types') }}"
            " as shown_1_type on shown_1.listed_type_id = shown_1_type.id where shown_1.stored_file_id = own.id"
            " and coalesce(cast(shown_1_type.name as text), '') not in ('CaseMail', 'Person') ) as is_kept"
        ) in view(adopted[0], name)
    assert "is_kept" not in view(adopted[0], "uploads")
    asked = [line for line in adopted[1].stdout.splitlines() if "Does brandings.logo_file_id name files" in line]
    assert len(asked) == 1
    views = {name for name in SAYS_KEPT if f"models/platform_{name}.sql" in asked[0]}
    assert views == SAYS_KEPT, "bytes that are found by the file, and files of users, would go although the file stays"


def test_m4_a_unique_hash_is_proposed_as_the_key_of_the_file_and_bytes_in_the_database_go_with_it(
    entries: dict[str, Entry],
) -> None:
    sha = entries["stored_files"]["columns"]["sha"]
    assert sha.pop("decide") == "Is it the key of the row's file? No column is called one."
    assert sha == {"replacement": "file", "leaves": "random_id", "bucket_name": "files"}
    assert entries["stored_bytes"]["columns"]["data"]["replacement"] == "empty"
    assert entries["stored_bytes"]["columns"]["sha"] == {"replacement": "random_id"}


def test_raw_payloads_and_searches_are_asked_about_whatever_they_belong_to(entries: dict[str, Entry]) -> None:
    assert entries["raw_events"]["columns"]["data"]["replacement"] == "empty"
    assert "decide" in entries["raw_events"]["columns"]["data"]
    assert entries["search_queries"]["columns"]["query"]["replacement"] == "empty"
    assert "decide" in entries["search_queries"]["columns"]["query"]


def test_what_came_with_a_message_is_no_setting_and_its_two_ends_are_addresses(entries: dict[str, Entry]) -> None:
    columns = entries["messages"]["columns"]
    assert "decide" in columns["preferences"]
    assert columns["from"] == columns["to"] == {"replacement": "empty"}


def test_a_number_that_the_platform_gives_stays(entries: dict[str, Entry]) -> None:
    assert entries["cases"]["columns"]["number"]["personal"] is False


def test_what_a_chat_is_called_after_and_where_an_import_came_from_go(entries: dict[str, Entry]) -> None:
    assert entries["chat_sessions"]["columns"]["name"]["replacement"] == "empty"
    assert "decide" in entries["chat_sessions"]["columns"]["name"]
    assert entries["imports_of_mails"]["columns"]["source_id"]["replacement"] == "random_id"
    assert entries["users"]["columns"]["image_source"]["replacement"] == "empty"
