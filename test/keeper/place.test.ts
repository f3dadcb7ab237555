import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findKeeperFolder, makeKeeperFolder, newSocket, socketsOf } from '../../src/keeper/place.ts';
import { scratch } from '../runtime/folders.ts';

const uid = process.getuid?.() ?? -1;

function privateFolder(): string {
  const folder = scratch();
  chmodSync(folder, 0o700);
  return folder;
}

afterEach(() => void vi.unstubAllEnvs());

describe('the folder where sessions are reached [R-SESSION-7]', () => {
  it('is made in that of the user at run time, for nobody else to look into', () => {
    const own = privateFolder();
    expect(findKeeperFolder({ XDG_RUNTIME_DIR: own })).toBeUndefined();
    const folder = makeKeeperFolder({ XDG_RUNTIME_DIR: own });
    expect(folder).toBe(join(own, 'skillhost'));
    expect([makeKeeperFolder({ XDG_RUNTIME_DIR: own }), findKeeperFolder({ XDG_RUNTIME_DIR: own })]).toEqual([
      folder,
      folder,
    ]);
  });

  it.each([
    ['is not set', () => undefined],
    ['is not there', () => '/nowhere/at/all'],
    ['is relative', () => 'run'],
    [
      'can be entered by others',
      () => {
        const open = scratch();
        chmodSync(open, 0o755);
        return open;
      },
    ],
  ])('is among the temporary ones where XDG_RUNTIME_DIR %s', (_what, make) => {
    const temporary = privateFolder();
    vi.stubEnv('TMPDIR', temporary);
    expect(makeKeeperFolder({ XDG_RUNTIME_DIR: make() })).toBe(join(temporary, `skillhost-${uid}`));
  });

  it.each([
    ['others can enter', (path: string) => mkdirSync(path, { mode: 0o755 })],
    ['others can list', (path: string) => mkdirSync(path, { mode: 0o740 })],
    ['is a link', (path: string) => symlinkSync(privateFolder(), path)],
    ['is a file', (path: string) => writeFileSync(path, '', { mode: 0o600 })],
  ])('is refused when it %s, and nothing is looked for in it', (_what, plant) => {
    const own = privateFolder();
    plant(join(own, 'skillhost'));
    expect(findKeeperFolder({ XDG_RUNTIME_DIR: own })).toBeUndefined();
    expect(() => makeKeeperFolder({ XDG_RUNTIME_DIR: own })).toThrow(
      expect.objectContaining({
        code: 'E_UNAVAILABLE',
        message: expect.stringContaining('it is not a folder of this user alone'),
        hint: expect.stringContaining('XDG_RUNTIME_DIR'),
      }),
    );
  });

  it('is refused where it cannot be made', () => {
    vi.stubEnv('TMPDIR', join(privateFolder(), 'gone'));
    expect(() => makeKeeperFolder({})).toThrow(
      expect.objectContaining({ code: 'E_UNAVAILABLE', message: expect.stringContaining('(ENOENT)') }),
    );
  });
});

describe('the names of sockets [R-SESSION-7]', () => {
  it('are found by home and surroundings, and never the same twice', () => {
    const folder = privateFolder();
    const kinds = [
      { home: '/a', surroundings: ['x', 'y'] },
      { home: '/a', surroundings: ['x,y'] },
      { home: '/b', surroundings: ['x', 'y'] },
    ];
    const [first = '', second = '', third = '', again = ''] = [...kinds, ...kinds].map((kind) =>
      newSocket(folder, kind),
    );
    for (const path of [first, second, third, again, join(folder, 'turn'), join(folder, 'other.sock')])
      writeFileSync(path, '');
    expect(new Set([first, second, third, again]).size).toBe(4);
    expect(socketsOf(folder, kinds[0] ?? { home: '' })).toEqual([first, again].toSorted());
    expect(socketsOf(folder, kinds[1] ?? { home: '' })).toEqual([second]);
    expect(socketsOf(folder, { home: '/a' })).toEqual([first, second, again].toSorted());
    expect(socketsOf(folder, { home: '/c' })).toEqual([]);
    // macOS takes 104 bytes for the path of a socket, and its folders for temporary files have some 50.
    expect(basename(first).length).toBeLessThan(40);
  });
});
