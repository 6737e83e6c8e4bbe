-- The proof of the log: the tree over its leaf hashes, kept as tiles, and what was signed of it.

-- How far the tree of an epoch has grown. Whoever lets it grow holds the row's lock meanwhile.
CREATE TABLE log_tree (
  tenant_id int NOT NULL,
  epoch int NOT NULL,
  size bigint NOT NULL,
  CONSTRAINT log_tree_pk PRIMARY KEY (tenant_id, epoch),
  CONSTRAINT log_tree_epoch_ck CHECK (epoch > 0),
  CONSTRAINT log_tree_size_ck CHECK (size >= 0)
) WITH (fillfactor = 50);

-- 256 hashes of 32 bytes; the last tile of a level has fewer and is replaced as it grows. Entries of level 0 are leaf
-- hashes (that of position n stands at n - 1), those of a level above the roots of the full tiles below.
CREATE TABLE tile (
  tenant_id int NOT NULL,
  epoch int NOT NULL,
  level smallint NOT NULL,
  index bigint NOT NULL,
  hashes bytea NOT NULL,
  CONSTRAINT tile_pk PRIMARY KEY (tenant_id, epoch, level, index),
  CONSTRAINT tile_place_ck CHECK (epoch > 0 AND level >= 0 AND index >= 0)
);
-- Hashes cannot be compressed.
ALTER TABLE tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- Every checkpoint that was ever signed: the root over the first `size` events, and the signed note.
CREATE TABLE signed_checkpoint (
  tenant_id int NOT NULL,
  epoch int NOT NULL,
  size bigint NOT NULL,
  root bytea NOT NULL,
  note text NOT NULL,
  signed_at timestamptz NOT NULL,
  CONSTRAINT signed_checkpoint_pk PRIMARY KEY (tenant_id, epoch, size),
  CONSTRAINT signed_checkpoint_place_ck CHECK (epoch > 0 AND size > 0)
);

ALTER TABLE log_tree ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tile ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE signed_checkpoint ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY log_tree_own ON log_tree
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY tile_own ON tile
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY signed_checkpoint_own ON signed_checkpoint
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);

GRANT SELECT, INSERT, UPDATE (size) ON log_tree TO nguon_app;
GRANT SELECT, INSERT, UPDATE (hashes) ON tile TO nguon_app;
GRANT SELECT, INSERT ON signed_checkpoint TO nguon_app;

-- The leaf hashes of the events after one position up to another, one after the other, and how many they are: fewer
-- than the positions if the log has a gap there. A leaf covers every stored column: it is the hash of the bytes 0 (a
-- leaf, RFC 9162) and 1 (the version of this form) and of the row as record_send writes it.
CREATE FUNCTION leaf_hashes(p_tenant int, p_after bigint, p_until bigint)
RETURNS TABLE (leaves bigint, hashes bytea)
LANGUAGE sql STABLE
AS $$
  SELECT count(*), string_agg(sha256('\x0001'::bytea || record_send(ROW(
    e.tenant_id, e.position, e.stream_id, e.version, e.event_id, convert_to(e.type, 'UTF8'),
    e.schema_version, e.organization_id, e.effective_on, e.recorded_at, convert_to(e.actor, 'UTF8'),
    e.causation_id, e.correlation_id, e.data, e.person_id, e.sealed
  ))), '' ORDER BY e.position)
  FROM event e
  WHERE e.tenant_id = p_tenant AND e.position > p_after AND e.position <= p_until
$$;

REVOKE EXECUTE ON FUNCTION leaf_hashes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION leaf_hashes TO nguon_app;
