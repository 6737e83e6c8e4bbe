-- Dossiers before the competent committee, as double-entry postings: n is what an event adds to (or takes from) one fact of a
-- dossier that was first submitted on `submitted_on`. `fact` is SUBMITTED, RETURNED, RESUBMITTED or PAPER; `number` says which
-- return of the dossier it is, `days` how long it took until the dossier came again, `paper` what the defects concern.
CREATE TABLE dossier_posting (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  ordinal smallint NOT NULL,
  unit uuid NOT NULL,
  person uuid NOT NULL,
  submitted_on date NOT NULL,
  effective_on date NOT NULL,
  fact text NOT NULL,
  number smallint NOT NULL,
  days int,
  paper text,
  n smallint NOT NULL,
  CONSTRAINT dossier_posting_pk PRIMARY KEY (tenant_id, position, ordinal)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX dossier_posting_day_ix ON dossier_posting (tenant_id, submitted_on, position);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX dossier_posting_person_ix ON dossier_posting (tenant_id, person);

-- When each class began: a row for what opened it, and for each correction. What came of it is folded from its own events.
CREATE TABLE course_opening (
  tenant_id int NOT NULL,
  position bigint NOT NULL,
  course uuid NOT NULL,
  version int NOT NULL,
  effective_on date NOT NULL,
  starts_on date,
  voids int,
  CONSTRAINT course_opening_pk PRIMARY KEY (tenant_id, position)
);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX course_opening_day_ix ON course_opening (tenant_id, starts_on);
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX course_opening_voids_ix ON course_opening (tenant_id, course, voids);

ALTER TABLE dossier_posting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE course_opening ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY dossier_posting_own ON dossier_posting
  USING (tenant_id = (SELECT nullif(current_setting('nguon.tenant', true), '')::int));
CREATE POLICY dossier_posting_rollup ON dossier_posting FOR SELECT USING (
  tenant_id = ANY ((
    SELECT string_to_array(nullif(current_setting('nguon.tenants', true), ''), ',')::int[]
  )::int[])
);
CREATE POLICY course_opening_own ON course_opening
  USING (tenant_id = (SELECT nullif(current_setting('nguon.tenant', true), '')::int));

GRANT SELECT, INSERT, DELETE ON dossier_posting, course_opening TO nguon_app;

-- Beside what serves, where a projection is folded anew.
CREATE TABLE beside.dossier_posting (LIKE public.dossier_posting INCLUDING ALL);
CREATE TABLE beside.course_opening (LIKE public.course_opening INCLUDING ALL);
ALTER TABLE beside.dossier_posting ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE beside.course_opening ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY dossier_posting_own ON beside.dossier_posting
  USING (tenant_id = (SELECT nullif(current_setting('nguon.tenant', true), '')::int));
CREATE POLICY course_opening_own ON beside.course_opening
  USING (tenant_id = (SELECT nullif(current_setting('nguon.tenant', true), '')::int));
GRANT SELECT, INSERT, UPDATE, DELETE ON beside.dossier_posting, beside.course_opening TO nguon_app;
