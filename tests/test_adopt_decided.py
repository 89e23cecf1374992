"""What `retention adopt --update` adds where a person decided that something goes which was proposed to stay."""

from pathlib import Path

import pytest
import yaml
from conftest import connect
from typer.testing import CliRunner

from flows.cli import app

pytestmark = pytest.mark.xdist_group("adopted")

SCHEMA = """
create table tenants (id int primary key, name text);
create table customers (id bigint primary key, tenant_id int references tenants (id), email text, created_at timestamptz);
create table agents (id bigint primary key, tenant_id int references tenants (id), email text, password_hash text);
create table messages (
    id bigint primary key, tenant_id int references tenants (id), customer_id bigint references customers (id), body text,
    created_at timestamptz not null
);
create table bookmarks (
    id bigint primary key, tenant_id int references tenants (id), agent_id bigint references agents (id), title text,
    created_at timestamptz
);
create table labels (id bigint primary key, message_id bigint references messages (id), title text);
"""


@pytest.fixture(scope="module")
def project(postgres: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which two titles go that were proposed to stay, adopted anew."""
    out = tmp_path_factory.mktemp("decided") / "office"
    with connect(postgres, "postgres") as admin:
        admin.execute("create database decided")
    with connect(postgres, "decided") as connection, pytest.MonkeyPatch.context() as patch:
        connection.execute(SCHEMA)
        for variable, value in {**postgres, "PGDATABASE": "decided"}.items():
            patch.setenv(variable, value)
        assert CliRunner().invoke(app, ["adopt", "--out", str(out)]).exit_code == 0
        data_map = out / "models" / "_sources.yml"
        lines = data_map.read_text().splitlines()
        for place, line in enumerate(lines):
            if line.strip() == "- name: title":
                lines[place + 2] = "            config: {meta: {replacement: empty}}"
        data_map.write_text("\n".join(line for line in lines if not line.strip().startswith("decide:")) + "\n")
        result = CliRunner().invoke(app, ["adopt", "--out", str(out), "--update"])
        assert result.exit_code == 0, result.exception
        assert "the rule of public.bookmarks" in result.stdout
        again = CliRunner().invoke(app, ["adopt", "--out", str(out), "--update"])
        assert "the rule of" not in again.stdout
    with connect(postgres, "postgres") as admin:
        admin.execute("drop database decided with (force)")
    return out


@pytest.mark.parametrize(
    ("name", "meta"),
    [
        (
            "bookmarks",
            {"key": "id", "kind": "bookmarks", "marker": "aside", "environment": "tenant_id", "created": "created_at"},
        ),
        ("labels", {"key": "id", "owner": {"table": "messages", "key": "message_id"}, "marker": "aside"}),
    ],
)
def test_what_a_person_decided_to_replace_gets_its_rule_its_view_and_its_kind(
    project: Path, name: str, meta: dict[str, object]
) -> None:
    [source] = yaml.safe_load((project / "models" / "_sources.yml").read_text())["sources"]
    [table] = [table for table in source["tables"] if table["name"] == name]
    assert {word: said for word, said in table["config"]["meta"].items() if word != "singular"} == meta
    assert {c["name"]: c["config"]["meta"].get("replacement") for c in table["columns"]}["title"] == "empty"
    assert f"anonymized_on('{name}')" in (project / "models" / f"platform_{name}.sql").read_text()
    assert name in yaml.safe_load((project / "dbt_project.yml").read_text())["vars"]["kinds"]
