{#
    Refuses a thin view that says `is_kept` of rows without owners: these are judged by their own age, or their author's, which
    asks for nothing else, so that they would be emptied in spite of it.
#}
{% macro refuse_kept_rows(view) %}
    {%- for _table in retention.data_map() if view.identifier == 'platform_' ~ _table.name and not _table.owner and retention.tells_kept_rows(view) -%}
        {%- do exceptions.raise_compiler_error(
            "Building " ~ view ~ ": expected is_kept of rows that belong to others only, found it of " ~ _table.name
            ~ ", which are judged by themselves. Leave it out; a row that has to stay is one that the view does not show."
        ) -%}
    {%- endfor -%}
{% endmacro %}
