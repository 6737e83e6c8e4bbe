-- The read models of the core path. Each row can be made again from the log; each carries the position it comes from,
-- so that a figure can be asked for as known at any time.

-- Every entry about an organization; the tree of any date is folded from these in the process.
CREATE TABLE organization_entry (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  organization_id uuid NOT NULL,
  version int NOT NULL,
  effective_on date NOT NULL,
  voids int,
  code text,
  name text,
  kind text,
  parent_id uuid,
  characteristics text[],
  CONSTRAINT organization_entry_pk PRIMARY KEY (tenant_id, position)
);

-- Double-entry postings: n is what an event adds to (or takes from) an account of a unit from a day on. `account` is a
-- stage, or one of the two counts of admissions. `groups` is a mask by domain/groups.toml; `person` is pseudonymous.
CREATE TABLE posting (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  ordinal smallint NOT NULL,
  unit uuid NOT NULL,
  person uuid NOT NULL,
  account text NOT NULL,
  groups bigint NOT NULL,
  effective_on date NOT NULL,
  n smallint NOT NULL,
  CONSTRAINT posting_pk PRIMARY KEY (tenant_id, position, ordinal)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX posting_day_ix ON posting (tenant_id, effective_on, position)
  INCLUDE (unit, account, groups, n);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX posting_unit_ix ON posting (tenant_id, unit, person);

-- Every entry about a target; the amount of any date is folded from these in the process.
CREATE TABLE target_entry (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  target_id uuid NOT NULL,
  version int NOT NULL,
  effective_on date NOT NULL,
  voids int,
  holder uuid NOT NULL,
  basis text,
  period text,
  period_first date,
  period_last date,
  target_group text,
  counting text,
  count int,
  share_percent double precision,
  stated_growth_percent double precision,
  CONSTRAINT target_entry_pk PRIMARY KEY (tenant_id, position)
);

ALTER TABLE organization_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE posting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE target_entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY organization_entry_own ON organization_entry
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY organization_entry_rollup ON organization_entry FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));
CREATE POLICY posting_own ON posting
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY posting_rollup ON posting FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));
CREATE POLICY target_entry_own ON target_entry
  USING (tenant_id = nullif(current_setting('nguon.tenant', true), '')::int);
CREATE POLICY target_entry_rollup ON target_entry FOR SELECT
  USING (tenant_id = ANY (string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]));

GRANT SELECT, INSERT, DELETE ON organization_entry, posting, target_entry TO nguon_app;
