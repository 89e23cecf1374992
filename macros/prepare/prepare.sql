{#
    A query with the statements that this database lacks, one a row, in their order: place, part, statement,
    is_concurrent (never in a transaction, waits for nobody's lock in a writer's way), offence_count (a query with `n`,
    the rows that make the statement fail). Reads the catalogs only; a table that the data map declares and the database
    does not have is a row of the part `missing tables`, with its name. Nothing is executed.
#}
{% macro prepare() %}
    {%- set _parts = [
        retention.missing_tables(), retention.missing_markers(), retention.missing_indexes(),
        retention.missing_proofs(), retention.missing_constraints(), retention.missing_roles(), retention.missing_ownership(),
        retention.missing_grants(),
    ] -%}
    select
        row_number() over (order by rank, object, step, statement) as place,
        part,
        statement,
        is_concurrent,
        offence_count
    from (
        {{ _parts | join('\nunion all\n') }}
    ) as missing (part, rank, object, step, statement, is_concurrent, offence_count)
{% endmacro %}
