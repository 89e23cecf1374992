-- What batches and thin views ask of JSON documents and URLs is in SQL, so that no personal value leaves the database.
-- A tree says of each declared path what becomes of it: empty, null, random_id, or keep; `[]` is each element of an array,
-- `*` each key of an object. What keeps its place keeps its bytes: values are taken from the text of the document.

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
