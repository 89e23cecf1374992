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
