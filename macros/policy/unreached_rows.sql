{#
    Of each table in which something is personal, how many rows no thin view shows, so that no rule ever reaches them, as a
    query: table_name, unreached, row_count. Agents in a table of customers are meant to be among them; files whose owner is
    named by a word that no thin view knows are not. `is_meant_too`: of tables whose entry says `unreached: <why>` as well.
#}
{% macro unreached_rows(is_meant_too=true) %}
    {%- set _entries, _selects = {}, [] -%}
    {%- for _table in retention.data_map() if retention.is_judged_table(_table) -%}
        {%- do _entries.setdefault(_table.relation, []).append(_table) -%}
    {%- endfor %}
    {%- for _relation, _tables in _entries.items() if is_meant_too or not _tables | selectattr('unreached', 'defined') | list -%}
        {%- set _conditions = [] -%}
        {%- for _table in _tables if not retention.shows_all_rows(_table) -%}
            {%- do _conditions.append(
                'not exists (select 1 from ' ~ retention.thin_view(_table.name) ~ ' as shown where shown.'
                ~ retention.id_of(_table) ~ ' = own.' ~ adapter.quote(_table.key) ~ ')'
            ) -%}
        {%- endfor -%}
        {%- if _conditions | length == _tables | length -%}
            {%- do _selects.append(
                'select ' ~ retention.sql_literal(_tables[0].schema ~ '.' ~ _tables[0].identifier) ~ ' as table_name, count(*) filter (where '
                ~ _conditions | join(' and ') ~ ') as unreached, count(*) as row_count from ' ~ _relation ~ ' as own'
            ) -%}
        {%- endif -%}
    {%- endfor %}
    select * from (
        {{ _selects | join('\nunion all\n') if _selects else "select '' as table_name, 0::bigint as unreached, 0::bigint as row_count" }}
    ) as counted
    where unreached > 0
{% endmacro %}
