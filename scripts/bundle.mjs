// Bundles what is started often: the command, the library, the guest process and its workers. A module of its own for each
// file costs more than running it. What `dist/host` and `dist/src` add for whoever imports the library are types.
// Other people's code that gets into a bundle keeps its license beside it.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

const ROOT = join(import.meta.dirname, '..');
const BUNDLES = [
  {
    input: { skill: 'dist/src/cli/start.js' },
    dir: 'dist/cli',
    // What reads a manifest: with the gate that judges by it, all commands would load that.
    together: { name: 'rules', test: /dist\/host\/capability\/(network-rule|parse-path|steering-variable)\.js$/ },
  },
  {
    input: {
      index: 'dist/src/index.js',
      'ai-sdk': 'dist/src/agent/ai-sdk.js',
      mcp: 'dist/src/mcp/index.js',
      telemetry: 'dist/src/telemetry/index.js',
    },
    dir: 'dist/lib',
    // What an agent needs for its first prompt: fetched in pieces, each would cost another wait.
    together: {
      name: 'runtime',
      test: /dist\/src\/(index|knowledge\/(augment|match-cache))\.js$/,
    },
  },
  { input: { sdk: 'dist/src/sdk/index.js' }, dir: 'dist/sdk' },
  { input: { main: 'dist/host/guest/main.js' }, dir: 'dist/guest' },
  { input: { main: 'dist/host/command/landlock/launcher/main.js' }, dir: 'dist/landlock' },
  { input: { worker: 'dist/host/guest/worker.js' }, dir: 'dist/guest' },
];
/** Loaded rarely, and large; `jsonc-parser` also names its parts in a way that no bundle can follow. */
const EXTERNAL = [
  'undici',
  'toml-eslint-parser',
  /^gpt-tokenizer\//,
  'jsonc-parser',
  /^@modelcontextprotocol\//,
  'ai',
  '@ai-sdk/openai-compatible',
  '@opentelemetry/api',
  'pino',
  'koffi',
  're2js',
  '@clack/prompts',
];

/** What is put together on purpose is no mistake to be told of at every build. */
const checks = { ineffectiveDynamicImport: false };

export default async function bundle() {
  const files = new Map();
  for (const { input, dir, together } of BUNDLES) {
    const build = await rolldown({ cwd: ROOT, input, platform: 'node', external: EXTERNAL, logLevel: 'warn', checks });
    const { output } = await build.generate({
      format: 'esm',
      chunkFileNames: '[name]-[hash].js',
      codeSplitting: { groups: together === undefined ? [] : [together] },
    });
    await build.close();
    for (const { fileName, code } of output) files.set(join(ROOT, dir, fileName), code);
    const licenses = licensesOf(output.flatMap(({ moduleIds = [] }) => moduleIds));
    if (licenses !== '') files.set(join(ROOT, dir, 'LICENSES.txt'), licenses);
  }
  for (const [file, text] of files) replaceFile(file, text);
  for (const dir of new Set(BUNDLES.map((one) => join(ROOT, one.dir)))) {
    for (const name of readdirSync(dir)) if (!files.has(join(dir, name))) rmSync(join(dir, name));
  }
}

/** Whole or not at all, and only where it changes: somebody may be running it. */
function replaceFile(file, text) {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

function licensesOf(files) {
  const marker = '/node_modules/';
  const packages = new Set(
    files
      .filter((file) => file.includes(marker))
      .map((file) => {
        const [first = '', second = ''] = file.slice(file.lastIndexOf(marker) + marker.length).split('/');
        const name = first.startsWith('@') ? `${first}/${second}` : first;
        return file.slice(0, file.lastIndexOf(marker) + marker.length) + name;
      }),
  );
  return [...packages]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license']
        .map((name) => join(folder, name))
        .find(existsSync);
      const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const terms = file === undefined ? `${license}, by ${author?.name ?? author}` : readFileSync(file, 'utf8').trim();
      return `${name} ${version}\n\n${terms}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

if (process.argv[1] === import.meta.filename) await bundle();
