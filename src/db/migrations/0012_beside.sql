-- Where a projection is folded anew beside the rows that serve: the same tables in a schema of their own, which a
-- transaction puts before `public`. `version` is that of the fold that wrote the rows of a tenant.
ALTER TABLE checkpoint ADD COLUMN version int NOT NULL DEFAULT 1;

CREATE SCHEMA beside;
GRANT USAGE ON SCHEMA beside TO nguon_app;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'checkpoint', 'organization_entry', 'structure_record', 'posting', 'unit', 'balance', 'balance_epoch',
    'target_entry', 'register_entry', 'transfer', 'identity_match', 'obligation_entry', 'breach'
  ] LOOP
    EXECUTE format('CREATE TABLE beside.%1$I (LIKE public.%1$I INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE beside.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY %1$s_own ON beside.%1$I '
      'USING (tenant_id = (SELECT nullif(current_setting(''nguon.tenant'', true), '''')::int))',
      name
    );
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON beside.%I TO nguon_app', name);
  END LOOP;
END
$$;
