// Completes package-lock.json. npm leaves the packages of foreign platforms out of the lockfile when the registry it was
// written against does not serve them, and `npm ci` then refuses the lockfile as out of step. This adds an entry for each,
// with the version its parent pins and the platform its name says; there is no integrity, for nothing was fetched.
// usage: node scripts/ci-lock.mjs [--check]      (after every `npm install` that changes package-lock.json)
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(import.meta.dirname, '..', 'package-lock.json');
const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const missing = findMissing(lock.packages);
if (process.argv.includes('--check')) {
  for (const { path, entry } of missing) console.log(`package-lock.json lacks ${path} ${entry.version}`);
  if (missing.length > 0) {
    console.log('run: node scripts/ci-lock.mjs');
    process.exitCode = 1;
  }
} else if (missing.length > 0) {
  for (const { path, entry } of missing) lock.packages[path] = entry;
  const byPath = ([a], [b]) => a.localeCompare(b, 'en');
  lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(byPath));
  writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`package-lock.json: ${missing.length} packages of other platforms added`);
}

/** The exactly pinned optional packages that stand nowhere their parent would find them, each with its place. */
function findMissing(packages) {
  const known = { ...packages };
  for (const [parent, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const platform = platformOf(name);
      const found = resolve(known, parent, name);
      if (!/^\d+\.\d+\.\d+/.test(version) || platform === undefined || found?.version === version) continue;
      const path = `${found === undefined ? '' : `${parent}/`}node_modules/${name}`;
      known[path] = inOrder({ version, ...platform, ...(entry.dev && { dev: true }), optional: true });
    }
  }
  return Object.entries(known)
    .filter(([path]) => !(path in packages))
    .map(([path, entry]) => ({ path, entry }));
}

/** The fields as npm orders them, so that its next run changes nothing: the version first, then by name, lists last. */
function inOrder({ version, ...rest }) {
  return { version, ...Object.fromEntries(Object.entries(rest).toSorted(([a], [b]) => a.localeCompare(b, 'en'))) };
}

/** The entry that Node would find for `name` from the package at `parent`. */
function resolve(packages, parent, name) {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const entry = packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`];
    if (entry !== undefined || folder === '') return entry;
  }
}

/** What `…-linux-arm64-musl` and the like say, in the words of package.json; undefined when the name says nothing. */
function platformOf(name) {
  const words = name.split(/[/-]/);
  const cpu = words
    .map((word) => (/^arm(?:v7|eabi)?$/.test(word) ? 'arm' : word))
    .find((word) => PROCESSORS.includes(word));
  const os = words.find((word) => SYSTEMS.includes(word));
  if (cpu === undefined) return undefined;
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : os === 'linux' ? 'glibc' : undefined;
  return { ...(os && { os: [os] }), cpu: [cpu], ...(libc && { libc: [libc] }) };
}
