// Runs the test suite on the Node versions in tools/node-matrix, each binary called by path: on each what depends on
// processes, on the oldest of them what depends on the engine as well, on the newest all that is not of language alone, and
// with --all everything.
// usage: node scripts/test-matrix.mjs [--all] [--reports <folder>] [22] [24.21.0] …   (npm run test:matrix builds first)
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countReport } from './ci-count.mjs';

const ROOT = join(import.meta.dirname, '..');
const MATRIX = join(ROOT, 'tools', 'node-matrix');

/** The wall: what a version of V8 or of Node's processes can break. */
const WALL = ['faults', 'host', 'ledger', 'state'];
/** Of it, what Node's processes can. */
const PROCESSES = [
  'faults',
  ...['command', 'function', 'limits', 'sandbox', 'supervisor'].map((part) => `host/${part}`),
];
/** Of language alone, or of programs that are the same whatever Node starts them. */
const PURE = new Set([
  'analyze',
  'archive',
  'build',
  'catalog',
  'cli',
  'config',
  'conversation',
  'dev',
  'executor',
  'git',
  'import',
  'install',
  'knowledge',
  'lockfile',
  'manifest',
  'oci',
  'recipe',
  'recording',
  'registry',
  'resolve',
  'sdk',
  'skills',
  'source',
  'telemetry',
  'trial',
  'trust',
]);

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
  return foldersFor(version).map((name) => `test/${name}/`);
}

function foldersFor(version) {
  if (version !== known.at(-1)) return version === known[0] ? WALL : PROCESSES;
  return readdirSync(join(ROOT, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !PURE.has(entry.name))
    .map(({ name }) => name);
}

function fail(message) {
  console.error(`test-matrix: ${message}`);
  process.exit(1);
}
