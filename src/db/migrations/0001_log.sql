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
-- `key_version` names the tenant key, kept outside the database, that whatever is written must be
-- sealed with: the lock on the row keeps a writer from using a key that an erasure destroys.
CREATE TABLE tenant_log (
  tenant_id int NOT NULL,
  head bigint NOT NULL DEFAULT 0,
  recorded_at timestamptz,
  clock timestamptz,
  key_version int NOT NULL DEFAULT 1,
  CONSTRAINT tenant_log_pk PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_log_tenant_fk FOREIGN KEY (tenant_id) REFERENCES tenant (tenant_id),
  CONSTRAINT tenant_log_head_ck CHECK (head >= 0),
  CONSTRAINT tenant_log_key_version_ck CHECK (key_version > 0)
) WITH (fillfactor = 50);

-- `data` holds what may be read by whoever counts; `sealed` the personal fields, under the key of
-- `person_id`, which an erasure destroys.
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
  person_id uuid,
  sealed bytea,
  CONSTRAINT event_pk PRIMARY KEY (tenant_id, position),
  CONSTRAINT event_stream_uq UNIQUE (tenant_id, stream_id, version),
  CONSTRAINT event_position_ck CHECK (position > 0),
  CONSTRAINT event_version_ck CHECK (version > 0),
  CONSTRAINT event_sealed_ck CHECK (sealed IS NULL OR person_id IS NOT NULL)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX event_organization_ix ON event (tenant_id, organization_id, position);

-- The key of each person's sealed fields, wrapped with the tenant key of `key_version`. A person whose
-- row is gone, or whose tenant key is destroyed, is erased.
CREATE TABLE person_key (
  tenant_id int NOT NULL,
  person_id uuid NOT NULL,
  key_version int NOT NULL,
  wrapped bytea NOT NULL,
  CONSTRAINT person_key_pk PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT person_key_version_ck CHECK (key_version > 0)
) WITH (fillfactor = 80);

-- What may exist only once: `index` is a keyed hash of it (a blind index), `sealed` the thing itself
-- under the tenant key, so that both can be made anew with the next one.
CREATE TABLE reservation (
  tenant_id int NOT NULL,
  kind text NOT NULL,
  index bytea NOT NULL,
  holder uuid NOT NULL,
  key_version int NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT reservation_pk PRIMARY KEY (tenant_id, kind, index),
  CONSTRAINT reservation_version_ck CHECK (key_version > 0)
);

-- The first result of each command: references only, never what was sent. `input_hash` is keyed: the
-- version of the tenant key in four bytes, then the code.
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
ALTER TABLE person_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE reservation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
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
CREATE POLICY person_key_own ON person_key
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY reservation_own ON reservation
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY command_own ON command
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY checkpoint_own ON checkpoint
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY checkpoint_rollup ON checkpoint FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));

-- Nothing in the log can be changed or deleted by the application; keys can.
GRANT SELECT ON tenant TO nguon_app;
GRANT SELECT ON tenant_log TO nguon_app;
GRANT UPDATE (head, recorded_at, clock, key_version) ON tenant_log TO nguon_app;
GRANT SELECT, INSERT ON event TO nguon_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON person_key, reservation TO nguon_app;
GRANT SELECT, INSERT ON command TO nguon_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON checkpoint TO nguon_app;

-- What append_events takes: one array of rows is several times cheaper to send and to read than one array a column.
-- The first and the last place of a command count the events of the whole batch, from 1. `leads` marks the first event
-- of its stream in the command. The ordinal of a key or a claim is the place of its command.
CREATE TYPE new_event AS (
  stream_id uuid, version int, leads boolean, event_id uuid, type text, schema_version smallint,
  organization_id uuid, effective_on date, data bytea, person_id uuid, sealed bytea
);
CREATE TYPE new_command AS (
  actor text, command_id uuid, input_hash bytea, subject uuid, correlation_id uuid, key_version int,
  first_place int, last_place int, events new_event[]
);
CREATE TYPE new_key AS (ordinal int, person_id uuid, wrapped bytea);
CREATE TYPE new_claim AS (ordinal int, kind text, index bytea, holder uuid, sealed bytea);

