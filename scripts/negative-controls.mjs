// Shows that the tests can fail: builds the project with one wall taken out at a time, as test/controls/broken/ says, and
// demands that the tests named there turn red, and that they are green when nothing is taken out.
// usage: node scripts/negative-controls.mjs [--keep] [name …]      (npm run controls -- [name …])
// Prints what caught each broken build; exits 1 when one survived.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'smol-toml';

const ROOT = join(import.meta.dirname, '..');
const MODULES = realpathSync(join(ROOT, 'node_modules'));
const BROKEN = join(ROOT, 'test', 'controls', 'broken');
/** A broken build may hang; its tests have time limits of their own, which come first. */
const RUN_MS = 180_000;
/** Milliseconds for one test, where it does not say itself. */
const TEST_MS = 15_000;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { keep: { type: 'boolean' } } });
const controls = readControls(positionals);
const folder = mkdtempSync(join(tmpdir(), 'controls-'));
let failures = 0;
try {
  const whole = copyProject(join(folder, 'whole'));
  build(whole);
  failures += report('nothing taken out', () => runWhole(whole));
  // Tests that are red anyway would catch whatever is taken out.
  for (const control of failures === 0 ? controls : [])
    failures += report(control.name, () => runBroken(control, whole));
} finally {
  if (values.keep) console.log(`kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
console.log(`${controls.length} broken builds, ${failures === 0 ? 'all caught' : `${failures} failures`}`);
if (failures > 0) process.exitCode = 1;

function readControls(wanted) {
  const names = readdirSync(BROKEN).map((file) => basename(file, '.toml'));
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`no control ${unknown}; there are ${names.join(', ')}`);
  return names
    .filter((name) => wanted.length === 0 || wanted.includes(name))
    .map((name) => ({ name, ...parse(readFileSync(join(BROKEN, `${name}.toml`), 'utf8')) }));
}

/** What Git would commit, with the packages by a link and the last build to start from. */
function copyProject(to) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT });
  for (const file of listed
    .toString()
    .split('\0')
    .filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(ROOT, file), join(to, file));
  }
  symlinkSync(MODULES, join(to, 'node_modules'));
  return to;
}

/** Compiles; a name that a broken build does not need any more is none of its faults. */
function build(at) {
  const compiler = join(MODULES, 'typescript', 'bin', 'tsc');
  const args = [compiler, '-p', 'tsconfig.build.json', '--noUnusedLocals', 'false', '--noUnusedParameters', 'false'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: at, encoding: 'utf8' });
  if (status !== 0) throw new Error(`it does not compile:\n${stdout}`);
}

/** Throws unless all tests that a control runs are green. */
function runWhole(at) {
  const results = runTests(at, controls);
  const red = results.find(({ status }) => status === 'failed');
  if (red !== undefined) throw new Error(`RED: ${red.fullName}: ${red.failureMessages[0]?.split('\n')[0]}`);
  for (const { name, only, expected } of controls) {
    const isMeant = ({ status, fullName }) =>
      status === 'passed' && fullName.includes(expected) && fullName.includes(only);
    if (!results.some(isMeant)) throw new Error(`no test of ${name} for ${expected} was run`);
  }
  return `${results.filter(({ status }) => status === 'passed').length} tests are green`;
}

/** The title of a test that caught the broken build; throws when none did. */
function runBroken(control, whole) {
  const at = join(folder, control.name);
  cpSync(whole, at, { recursive: true, verbatimSymlinks: true });
  try {
    const path = join(at, control.file);
    const source = readFileSync(path, 'utf8');
    if (source.split(control.find).length !== 2) throw new Error(`what it takes out is not once in ${control.file}`);
    writeFileSync(
      path,
      source.replace(control.find, () => control.replace),
    );
    build(at);
    const red = runTests(at, [control]).filter(({ status }) => status === 'failed');
    const caught = red.filter(({ fullName }) => fullName.includes(control.expected));
    if (caught.length === 0) throw new Error(`SURVIVED: no test for ${control.expected} is red (${red.length} others)`);
    return `${caught[0].fullName.trim()}${caught.length > 1 ? ` and ${caught.length - 1} more` : ''}`;
  } finally {
    if (!values.keep) rmSync(at, { recursive: true, force: true });
  }
}

/** Runs the tests of some controls in a copy of the project. What they leave behind stays in its folder. */
function runTests(at, some) {
  const temporary = `${at}.tmp`;
  mkdirSync(temporary);
  const file = join(temporary, 'report.json');
  const pattern = some.map(({ only }) => escapePattern(only)).join('|');
  const { error } = spawnSync(
    process.execPath,
    [
      join(MODULES, 'vitest', 'vitest.mjs'),
      'run',
      // One after the other: some of them measure time.
      '--no-file-parallelism',
      `--testTimeout=${TEST_MS}`,
      '--reporter=json',
      `--outputFile=${file}`,
      '-t',
      pattern,
      ...new Set(some.flatMap(({ tests }) => tests)),
    ],
    { cwd: at, env: { ...process.env, TMPDIR: temporary }, stdio: 'ignore', timeout: RUN_MS, killSignal: 'SIGKILL' },
  );
  try {
    if (!existsSync(file)) throw new Error(`the tests did not end: ${error?.message ?? 'no report was written'}`);
    return JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap(({ assertionResults }) => assertionResults);
  } finally {
    if (!values.keep) rmSync(temporary, { recursive: true, force: true });
  }
}

function escapePattern(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Prints one row; answers how many failures it is. */
function report(name, act) {
  const start = performance.now();
  const [failed, told] = attempt(act);
  const seconds = ((performance.now() - start) / 1_000).toFixed(1).padStart(5);
  console.log(`${failed ? 'FAILED' : 'ok    '} ${seconds} s  ${name.padEnd(22)} ${told}`);
  return failed ? 1 : 0;
}

function attempt(act) {
  try {
    return [false, act()];
  } catch (error) {
    return [true, error.message];
  }
}
