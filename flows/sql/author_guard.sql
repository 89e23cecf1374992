-- U4: a message by an anonymized user is refused with SQLSTATE RT001, by which a connector knows that it has to look the
-- user up again, find none, and create a new one. Waits for a batch that is anonymizing the user at that moment.
create or replace function {platform}.retention_refuse_anonymized_author() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $guard$
declare
    _anonymized_on date;
begin
    select anonymized_on into _anonymized_on from {platform}.users where user_id = new.user_id for key share;
    if _anonymized_on is not null then
        raise exception using
            errcode = 'RT001',
            message = format('Inserting a message: expected a living author, found user %s anonymized.', new.user_id),
            hint = 'Look the user up by network and network identifier, and create a new user where there is none.';
    end if;
    return new;
end
$guard$;

revoke execute on function {platform}.retention_refuse_anonymized_author() from public;

drop trigger if exists retention_refuse_anonymized_author on {platform}.messages;

create trigger retention_refuse_anonymized_author
    before insert or update of user_id on {platform}.messages
    for each row when (new.user_id is not null)
    execute function {platform}.retention_refuse_anonymized_author();