-- Appends a batch of commands, which have p_count events, to one tenant's log: the only way events come into being.
-- One row without `subject` says that all are recorded, without a gap from `first_position` to `last_position`.
-- Otherwise the result has one row a command, in order:
--   'recorded'; nothing is written for any other:
--   'repeated' (the same commandId and input: the first result; an input that was hashed under another
--   tenant key cannot be compared and counts as the same),
--   'reused' (the same commandId, another input),
--   'outdated' (sealed with another tenant key than the current one, which comes as `key_version`; a
--   repetition that can be compared is told so, since 'outdated' says that nothing was recorded),
--   'conflict' (a stream has moved on, or the person has a key already),
--   'taken' (what it claims is held by `subject`).
-- An event of version 0 gets the next one of its stream, whatever that is; a claim without `sealed`
-- gives up what its holder holds. Two commands of one batch must differ in (actor, command) and share no
-- stream, person or claim. It commits or fails as a whole otherwise.
-- Sequential scans are off because a plan would keep the shape of the small table that it was made for.
CREATE FUNCTION append_events(
  p_tenant int, p_now timestamptz, p_commands new_command[], p_count int, p_keys new_key[],
  p_claims new_claim[]
) RETURNS TABLE (
  status text, subject uuid, first_position bigint, last_position bigint, recorded_at timestamptz,
  key_version int
)
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_tenant text;
  v_head bigint;
  v_recorded timestamptz;
  v_key_version int;
  v_written bigint;
  v_status text[];
