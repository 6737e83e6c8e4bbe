-- Balances of whole tenants beside those of their units, and by thirds of a month of recording: begun anew from the
-- postings at the next event. What a tenant posts in the units of others is told apart: a sum of the whole is without it.
ALTER TABLE posting ADD COLUMN is_apart boolean NOT NULL DEFAULT false;
-- Else the owner sees no tenant's rows.
ALTER TABLE posting NO FORCE ROW LEVEL SECURITY;
ALTER TABLE organization_entry NO FORCE ROW LEVEL SECURITY;
ALTER TABLE unit NO FORCE ROW LEVEL SECURITY;
UPDATE posting p SET is_apart = true
WHERE NOT EXISTS (
  SELECT FROM organization_entry o WHERE o.tenant_id = p.tenant_id AND o.organization_id = p.unit
) AND NOT EXISTS (
  SELECT FROM unit u WHERE u.tenant_id = p.tenant_id AND u.unit = p.unit
);
ALTER TABLE posting FORCE ROW LEVEL SECURITY;
ALTER TABLE organization_entry FORCE ROW LEVEL SECURITY;
ALTER TABLE unit FORCE ROW LEVEL SECURITY;
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX posting_day_ix;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX posting_day_ix ON posting (tenant_id, effective_on, position)
  INCLUDE (unit, account, groups, n, is_apart);
TRUNCATE balance, balance_epoch;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX balance_epoch_position_ix ON balance_epoch (tenant_id, position);

-- The same beside; a rebuild that is under way begins anew.
-- squawk-ignore ban-drop-table
DROP TABLE beside.posting, beside.balance_epoch;
TRUNCATE beside.unit, beside.balance;
ALTER TABLE beside.checkpoint NO FORCE ROW LEVEL SECURITY;
DELETE FROM beside.checkpoint WHERE projection = 'pipeline';
ALTER TABLE beside.checkpoint FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['posting', 'balance_epoch'] LOOP
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

-- As of the other tables, the settings are read once a query.
ALTER POLICY organization_entry_own ON organization_entry
  USING (tenant_id = (SELECT nullif(current_setting('nguon.tenant', true), '')::int));
ALTER POLICY organization_entry_rollup ON organization_entry USING (
  tenant_id = ANY ((
    SELECT string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]
  )::int[])
);
ALTER POLICY unit_own ON unit USING (tenant_id = (SELECT nullif(current_setting('nguon.tenant', true), '')::int));
ALTER POLICY unit_rollup ON unit USING (
  tenant_id = ANY ((
    SELECT string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]
  )::int[])
);

-- One event in 32 by the time of its recording: what was known at a time is found by two short looks, not by halving the log.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX event_moment_ix ON event (tenant_id, recorded_at, position) WHERE position % 32 = 0;
CREATE OR REPLACE FUNCTION positions_known_at(p_tenants int[], p_known timestamptz)
RETURNS TABLE (tenant_id int, "position" bigint)
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_before text := coalesce(current_setting('nguon.tenant', true), '');
  v_tenant int;
  v_near bigint;
  v_found bigint;
BEGIN
  FOREACH v_tenant IN ARRAY p_tenants LOOP
    PERFORM set_config('nguon.tenant', v_tenant::text, true);
    SELECT l.head INTO v_found FROM tenant_log l WHERE l.tenant_id = v_tenant AND l.recorded_at <= p_known;
    IF NOT FOUND THEN
      SELECT e.position INTO v_near FROM event e
      WHERE e.tenant_id = v_tenant AND e.position % 32 = 0 AND e.recorded_at <= p_known
      ORDER BY e.recorded_at DESC, e.position DESC
      LIMIT 1;
      v_near := coalesce(v_near, 0);
      -- Positions have no gaps.
      SELECT e.position INTO v_found FROM event e
      WHERE e.tenant_id = v_tenant AND e.position >= v_near AND e.position < v_near + 32
        AND e.recorded_at <= p_known
      ORDER BY e.position DESC
      LIMIT 1;
    END IF;
    RETURN QUERY SELECT v_tenant, coalesce(v_found, 0);
  END LOOP;
  v_before := set_config('nguon.tenant', v_before, true);
END
$$;
