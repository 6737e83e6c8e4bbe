-- What the postings of a tenant dated before `day` add up to, so that old history costs nothing: `n` by account, in the
-- order of projections/balance.py, for everybody (`measure` 0) or one group (1 + its bit). A row holds from its epoch (a
-- month of recording) until another one, the last possible number for now; the postings behind it end at the position of
-- the epoch. One index only, so that no plan made for a small table can choose a wrong one.
CREATE TABLE balance (
  tenant_id int NOT NULL,
  measure smallint NOT NULL,
  day date NOT NULL,
  unit uuid NOT NULL,
  epoch int NOT NULL,
  until int NOT NULL,
  n int[] NOT NULL,
  CONSTRAINT balance_pk PRIMARY KEY (tenant_id, measure, day, until, unit)
) WITH (fillfactor = 80);

-- Up to which position the balances of an epoch reach, and which days have them: `first` to `last`.
CREATE TABLE balance_epoch (
  tenant_id int NOT NULL,
  epoch int NOT NULL,
  position bigint NOT NULL,
  first date NOT NULL,
  last date NOT NULL,
  CONSTRAINT balance_epoch_pk PRIMARY KEY (tenant_id, epoch)
);

ALTER TABLE balance ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE balance_epoch ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- The settings are read once a query (a subquery), not once a row.
CREATE POLICY balance_own ON balance USING (tenant_id = (SELECT nullif(current_setting('nguon.tenant', true), '')::int));
CREATE POLICY balance_rollup ON balance FOR SELECT USING (
  tenant_id = ANY ((
    SELECT string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]
  )::int[])
);
CREATE POLICY balance_epoch_own ON balance_epoch USING (tenant_id = (SELECT nullif(current_setting('nguon.tenant', true), '')::int));
CREATE POLICY balance_epoch_rollup ON balance_epoch FOR SELECT USING (
  tenant_id = ANY ((
    SELECT string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]
  )::int[])
);
ALTER POLICY posting_own ON posting USING (tenant_id = (SELECT nullif(current_setting('nguon.tenant', true), '')::int));
ALTER POLICY posting_rollup ON posting USING (
  tenant_id = ANY ((
    SELECT string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]
  )::int[])
);

GRANT SELECT, INSERT, UPDATE, DELETE ON balance, balance_epoch TO nguon_app;
