{#
    Of each table in which something is personal, how many rows no thin view shows, so that no rule ever reaches them, as a
    query: table_name, unreached, row_count. Agents in a table of customers are meant to be among them; files whose owner is
    named by a word that no thin view knows are not.
#}
{% macro unreached_rows() %}
    {%- set _entries = {} -%}
    {%- for _table in retention.data_map() if retention.is_judged_table(_table) -%}
        {%- do _entries.setdefault(_table.relation, []).append(_table) -%}
    {%- endfor %}
    select * from (
        {%- for _relation, _tables in _entries.items() %}
        select
            {{ retention.sql_literal(_tables[0].schema ~ '.' ~ _tables[0].identifier) }} as table_name,
            count(*) filter (where
                {%- for _table in _tables %}
                {{ 'and ' if not loop.first -}}
                not exists (
                    select 1
                    from {{ retention.thin_view(_table.name) }} as shown
                    where shown.{{ retention.id_of(_table) }} = own.{{ adapter.quote(_table.key) }}
                )
                {%- endfor %}
            ) as unreached,
            count(*) as row_count
        from {{ _relation }} as own
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as counted
    where unreached > 0
{% endmacro %}
