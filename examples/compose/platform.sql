-- What the database of compose.yaml does at its first start: the reference platform, in its own schema.
create schema platform;
set search_path = platform;
\i /reference_platform.sql
