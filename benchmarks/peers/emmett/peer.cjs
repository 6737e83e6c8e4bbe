// Emmett's PostgreSQL event store, driven by asynchronous writers. Runs in its own environment:
// JSON lines in, JSON lines out.
const { randomUUID } = require("node:crypto");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const { getPostgreSQLEventStore } = require("@event-driven-io/emmett-postgresql");
const pg = require("pg");

const DATA = { groups: ["ETHNIC_MINORITY", "YOUTH_UNION"], ageBand: "18-30", inFavor: 7 };
const MANIFEST = path.join(
  process.env.NODE_PATH,
  "@event-driven-io/emmett-postgresql/package.json",
);
let store;

async function open({ dsn, connections }) {
  const pool = new pg.Pool({ connectionString: dsn, max: connections });
  const made = getPostgreSQLEventStore(dsn);
  await made.schema.migrate();
  await made.close();
  store = getPostgreSQLEventStore(dsn, {
    schema: { autoMigration: "None" },
    connectionOptions: { pool },
  });
  return { version: JSON.parse(readFileSync(MANIFEST)).version };
}

// Each writer appends to a new stream and awaits it before the next, until the time is over.
async function append({ writers, events, seconds }) {
  const latencies = [];
  const started = performance.now();
  async function write() {
    let before = performance.now();
    while (before - started < 1000 * seconds) {
      const batch = Array.from({ length: events }, () => ({
        type: "candidate.cell_vote_held",
        data: DATA,
      }));
      await store.appendToStream(`candidate-${randomUUID()}`, batch, {
        expectedStreamVersion: 0n,
      });
      const after = performance.now();
      latencies.push(after - before);
      before = after;
    }
  }
  await Promise.all(Array.from({ length: writers }, write));
  return { seconds: (performance.now() - started) / 1000, latencies_ms: latencies };
}

const operations = { open, append };

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const question = JSON.parse(line);
    let answer;
    try {
      answer = await operations[question.op](question);
    } catch (error) {
      answer = { error: String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
})();
