{#
    The kinds under which the table of ours may say that a row of a table is done, as the end of an SQL condition; none where it
    never does.
#}
{% macro marked_aside(table) %}
    {%- set _names = [] -%}
    {%- for _entry in [table] + retention.other_entries(table) if (_entry.marker or 'aside') == 'aside' -%}
        {%- do _names.append("'" ~ _entry.name ~ "'") -%}
    {%- endfor -%}
    {{ return(none if not _names else '= ' ~ _names[0] if _names | length == 1 else 'in (' ~ _names | join(', ') ~ ')') }}
{% endmacro %}
