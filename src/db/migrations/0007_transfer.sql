-- What concerns several tenants of a province, found without reading the province's whole log: hand-overs under way, and
-- people whom a second tenant was about to record. Both are rows of the province's own tenant and hold no personal value.

CREATE TABLE transfer (
  tenant_id int NOT NULL,
  transfer_id uuid NOT NULL,
  position bigint NOT NULL,
  from_tenant text NOT NULL,
  to_tenant text NOT NULL,
  state text NOT NULL,
  CONSTRAINT transfer_pk PRIMARY KEY (tenant_id, transfer_id)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX transfer_state_ix ON transfer (tenant_id, state, position);

CREATE TABLE identity_match (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  identity_id uuid NOT NULL,
  holder text NOT NULL,
  candidate_id uuid NOT NULL,
  asking text NOT NULL,
  matched_on date NOT NULL,
  CONSTRAINT identity_match_pk PRIMARY KEY (tenant_id, position)
);

ALTER TABLE transfer ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE identity_match ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY transfer_own ON transfer
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY identity_match_own ON identity_match
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);

GRANT SELECT, INSERT, UPDATE, DELETE ON transfer TO nguon_app;
GRANT SELECT, INSERT, DELETE ON identity_match TO nguon_app;
