-- Copies of records as they stood at a version, for reading them sooner. Each can go at any time, and nothing is proved
-- by it; it is not even in the write-ahead log, and so gone after a crash.

-- The newest snapshot of each stream. `data` is sealed with the key of `person_id`, or in the clear without one;
-- `format` says how it is written.
CREATE UNLOGGED TABLE snapshot (
  tenant_id int NOT NULL,
  stream_id uuid NOT NULL,
  version int NOT NULL,
  format smallint NOT NULL,
  person_id uuid,
  data bytea NOT NULL,
  CONSTRAINT snapshot_pk PRIMARY KEY (tenant_id, stream_id),
  CONSTRAINT snapshot_version_ck CHECK (version > 0)
);
-- What is sealed cannot be compressed, and the rest is short.
ALTER TABLE snapshot ALTER COLUMN data SET STORAGE EXTERNAL;

ALTER TABLE snapshot ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY snapshot_own ON snapshot
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
GRANT SELECT, INSERT, UPDATE, DELETE ON snapshot TO nguon_app;

-- The events of some streams after a version, one stream after the other, with the wrapped key of each one's person, in
-- one round trip. If a stream has a snapshot of the format p_format, made of events that are in the log, it comes first,
-- as a row of position 0 that has its version, data and person, and then only the events after it.
CREATE FUNCTION read_streams(p_tenant int, p_streams uuid[], p_after int, p_format smallint)
RETURNS TABLE (
  tenant_id int, "position" bigint, stream_id uuid, version int, event_id uuid, type text,
  schema_version smallint, organization_id uuid, effective_on date, recorded_at timestamptz,
  actor text, causation_id uuid, correlation_id uuid, data bytea, person_id uuid, sealed bytea,
  key_version int, wrapped bytea
)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_tenant text;
  v_stream uuid;
  v_after int;
BEGIN
  v_tenant := set_config('nguon.tenant', p_tenant::text, true);
  FOREACH v_stream IN ARRAY p_streams LOOP
    v_after := p_after;
    -- Most streams have none, and this is all that they pay. One statement reads it whole: the next could see a newer one.
    SELECT s.version, s.data, s.person_id INTO version, data, person_id
    FROM snapshot s
    WHERE s.tenant_id = p_tenant AND s.stream_id = v_stream AND s.format = p_format
      AND s.version > p_after;
    IF FOUND THEN
      IF EXISTS (
        SELECT FROM event e
        WHERE e.tenant_id = p_tenant AND e.stream_id = v_stream
          AND e.version = read_streams.version
      ) THEN
        SELECT p.key_version, p.wrapped INTO key_version, wrapped
        FROM person_key p
        WHERE p.tenant_id = p_tenant AND p.person_id = read_streams.person_id;
        tenant_id := p_tenant;
        "position" := 0;
        stream_id := v_stream;
        v_after := version;
        RETURN NEXT;
      END IF;
    END IF;
    RETURN QUERY
    SELECT e.tenant_id, e.position, e.stream_id, e.version, e.event_id, e.type, e.schema_version,
      e.organization_id, e.effective_on, e.recorded_at, e.actor, e.causation_id, e.correlation_id,
      e.data, e.person_id, e.sealed, k.key_version, k.wrapped
    FROM event e LEFT JOIN LATERAL (
      SELECT p.key_version, p.wrapped FROM person_key p
      WHERE p.tenant_id = p_tenant AND p.person_id = e.person_id LIMIT 1
    ) k ON e.sealed IS NOT NULL
    WHERE e.tenant_id = p_tenant AND e.stream_id = v_stream AND e.version > v_after
    ORDER BY e.version;
  END LOOP;
END
$$;

REVOKE EXECUTE ON FUNCTION read_streams FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read_streams TO nguon_app;
