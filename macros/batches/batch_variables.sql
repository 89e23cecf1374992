{# What the batch loop remembers. Arrays hold keys of the batch at hand, never values. #}
{% macro batch_variables(table, thin, run_id) %}
    {%- set _key_type = (table.columns | selectattr('name', 'equalto', table.key) | first).data_type -%}
    _run_id constant bigint := {{ run_id | int }};
    _anonymized_on constant date := (
        select (as_of at time zone 'Europe/Paris')::date from {{ source('ledger', 'runs') }} where run_id = {{ run_id | int }}
    );
    _lane constant integer := {{ (retention.run_setting('lane') or 0) | int }};
    _line record;
    _environment_id {{ thin.include(database=false) }}.environment_id%type;
    _cutoff timestamp with time zone;
    _keys {{ _key_type }}[];
    _passed_over {{ _key_type }}[];
    _found_keys {{ _key_type }}[]; _held {{ _key_type }}[];  -- by whoever else is at them
    _person_ids text[]; _person_id text; _buckets text[]; _object_keys text[];
    _before text[]; _after text[]; _moved text; _is_left boolean; _is_watched boolean;
    _size integer; _found integer; _attempts bigint := 0;
    _is_last_look boolean; _is_released boolean;
    _left_over bigint;
    _done bigint; _most bigint;
    _reached timestamp with time zone; _reaches timestamp with time zone;
    _writers text[]; _seen text; _beginning text;
    _waited_since timestamp with time zone;
    _began timestamp with time zone; _turn_began timestamp with time zone; _line_began timestamp with time zone;
    _look_began timestamp with time zone; _growth double precision; _least double precision;  -- seconds of a batch of a single row
    _took double precision; _pause double precision; _width double precision;
    _locks_first boolean := {{ not retention.may_write_at_once(table, thin) }}; _is_gapless boolean; _refused integer := 0; _youngest integer;
    _clear jsonb := '{}'; _cleared timestamp with time zone;
    _changed bigint;
    _also_due bigint;
    _of text[]; _dependents_of text[]; _queued_of text[];  -- the environments of rows, dependents, files: one each
    _horizon timestamp with time zone; _until timestamp with time zone;
    _names text[]; _cutoffs timestamp with time zone[];
    _environment_ids {{ retention.type_of_environments(thin) }}[];
    _failed boolean; _failures integer; _reached_together boolean := false;
    _state text; _said text; _failed_table text; _failed_constraint text;
    {%- for _other in retention.data_map() if retention.personal_columns(_other) %}
    _{{ _other.name }}_of text[]; _{{ _other.name }}_held bigint; _{{ _other.name }}_keys {{ (_other.columns | selectattr('name', 'equalto', _other.key) | first).data_type }}[];
    {%- endfor %}
{% endmacro %}
