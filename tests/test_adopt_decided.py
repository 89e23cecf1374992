"""What `retention adopt --update` adds where a person decided that something goes which was proposed to stay."""

from pathlib import Path

import pytest
import yaml
from adopted_platform import adopt, database_of, entry_of, metas_of, view

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
    with database_of(postgres, "decided", SCHEMA):
        assert adopt(out).exit_code == 0
        data_map = out / "models" / "_sources.yml"
        lines = data_map.read_text().splitlines()
        for place, line in enumerate(lines):
            if line.strip() == "- name: title":
                lines[place + 2] = "            config: {meta: {replacement: empty}}"
        data_map.write_text("\n".join(line for line in lines if not line.strip().startswith("decide:")) + "\n")
        result = adopt(out, "--update")
        assert result.exit_code == 0, result.exception
        assert "the rule of public.bookmarks" in result.stdout
        assert "the rule of" not in adopt(out, "--update").stdout
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
    table = entry_of(project, name)
    assert {word: said for word, said in table["config"]["meta"].items() if word != "singular"} == meta
    assert metas_of(table)["title"].get("replacement") == "empty"
    assert f"anonymized_on('{name}')" in view(project, name)
    assert name in yaml.safe_load((project / "dbt_project.yml").read_text())["vars"]["kinds"]
