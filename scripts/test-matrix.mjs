// Runs the test suite on the Node versions in tools/node-matrix, each binary called by path.
// usage: node scripts/test-matrix.mjs [--reports <folder>] [22] [24.21.0] …      (npm run test:matrix builds first)
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countReport } from './ci-count.mjs';

const ROOT = join(import.meta.dirname, '..');
const MATRIX = join(ROOT, 'tools', 'node-matrix');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { reports: { type: 'string', default: join(ROOT, '.cache', 'matrix') } },
});

const versions = chooseVersions(positionals);
if (!existsSync(join(ROOT, 'dist'))) fail('dist/ is missing; build it first: npm run build');
mkdirSync(values.reports, { recursive: true });

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
    [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const counts = countReport(report);
  const seconds = Math.round((Date.now() - start) / 1000);
  return { version, ...counts, seconds, isGood: status === 0 && counts.failed === 0 && counts.passed > 0 };
}

function fail(message) {
  console.error(`test-matrix: ${message}`);
  process.exit(1);
}
