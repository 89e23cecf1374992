{#
    Statements that make the database keep the promise: one check constraint a table. Its name carries the hash of its
    definition, so that a changed data map or generic picture replaces it: the new one holds for all that is written from
    then on before the old one goes, and the old one goes before the rows are validated, which may need mending.
#}
{% macro missing_constraints() %}
    select 'constraints', 3, promised.table_name, step.step, step.statement, false, step.offence_count
    from (
        select
            mapped.*,
            format('%I.%I', schema_name, table_name) as full_name,
            'retention_anonymized_' || left(md5(promise), 8) as constraint_name
        from ({{ retention.mapped_tables() }}) as mapped
        where marker is not null
    ) as promised
    left join pg_constraint as present
        on present.conrelid = promised.table_id and present.conname = promised.constraint_name
    cross join lateral (
        select
            1,
            format('alter table %s add constraint %I check (%s) not valid', full_name, constraint_name, promise), null
        where present.oid is null
        union all
        select 2, format('alter table %s drop constraint %I', full_name, conname), null
        from pg_constraint
        where conrelid = promised.table_id and conname ~ '^retention_anonymized_' and conname <> constraint_name
        union all
        select
            3, format('alter table %s validate constraint %I', full_name, constraint_name),
            format('select count(*) as n from %s where not (%s)', full_name, promise)
        where present.convalidated is distinct from true
    ) as step (step, statement, offence_count)
{% endmacro %}
