-- Which obligations there are of a document or a directive, and which single ones may still be open: one row an event that says so.
-- Whether one is due or late is derived from the obligation itself when it is asked for.
CREATE TABLE obligation_entry (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  obligation_id uuid NOT NULL,
  version int NOT NULL,
  effective_on date NOT NULL,
  voids int,
  organization_id uuid,
  document uuid,
  directive uuid,
  recurs boolean,
  standing text,
  CONSTRAINT obligation_entry_pk PRIMARY KEY (tenant_id, position)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX obligation_entry_place_ix ON obligation_entry (tenant_id, organization_id) WHERE organization_id IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX obligation_entry_document_ix ON obligation_entry (tenant_id, document) WHERE document IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX obligation_entry_directive_ix ON obligation_entry (tenant_id, directive) WHERE directive IS NOT NULL;
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX obligation_entry_record_ix ON obligation_entry (tenant_id, obligation_id);

ALTER TABLE obligation_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY obligation_entry_own ON obligation_entry
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);

GRANT SELECT, INSERT, DELETE ON obligation_entry TO nguon_app;
