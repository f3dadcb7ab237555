// The trusted process of the fault matrix, alone in a process of its own so that its memory and its delays are its own.
// It runs the shapes it is sent and reports what it saw.
import { AsyncLocalStorage } from 'node:async_hooks';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectModule } from '../../dist/host/module/inspect.js';
import { resolveLimits } from '../../dist/host/limits.js';
import { Sandbox } from '../../dist/host/sandbox.js';
import { GuestProcess } from '../../dist/host/supervisor/guest-process.js';

const NEIGHBOUR_EVERY_MS = 50;
const SAMPLE_EVERY_MS = 20;
const nothing = () => undefined;
const now = () => performance.now();

// To learn in which process a call runs: what is timed is when that is done with it, not only when the caller has an answer.
const runs = new AsyncLocalStorage();
const run = Object.getOwnPropertyDescriptor(GuestProcess.prototype, 'run').value;
GuestProcess.prototype.run = function (...asked) {
  const made = runs.getStore();
  if (made !== undefined) made.guest = this;
  return run.apply(this, asked);
};

/** Runs one call, and answers what came of it, and in which process. */
async function call(sandbox, { bytes, tool, input = {}, limits = {}, trust = 'one' }) {
  const made = { guest: undefined, kind: 'ok', limit: undefined, value: undefined, durationMs: 0, tookMs: 0 };
  const started = now();
  try {
    const known = inspectModule(bytes).tools.find(({ name }) => name === tool);
    const nobody = { secrets: {}, state: { get: nothing, set: nothing, delete: nothing, keys: () => [] } };
    const asked = {
      bytes,
      trust,
      tool: known,
      input,
      limits: resolveLimits(limits),
      reuse: false,
      config: {},
      args: [],
    };
    const rest = { stdin: new Uint8Array(), env: {}, cwd: '/', layers: () => [], record: nothing, onLog: nothing };
    const { outcome, usage } = await runs.run(made, () =>
      sandbox.call({ ...nobody, ...asked, ...rest, onHostCall: nothing }),
    );
    made.durationMs = usage.durationMs;
    if ('error' in outcome) throw outcome.error;
    made.value = outcome.value;
  } catch (error) {
    made.kind = error.code ?? String(error);
    made.limit = error.details?.limit;
  }
  made.tookMs = now() - started;
  return made;
}

const delay = monitorEventLoopDelay({ resolution: 10 });
const neighbour = {
  sandbox: new Sandbox({ keepSpare: true }),
  bytes: undefined,
  answers: 0,
  failures: [],
  slowestMs: 0,
};
let peakRss = 0;
let longestDelayMs = 0;

/** A skill beside all the others, which is called all the time. */
async function callNeighbour() {
  for (;;) {
    while (neighbour.isPaused) await sleep(NEIGHBOUR_EVERY_MS);
    const { kind, value, tookMs } = await call(neighbour.sandbox, {
      bytes: neighbour.bytes,
      tool: 'next',
      trust: 'neighbour',
    });
    if (value === 1) neighbour.answers++;
    else neighbour.failures.push(kind);
    neighbour.slowestMs = Math.max(neighbour.slowestMs, tookMs);
    await sleep(NEIGHBOUR_EVERY_MS);
  }
}

/** A skill whose process is gone, so that it needs another one: how long that takes. */
async function callFresh() {
  const fresh = await call(neighbour.sandbox, { bytes: neighbour.bytes, tool: 'next', trust: 'fresh' });
  if (fresh.value !== 1) throw new Error(`a fresh skill got ${fresh.kind}`);
  await kill(fresh.guest);
  return fresh.tookMs;
}

async function kill(guest) {
  process.kill(guest.pid, 'SIGKILL');
  await guest.exited;
}

