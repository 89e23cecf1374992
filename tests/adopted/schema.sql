-- A platform written for the purpose: every trap that a real schema may hold, and no product's own names.
-- Three schemas; instants in five forms; tenants on the row, over one join, over two; persons by key, by an id without
-- a constraint, by (type, id) and by a phone number; the text of a message in six places.

create schema crm;
create schema "Téléphonie";
create schema archive;

create type crm.member_kind as enum ('customer', 'agent');
create domain crm.email_address as text check (value = '' or value like '%@%');

create function crm.touch() returns trigger language plpgsql as $$
begin
    new.updated_at := now();
    return new;
end $$;

-- The tenants, in quoted CamelCase.
create table crm."Workspaces" (
    "Id"        int   generated always as identity primary key,
    "Name"      text  not null,
    "PlanCode"  text  not null default 'basic',
    "Settings"  jsonb not null default '{}'
);

-- Agents and customers in one table; stored without a zone, touched by a trigger, soft-deleted.
create table crm.members (
    id             uuid primary key default gen_random_uuid(),
    workspace_id   int not null references crm."Workspaces" ("Id"),
    kind           crm.member_kind not null,
    "firstName"    text not null,
    "lastName"     text not null,
    "displayName"  text generated always as ("firstName" || ' ' || "lastName") stored,
    contact_email  crm.email_address,
    phone          varchar(40),
    network_id     varchar(64) not null,
    birth_date     date,
    last_ip        inet,
    avatar_key     text,
    locale         varchar(8) not null default 'fr',
    profile        jsonb not null default '{}',
    mood           text,
    created_at     timestamp not null,
    updated_at     timestamp not null default now(),
    deleted_at     timestamp,
    unique (workspace_id, network_id),
    unique (workspace_id, phone)
);
create trigger members_touched before update on crm.members for each row execute function crm.touch();

-- The tenant of what follows is one join away, the instant in milliseconds since 1970.
create table crm."Channels" (
    "Id"           int generated always as identity primary key,
    "WorkspaceId"  int not null references crm."Workspaces" ("Id"),
    "DisplayName"  text not null,
    "CreateAt"     bigint not null
);

-- A copy of the last message; a reserved word for a name; the customer in an id without a constraint.
create table crm.threads (
    id                 bigint generated always as identity primary key,
    channel_id         int not null references crm."Channels" ("Id"),
    member_id          uuid not null,
    subject            text,
    last_message_text  text,
    last_message_at    timestamptz,
    "order"            int not null default 0,
    created_at         timestamptz not null
);
create index on crm.threads (channel_id);

-- The messages: partitioned, the tenant two joins away, the author by (type, id), copies of the text.
create table crm.posts (
    id            bigint generated always as identity,
    thread_id     bigint not null references crm.threads (id),
    author_type   text not null,
    author_id     uuid,
    is_private    boolean not null default true,
    body          text not null,
    body_html     text,
    body_search   tsvector,
    network_ref   varchar(64) not null,
    props         jsonb not null default '{}',
    image_keys    jsonb not null default '[]',
    published_at  timestamptz,
    created_at    timestamptz not null,
    updated_at    timestamptz not null default now(),
    deleted_at    timestamptz,
    primary key (id)
) partition by range (id);
create table crm.posts_first partition of crm.posts for values from (0) to (1000000);
create table crm.posts_others partition of crm.posts default;
create trigger posts_touched before update on crm.posts for each row execute function crm.touch();
create index on crm.posts (thread_id);
create index on crm.posts (created_at);
create index on crm.posts (author_id);

-- Earlier versions of a text kept as rows, and its translation.
create table crm.post_edits (
    id             uuid primary key default gen_random_uuid(),
    post_id        bigint not null references crm.posts (id),
    previous_body  text not null,
    "editedAt"     bigint not null
);
create table crm.post_translations (
    id        bigint generated always as identity primary key,
    post_id   bigint not null references crm.posts (id),
    language  varchar(8) not null,
    body      text not null
);

-- Files: of a message over a table between, several keys a row.
create table crm.blobs (
    id             uuid primary key default gen_random_uuid(),
    storage_key    text,
    thumbnail_key  text,
    file_name      text not null,
    content_type   text not null,
    byte_size      bigint not null,
    created_at     timestamptz not null
);
create table crm.post_blobs (
    id       bigint generated always as identity primary key,
    post_id  bigint not null references crm.posts (id),
    blob_id  uuid not null references crm.blobs (id)
);

-- Notes about a customer, in German; where a customer lives, in Spanish.
create table crm.kundennotizen (
    id            bigint generated always as identity primary key,
    workspace_id  int not null references crm."Workspaces" ("Id"),
    mitglied      uuid not null references crm.members (id),
    inhalt        text not null,
    angelegt_am   timestamptz not null
);
create table crm.direcciones (
    id             bigint generated always as identity primary key,
    member_id      uuid not null references crm.members (id),
    calle          text not null,
    ciudad         text not null,
    codigo_postal  char(5)
);

-- Nothing personal, and a table without a key of one column.
create table crm.labels (
    id            int generated always as identity primary key,
    workspace_id  int not null references crm."Workspaces" ("Id"),
    title         text not null,
    color         text
);
create table crm.thread_labels (
    thread_id  bigint references crm.threads (id),
    label_id   int references crm.labels (id),
    primary key (thread_id, label_id)
);
create table crm.schema_migrations (version varchar(32) primary key);

-- Text messages: the person by phone number only, epoch seconds (0: unset), the recording as a URL.
create table "Téléphonie"."SmsMessages" (
    "Id"            bigint generated always as identity primary key,
    "WorkspaceId"   int not null,
    "FromNumber"    varchar(40) not null,
    "Direction"     text not null check ("Direction" in ('in', 'out')),
    "Text"          text not null,
    "RecordingUrl"  text not null default '',
    "CreatedTs"     int not null
);

-- What an older platform left, in French: a name of 63 characters, a date, the tenant on the row.
create table archive.messagerie_historique_des_clients_conservee_pour_l_archive_2019 (
    identifiant          bigint primary key,
    workspace_id         int not null references crm."Workspaces" ("Id"),
    "prénomExpéditeur"   text not null,
    "courrielExpéditeur" text,
    "texteDuMessage"     text not null,
    "dateCréation"       date not null
);

-- Who visited: an id without a constraint, and the key that says so is not the table's.
create table archive.visits (
    visit_id      bigint generated always as identity primary key,
    workspace_id  int not null,
    member_id     uuid,
    ip_address    inet not null,
    user_agent    varchar(400) not null,
    network_id    varchar(64),
    visited_on    date not null
);
