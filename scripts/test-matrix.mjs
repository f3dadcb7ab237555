// Runs the test suite on the Node versions in tools/node-matrix, each binary called by path: on each what a guest is from
// start to end, on the newest all of the wall, and with --all everything.
// usage: node scripts/test-matrix.mjs [--all] [--reports <folder>] [22] [24.21.0] …   (npm run test:matrix builds first)
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countReport } from './ci-count.mjs';

const ROOT = join(import.meta.dirname, '..');
const MATRIX = join(ROOT, 'tools', 'node-matrix');

/** A guest from start to end, and what the engine makes of it: on every version. */
const GUESTS = ['host/abi', 'host/guest', 'host/supervisor'];
const HOST = ['function', 'limits', 'sandbox', 'wasm'].map((part) => `host/${part}`);
/** On the newest: whatever else depends on the engine, on processes, or on files that several share. */
const WALL = [...GUESTS, ...HOST, 'faults', 'runtime', 'state'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    reports: { type: 'string', default: join(ROOT, '.cache', 'matrix') },
  },
});

const versions = chooseVersions(positionals);
if (!existsSync(join(ROOT, 'dist'))) fail('dist/ is missing; build it first: npm run build');
mkdirSync(values.reports, { recursive: true });

const known = chooseVersions([])
  .map(({ version }) => version)
  .toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
const rows = versions.map(({ alias, version }) => runOn(version, join(MATRIX, 'node_modules', alias, 'bin', 'node')));
for (const row of rows) {
  console.log(
    `node ${row.version}: ${row.passed} passed, ${row.failed} failed, ${row.skipped} skipped, ${row.seconds} s`,
  );
}
if (rows.some((row) => !row.isGood)) process.exitCode = 1;

/** The versions of tools/node-matrix/package.json that start with one of `wanted`; all of them when none is named. */
function chooseVersions(wanted) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(MATRIX, 'package.json'), 'utf8'));
  const all = Object.entries(optionalDependencies).map(([alias, spec]) => ({ alias, version: spec.split('@').at(-1) }));
  const isIt = (version, want) => version === want || version.startsWith(`${want}.`);
  const unknown = wanted.find((want) => !all.some(({ version }) => isIt(version, want)));
  if (unknown !== undefined) fail(`no Node ${unknown} here; there are ${all.map(({ version }) => version).join(', ')}`);
  return wanted.length === 0 ? all : all.filter(({ version }) => wanted.some((want) => isIt(version, want)));
}

function runOn(version, binary) {
  if (!existsSync(binary))
    fail(`Node ${version} is not installed; run: cd tools/node-matrix && npm ci (Linux x64 only)`);
  const report = join(values.reports, `node-${version}.json`);
  rmSync(report, { force: true });
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const start = Date.now();
  const { status } = spawnSync(
    binary,
    [vitest, 'run', ...partsFor(version), '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const counts = countReport(report);
  const seconds = Math.round((Date.now() - start) / 1000);
  return { version, ...counts, seconds, isGood: status === 0 && counts.failed === 0 && counts.passed > 0 };
}

/** The folders of tests that run on a version; none named are all. Which versions are named changes nothing. */
function partsFor(version) {
  if (values.all) return [];
  return (version === known.at(-1) ? WALL : GUESTS).map((name) => `test/${name}/`);
}

function fail(message) {
  console.error(`test-matrix: ${message}`);
  process.exit(1);
}
