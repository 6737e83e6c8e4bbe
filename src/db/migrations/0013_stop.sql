-- Where a projection of a tenant stands still: it cannot fold the event at `position`, and all before it is folded. The
-- row goes with the transaction that folds or skips that event.
CREATE TABLE stop (
  tenant_id int NOT NULL,
  projection text NOT NULL,
  position bigint NOT NULL,
  reason text NOT NULL,
  since timestamptz NOT NULL,
  CONSTRAINT stop_pk PRIMARY KEY (tenant_id, projection),
  CONSTRAINT stop_position_ck CHECK (position > 0)
);

ALTER TABLE stop ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY stop_own ON stop
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY stop_rollup ON stop FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));
GRANT SELECT, INSERT, UPDATE, DELETE ON stop TO nguon_app;

-- When a checkpoint moved last: one that does not though its log goes on has no living reader.
ALTER TABLE checkpoint ADD COLUMN moved_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE beside.checkpoint ADD COLUMN moved_at timestamptz NOT NULL DEFAULT now();

-- What operators decided to pass over, which every batch of a projection asks for; almost always it holds nothing.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX event_skipped_ix ON event (tenant_id, position) WHERE type = 'projection.event_skipped';

-- When the events at some positions were recorded, each of the tenant in the same place.
CREATE FUNCTION recorded_at_positions(p_tenants int[], p_positions bigint[])
RETURNS TABLE (tenant_id int, "position" bigint, recorded_at timestamptz)
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_before text := coalesce(current_setting('nguon.tenant', true), '');
BEGIN
  FOR i IN 1 .. coalesce(array_length(p_tenants, 1), 0) LOOP
    PERFORM set_config('nguon.tenant', p_tenants[i]::text, true);
    RETURN QUERY
    SELECT e.tenant_id, e.position, e.recorded_at
    FROM event e WHERE e.tenant_id = p_tenants[i] AND e.position = p_positions[i];
  END LOOP;
  PERFORM set_config('nguon.tenant', v_before, true);
END
$$;

REVOKE EXECUTE ON FUNCTION recorded_at_positions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recorded_at_positions TO nguon_app;
