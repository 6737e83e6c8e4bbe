-- What is due of people: since when it is owed, until when it is timely, and on which days (`since` to before `until`) it
-- stands; known from `position` on to before `superseded`. A cell's meetings and an organization's reconciliations, by
-- which the next ones are due; a row with `voids` says that one was never true.
CREATE TABLE due (
  tenant_id int NOT NULL,
  person uuid NOT NULL,
  position bigint NOT NULL,
  ordinal smallint NOT NULL,
  superseded bigint NOT NULL,
  unit uuid NOT NULL,
  kind text NOT NULL,
  paper text,
  raised_on date NOT NULL,
  due_on date NOT NULL,
  since date NOT NULL,
  until date NOT NULL,
  CONSTRAINT due_pk PRIMARY KEY (tenant_id, person, position, ordinal)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX due_until_ix ON due (tenant_id, until);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX due_since_ix ON due (tenant_id, since);

CREATE TABLE recurring (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  record_id uuid NOT NULL,
  version int NOT NULL,
  organization_id uuid NOT NULL,
  kind text NOT NULL,
  effective_on date NOT NULL,
  voids int,
  CONSTRAINT recurring_pk PRIMARY KEY (tenant_id, position)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX recurring_record_ix ON recurring (tenant_id, record_id);

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['due', 'recurring'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY %1$s_own ON %1$I USING (tenant_id = nullif(current_setting(''nguon.tenant'', true), '''')::int)', name
    );
    EXECUTE format(
      'CREATE POLICY %1$s_rollup ON %1$I FOR SELECT USING (tenant_id = ANY '
      '(string_to_array(nullif(current_setting(''nguon.tenants'', true), ''''), '','')::int[]))', name
    );
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO nguon_app', name);
    EXECUTE format('CREATE TABLE beside.%1$I (LIKE public.%1$I INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE beside.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY %1$s_own ON beside.%1$I '
      'USING (tenant_id = (SELECT nullif(current_setting(''nguon.tenant'', true), '''')::int))', name
    );
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON beside.%I TO nguon_app', name);
  END LOOP;
END
$$;
