-- Rows as they are sent, in arrays: a column each took twice the time. Apart from the tables, whose columns may become more while
-- an older program still writes.
CREATE TYPE new_posting AS (
  position bigint,
  ordinal smallint,
  unit uuid,
  person uuid,
  account text,
  groups bigint,
  effective_on date,
  n smallint,
  is_apart boolean
);
CREATE TYPE new_due AS (
  person uuid,
  position bigint,
  ordinal smallint,
  superseded bigint,
  unit uuid,
  kind text,
  paper text,
  raised_on date,
  due_on date,
  since date,
  until date
);
-- Balances of one measure and unit that agree on successive days: the first and the last of these days by their places in a list,
-- and the sums as text.
CREATE TYPE balance_run AS (
  measure smallint,
  unit uuid,
  epoch int,
  until int,
  first int,
  last int,
  n text
);
