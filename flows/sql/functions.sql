-- What batches and thin views ask of JSON documents and URLs; in SQL, so that no personal value leaves the database.
-- A tree says of each declared path what becomes of it: empty, null, random_id, or keep; `[]` is each element of an array,
-- `*` each key of an object. What keeps its place keeps its bytes: values are taken from the text of the document.

-- Two runs that start at once would replace the same function.
select pg_advisory_xact_lock(1380275269, -1);

-- The document with its declared paths replaced.
create or replace function {ledger}.emptied_json(document json, tree jsonb) returns json
language plpgsql volatile parallel safe
as $function$
declare
    _type constant text := json_typeof(document);
    _what constant text := case when jsonb_typeof(tree) = 'string' then tree #>> '{{}}' end;
begin
    if document is null or tree is null or _what = 'keep' then
        return document;
    elsif _what is not null then
        return case
            when _type = 'null' or _what = 'null' then 'null'
            when _what = 'random_id' and _type in ('string', 'number') then to_json('anonymized-' || gen_random_uuid())::text
            when _type = 'string' then '""'
            when _type = 'object' then '{{}}'
            when _type = 'array' then '[]'
            else 'null'
        end::json;
    elsif _type = 'object' then
        return (
            select '{{' || coalesce(string_agg(
                to_json(member.key)::text || ':'
                || {ledger}.emptied_json(member.value, coalesce(tree -> member.key, tree -> '*'))::text,
                ',' order by member.place
            ), '') || '}}'
            from json_each(document) with ordinality as member (key, value, place)
        )::json;
    elsif _type = 'array' then
        return (
            select '[' || coalesce(string_agg(
                {ledger}.emptied_json(element.value, tree -> '[]')::text, ',' order by element.place
            ), '') || ']'
            from json_array_elements(document) with ordinality as element (value, place)
        )::json;
    end if;
    return document;
end
$function$;

-- Whether the document holds a value in a path that is to be replaced, or that nobody declared; null and empty hold none.
create or replace function {ledger}.holds_json(document json, tree jsonb) returns boolean
language plpgsql immutable parallel safe
as $function$
declare
    _type constant text := json_typeof(document);
    _what constant text := case when jsonb_typeof(tree) = 'string' then tree #>> '{{}}' end;
begin
    if document is null or _type = 'null' or _what = 'keep' then
        return false;
    elsif _what = 'random_id' and _type = 'string' then
        return document #>> '{{}}' not like 'anonymized-________-____-____-____-____________';
    elsif _what = 'null' then
        return true;
    elsif _type = 'object' and jsonb_typeof(tree) = 'object' then
        return exists (
            select 1 from json_each(document) as member (key, value)
            where {ledger}.holds_json(member.value, coalesce(tree -> member.key, tree -> '*'))
        );
    elsif _type = 'array' and jsonb_typeof(tree) = 'object' then
        return exists (
            select 1 from json_array_elements(document) as element (value)
            where {ledger}.holds_json(element.value, tree -> '[]')
        );
    end if;
    return case _type
        when 'string' then document #>> '{{}}' <> ''
        when 'object' then exists (select 1 from json_object_keys(document))
        when 'array' then json_array_length(document) > 0
        else true
    end;
end
$function$;

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

-- A URL's path with its percent signs resolved: the object key that it names.
create or replace function {ledger}.url_decoded(url text) returns text
language sql immutable strict parallel safe
as $function$
    select coalesce(convert_from(string_agg(
        case
            when part.found[1] ~ '^%[0-9A-Fa-f]{{2}}$' then decode(substr(part.found[1], 2), 'hex')
            else convert_to(part.found[1], 'UTF8')
        end, '' order by part.place
    ), 'UTF8'), '')
    from regexp_matches(url, '%[0-9A-Fa-f]{{2}}|[^%]+|%', 'g') with ordinality as part (found, place)
$function$;
