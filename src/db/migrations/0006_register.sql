-- Where the records of each kind are (documents and what else is listed by organization): one row for what begins a record and one
-- for what voids that. The records themselves are folded from the log when they are asked for.
CREATE TABLE register_entry (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  record_id uuid NOT NULL,
  kind text NOT NULL,
  organization_id uuid NOT NULL,
  effective_on date NOT NULL,
  version int NOT NULL,
  voids int,
  CONSTRAINT register_entry_pk PRIMARY KEY (tenant_id, position)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX register_entry_place_ix ON register_entry (tenant_id, kind, organization_id, effective_on, position);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX register_entry_record_ix ON register_entry (tenant_id, record_id);

ALTER TABLE register_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY register_entry_own ON register_entry
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);

GRANT SELECT, INSERT, DELETE ON register_entry TO nguon_app;
