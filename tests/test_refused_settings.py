"""Bad input is refused before anything else reads it: the seed of periods, and settings by their names."""

from pathlib import Path

import pytest
from preparing import retention
from refusals import HEADER, write_seed
from world import OLD, World

from flows.errors import BadConfiguration
from flows.periods import check_periods
from flows.project import DbtProject, refuse_what_macros_refused
from flows.settings import read_settings

WHOLE_MONTHS = "whole months from 1 to 1200"


# The seed, before anything else reads it.


@pytest.mark.parametrize(
    ("content", "expected", "found"),
    [
        *(
            pytest.param(f"{HEADER}\n7,{months}\n", f"line 2: expected {WHOLE_MONTHS}", repr(months), id=f"months {months!r}")
            for months in (
                "0", "-1", "1.5", "", "two years", "1e2", "1201", " 24", "24 ", "024", "+24", "1_0", "nan", "２４", "2٤",
            )
        ),
        pytest.param(f'{HEADER}\n7,2"4\n', WHOLE_MONTHS, "'2\"4'", id="a quote within"),
        pytest.param(f"{HEADER}\n7,24\n8,24\n7,12\n", "line 4: expected each environment once", "environment 7 again", id="repeated"),
        pytest.param(f"{HEADER}\n 7,24\n", "key without spaces", "' 7'", id="a space before the key"),
        pytest.param(f"{HEADER}\n,24\n", "an environment's key", "''", id="no key"),
        pytest.param(f"{HEADER}\nNull,24\n", "an environment's key", "'Null'", id="null, which dbt takes for none"),
        pytest.param(f"{HEADER}\n7,24\n\n8,24\n", "line 3: expected 2 values", "0", id="an empty line"),
        pytest.param(f"{HEADER}\n7\n", "2 values", "1", id="one value"),
        pytest.param(f"{HEADER}\n7,24,x\n", "2 values", "3", id="three values"),
        pytest.param("7,24\n", f"the columns {HEADER.replace(',', ', ')}", "'7,24'", id="no header"),
        pytest.param("", "the columns", "an empty file", id="an empty file"),
        pytest.param("retention_months,environment_id\n24,7\n", "the columns", "'retention_months,environment_id'", id="columns swapped"),
        pytest.param(f"{HEADER.upper()}\n7,24\n", "the columns", "'ENVIRONMENT_ID,RETENTION_MONTHS'", id="header in capitals"),
        pytest.param("environment_id, retention_months\n7,24\n", "the columns", "'environment_id, retention_months'", id="a space in the header"),
        pytest.param("environment_id;retention_months\n7;24\n", "the columns", "'environment_id;retention_months'", id="semicolons"),
        pytest.param(f'{HEADER}\n7,"24\n', "a CSV file in UTF-8", "Error", id="a quote that never ends"),
        pytest.param(f'{HEADER}\n7,"2"4\n', "a CSV file in UTF-8", "Error", id="text after a quote"),
        pytest.param(f"{HEADER}\nété,24\n".encode("latin-1"), "a CSV file in UTF-8 that can be read", "UnicodeDecodeError", id="not UTF-8"),
    ],
)  # fmt: skip
def test_p1_a_period_that_is_not_a_whole_number_of_months_is_refused(
    tmp_path: Path, content: str | bytes, expected: str, found: str
) -> None:
    """Also whatever makes the file say something else to dbt than to its reader."""
    error = _seed_refusal(tmp_path, content)
    assert expected in error
    assert f", found {found}. Mend" in error


@pytest.mark.parametrize("finer", ["account", "team", "channel"])
def test_p2_a_period_for_anything_finer_than_an_environment_is_refused(tmp_path: Path, finer: str) -> None:
    error = _seed_refusal(tmp_path, f"environment_id,{finer}_id,retention_months\n7,1,24\n")
    assert "a period belongs to an environment, to nothing finer" in error
    assert f"found 'environment_id,{finer}_id,retention_months'" in error


def test_p1_a_missing_seed_is_refused(tmp_path: Path) -> None:
    assert "FileNotFoundError" in _seed_refusal(tmp_path, None)


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n",
        f"{HEADER}\n7,24\n8,1\nacme,1200",
        f'{HEADER}\n"7","24"\n',
        f"\ufeff{HEADER}\n7,24\n",
        f"{HEADER}\r\n7,24\r\n",
    ],
    ids=["none", "several", "quoted", "byte order mark", "CRLF"],
)
def test_p1_a_seed_as_editors_save_it_is_taken(tmp_path: Path, content: str) -> None:
    write_seed(tmp_path, content)
    (tmp_path / "seeds" / "feed_environments.csv").write_text("environment_id\n")
    check_periods(tmp_path)


def _seed_refusal(folder: Path, content: str | bytes | None) -> str:
    if content is not None:
        write_seed(folder, content)
    with pytest.raises(BadConfiguration) as refusal:
        check_periods(folder)
    message = str(refusal.value)
    assert message.startswith("Reading the retention periods in ")
    assert "retention_periods.csv" in message
    assert message.endswith("Mend seeds/retention_periods.csv; nothing was changed.")
    assert (refusal.value.exit_code, refusal.value.summary) == (2, None)
    return message


# Settings.


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("RETENTION_SCHEMA", value) for value in ("", "Retention", "my retention", "x; drop", 'x"', "1x", "é", "x" * 47)),
        *(("RETENTION_SCHEMA", value) for value in ("platform", "pg_temp", "pg_catalog", "information_schema")),
        ("PLATFORM_SCHEMA", "Platform"),
        *(("RETENTION_LANGUAGE", value) for value in ("de", "EN", "français")),
        *(("PURGE_DELAY", value) for value in ("", "-1", "1h", "1e3", "nan", "inf", "1,5", "٣", "9" * 20, "9" * 400)),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(
        BadConfiguration, match=f"^Reading {name}: expected .*, found {value!r}. (Set|Mend) {name}"
    ) as refusal:
        read_settings(environ={name: value})
    assert refusal.value.exit_code == 2


def test_b2_a_level_that_does_not_exist_is_refused_before_anything_is_changed(world: World) -> None:
    """On the command line and in dbt_project.yml."""
    message = world.message(None, OLD)
    with pytest.raises(BadConfiguration) as refusal:
        world.run(residue="shredded")
    assert str(refusal.value) == (
        "Reading --residue: expected statistics, vacuumed or rewritten, found 'shredded'. "
        "Give one of them, or none for what dbt_project.yml says; nothing was changed."
    )
    refused = retention(world, "run", "--residue", "all").exception
    assert isinstance(refused, BadConfiguration)
    assert "Reading --residue: expected statistics, vacuumed or rewritten, found 'all'." in str(refused)
    world.set_vars(residue="thorough")
    project = DbtProject(read_settings(world.project_dir), {"as_of": "2026-03-31T02:00", "run_id": "0"})
    # All that a run looks at takes long: this view alone, as a run has it built.
    (result,) = project.run_alone("run", ["--select", "maintained_tables"], project.alone).results
    with pytest.raises(BadConfiguration) as refusal:
        refuse_what_macros_refused(result.message)
    assert str(refusal.value) == (
        "Reading the var residue: expected statistics, vacuumed or rewritten, found 'thorough'. "
        "Set it in dbt_project.yml. Nothing was changed."
    )
    assert world.get("messages", message)["anonymized_on"] is None
