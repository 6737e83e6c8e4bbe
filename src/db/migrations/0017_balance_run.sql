-- Balances of one measure and unit that agree on successive days, as they are sent: the first and the last of these days by their
-- places in a list, and the sums as text.
CREATE TYPE balance_run AS (
  measure smallint,
  unit uuid,
  epoch int,
  until int,
  first int,
  last int,
  n text
);
