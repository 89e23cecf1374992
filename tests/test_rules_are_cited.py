"""Every rule that the product delivers is cited by a test, and every macro, model and setting is described."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
RULES = (
    *(f"m{number}" for number in range(1, 7)),
    *(f"u{number}" for number in range(1, 5)),
    *(f"p{number}" for number in range(1, 4)),
    "r1", "r2", "r3", "w1", "s1", "s2", "s3", "b1", "b2",
)  # fmt: skip


def test_every_rule_is_cited_by_at_least_one_test() -> None:
    names = [
        name
        for path in (ROOT / "tests").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    ]
    for path in (ROOT / "models").rglob("*.yml"):
        names += [test["name"] for test in yaml.safe_load(path.read_text()).get("unit_tests", [])]
    cited = {word for name in names for word in name.split("_")}
    assert not [rule for rule in RULES if rule not in cited]


def test_modules_sql_models_and_macros_stay_within_their_budget() -> None:
    budgets = {
        "flows/**/*.py": 250, "flows/**/*.sql": 120, "models/**/*.sql": 80, "macros/**/*.sql": 40, "tests/*.py": 300,
    }  # fmt: skip
    over = [
        f"{path.relative_to(ROOT)}: {length} lines"
        for pattern, budget in budgets.items()
        for path in ROOT.glob(pattern)
        if (length := len(path.read_text().splitlines())) > budget
    ]
    assert not over


def test_every_macro_stands_in_a_file_of_its_name() -> None:
    for path in (ROOT / "macros").rglob("*.sql"):
        names = re.findall(r"{%-?\s*(?:macro|materialization|test)\s+(\w+)", path.read_text())
        assert names == [path.stem]


def test_every_model_and_macro_is_described() -> None:
    described = set()
    for path in [*(ROOT / "models").rglob("*.yml"), *(ROOT / "macros").rglob("*.yml")]:
        content = yaml.safe_load(path.read_text())
        for part in ("models", "macros"):
            described |= {entry["name"] for entry in content.get(part, []) if entry.get("description")}
    existing = {path.stem for folder in ("models", "macros") for path in (ROOT / folder).rglob("*.sql")}
    assert not existing - described - {"view_in_place"}


def test_every_model_has_a_unit_test() -> None:
    tested = set()
    for path in (ROOT / "models").rglob("*.yml"):
        tested |= {test["model"] for test in yaml.safe_load(path.read_text()).get("unit_tests", [])}
    assert not {path.stem for path in (ROOT / "models").rglob("*.sql")} - tested
