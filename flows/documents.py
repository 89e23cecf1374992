"""The texts that a run stands on, the data map and the rules, as canonical JSON: hashed, kept once, and certified."""

import json
from pathlib import Path
from typing import Any

import yaml

# What the rules are made of, besides thin views: where their macros stand, and the vars that they read.
RULES = ("macros/rules/", "macros/replacements/")
VARS = ("kinds", "default_retention_months", "message_direction", "generic_picture_url")


def data_map(manifest: Any) -> str:  # noqa: ANN401 - dbt's, behind its one door
    """Each declared table and column with its meta."""
    tables = [source for source in manifest.sources.values() if "key" in source.config.meta]
    return _canonical(
        {
            table.name: {
                "meta": table.config.meta,
                "columns": {name: column.config.meta for name, column in table.columns.items()},
            }
            for table in tables
        }
    )


def rules(manifest: Any, project_dir: Path) -> str:  # noqa: ANN401 - the same
    """What decides which rows are due and what replaces them: the macros' text, the thin views' and the vars."""
    macros = {
        macro.original_file_path: macro.macro_sql
        for macro in manifest.macros.values()
        if macro.package_name == "retention" and macro.original_file_path.startswith(RULES)
    }
    models = [node for name, node in manifest.nodes.items() if name.startswith("model.")]
    views = {model.name: model.raw_code for model in models if model.name.startswith("platform_")}
    project = yaml.safe_load((project_dir / "dbt_project.yml").read_text(encoding="utf-8")) or {}
    given = project.get("vars") or {}
    given |= given.get("retention") or {}
    return _canonical(
        {"macros": macros, "thin_views": views, "vars": {name: given[name] for name in VARS if name in given}}
    )


def _canonical(content: object) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