/** Waits until the process is done with the call it had, and answers how long that took. */
async function untilDone(guest) {
  const started = now();
  await guest?.quiet();
  if (guest?.usable === false) await guest.exited;
  return now() - started;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const p99 = (values) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? 0;
const summary = (values) => ({ median: median(values), p99: p99(values), max: Math.max(0, ...values) });

/** Some rounds of one shape, one after the other; after each, the skill must be at service again. */
async function runShape({ shape, modules: heads, padding, rounds, program }) {
  const modules = padding === 0 ? heads : heads.map((head) => Buffer.concat([head], head.length + padding));
  delay.reset();
  peakRss = 0;
  const sandbox = new Sandbox({ keepSpare: program === undefined, ...(program && { program }) });
  const seen = { got: {}, late: [], gone: [], back: [] };
  const note = (what) => (seen.got[what] = (seen.got[what] ?? 0) + 1);
  // What was there before the first fault is no fault's cost.
  if (shape.hasOne) await call(sandbox, { bytes: modules[0], tool: 'one' });
  for (let round = 0; round < rounds; round++) {
    const bytes = modules[round % modules.length];
    const made = await call(sandbox, { ...shape, bytes });
    note([made.kind, made.limit].filter(Boolean).join(' '));
    noteLateness(seen, shape, made, await untilDone(made.guest));
    // A program in the place of a guest process plays one part in its life.
    if (program && made.guest?.usable) await kill(made.guest);
    if (shape.hasOne) {
      const then = await call(sandbox, { bytes, tool: 'one' });
      if (then.value !== 1) note(`then ${then.kind}`);
      seen.back.push(then.tookMs);
    } else seen.back.push(await callFresh());
  }
  await sandbox.close();
  const times = { late: summary(seen.late), gone: summary(seen.gone), back: summary(seen.back) };
  return { got: seen.got, ...times, delayMs: noteDelay(), peakRss, rss: rss() };
}

/** When the caller had its answer, and when the process was done, after the deadline. */
function noteLateness(seen, { limits }, { durationMs }, doneMs) {
  if (limits?.timeout_ms === undefined) return;
  seen.late.push(durationMs - limits.timeout_ms);
  seen.gone.push(durationMs - limits.timeout_ms + doneMs);
}

/** Many skills that never end, each in a process of its own, all with the same deadline. */
async function runAtOnce({ shape, modules: [bytes], rounds, count }) {
  delay.reset();
  const sandbox = new Sandbox({ keepSpare: false });
  const trusts = Array.from({ length: count }, (_, i) => `skill ${i}`);
  const seen = { got: {}, late: [], gone: [] };
  for (let round = 0; round < rounds; round++) {
    const limits = { timeout_ms: 60_000, start_ms: 60_000 };
    for (const one of await Promise.all(trusts.map((trust) => call(sandbox, { bytes, trust, tool: 'one', limits }))))
      if (one.value !== 1) throw new Error(`a skill was not there: ${one.kind}`);
    await Promise.all(
      trusts.map(async (trust) => {
        const made = await call(sandbox, { ...shape, bytes, trust });
        seen.got[made.kind] = (seen.got[made.kind] ?? 0) + 1;
        noteLateness(seen, shape, made, await untilDone(made.guest));
      }),
    );
  }
  await sandbox.close();
  return { got: seen.got, late: summary(seen.late), gone: summary(seen.gone), delayMs: noteDelay() };
}

/** Processes that die, one after the other. Answers the memory of this process after a third of them, and at the end. */
async function runCycles({ rounds }) {
  const back = [];
  const samples = [];
  neighbour.isPaused = true;
  const every = Math.max(1, Math.floor(rounds / 50));
  for (let round = 0; round < rounds; round++) {
    back.push(await callFresh());
    if (round % every > 0) continue;
    await sleep(SAMPLE_EVERY_MS);
    samples.push(rss());
  }
  neighbour.isPaused = false;
  // What the engine keeps ready goes up and down by some MiB; the middle of many looks does not.
  const tenth = Math.floor(samples.length / 10);
  const third = Math.floor(samples.length / 3);
  const settledRss = median(samples.slice(third, third + tenth + 1));
  return { settledRss, endRss: median(samples.slice(-tenth - 1)), back: summary(back), samples };
}

/** The longest time of late in which this process could not have answered. */
function noteDelay() {
  const ms = delay.max / 1e6;
  longestDelayMs = Math.max(longestDelayMs, ms);
  return ms;
}

function rss() {
  for (let i = 0; i < 3; i++) globalThis.gc();
  return process.memoryUsage.rss();
}

/** What this process went through since it was asked last. */
function health() {
  const { answers, failures, slowestMs } = neighbour;
  noteDelay();
  const seen = { rss: rss(), delayMs: longestDelayMs, neighbour: { answers, failures, slowestMs } };
  Object.assign(neighbour, { answers: 0, failures: [], slowestMs: 0 });
  longestDelayMs = 0;
  delay.reset();
  return seen;
}

async function begin({ bytes }) {
  neighbour.bytes = bytes;
  for (let i = 0; i < 20; i++) await callFresh();
  void callNeighbour();
  setInterval(() => (peakRss = Math.max(peakRss, process.memoryUsage.rss())), SAMPLE_EVERY_MS).unref();
  delay.enable();
  await sleep(500);
}

const acts = { begin, runShape, runAtOnce, runCycles, health };
const answer = async ({ act, ...job }) => {
  try {
    process.send({ answer: await acts[act](job) });
  } catch (error) {
    process.send({ error: error.stack });
  }
};
process.on('message', (message) => void answer(message));
process.on('disconnect', () => process.exit());
