{#
    Statements that grant the two roles what the data map says, and take back, on the platform's tables, what it does not
    say. A right that is taken back from the whole table goes from its columns too, so theirs are granted again.
#}
{% macro missing_grants() %}
    select 'roles', rank, table_name, 0, format(
        statement, lower(privilege), ' (' || string_agg(quote_ident(column_name), ', ' order by column_name) || ')',
        schema_name, table_name, role_name
    ), false, null
    from (
        with wanted as ({{ retention.wanted_grants() }}),

        present as ({{ retention.present_grants() }}),

        excess as (
            select present.* from present
            inner join ({{ retention.mapped_tables() }}) as mapped using (schema_name, table_name)
            except
            select * from wanted
        )

        select 7 as rank, 'revoke %s%s on %I.%I from %I' as statement, excess.* from excess
        union all
        select 8, 'grant %s%s on %I.%I to %I', kept.* from (
            select * from wanted
            except
            select present.* from present
            where not exists (
                select 1 from excess
                where
                    excess.column_name is null
                    and (excess.role_name, excess.schema_name, excess.table_name, excess.privilege)
                    = (present.role_name, present.schema_name, present.table_name, present.privilege)
            )
        ) as kept
    ) as differing
    group by rank, statement, role_name, schema_name, table_name, privilege, column_name is null
    union all
    {{ retention.missing_usage() }}
{% endmacro %}
