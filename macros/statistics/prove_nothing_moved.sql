{# Undoes a batch whose update returned a figure that moved, or fewer rows than were locked (S1). #}
{% macro prove_nothing_moved(table, keys) %}
                if _moved is not null or _changed <> cardinality({{ keys }}) then
                    raise exception using
                        errcode = '{{ retention.statistic_changed() }}',
                        message = coalesce(_moved, 'S1: {{ table.name }} would be fewer');
                end if;
{% endmacro %}
