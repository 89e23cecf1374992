-- The reference platform: a customer-messaging platform as the demo, the tests and the benchmarks
-- build it. A real platform has its own tables, and maps them. Run it with search_path set to the
-- platform's schema. anonymized_on is the one column the product asks for: it marks a row as done.

create table environments (
    environment_id  int   primary key,
    name            text  not null
);
comment on table environments is 'One client company each: the unit of configuration and of isolation';


create table users (
    user_id         bigint       primary key,
    environment_id  int          not null,
    network         text         not null,  -- twitter, facebook, instagram, whatsapp
    network_id      text         not null,  -- who the person is there
    first_name      text         not null,
    last_name       text         not null,
    pseudonyms      text[]       not null,  -- every handle and display name, none to several
    profile_url     text         not null,
    picture_url     text         not null,  -- our copy, the network's own, or the generic picture
    picture_bucket  text,                   -- null: no copy in S3
    picture_key     text,
    created_at      timestamptz  not null,
    anonymized_on   date,
    unique (environment_id, network, network_id)
);
comment on table users is 'One person on one network, as seen by one environment';

create index users_living_idx on users (environment_id, created_at) where anonymized_on is null;
create index users_picture_idx on users (picture_bucket, picture_key) where picture_key is not null;


create table messages (
    message_id       bigint       primary key,
    environment_id   int          not null,
    conversation_id  bigint       not null,
    user_id          bigint       references users,  -- the author; null: written by the company
    direction        text         not null check (direction in ('inbound', 'outbound')),
    visibility       text         not null check (visibility in ('private', 'public')),
    network          text         not null,
    network_id       text         not null,  -- repeats across conversations
    url              text         not null,  -- '' where the network has none
    content          text         not null,
    published_at     timestamptz  not null,  -- on the network, possibly years ago
    created_at       timestamptz  not null,  -- here: what retention counts from
    anonymized_on    date
);
comment on table messages is 'One message, received from a person or sent by the company';

create index messages_living_idx on messages (environment_id, created_at) where anonymized_on is null;
create index messages_user_idx on messages (user_id, created_at);
create index messages_network_id_idx on messages (network_id);


create table attachments (
    attachment_id   bigint       primary key,
    environment_id  int          not null,
    message_id      bigint       not null references messages,
    bucket          text         not null,
    object_key      text         not null,  -- several rows may name one object
    file_name       text         not null,
    content_type    text         not null,
    byte_size       bigint       not null,
    created_at      timestamptz  not null,
    anonymized_on   date
);
comment on table attachments is 'One file of one message; the object itself lies in S3';

create index attachments_living_idx on attachments (environment_id, created_at) where anonymized_on is null;
create index attachments_message_idx on attachments (message_id);
create index attachments_object_idx on attachments (bucket, object_key) where object_key <> '';


create table chatbot_conversations (
    chatbot_conversation_id  bigint       primary key,
    environment_id           int          not null,
    network                  text         not null,
    user_network_id          text         not null,  -- users.network_id, without a foreign key
    outcome                  text         not null,
    created_at               timestamptz  not null,
    anonymized_on            date
);
comment on table chatbot_conversations is 'Analytics: one conversation of a person with the chatbot';

create index chatbot_conversations_living_idx
    on chatbot_conversations (environment_id, created_at) where anonymized_on is null;
create index chatbot_conversations_user_idx
    on chatbot_conversations (environment_id, network, user_network_id);


create table custom_events (
    custom_event_id  bigint       primary key,
    environment_id   int          not null,
    network          text         not null,
    user_network_id  text         not null,  -- users.network_id, without a foreign key
    name             text         not null,
    created_at       timestamptz  not null,
    anonymized_on    date
);
comment on table custom_events is 'Analytics: one event that a client company defined for itself';

create index custom_events_living_idx
    on custom_events (environment_id, created_at) where anonymized_on is null;
create index custom_events_user_idx on custom_events (environment_id, network, user_network_id);
