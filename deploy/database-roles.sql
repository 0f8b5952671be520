-- The roles of the portal, for a PostgreSQL whose owner of the tables may not create roles itself.
-- Once per cluster, by the database administrator:
--
--     psql -v owner=shouwang_owner -v login=shouwang -f deploy/database-roles.sql
--
-- `owner` owns the database and runs `flask db upgrade` and `flask audit prune` (DATABASE_OWNER_URL): nobody
-- else can remove a line of the audit. `login` is whom the portal signs in as (DATABASE_URL): it inherits
-- nothing and owns nothing. Give both a password of their own with \password.
-- Policies and grants come with `flask db upgrade`.

\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec

SELECT format('CREATE ROLE %I LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', :'login')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec

SELECT format('CREATE ROLE %I NOLOGIN NOINHERIT', name)
FROM unnest(ARRAY['portal_nobody', 'portal_county', 'portal_township', 'portal_unit', 'portal_class',
                  'portal_volunteer', 'portal_system', 'portal_recompute', 'portal_backup']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

GRANT portal_nobody, portal_county, portal_township, portal_unit, portal_class, portal_volunteer, portal_system,
    portal_recompute, portal_backup TO :"owner", :"login";
