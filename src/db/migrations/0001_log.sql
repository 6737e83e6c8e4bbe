-- The log: one gapless sequence of events a tenant, and who asked for them.
-- The roles nguon_owner (runs this file) and nguon_app are made by the supervisor of the embedded
-- server, or by the operator of a real one. Every table has forced row-level security.

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO nguon_app;

-- Small and shared: a reference table on a cluster, hence the one unique key without tenant_id.
CREATE TABLE tenant (
  tenant_id int NOT NULL,
  code text NOT NULL,
  province_id int NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenant_pk PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_code_uq UNIQUE (code),
  CONSTRAINT tenant_province_fk FOREIGN KEY (province_id) REFERENCES tenant (tenant_id),
  CONSTRAINT tenant_id_ck CHECK (tenant_id > 0),
  CONSTRAINT tenant_code_ck CHECK (code ~ '^[a-z0-9-]+(/[a-z0-9-]+)?$')
);

-- `head` is raised by each append: the row lock on it is what makes positions gapless.
-- `clock` is a simulated clock, shared by all processes; NULL means the real one.
CREATE TABLE tenant_log (
  tenant_id int NOT NULL,
  head bigint NOT NULL DEFAULT 0,
  recorded_at timestamptz,
  clock timestamptz,
  CONSTRAINT tenant_log_pk PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_log_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id),
  CONSTRAINT tenant_log_head_ck CHECK (head >= 0)
) WITH (fillfactor = 50);

CREATE TABLE event (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  stream_id uuid NOT NULL,
  version int NOT NULL,
  event_id uuid NOT NULL,
  type text NOT NULL,
  schema_version smallint NOT NULL,
  organization_id uuid,
  effective_on date NOT NULL,
  recorded_at timestamptz NOT NULL,
  actor text NOT NULL,
  causation_id uuid NOT NULL,
  correlation_id uuid NOT NULL,
  data bytea NOT NULL,
  personal bytea,
  CONSTRAINT event_pk PRIMARY KEY (tenant_id, position),
  CONSTRAINT event_stream_uq UNIQUE (tenant_id, stream_id, version),
  CONSTRAINT event_id_uq UNIQUE (tenant_id, event_id),
  CONSTRAINT event_position_ck CHECK (position > 0),
  CONSTRAINT event_version_ck CHECK (version > 0)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX event_recorded_ix ON event (tenant_id, recorded_at, position);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX event_organization_ix ON event (tenant_id, organization_id, position);

-- The first result of each command: references only, never what was sent.
CREATE TABLE command (
  tenant_id int NOT NULL,
  actor text NOT NULL,
  command_id uuid NOT NULL,
  input_hash bytea NOT NULL,
  subject uuid NOT NULL,
  first_position bigint NOT NULL,
  last_position bigint NOT NULL,
  CONSTRAINT command_pk PRIMARY KEY (tenant_id, actor, command_id),
  CONSTRAINT command_positions_ck CHECK (first_position > 0 AND last_position >= first_position)
);

-- How far a projection has read a tenant's log; changes in one transaction with the projection's rows.
CREATE TABLE checkpoint (
  tenant_id int NOT NULL,
  projection text NOT NULL,
  position bigint NOT NULL,
  CONSTRAINT checkpoint_pk PRIMARY KEY (tenant_id, projection),
  CONSTRAINT checkpoint_position_ck CHECK (position >= 0)
) WITH (fillfactor = 50);

ALTER TABLE tenant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tenant_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE command ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE checkpoint ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_own ON tenant
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY tenant_owner ON tenant TO nguon_owner USING (true);
CREATE POLICY tenant_log_own ON tenant_log
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY tenant_log_rollup ON tenant_log FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));
CREATE POLICY event_own ON event
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY command_own ON command
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY checkpoint_own ON checkpoint
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY checkpoint_rollup ON checkpoint FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));

-- Nothing in the log can be changed or deleted by the application.
GRANT SELECT ON tenant TO nguon_app;
GRANT SELECT ON tenant_log TO nguon_app;
GRANT UPDATE (head, recorded_at, clock) ON tenant_log TO nguon_app;
GRANT SELECT, INSERT ON event TO nguon_app;
GRANT SELECT, INSERT ON command TO nguon_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON checkpoint TO nguon_app;

