{# One of two statements: where batches of a table may write at once, `unlocked` for those that do; else `locked`. #}
{% macro if_locking(table, locked, unlocked) -%}
    {%- if retention.may_write_at_once(table, retention.thin_view(table.name)) -%}
                if _locks_first then
                    {{ locked }}
                else
                    {{ unlocked }}
                end if;
    {%- else -%}
                {{ locked }}
    {%- endif -%}
{%- endmacro %}
