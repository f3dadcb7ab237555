import { closeSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  grantable,
  handledBy,
  READ_AND_RUN,
  READ_AND_WRITE,
  USE_DEVICE,
} from '../../../host/command/landlock/launcher/access-rights.ts';
import { callFilter } from '../../../host/command/landlock/launcher/call-filter.ts';
import { PROCESSORS } from '../../../host/command/landlock/launcher/call-numbers.ts';
import { holdGranted } from '../../../host/command/landlock/launcher/held-place.ts';
import { orderedPlace } from '../../../host/command/landlock/ordered-place.ts';
import { HAS_LANDLOCK } from '../function/program-fixture.ts';
import { plant, temporaryFolder } from '../function/scope-fixture.ts';

const VERSIONS = [1, 2, 3, 4, 5, 6, 7];

describe('what is asked of a version of Landlock', () => {
  // By the documentation of the kernel: the bits of files, then networks, then scopes.
  it.each([
    [1, 0x1fffn, 0n, 0n],
    [2, 0x3fffn, 0n, 0n],
    [3, 0x7fffn, 0n, 0n],
    [4, 0x7fffn, 3n, 0n],
    [5, 0xffffn, 3n, 0n],
    [6, 0xffffn, 3n, 3n],
    [7, 0xffffn, 3n, 3n],
    [99, 0xffffn, 3n, 3n],
  ])('%i is all that it has, and no more [R-OS-15]', (version, files, tcp, scopes) => {
    expect(handledBy(version, { hasNetwork: false })).toEqual({ files, tcp, scopes });
    expect(handledBy(version, { hasNetwork: true })).toEqual({ files, tcp: 0n, scopes });
  });

  it.each(VERSIONS)('%i in a rule is what it has, and of files only what files have [R-OS-15]', (version) => {
    const handled = handledBy(version, { hasNetwork: false });
    for (const rights of [READ_AND_RUN, READ_AND_WRITE, USE_DEVICE]) {
      expect(grantable(rights, handled, true) & ~handled.files).toBe(0n);
      expect(grantable(rights, handled, false) & ~0xc007n).toBe(0n);
    }
    expect(READ_AND_RUN).toBe(0b1101n);
    // Neither makes a device nor gives orders to one.
    expect(READ_AND_WRITE & 0x8840n).toBe(0n);
  });

  it.skipIf(!HAS_LANDLOCK)(
    'is taken by this kernel, of each version it has [only where Landlock is] [R-OS-15]',
    async () => {
      const { landlockVersion, Ruleset } = await import('../../../host/command/landlock/launcher/ruleset.ts');
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'file'), '');
      const held = [folder, join(folder, 'file'), '/dev/null'].map((path) => openSync(path, 'r'));
      onTestFinished(() => held.forEach((fd) => closeSync(fd)));
      for (const version of VERSIONS.filter((one) => one <= landlockVersion())) {
        for (const hasNetwork of [false, true]) {
          const ruleset = new Ruleset(version, { hasNetwork });
          for (const fd of held) expect(() => ruleset.allow(fd, READ_AND_WRITE)).not.toThrow();
        }
      }
    },
  );
});

describe.skipIf(process.platform !== 'linux')('a place that was granted [only on Linux]', () => {
  it.each<[string, (folder: string, file: string) => void]>([
    ['another file', (folder, file) => renameSync(join(folder, 'other'), file)],
    ['a link', (folder, file) => (rmSync(file), symlinkSync(join(folder, 'other'), file))],
    ['a folder', (_folder, file) => (rmSync(file), mkdirSync(file))],
  ])('is not held once its name means %s [R-OS-10]', (_name, replace) => {
    const folder = temporaryFolder();
    plant(folder, { granted: 'granted', other: 'other' });
    const file = join(folder, 'granted');
    const fd = openSync(file, 'r');
    onTestFinished(() => closeSync(fd));
    const place = orderedPlace(file, fd);
    closeSync(holdGranted(place).fd);
    replace(folder, file);
    expect(() => holdGranted(place)).toThrow(/is another since it was granted/);
  });
});

describe('the filter of calls', () => {
  interface Called {
    readonly number: number;
    readonly audit: number;
    readonly args: readonly number[];
  }

  /** Goes through a filter as the kernel does. */
  function answer(filter: Buffer, { number, audit, args }: Called): string {
    const words = new Map([[0, number], [4, audit], ...args.map((arg, i) => [16 + i * 8, arg] as const)]);
    let value = 0;
    for (let at = 0; ; at += 8) {
      const code = filter.readUInt16LE(at);
      const operand = filter.readUInt32LE(at + 4);
      const jump = (isMet: boolean): number => filter.readUInt8(at + (isMet ? 2 : 3)) * 8;
      if (code === 0x06) return operand === 0x7fff0000 ? 'allowed' : `error ${operand & 0xffff}`;
      if (code === 0x20) value = words.get(operand) ?? 0;
      else if (code === 0x54) value = (value & operand) >>> 0;
      else if (code === 0x15) at += jump(value === operand);
      else if (code === 0x35) at += jump(value >= operand);
      else if (code === 0x45) at += jump((value & operand) !== 0);
      else throw new Error(`a step the kernel may not know: ${code}`);
    }
  }

  describe.each(Object.entries(PROCESSORS))('of %s', (_name, processor) => {
    const filter = callFilter(processor);
    const { numbers, audit, foreignFrom } = processor;
    const asked = (number: number, ...args: number[]): string => answer(filter, { number, audit, args });

    it('lets sockets of networks be made, and no others [R-OS-11]', () => {
      const families = Array.from({ length: 64 }, (_, family) => family);
      const allowed = families.filter((family) => asked(numbers.socket, family, 1) === 'allowed');
      expect(allowed).toEqual([2, 10, 16]);
      expect(asked(numbers.socket, 1, 1)).toBe('error 13');
    });

    it('lets pairs be made that are connected for good, with whatever flags [R-OS-11]', () => {
      const kinds = [1, 2, 3, 4, 5, 6, 10].filter(
        (kind) => asked(numbers.socketpair, 1, kind | 0o2004000) === 'allowed',
      );
      expect(kinds).toEqual([1, 5]);
    });

    it('lets processes be made, and no user namespaces [R-OS-14]', () => {
      expect(asked(numbers.clone, 0x11)).toBe('allowed');
      expect(asked(numbers.unshare, 0x400)).toBe('allowed');
      for (const number of [numbers.clone, numbers.unshare]) expect(asked(number, 0x10000011)).toBe('error 1');
      expect(asked(numbers.clone3)).toBe('error 38');
    });

    it('knows no calls that do the work of others, and none of another processor [R-OS-14]', () => {
      for (const name of ['io_uring_setup', 'add_key', 'request_key', 'keyctl'] as const)
        expect(asked(numbers[name])).toBe('error 38');
      expect(answer(filter, { number: 0, audit: 0x40000003, args: [] })).toBe('error 38');
      if (foreignFrom !== undefined) expect(asked(foreignFrom | numbers.socket, 1)).toBe('error 38');
      expect([numbers.execve, 0, 1, 3].map((number) => asked(number))).toEqual(Array(4).fill('allowed'));
    });
  });
});
