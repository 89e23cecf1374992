"""Two kinds that belong to one, emptied in one batch: what a trigger of either adds, and what its identifiers tell."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from conftest import MakeWorld
from minimal_office import OLD, minimal_office
from world import World, is_random_id

from flows.errors import OffencesFound

pytestmark = pytest.mark.xdist_group("draws")

# Drawings and answers, both of a note; an answer that changes leaves a drawing of what it was.
TABLES = f"""
create table public.drawings (id bigint generated always as identity primary key, note_id uuid, drawn text, at timestamptz, anonymized_on date);
create table public.answers (id bigint primary key, note_id uuid, body text, at timestamptz, anonymized_on date);
insert into public.answers select 1, id, 'an answer', {OLD} from public.notes where body = 'an old note';
insert into public.drawings (note_id, drawn, at) select note_id, 'a drawing', at from public.answers;
create function public.draw() returns trigger language plpgsql as $draw$
begin
    insert into public.drawings (note_id, drawn, at) values (new.note_id, 'a drawing', {OLD});
    return new;
end $draw$;
create trigger draw after update on public.answers for each row execute function public.draw();
"""
ENTRY = """
      - name: {0}
        config: {{meta: {{key: id, marker: anonymized_on, owner: {{table: messages, key: note_id}}}}}}
        columns:
          - {{name: id, data_type: bigint, config: {{meta: {{personal: false, why: internal key}}}}}}
          - {{name: note_id, data_type: uuid, config: {{meta: {{personal: false, why: internal key}}}}}}
          - {{name: {1}, data_type: text, config: {{meta: {{replacement: random_id}}}}}}
          - {{name: at, data_type: timestamp with time zone, config: {{meta: {{personal: false, why: judged by it}}}}}}
          - {{name: anonymized_on, data_type: date, config: {{meta: {{personal: false, why: marker}}}}}}
"""
DATA_MAP = (
    "sources:\n  - name: more\n    schema: public\n    tables:"
    + ENTRY.format("drawings", "drawn")
    + ENTRY.format("answers", "body")
)
VIEW = (
    "select id as {0}_id, 1 as environment_id, note_id as message_id, at as created_at, anonymized_on"
    " from {{{{ source('more', '{1}') }}}}"
)
VIEWS = {"drawings": VIEW.format("drawing", "drawings"), "answers": VIEW.format("answer", "answers")}


@pytest.fixture(scope="module")
def office(make_world: MakeWorld, tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Iterator[World]:
    """Where one night is over. Nobody else was at work, and no table of what a trigger added has a trigger of its own."""
    assert prefect_server
    folder = tmp_path_factory.mktemp("draws")
    with minimal_office(make_world, folder, "draws", tables=TABLES, data_map=DATA_MAP, views=VIEWS) as world:
        with suppress(OffencesFound):
            world.run()
        yield world


LEFT = "select body as left from public.answers union all select drawn from public.drawings"


def test_m6_what_a_trigger_of_another_dependent_adds_goes_the_same_night(office: World) -> None:
    assert [is_random_id(row["left"]) for row in office.rows(LEFT)] == [True] * 3
    assert office.rows("select outcome from retention.runs") == [{"outcome": "done"}]


def test_m3_rows_of_two_tables_never_begin_alike(office: World) -> None:
    """What led from one to the other may have been emptied: nothing else may tell of it."""
    answers, first, second = (row["left"][:19] for row in office.rows(LEFT))
    assert len({answers, first, second}) == 3
