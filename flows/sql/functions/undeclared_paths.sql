-- The paths of the document that nobody declared. A key that does not look like a name of a program is shown as a question
-- mark: it may be a person's.
create or replace function {ledger}.undeclared_paths(document json, tree jsonb, path text default '') returns setof text
language plpgsql immutable parallel safe
as $function$
declare
    _type constant text := json_typeof(document);
begin
    if document is null or _type = 'null' or jsonb_typeof(tree) = 'string' then
        return;
    elsif tree is null then
        return next path;
    elsif _type = 'object' then
        return query
            select below.path
            from json_each(document) as member (key, value)
            cross join lateral {ledger}.undeclared_paths(
                member.value,
                coalesce(tree -> member.key, tree -> '*'),
                path || case when path = '' then '' else '.' end
                || case when member.key ~ '^[A-Za-z_][A-Za-z_]{{0,39}}$' then member.key else '?' end
            ) as below (path);
    elsif _type = 'array' then
        return query
            select below.path
            from json_array_elements(document) as element (value)
            cross join lateral {ledger}.undeclared_paths(element.value, tree -> '[]', path || '[]') as below (path);
    else
        return next path;
    end if;
end
$function$;
