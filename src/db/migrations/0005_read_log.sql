-- The events of one log after a position, at most so many, in one round trip.
CREATE FUNCTION read_log(p_tenant int, p_after bigint, p_limit int)
RETURNS TABLE (
  tenant_id int, "position" bigint, stream_id uuid, version int, event_id uuid, type text,
  schema_version smallint, organization_id uuid, effective_on date, recorded_at timestamptz,
  actor text, causation_id uuid, correlation_id uuid, data bytea, person_id uuid, sealed bytea
)
LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('nguon.tenant', p_tenant::text, true);
  RETURN QUERY
  SELECT e.tenant_id, e.position, e.stream_id, e.version, e.event_id, e.type, e.schema_version,
    e.organization_id, e.effective_on, e.recorded_at, e.actor, e.causation_id, e.correlation_id,
    e.data, e.person_id, e.sealed
  FROM event e
  WHERE e.tenant_id = p_tenant AND e.position > p_after
  ORDER BY e.position
  LIMIT p_limit;
END
$$;

REVOKE EXECUTE ON FUNCTION read_log FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read_log TO nguon_app;