BEGIN
  v_tenant := set_config('nguon.tenant', p_tenant::text, true);

  -- Almost always nothing stands in the way of any command of the batch. That is found out by writing: a repeated
  -- command, a stream that has moved on or a thing that is held breaks a unique key, and whatever else needs to be
  -- judged is left out by an INSERT; both take back this block.
  BEGIN
    -- Later statements take their snapshot after this lock, so they see all that was appended before.
    UPDATE tenant_log l
    SET head = l.head + p_count, recorded_at = greatest(coalesce(l.clock, p_now), l.recorded_at)
    WHERE l.tenant_id = p_tenant
    RETURNING l.head - p_count, l.recorded_at, l.key_version
    INTO v_head, v_recorded, v_key_version;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'unknown tenant %', p_tenant USING ERRCODE = 'NG404';
    END IF;
    IF cardinality(p_claims) > 0 THEN
      INSERT INTO reservation (tenant_id, kind, index, holder, key_version, sealed)
      SELECT p_tenant, c.kind, c.index, c.holder, v_key_version, c.sealed
      FROM unnest(p_claims) c WHERE c.sealed IS NOT NULL;
      GET DIAGNOSTICS v_written = ROW_COUNT;
      IF v_written <> cardinality(p_claims) THEN
        RAISE EXCEPTION USING ERRCODE = 'NG409', MESSAGE = 'a claim is given up';
      END IF;
    END IF;
    INSERT INTO event (
      tenant_id, position, stream_id, version, event_id, type, schema_version, organization_id,
      effective_on, recorded_at, actor, causation_id, correlation_id, data, person_id, sealed
    )
    SELECT p_tenant, v_head + a.first_place + g.place - 1, g.stream_id, g.version, g.event_id,
      g.type, g.schema_version, g.organization_id, g.effective_on, v_recorded, a.actor,
      a.command_id, a.correlation_id, g.data, g.person_id, g.sealed
    FROM unnest(p_commands) a, unnest(a.events) WITH ORDINALITY AS g (
      stream_id, version, leads, event_id, type, schema_version, organization_id, effective_on,
      data, person_id, sealed, place
    )
    WHERE a.key_version = v_key_version AND g.version > 0
      AND CASE
        -- In this order the lookup is a probe of the index of streams, whatever the planner believes.
        WHEN g.leads AND g.version > 1 THEN g.version - 1 = (
          SELECT e.version FROM event e
          WHERE e.tenant_id = p_tenant AND e.stream_id = g.stream_id
          ORDER BY e.tenant_id DESC, e.stream_id DESC, e.version DESC
          LIMIT 1
        )
        ELSE true
      END;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    IF v_written <> p_count THEN
      RAISE EXCEPTION USING ERRCODE = 'NG409', MESSAGE = 'each command must be judged';
    END IF;
    IF cardinality(p_keys) > 0 THEN
      INSERT INTO person_key (tenant_id, person_id, key_version, wrapped)
      SELECT p_tenant, n.person_id, v_key_version, n.wrapped FROM unnest(p_keys) n;
    END IF;
    INSERT INTO command (
      tenant_id, actor, command_id, input_hash, subject, first_position, last_position
    )
    SELECT p_tenant, a.actor, a.command_id, a.input_hash, a.subject, v_head + a.first_place,
      v_head + a.last_place
    FROM unnest(p_commands) a;
    status := 'recorded';
    first_position := v_head + 1;
    last_position := v_head + p_count;
    recorded_at := v_recorded;
    key_version := v_key_version;
    RETURN NEXT;
    RETURN;
  EXCEPTION WHEN unique_violation OR SQLSTATE 'NG409' THEN
    NULL;
  END;

  -- Something does: each command by itself is judged, then the rest is written.
  SELECT l.head, greatest(coalesce(l.clock, p_now), l.recorded_at), l.key_version
  INTO v_head, v_recorded, v_key_version
  FROM tenant_log l WHERE l.tenant_id = p_tenant FOR NO KEY UPDATE;
  WITH stale AS (
    SELECT a.ordinal
    FROM unnest(p_commands) WITH ORDINALITY AS a (
      actor, command_id, input_hash, subject, correlation_id, key_version, first_place, last_place,
      events, ordinal
    ), unnest(a.events) g
    WHERE g.leads AND g.version > 0
      AND g.version - 1 <> coalesce((
        SELECT e.version FROM event e
        WHERE e.tenant_id = p_tenant AND e.stream_id = g.stream_id
        ORDER BY e.tenant_id DESC, e.stream_id DESC, e.version DESC
        LIMIT 1
      ), 0)
    UNION ALL
    SELECT n.ordinal FROM unnest(p_keys) n
    WHERE (
      SELECT true FROM person_key k
      WHERE k.tenant_id = p_tenant AND k.person_id = n.person_id LIMIT 1
    )
  ), taken AS (
    SELECT c.ordinal
    FROM unnest(p_claims) c
    JOIN reservation r ON r.tenant_id = p_tenant AND r.kind = c.kind AND r.index = c.index
    WHERE r.holder <> c.holder
  )
  SELECT array_agg(
    CASE
      WHEN k.input_hash = a.input_hash THEN 'repeated'
      WHEN substr(k.input_hash, 1, 4) = substr(a.input_hash, 1, 4) THEN 'reused'
      WHEN a.key_version <> v_key_version THEN 'outdated'
      WHEN k.input_hash IS NOT NULL THEN 'repeated'
      WHEN a.ordinal IN (SELECT s.ordinal FROM stale s) THEN 'conflict'
      WHEN a.ordinal IN (SELECT t.ordinal FROM taken t) THEN 'taken'
      ELSE 'recorded'
    END ORDER BY a.ordinal
  ) INTO v_status
  FROM unnest(p_commands) WITH ORDINALITY AS a (
    actor, command_id, input_hash, subject, correlation_id, key_version, first_place, last_place,
    events, ordinal
  )
  LEFT JOIN LATERAL (
    SELECT k.input_hash FROM command k
    WHERE k.tenant_id = p_tenant AND k.actor = a.actor AND k.command_id = a.command_id LIMIT 1
  ) k ON true;

  DELETE FROM reservation r
  USING unnest(p_claims) c
  WHERE r.tenant_id = p_tenant AND r.kind = c.kind AND r.index = c.index
    AND c.sealed IS NULL AND v_status[c.ordinal] = 'recorded';
  INSERT INTO reservation (tenant_id, kind, index, holder, key_version, sealed)
  SELECT p_tenant, c.kind, c.index, c.holder, v_key_version, c.sealed
  FROM unnest(p_claims) c
  WHERE c.sealed IS NOT NULL AND v_status[c.ordinal] = 'recorded'
  ON CONFLICT DO NOTHING;

  IF 'recorded' = ANY (v_status) THEN
    INSERT INTO event (
      tenant_id, position, stream_id, version, event_id, type, schema_version, organization_id,
      effective_on, recorded_at, actor, causation_id, correlation_id, data, person_id, sealed
    )
    SELECT p_tenant, v_head + row_number() OVER (ORDER BY a.ordinal, g.place), g.stream_id,
      CASE
        WHEN g.version > 0 THEN g.version
        ELSE row_number() OVER (PARTITION BY g.stream_id ORDER BY g.place) + coalesce((
          SELECT e.version FROM event e
          WHERE e.tenant_id = p_tenant AND e.stream_id = g.stream_id
          ORDER BY e.tenant_id DESC, e.stream_id DESC, e.version DESC
          LIMIT 1
        ), 0)
      END,
      g.event_id, g.type, g.schema_version, g.organization_id, g.effective_on, v_recorded, a.actor,
      a.command_id, a.correlation_id, g.data, g.person_id, g.sealed
    FROM unnest(p_commands) WITH ORDINALITY AS a (
      actor, command_id, input_hash, subject, correlation_id, key_version, first_place, last_place,
      events, ordinal
    ), unnest(a.events) WITH ORDINALITY AS g (
      stream_id, version, leads, event_id, type, schema_version, organization_id, effective_on,
      data, person_id, sealed, place
    )
    WHERE v_status[a.ordinal] = 'recorded';
    GET DIAGNOSTICS v_written = ROW_COUNT;
    INSERT INTO person_key (tenant_id, person_id, key_version, wrapped)
    SELECT p_tenant, n.person_id, v_key_version, n.wrapped
    FROM unnest(p_keys) n WHERE v_status[n.ordinal] = 'recorded';
    INSERT INTO command (
      tenant_id, actor, command_id, input_hash, subject, first_position, last_position
    )
    SELECT p_tenant, s.actor, s.command_id, s.input_hash, s.subject,
      v_head + s.last_place - cardinality(s.events) + 1, v_head + s.last_place
    FROM (
      SELECT a.actor, a.command_id, a.input_hash, a.subject, a.events,
        sum(cardinality(a.events)) OVER (ORDER BY a.ordinal) AS last_place
      FROM unnest(p_commands) WITH ORDINALITY AS a (
        actor, command_id, input_hash, subject, correlation_id, key_version, first_place,
        last_place, events, ordinal
      )
      WHERE v_status[a.ordinal] = 'recorded'
    ) s;
    UPDATE tenant_log l SET head = v_head + v_written, recorded_at = v_recorded
    WHERE l.tenant_id = p_tenant;
  END IF;

  RETURN QUERY
  SELECT v_status[a.ordinal],
    CASE
      WHEN v_status[a.ordinal] = 'taken' THEN (
        SELECT r.holder
        FROM unnest(p_claims) c
        JOIN reservation r ON r.tenant_id = p_tenant AND r.kind = c.kind AND r.index = c.index
        WHERE c.ordinal = a.ordinal AND r.holder <> c.holder LIMIT 1
      )
      ELSE coalesce(k.subject, a.subject)
    END,
    k.first_position, k.last_position, v_recorded, v_key_version
  FROM unnest(p_commands) WITH ORDINALITY AS a (
    actor, command_id, input_hash, subject, correlation_id, key_version, first_place, last_place,
    events, ordinal
  )
  LEFT JOIN LATERAL (
    SELECT k.subject, k.first_position, k.last_position FROM command k
    WHERE k.tenant_id = p_tenant AND k.actor = a.actor AND k.command_id = a.command_id LIMIT 1
  ) k ON v_status[a.ordinal] IN ('recorded', 'repeated', 'reused')
  ORDER BY a.ordinal;
