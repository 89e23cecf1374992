{#
    A view that is replaced in place: dbt-postgres would drop it by cascade, each night, with all that analysts have
    built on it. One that has not changed is left alone, so that nobody who reads it is in the way. Its config `grants`
    is granted where the role exists, in the same statement; what others were granted by hand stays. So is its contract
    enforced.
#}
{% materialization view_in_place, default %}
    {%- if flags.EMPTY -%}
        {%- do exceptions.raise_compiler_error(
            "Building " ~ this ~ " with --empty: a view that lists nothing would say that nothing is due. Leave --empty out."
        ) -%}
    {%- endif -%}
    {%- set _promised = model.columns if config.get('contract').enforced else {} -%}
    {%- set _relation = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main') -%}
        {{ retention.get_replace_view_sql(_relation, sql, _promised) }};
        {{ retention.grant_select(_relation, config.get('grants', {}).get('select', [])) }}
    {%- endcall -%}
    {%- do retention.refuse_kept_rows(_relation) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [_relation]}) }}
{% endmaterialization %}
