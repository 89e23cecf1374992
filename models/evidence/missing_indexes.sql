{#- Without one of these a night reads a whole table where it could look rows up; `retention prepare` builds them. -#}
select
    missing.index_name,
    missing.statement
from (
    {{ retention.missing_indexes() }}
    union all
    {{ retention.missing_proofs() }}
) as missing (part, part_rank, index_name, step, statement, is_concurrent, offence_count)
where missing.step = 2
