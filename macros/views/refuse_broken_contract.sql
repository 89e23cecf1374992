{#
    The part of get_replace_view_sql that compares the view with what its YAML promises: names and types of columns. A column
    without a type there is a key, which has the type that the platform gave it. Raising undoes the replacement. Nothing is
    rendered where the model has no contract; dbt's own comparison would ask the database twice a model, every night.
#}
{% macro refuse_broken_contract(columns) -%}
    {%- set _names = [] -%}
    {%- set _types = [] -%}
    {%- for _column in columns.values() -%}
        {%- do _names.append(retention.sql_literal(_column.name)) -%}
        {%- do _types.append(retention.sql_literal(_column.data_type) if _column.data_type else 'null') -%}
    {%- endfor -%}
select string_agg(
        format('%s %s instead of %s', coalesce(found.attname, promised.name), coalesce(format_type(found.atttypid, null), 'missing'),
        coalesce(promised.type, 'nothing')), ', '
    ) into _broken
    from (select * from pg_attribute where attrelid = to_regclass(_view) and attnum > 0 and not attisdropped) as found
    full join unnest(array[{{ _names | join(', ') }}]::text[], array[{{ _types | join(', ') }}]::text[]) as promised (name, type)
        on found.attname = promised.name
    where
        found.attname is null or promised.name is null
        or found.atttypid <> coalesce(promised.type::regtype, found.atttypid);
    if _broken is not null then
        raise exception 'Building %: its YAML promises other columns: %. Mend the model, or its YAML.', _view, _broken;
    end if;
{%- endmacro %}