-- Appends a batch of commands to one tenant's log: the only way events come into being.
-- Command k of the arrays has the events whose p_ordinal is k (from 1). The result has one row a command:
-- 'recorded', 'repeated' (the same commandId and input: the first result), 'reused' (the same commandId,
-- another input) or 'conflict' (a stream has moved on); only 'recorded' writes. Two commands of one batch
-- must differ in (actor, command) and share no stream. It commits or fails as a whole otherwise.
-- Sequential scans are off because a cached plan would keep the shape of the empty table it was made for.
CREATE FUNCTION append_events(
  p_tenant int, p_now timestamptz,
  p_actor text[], p_command uuid[], p_input_hash bytea[], p_subject uuid[], p_correlation uuid[],
  p_ordinal int[], p_stream uuid[], p_version int[], p_event uuid[], p_type text[],
  p_schema_version smallint[], p_organization uuid[], p_effective date[],
  p_data bytea[], p_personal bytea[], p_causation uuid[]
) RETURNS TABLE (
  ordinal int, status text, subject uuid, first_position bigint, last_position bigint,
  recorded_at timestamptz
)
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_bitmapscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_head bigint;
  v_recorded timestamptz;
BEGIN
  PERFORM set_config('nguon.tenant', p_tenant::text, true);
  -- Later statements take their snapshot after this lock, so they see all that was appended before.
  SELECT l.head, greatest(coalesce(l.clock, p_now), l.recorded_at) INTO v_head, v_recorded
  FROM tenant_log l WHERE l.tenant_id = p_tenant FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown tenant %', p_tenant USING ERRCODE = 'NG404';
  END IF;

  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT a.ordinal::int AS ordinal, a.actor, a.command_id, a.input_hash, a.subject, a.correlation_id
    FROM unnest(p_actor, p_command, p_input_hash, p_subject, p_correlation)
      WITH ORDINALITY AS a (actor, command_id, input_hash, subject, correlation_id, ordinal)
  ), given AS MATERIALIZED (
    SELECT g.* FROM unnest(
      p_ordinal, p_stream, p_version, p_event, p_type, p_schema_version, p_organization, p_effective,
      p_data, p_personal, p_causation
    ) WITH ORDINALITY AS g (
      ordinal, stream_id, version, event_id, type, schema_version, organization_id, effective_on,
      data, personal, causation_id, place
    )
  ), stale AS (
    SELECT s.ordinal
    FROM (SELECT g.ordinal, g.stream_id, min(g.version) AS version FROM given g GROUP BY 1, 2) s
    WHERE s.version - 1 <> coalesce((
      SELECT e.version FROM event e
      WHERE e.tenant_id = p_tenant AND e.stream_id = s.stream_id
      ORDER BY e.tenant_id DESC, e.stream_id DESC, e.version DESC
      LIMIT 1
    ), 0)
  ), judged AS MATERIALIZED (
    SELECT a.ordinal, a.actor, a.command_id, a.input_hash, a.correlation_id,
      coalesce(c.subject, a.subject) AS subject, c.first_position, c.last_position,
      CASE
        WHEN c.input_hash = a.input_hash THEN 'repeated'
        WHEN c.input_hash IS NOT NULL THEN 'reused'
        WHEN a.ordinal IN (SELECT s.ordinal FROM stale s) THEN 'conflict'
        ELSE 'recorded'
      END AS status
    FROM asked a LEFT JOIN LATERAL (
      -- LIMIT keeps this a probe of the primary key for each command.
      SELECT k.input_hash, k.subject, k.first_position, k.last_position FROM command k
      WHERE k.tenant_id = p_tenant AND k.actor = a.actor AND k.command_id = a.command_id
      LIMIT 1
    ) c ON true
  ), numbered AS MATERIALIZED (
    SELECT g.*, j.actor, j.correlation_id, v_head + row_number() OVER (ORDER BY g.place) AS position
    FROM given g JOIN judged j ON j.ordinal = g.ordinal
    WHERE j.status = 'recorded'
  ), written AS (
    INSERT INTO event (
      tenant_id, position, stream_id, version, event_id, type, schema_version, organization_id,
      effective_on, recorded_at, actor, causation_id, correlation_id, data, personal
    )
    SELECT p_tenant, n.position, n.stream_id, n.version, n.event_id, n.type, n.schema_version,
      n.organization_id, n.effective_on, v_recorded, n.actor, n.causation_id, n.correlation_id,
      n.data, n.personal
    FROM numbered n ORDER BY n.position
  ), spans AS MATERIALIZED (
    SELECT n.ordinal, min(n.position) AS first_position, max(n.position) AS last_position
    FROM numbered n GROUP BY n.ordinal
  ), remembered AS (
    INSERT INTO command (
      tenant_id, actor, command_id, input_hash, subject, first_position, last_position
    )
    SELECT p_tenant, j.actor, j.command_id, j.input_hash, j.subject, s.first_position, s.last_position
    FROM judged j JOIN spans s ON s.ordinal = j.ordinal
  ), raised AS (
    UPDATE tenant_log l SET head = v_head + n.events, recorded_at = v_recorded
    FROM (SELECT count(*) AS events FROM numbered) n
    WHERE l.tenant_id = p_tenant AND n.events > 0
  )
  SELECT j.ordinal, j.status, j.subject,
    coalesce(s.first_position, j.first_position), coalesce(s.last_position, j.last_position), v_recorded
  FROM judged j LEFT JOIN spans s ON s.ordinal = j.ordinal
  ORDER BY j.ordinal;
