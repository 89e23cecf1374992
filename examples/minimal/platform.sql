-- The platform of this example: a company's own database, without tenants, that nobody may change.
create table public.contacts (
    id         bigint generated always as identity primary key,
    full_name  text,
    email      varchar(200),
    is_agent   boolean   not null default false,
    created_at timestamp not null                -- UTC
);

create table public.notes (
    id         uuid primary key default gen_random_uuid(),
    contact_id bigint,
    body       text      not null,
    meta       jsonb     not null default '{}',
    created_at timestamp not null                -- UTC
);
