{#
    Counts in `_<table>_held` what goes with the locked rows and is held by others, where joins lead from it to its owner: they
    may lead over what the batch empties, such as a file's hash, and nothing would ever find it again. What other entries of the
    same table, `taken`, have locked already nobody else holds.
#}
{% macro count_held(table, thin, goes, keys, taken=[]) -%}
    {%- if not retention.is_plain_view(thin) %}
    {%- set _id, _owner = retention.id_of(table), retention.id_of(retention.mapped_table(table.owner.table)) %}
                select count(distinct own.{{ _id }}) into _{{ table.name }}_held
                from {{ thin }} as own
                where own.{{ _owner }} = any(_keys) and own.anonymized_on is null {{- goes }}
                    and not own.{{ _id }} = any({{ keys }})
                    {%- for _name in taken %} and not own.{{ _id }} = any(_{{ _name }}_keys){% endfor %};
    {%- endif %}
{%- endmacro %}
