{#
    Whether no thin view of a table tells by `is_kept` that a row stays, as an SQL condition that follows others. A view that
    joins shows a row several times, and may say so of one of them only.
#}
{% macro is_not_kept(table, alias, keys=none) -%}
    {%- for _entry in [table] + retention.other_entries(table) -%}
        {%- set _thin = retention.thin_view(_entry.name) -%}
        {%- if not retention.tells_kept_rows(_thin) -%}
        {%- elif _entry.name == table.name and retention.is_plain_view(_thin) %}
                            and {{ alias }}.is_kept is not true
        {%- else %}
                            and not exists (
                                select 1 from {{ _thin }} as kept
                                where kept.{{ retention.id_of(_entry) }} = {{ alias }}.{{ retention.id_of(table) }} and kept.is_kept
                                {{ 'offset 0' if keys }}
                            )
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
