// cspell:ignore dwindows etcpasswd
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HostCallRefusal } from '../../../host/wire/refusal.ts';
import {
  type Bench,
  bench,
  bytesOf,
  layerOf,
  openDescriptors,
  plant,
  rejection,
  temporaryFolder,
  textOf,
} from './scope-fixture.ts';
import { rawPaths, SEPARATORS, TARGETS, UP } from './raw-paths.ts';

// Raw paths a hostile guest may send. Whatever is made of them, what comes back must be a file inside the grant, and
// what is written must land there. Which file it was is told by its content, never by the path.

const INSIDE = {
  'granted/a.txt': 'inside',
  'granted/sub/b.txt': 'inside',
  'granted/%2e%2e/c.txt': 'inside',
  'granted/caf\u00e9': 'inside',
};
const OUTSIDE = {
  'secret.txt': 'OUTSIDE',
  'grantedX/s.txt': 'OUTSIDE',
  'Granted/a.txt': 'OUTSIDE',
  'outside/cafe\u0301': 'OUTSIDE',
};

interface World extends Bench {
  readonly root: string;
  readonly granted: string;
}

function world(): World {
  const root = temporaryFolder();
  plant(root, { ...INSIDE, ...OUTSIDE });
  const granted = join(root, 'granted');
  symlinkSync(join(root, 'outside'), join(granted, 'out'));
  symlinkSync('/proc/self/root', join(granted, 'door'));
  const rules = { read: [granted], write: [granted] };
  const layers = [layerOf('manifest', rules, { cwd: granted }), layerOf('grant', rules, { cwd: granted })];
  return Object.assign(bench({ cwd: granted, layers }), { root, granted });
}

const READS = ['fs.read-file', 'fs.stat', 'fs.list'] as const;

/** Reads and writes by every function that takes a path; throws when anything but a refusal or what is inside comes back. */
async function attack(here: World, raw: string): Promise<number> {
  const { granted } = here;
  let refused = 0;
  for (const operation of READS) {
    try {
      const answer = await here.call(operation, raw);
      if (operation === 'fs.read-file')
        expect(Buffer.from(answer as Uint8Array).toString()).toMatch(/^(?:inside|mine)$/);
      if (operation === 'fs.list') expect(JSON.stringify(answer)).not.toMatch(/secret\.txt|s\.txt|passwd/);
    } catch (error) {
      if (!(error instanceof HostCallRefusal)) throw error;
      expect(error.message).not.toContain('OUTSIDE');
      // A guest is told of no path but the one it wrote, and of the working directory it was given.
      if (!raw.includes(granted)) expect(error.message).not.toContain(granted);
      refused++;
    }
  }
  for (const [operation, ...rest] of [
    ['fs.write-file', bytesOf('mine')],
    ['fs.make-directory'],
    ['fs.remove-directory'],
    ['fs.remove-file'],
  ] as const) {
    try {
      await here.call(operation, raw, ...rest);
    } catch (error) {
      if (!(error instanceof HostCallRefusal)) throw error;
      refused++;
    }
  }
  return refused;
}

function assertOutsideUntouched(root: string): void {
  for (const [name, content] of Object.entries(OUTSIDE)) expect(readFileSync(join(root, name), 'utf8')).toBe(content);
  expect(readdirSync(root).toSorted()).toEqual(['Granted', 'granted', 'grantedX', 'outside', 'secret.txt']);
  expect(readdirSync(join(root, 'outside'))).toEqual(['cafe\u0301']);
}

// Thousands of files are written, and a busy disk takes its time.
describe('raw paths', { timeout: 120_000 }, () => {
  it('are refused or lead inside the grant, whatever they look like [R-GATE-2]', async () => {
    const here = world();
    const paths = rawPaths(here.root);
    expect(paths.length).toBeGreaterThan(700);
    const before = openDescriptors();
    let refused = 0;
    for (const raw of paths) {
      refused += await attack(here, raw);
      plant(here.root, INSIDE);
    }
    expect(refused).toBeGreaterThan(paths.length);
    assertOutsideUntouched(here.root);
    expect(openDescriptors()).toBe(before);
  });

  it('made at random of dangerous parts do no better [R-GATE-2]', async () => {
    const here = world();
    const part = fc.oneof(
      fc.constantFrom(
        ...UP,
        ...SEPARATORS,
        ...TARGETS,
        here.root,
        here.granted,
        'sub',
        'out',
        'door',
        'a.txt',
        '/proc/self/root',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    const raw = fc
      .array(part, { minLength: 1, maxLength: 8 })
      .chain((parts) => fc.constantFrom('', '/').map((sep) => parts.join(sep)));
    await fc.assert(
      fc.asyncProperty(raw, async (text) => {
        await attack(here, text);
        plant(here.root, INSIDE);
      }),
      { numRuns: 400 },
    );
    assertOutsideUntouched(here.root);
  });

  it.each([
    ['a.txt', 'inside'],
    ['./a.txt', 'inside'],
    ['sub/b.txt', 'inside'],
    ['sub//./b.txt', 'inside'],
    ['caf\u00e9', 'inside'],
  ])('that are plain are read: %s [R-GATE-2]', async (raw, content) => {
    expect(await textOf(world().call('fs.read-file', raw))).toBe(content);
  });

  it.each([
    ['a\u0000.txt', 'control characters'],
    ['..', '".."'],
    ['a\\b', 'a backslash'],
    ['%2e%2e/x', 'percent-encoded'],
    ['file:///a', 'a URL'],
    ['~/x', '~ is not expanded'],
    ['\ud800', 'well-formed'],
    ['', 'empty'],
    ['x'.repeat(4_097), '4096'],
    ['/proc/self/status', '/proc, /sys and /dev'],
  ])('that no grant covers say why: %j [R-GATE-2]', async (raw, why) => {
    const here = bench({ cwd: '/', rules: { read: ['/'] } });
    const error = await rejection(here.call('fs.read-file', raw));
    expect(error).toMatchObject({ code: 'denied', message: expect.stringContaining(why) as string });
    expect(here.records).toMatchObject([{ event: 'denied', layer: 'gate', capability: 'filesystem_read' }]);
  });

  it('so long that the kernel cannot tell them leak no descriptor [R-GATE-2]', async () => {
    const here = world();
    const names = Array.from({ length: 22 }, () => '\u4e16'.repeat(80));
    for (let depth = 1; depth <= names.length; depth++) {
      await here.call('fs.make-directory', names.slice(0, depth).join('/')).catch(() => undefined);
    }
    const before = openDescriptors();
    for (let depth = 1; depth <= names.length; depth++) {
      const raw = names.slice(0, depth).join('/');
      for (const path of [raw, `${raw}/x`]) await attack(here, path);
    }
    expect(openDescriptors()).toBe(before);
  });
});
