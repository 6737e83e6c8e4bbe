-- Dated attributes of organizations beyond name and code, units that a division refined, and where the records of
-- bodies, territories and reorganizations are.

-- `characteristics` are those gained; `successors` and `successor_codes` come with an end (`ends`) or a division.
ALTER TABLE organization_entry
  ADD COLUMN characteristics_lost text[],
  ADD COLUMN official_members int,
  ADD COLUMN admits boolean,
  ADD COLUMN ends boolean,
  ADD COLUMN successors uuid[],
  ADD COLUMN successor_codes text[],
  ADD COLUMN predecessor_id uuid,
  ADD COLUMN predecessor_code text;

-- People who were assigned to a part of a divided organization: `unit` counts at `origin` before the day and at
-- `organization_id` from it on. A row that no posting names any more does no harm.
CREATE TABLE unit (
  tenant_id int NOT NULL,
  unit uuid NOT NULL,
  origin uuid NOT NULL,
  organization_id uuid NOT NULL,
  effective_on date NOT NULL,
  CONSTRAINT unit_pk PRIMARY KEY (tenant_id, unit)
);

-- Which bodies, territories and reorganizations there are; what they say is read from the log.
CREATE TABLE structure_record (
  tenant_id int NOT NULL,
  kind text NOT NULL,
  record_id uuid NOT NULL,
  organization_id uuid NOT NULL,
  CONSTRAINT structure_record_pk PRIMARY KEY (tenant_id, kind, record_id)
);

ALTER TABLE unit ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE structure_record ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY unit_own ON unit
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY unit_rollup ON unit FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));
CREATE POLICY structure_record_own ON structure_record
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY structure_record_rollup ON structure_record FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));

GRANT SELECT, INSERT, DELETE ON unit, structure_record TO nguon_app;
