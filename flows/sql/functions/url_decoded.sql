-- A URL's path with its percent signs resolved: the object key that it names; as it is where that is no UTF-8, since keys are.
create or replace function {ledger}.url_decoded(url text) returns text
language sql immutable strict parallel safe
as $function$
    select case
        when encode(key.bytes, 'hex') ~ (
            '^(0[1-9a-f]|[1-7].|c[2-9a-f][89ab].|d.[89ab].|e0[ab].[89ab].|e[1-9abcef][89ab].[89ab].|ed[89].[89ab].'
            || '|f0[9ab].([89ab].){{2}}|f[1-3]([89ab].){{3}}|f48.([89ab].){{2}})*$'
        ) then convert_from(key.bytes, 'UTF8')
        else url
    end
    from (
        select coalesce(string_agg(
            case
                when part.found[1] ~ '^%[0-9A-Fa-f]{{2}}$' then decode(substr(part.found[1], 2), 'hex')
                else convert_to(part.found[1], 'UTF8')
            end, '' order by part.place
        ), '') as bytes
        from regexp_matches(url, '%[0-9A-Fa-f]{{2}}|[^%]+|%', 'g') with ordinality as part (found, place)
    ) as key
$function$;
