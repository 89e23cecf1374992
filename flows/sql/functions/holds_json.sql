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
