import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WireValue } from '../../../host/wire/codec.ts';
import { HostCallRefusal } from '../../../host/wire/refusal.ts';
import { bench, bytesOf, openDescriptors, plant, temporaryFolder } from './scope-fixture.ts';

// Another process swaps a folder, and a file, for links that lead out, as fast as it can, under paths that are granted.
// Lengthen it with SKILLHOST_RACE_SECONDS.

const SECONDS = Number(process.env['SKILLHOST_RACE_SECONDS'] ?? 5);
const SWAPPER = fileURLToPath(new URL('swap-links.mjs', import.meta.url));

/** Makes `granted/` and `outside/` with equal names in both, and starts the swapping. */
async function startRace(): Promise<{ readonly root: string; readonly swapper: ChildProcess }> {
  const root = temporaryFolder();
  plant(root, { 'granted/dir/s.txt': 'inside', 'granted/file': 'inside', 'outside/s.txt': 'OUTSIDE' });
  const swapper = fork(SWAPPER, [join(root, 'granted')], { execArgv: [] });
  onTestFinished(() => void swapper.kill('SIGKILL'));
  await once(swapper, 'message');
  return { root, swapper };
}

interface Tally {
  tries: number;
  inside: number;
  refused: number;
  escaped: number;
}

/** Calls each of `attacks` in turn until the time is over or, when told so, something has escaped. */
async function race(
  root: string,
  attacks: readonly (() => unknown)[],
  until: { readonly seconds: number; readonly firstEscape?: boolean },
): Promise<Tally> {
  const tally = { tries: 0, inside: 0, refused: 0, escaped: 0 };
  const outside = join(root, 'outside');
  const end = performance.now() + until.seconds * 1_000;
  while (performance.now() < end && !(until.firstEscape === true && tally.escaped > 0)) {
    const attack = attacks[tally.tries++ % attacks.length];
    try {
      const answer = String(await attack?.());
      if (answer.includes('OUTSIDE')) tally.escaped++;
      else tally.inside++;
    } catch (error) {
      if (!(error instanceof HostCallRefusal) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
      tally.refused++;
    }
    if (tally.tries % 50 === 0) {
      await setImmediate();
      const isWhole = readFileSync(join(outside, 's.txt'), 'utf8') === 'OUTSIDE' && readdirSync(outside).length === 1;
      if (!isWhole) {
        tally.escaped++;
        writeFileSync(join(outside, 's.txt'), 'OUTSIDE');
      }
    }
  }
  return tally;
}

const show = (value: WireValue): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString() : JSON.stringify(value);

describe('while another process swaps folders and links', () => {
  it(
    'nothing outside is read or written through the host functions [R-GATE-2]',
    async () => {
      const { root, swapper } = await startRace();
      const granted = join(root, 'granted');
      const here = bench({ cwd: granted, rules: { read: [granted], write: [granted] } });
      const paths = ['dir/s.txt', 'file'].map((name) => join(granted, name));
      const flags = { read: true, write: true, create: false, truncate: false, exclusive: false };
      const throughHandle = async (path: string): Promise<string> => {
        const file = await here.call('file.open', path, flags);
        try {
          await here.call('file.write', file, 0, bytesOf('inside'));
          return show(await here.call('file.read', file, 0, 100));
        } finally {
          await here.call('file.close', file);
        }
      };
      const attacks = paths.flatMap((path) => [
        async () => show(await here.call('fs.read-file', path)),
        async () => show(await here.call('fs.write-file', path, bytesOf('inside'))),
        () => throughHandle(path),
      ]);
      attacks.push(
        // Made where the folder was seen, and taken away again: never in the one the link leads to.
        async () => show(await here.call('fs.make-directory', join(granted, 'dir/made'))),
        async () => show(await here.call('fs.remove-directory', join(granted, 'dir/made'))),
        async () => show(await here.call('fs.list', join(granted, 'dir'))),
        async () => show(await here.call('fs.rename', join(granted, 'dir/s.txt'), join(granted, 'dir/s.txt'))),
      );
      const before = openDescriptors();
      const tally = await race(root, attacks, { seconds: SECONDS });
      expect(tally.escaped).toBe(0);
      // Both states of the path were met, or the race was none.
      expect(tally.inside).toBeGreaterThan(100);
      expect(tally.refused).toBeGreaterThan(100);
      expect(swapper.exitCode).toBeNull();
      expect(openDescriptors()).toBe(before);
    },
    (SECONDS + 20) * 1_000,
  );

  it('the same race catches a check of the path before it is opened', async () => {
    const { root } = await startRace();
    const granted = join(root, 'granted');
    const naive = (path: string): string => {
      if (!path.startsWith(granted + sep)) throw new HostCallRefusal('denied', 'outside');
      return readFileSync(path, 'utf8');
    };
    expect(
      (await race(root, [() => naive(join(granted, 'dir/s.txt'))], { seconds: 20, firstEscape: true })).escaped,
    ).toBe(1);
  });

  it('the same race catches a check of the real path before it is opened', async () => {
    const { root } = await startRace();
    const granted = join(root, 'granted');
    const checking = (path: string): string => {
      if (!realpathSync(path).startsWith(granted + sep)) throw new HostCallRefusal('denied', 'outside');
      return readFileSync(path, 'utf8');
    };
    const attacks = ['dir/s.txt', 'file'].map((name) => () => checking(join(granted, name)));
    expect((await race(root, attacks, { seconds: 20, firstEscape: true })).escaped).toBe(1);
  });
});
