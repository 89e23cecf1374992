{#
    Fails when a model of offences lists any. Within a run it judges what the run undertook: its environments, and no
    kind of row that the run itself says it left over. Returns counts by environment and reason, never a value.
#}
{% test is_empty(model) %}
{%- do retention.require_built(model) -%}
{%- do retention.rely_on_proofs(model) %}
select
    offence.environment_id,
    offence.reason,
    count(*) as offences
from {{ model }} as offence
where {{ retention.is_judged('offence', model.identifier) }}
group by offence.environment_id, offence.reason
{% endtest %}
