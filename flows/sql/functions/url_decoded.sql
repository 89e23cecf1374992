-- A URL's path with its percent signs resolved: the object key that it names. Where they stand for no text in UTF-8 nothing
-- is resolved: no object has such a key, and one such URL must not end a night.
create or replace function {ledger}.url_decoded(url text) returns text
language sql immutable strict parallel safe
as $function$
    select case
        when encode(decoded.bytes, 'hex') ~ (
            '^(0[1-9a-f]|[1-7][0-9a-f]|(c[2-9a-f]|d[0-9a-f])[89ab][0-9a-f]'
            || '|(e0[ab]|ed[89])[0-9a-f][89ab][0-9a-f]|e[1-9abcef]([89ab][0-9a-f]){{2}}'
            || '|(f0[9ab]|f48)[0-9a-f]([89ab][0-9a-f]){{2}}|f[1-3]([89ab][0-9a-f]){{3}})*$'
        ) then convert_from(decoded.bytes, 'UTF8')
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
    ) as decoded
$function$;
