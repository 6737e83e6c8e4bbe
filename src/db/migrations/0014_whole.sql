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

-- Where an event of that time would be at an even rate of recording, and from there towards the middle by the root of what
-- is left: what is wanted lies between two such events mostly, so each pair of readings leaves a root's number of events.
CREATE OR REPLACE FUNCTION positions_known_at(p_tenants int[], p_known timestamptz)
RETURNS TABLE (tenant_id int, "position" bigint)
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_before text := coalesce(current_setting('nguon.tenant', true), '');
  v_known float8 := extract(epoch FROM p_known);
  v_tenant int;
  v_low bigint;  -- Recorded by then, or 0,
  v_low_at float8;
  v_high bigint;  -- and not.
  v_high_at float8;
  v_rest bigint;
  v_shift float8;
  v_probe bigint;
  v_found bigint;
  v_found_at timestamptz;
BEGIN
  FOREACH v_tenant IN ARRAY p_tenants LOOP
    PERFORM set_config('nguon.tenant', v_tenant::text, true);
    v_low := 0;
    v_high := 0;
    SELECT CASE WHEN l.recorded_at <= p_known THEN l.head ELSE 0 END, l.head + 1, extract(epoch FROM l.recorded_at)
    INTO v_low, v_high, v_high_at
    FROM tenant_log l WHERE l.tenant_id = v_tenant;
    v_probe := 1;
    WHILE v_low < v_high - 1 LOOP
      SELECT e.position, e.recorded_at INTO v_found, v_found_at
      FROM event e WHERE e.tenant_id = v_tenant AND e.position >= v_probe
      ORDER BY e.tenant_id, e.position
      LIMIT 1;
      IF v_found_at <= p_known THEN
        v_low := v_found;
        v_low_at := extract(epoch FROM v_found_at);
      ELSE
        v_high := v_probe;
        v_high_at := extract(epoch FROM v_found_at);
      END IF;
      v_rest := v_high - v_low;
      v_shift := v_rest * least(greatest((v_known - v_low_at) / nullif(v_high_at - v_low_at, 0), 0), 1);
      v_shift := coalesce(v_shift + sign(v_rest / 2 - v_shift) * least(abs(v_rest / 2 - v_shift), sqrt(v_rest)), v_rest / 2);
      v_probe := least(greatest(v_low + v_shift::bigint, v_low + 1), v_high - 1);
    END LOOP;
    RETURN QUERY SELECT v_tenant, coalesce(v_low, 0);
  END LOOP;
  v_before := set_config('nguon.tenant', v_before, true);
END
$$;
