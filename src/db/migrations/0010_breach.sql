-- Steps that were recorded with a finding, for inspection; a row with `voids` says that one was never true.
CREATE TABLE breach (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  candidate uuid NOT NULL,
  version int NOT NULL,
  organization_id uuid NOT NULL,
  effective_on date NOT NULL,
  rules text[] NOT NULL,
  voids int,
  CONSTRAINT breach_pk PRIMARY KEY (tenant_id, position)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX breach_voids_ix ON breach (tenant_id, candidate, voids);

ALTER TABLE breach ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY breach_own ON breach
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY breach_rollup ON breach FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));

GRANT SELECT, INSERT, DELETE ON breach TO nguon_app;
