{#
    Of the compliance model rows_without_rule: living rows that go with an owner and have none, because they name none or one that
    the platform's own table has not, each with environment_id, kind and created_at; over the relation `cutoffs`. An owner whom no
    thin view shows, an agent say, keeps its rows.
#}
{% macro rows_without_owner() -%}
    {%- set _selects = [] -%}
    {%- for _kind in retention.other_kinds() if retention.kind_entry(_kind).owner -%}
        {%- set _view, _table = ref('platform_' ~ _kind), retention.kind_entry(_kind) -%}
        {%- set _owner = retention.kind_entry(_table.owner.table) -%}
        {%- set _is_own = _owner.relation and not retention.is_distributed() -%}
        {%- set _owners = _owner.relation if _is_own else ref('platform_' ~ _owner.name) -%}
        {%- set _key = 'owner.' ~ (adapter.quote(_owner.key) if _is_own else retention.id_of(_owner)) -%}
        {%- set _names_owner = 'cast(own.' ~ retention.id_of(_owner) ~ ' as text) = cast(' ~ _key ~ ' as text)' -%}
        {%- if retention.is_of_one_type(_table, _owner) -%}
            {%- set _names_owner = 'own.' ~ retention.id_of(_owner) ~ ' = ' ~ _key -%}
        {%- endif -%}
        {%- if not _is_own -%}
            {%- set _names_owner = _names_owner ~ retention.same_environment('own', 'owner') -%}
        {%- endif -%}
        {%- if retention.may_be_shared(_table, _view) -%}
            {%- do _selects.append(retention.shared_rows_without_owner(_kind, _view, _owners, _key, _names_owner)) -%}
        {%- else -%}
            {%- set _select %}
    select own.environment_id, '{{ _kind }}' as kind, own.created_at
    from cutoffs
    inner join {{ _view }} as own on cutoffs.environment_id = own.environment_id
    where
        own.anonymized_on is null and (own.created_at is null or own.created_at < cutoffs.cutoff)
        and not exists (select 1 from {{ _owners }} as owner where {{ _names_owner }})
            {%- endset -%}
            {%- do _selects.append(_select) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ _selects | join('\n    union all') if _selects
        else 'select environment_id, null as kind, cutoff as created_at from cutoffs where false' }}
{%- endmacro %}
