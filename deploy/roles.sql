-- The two roles and the database of Nguồn. For psql as a superuser, once; it reads the passwords from
-- the environment variables NGUON_OWNER_PASSWORD and NGUON_APP_PASSWORD.
--
-- nguon_owner runs the migrations and owns every table; nguon_app is what the server works as. Neither
-- is a superuser or bypasses row-level security, and nguon_app owns nothing.
\set ON_ERROR_STOP on
\getenv owner_password NGUON_OWNER_PASSWORD
\getenv app_password NGUON_APP_PASSWORD

CREATE ROLE nguon_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
  PASSWORD :'owner_password';
CREATE ROLE nguon_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT
  PASSWORD :'app_password';

CREATE DATABASE nguon OWNER nguon_owner TEMPLATE template0 ENCODING 'UTF8';
REVOKE ALL ON DATABASE nguon FROM PUBLIC;
GRANT CONNECT ON DATABASE nguon TO nguon_app;

\connect nguon
ALTER SCHEMA public OWNER TO nguon_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO nguon_app;
