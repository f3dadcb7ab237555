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
    // Each with all that it needs and no earlier one has: found one by one, they would take longer than to be read.
    together: {
      guest: ['host/supervisor/supervisor'],
      command: ['src/cli/main', 'src/catalog/catalog', 'src/home/home', 'src/cli/verbs/list'],
      skill: [
        'host/capability/steering-variable',
        'src/catalog/find-skill',
        'src/skill/load-skill',
        'src/manifest/format/skill-toml',
        'src/runtime/runtime',
      ],
      policy: [
        'src/config/config',
        'src/files/disk',
        'src/files/make-directories',
        'src/ledger/ledger',
        'src/policy/layers',
        'src/policy/limit-grant',
      ],
      run: [
        'src/cli/verbs/run',
        'src/runtime/runtime',
        'src/runtime/engine',
        'host/module/inspect',
        'src/tool/validate',
      ],
      install: ['src/cli/verbs/add', 'src/cli/install/with-installation', 'src/install/add'],
      knowledge: ['src/knowledge/augment', 'src/knowledge/match-cache'],
    },
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
    together: { runtime: ['src/index', 'src/knowledge/augment', 'src/knowledge/match-cache'] },
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
  for (const { input, dir, together = {} } of BUNDLES) {
    const build = await rolldown({ cwd: ROOT, input, platform: 'node', external: EXTERNAL, logLevel: 'warn', checks });
    const { output } = await build.generate({
      format: 'esm',
      chunkFileNames: '[name]-[hash].js',
      codeSplitting: { groups: groupsOf(together) },
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

/** Modules with all that they import, and so on, in a file of its own; what several need, in the first of theirs. */
function groupsOf(together) {
  const size = Object.keys(together).length;
  return Object.entries(together).map(([name, modules], i) => {
    const ids = new Set(modules.map((module) => join(ROOT, 'dist', `${module}.js`)));
    for (const id of ids) if (!existsSync(id)) throw new Error(`${name} is to hold ${id}, which is not there`);
    return { name, priority: size - i, test: (id) => ids.has(id) };
  });
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