END
$$;

-- The last position recorded at or before a time, of each tenant (0 when none), in one round trip. Times never
-- run backwards along positions, so the place is found by halving; an index by time would cost each append.
CREATE FUNCTION positions_known_at(p_tenants int[], p_known timestamptz)
RETURNS TABLE (tenant_id int, "position" bigint)
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  v_before text := coalesce(current_setting('nguon.tenant', true), '');
  v_tenant int;
  v_low bigint;
  v_high bigint;
  v_middle bigint;
  v_is_known boolean;
BEGIN
  FOREACH v_tenant IN ARRAY p_tenants LOOP
    PERFORM set_config('nguon.tenant', v_tenant::text, true);
    v_low := 0;
    v_high := 0;
    SELECT CASE WHEN l.recorded_at <= p_known THEN l.head ELSE 0 END, l.head INTO v_low, v_high
    FROM tenant_log l WHERE l.tenant_id = v_tenant;
    WHILE v_low < v_high LOOP
      v_middle := (v_low + v_high + 1) / 2;
      SELECT e.recorded_at <= p_known INTO v_is_known
      FROM event e WHERE e.tenant_id = v_tenant AND e.position >= v_middle
      ORDER BY e.tenant_id, e.position
      LIMIT 1;
      IF v_is_known THEN
        v_low := v_middle;
      ELSE
        v_high := v_middle - 1;
      END IF;
    END LOOP;
    RETURN QUERY SELECT v_tenant, coalesce(v_low, 0);
  END LOOP;
  v_before := set_config('nguon.tenant', v_before, true);
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