END
$$;

-- The last position recorded at or before a time, of each tenant (0 when none), in one round trip.
CREATE FUNCTION positions_known_at(p_tenants int[], p_known timestamptz)
RETURNS TABLE (tenant_id int, "position" bigint)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
  v_before text := coalesce(current_setting('nguon.tenant', true), '');
  v_tenant int;
BEGIN
  FOREACH v_tenant IN ARRAY p_tenants LOOP
    PERFORM set_config('nguon.tenant', v_tenant::text, true);
    RETURN QUERY SELECT v_tenant, coalesce((
      SELECT e.position FROM event e
      WHERE e.tenant_id = v_tenant AND e.recorded_at <= p_known
      ORDER BY e.tenant_id DESC, e.recorded_at DESC, e.position DESC
      LIMIT 1
    ), 0);
  END LOOP;
  PERFORM set_config('nguon.tenant', v_before, true);
END
$$;

-- All tenants: codes and numbers are no secret, and a code must be found before its tenant is known.
CREATE FUNCTION tenant_directory()
RETURNS TABLE (tenant_id int, code text, province_id int)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
  SELECT t.tenant_id, t.code, t.province_id FROM public.tenant t ORDER BY t.tenant_id
$$;

-- Adds a province office or an organization directly under one, with an empty log; an operator's tool.
-- Returns the number of the tenant, of the one that is there when there is one.
CREATE FUNCTION add_tenant(p_code text) RETURNS int
LANGUAGE plpgsql
AS $$
DECLARE
  v_before text := coalesce(current_setting('nguon.tenant', true), '');
  v_tenant int;
  v_province int;
BEGIN
  LOCK TABLE tenant IN SHARE ROW EXCLUSIVE MODE;
  SELECT t.tenant_id INTO v_tenant FROM tenant t WHERE t.code = p_code;
  IF FOUND THEN
    RETURN v_tenant;
  END IF;
  SELECT coalesce(max(t.tenant_id), 0) + 1 INTO v_tenant FROM tenant t;
  IF position('/' IN p_code) = 0 THEN
    v_province := v_tenant;
  ELSE
    SELECT t.tenant_id INTO v_province FROM tenant t WHERE t.code = split_part(p_code, '/', 1);
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the province of % is not a tenant', p_code USING ERRCODE = 'NG404';
    END IF;
  END IF;
  INSERT INTO tenant (tenant_id, code, province_id) VALUES (v_tenant, p_code, v_province);
  PERFORM set_config('nguon.tenant', v_tenant::text, true);
  INSERT INTO tenant_log (tenant_id) VALUES (v_tenant);
  PERFORM set_config('nguon.tenant', v_before, true);
  RETURN v_tenant;
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION append_events, positions_known_at, tenant_directory TO nguon_app;
