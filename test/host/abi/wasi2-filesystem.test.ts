import { describe, expect, it } from 'vitest';
import type { GuestContext } from '../../../host/abi/context.ts';
import { HostCallError } from '../../../host/abi/context.ts';
import { DISPOSE } from '../../../host/component/resource.ts';
import { fakeContext, fakeFiles, type Interfaces, interfacesOf } from './fake-context.ts';

const D = 'wasi:filesystem/types#[method]descriptor';
const S = 'wasi:io/streams#[method]';
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const text = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString();
const drop = (resource: unknown): void => (resource as { [DISPOSE](): void })[DISPOSE]();
const FOLLOW = { 'symlink-follow': true };

interface Opening {
  readonly create?: boolean;
  readonly directory?: boolean;
  readonly exclusive?: boolean;
  readonly truncate?: boolean;
}

function use(initial: Record<string, string>, given: Partial<GuestContext> = {}) {
  const host = fakeFiles(initial);
  const context = fakeContext(host, given);
  const interfaces = interfacesOf(context);
  const { call } = interfaces;
  const folders = call<[unknown, string][]>('wasi:filesystem/preopens#get-directories');
  const here = folders.find(([, name]) => name === '.')?.[0];
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- who names a function knows what it answers
  const open = <T = unknown>(
    path: string,
    opening: Opening = {},
    flags: object = { read: true },
    base: unknown = here,
  ): T =>
    call<T>(
      `${D}.open-at`,
      base,
      FOLLOW,
      path,
      { create: false, directory: false, exclusive: false, truncate: false, ...opening },
      flags,
    );
  return { ...host, context, interfaces, call, here, open, folders };
}

describe('wasi:filesystem [R-WASI-1]', () => {
  it('gives the root, the working directory, and the folders the run names', () => {
    expect(use({}).folders.map(([, name]) => name)).toEqual(['/', '.']);
    expect(use({}, { roots: ['/data', 'relative', '/'] }).folders.map(([, name]) => name)).toEqual(['/', '/data', '.']);
  });

  it('reads at offsets and by streams', () => {
    const { open, call } = use({ './a': 'hello world' });
    const file = open('a');
    const read = (length: bigint, offset: bigint): unknown => {
      const [data, end] = call<[Uint8Array, boolean]>(`${D}.read`, file, length, offset);
      return [text(data), end];
    };
    expect(read(5n, 6n)).toEqual(['world', false]);
    expect(read(5n, 11n)).toEqual(['', true]);
    expect(read(0n, 0n)).toEqual(['', false]);
    expect(call(`${D}.read`, file, 5n, 1n << 63n)).toEqual({ err: 'invalid' });
    const stream = call(`${D}.read-via-stream`, file, 3n);
    expect(text(call(`${S}input-stream.read`, stream, 0n))).toBe('');
    expect(text(call(`${S}input-stream.blocking-read`, stream, 4n))).toBe('lo w');
    expect(text(call(`${S}input-stream.read`, stream, 100n))).toBe('orld');
    expect(call(`${S}input-stream.read`, stream, 1n)).toEqual({ err: { tag: 'closed' } });
    expect(call(`${S}input-stream.read`, call(`${D}.read-via-stream`, file, (1n << 64n) - 1n), 1n)).toMatchObject({
      err: { tag: 'last-operation-failed' },
    });
  });

  it('writes at offsets, by streams, and at the end', () => {
    const { open, call, contents } = use({ './a': 'hello' });
    const file = open('a', {}, { read: true, write: true });
    expect(call(`${D}.write`, file, bytes('J'), 0n)).toBe(1n);
    const stream = call(`${D}.write-via-stream`, file, 1n);
    call(`${S}output-stream.write`, stream, bytes('E'));
    call(`${S}output-stream.blocking-write-and-flush`, stream, bytes('L'));
    call(`${D}.sync`, file);
    expect(text(contents.get('./a'))).toBe('JELlo');
    const end = call(`${D}.append-via-stream`, file);
    call(`${S}output-stream.write`, end, bytes('!'));
    call(`${S}output-stream.write`, end, bytes('?'));
    expect(call<{ size: bigint }>(`${D}.stat`, file).size).toBe(7n);
    call(`${D}.set-size`, file, 2n);
    call(`${S}output-stream.blocking-write-and-flush`, end, bytes('.'));
    call(`${D}.sync-data`, file);
    expect(text(contents.get('./a'))).toBe('JE.');
    expect(call(`${D}.set-size`, file, 1n << 60n)).toEqual({ err: 'invalid' });
  });

  it('gives handles back when the last of descriptor and streams is dropped', () => {
    const { open: openAt, call, contents, ...host } = use({ './a': 'hello' });
    const file = openAt('a', {}, { read: true, write: true });
    const [reader, writer] = [call(`${D}.read-via-stream`, file, 0n), call(`${D}.write-via-stream`, file, 0n)];
    drop(file);
    expect(text(call(`${S}input-stream.read`, reader, 2n))).toBe('he');
    call(`${S}output-stream.write`, writer, bytes('HE'));
    drop(reader);
    expect(host.context.asked.some(([operation]) => operation === 'file.close')).toBe(false);
    drop(writer);
    expect(host.context.asked.at(-1)).toEqual(['file.close', 1]);
    expect(text(contents.get('./a'))).toBe('HEllo');
  });

  it('tells a stream of a refused write once, then that it is closed', () => {
    const host = {
      ...fakeFiles({ './a': '' }),
      'file.write': () => {
        throw new HostCallError('failed', 'ENOSPC', 'ENOSPC');
      },
    };
    const { call } = interfacesOf(fakeContext(host));
    const here = call<[unknown][]>('wasi:filesystem/preopens#get-directories').at(-1)?.[0];
    const file = call(`${D}.open-at`, here, FOLLOW, 'a', {}, { write: true });
    const stream = call(`${D}.write-via-stream`, file, 0n);
    const failed = call<{ err: { tag: string; val: unknown } }>(
      `${S}output-stream.blocking-write-and-flush`,
      stream,
      new Uint8Array(300_000),
    );
    expect(failed.err.tag).toBe('last-operation-failed');
    expect(call('wasi:filesystem/types#filesystem-error-code', failed.err.val)).toBe('insufficient-space');
    expect(call('wasi:http/types#http-error-code', failed.err.val)).toBe(null);
    expect(call('wasi:io/error#[method]error.to-debug-string', failed.err.val)).toBe('ENOSPC');
    expect(call(`${S}output-stream.check-write`, stream)).toEqual({ err: { tag: 'closed' } });
    expect(call(`${S}output-stream.write`, stream, bytes('y'))).toEqual({ err: { tag: 'closed' } });
  });

  it('ends the run with a write that was lost after its descriptor was dropped', () => {
    const host = {
      ...fakeFiles({ './a': '' }),
      'file.write': () => {
        throw new HostCallError('failed', 'ENOSPC', 'ENOSPC');
      },
    };
    const interfaces: Interfaces = interfacesOf(fakeContext(host));
    const here = interfaces.call<[unknown][]>('wasi:filesystem/preopens#get-directories').at(-1)?.[0];
    const file = interfaces.call(`${D}.open-at`, here, FOLLOW, 'a', {}, { write: true });
    interfaces.call(`${D}.write`, file, bytes('x'), 0n);
    drop(file);
    expect(() => interfaces.flush()).toThrow('ENOSPC');
    expect(() => interfaces.flush()).not.toThrow();
  });

  it('opens as its flags say, or answers why not', () => {
    const { open, call, context, contents } = use({ './a': 'x', './d/b': 'y' });
    expect(open('absent')).toEqual({ err: 'no-entry' });
    expect(open('')).toEqual({ err: 'no-entry' });
    expect(open('a', { create: true, exclusive: true }, { write: true })).toEqual({ err: 'exist' });
    expect(open('a', { directory: true })).toEqual({ err: 'not-directory' });
    expect(open('d', {}, { write: true })).toEqual({ err: 'is-directory' });
    expect(open('d', { directory: true, create: true })).toEqual({ err: 'is-directory' });
    expect(open('../a')).toEqual({ err: 'not-permitted' });
    expect(open('/a')).toEqual({ err: 'not-permitted' });
    expect(open('b', {}, {}, open('a'))).toEqual({ err: 'not-directory' });
    open('a', { truncate: true }, { write: true });
    expect(text(contents.get('./a'))).toBe('');
    open('new', { create: true }, { write: true });
    expect(contents.has('./new')).toBe(true);
    const directory = open('d');
    expect(call(`${D}.get-type`, directory)).toBe('directory');
    expect(call(`${D}.get-flags`, directory)).toEqual({ read: true, 'mutate-directory': true });
    expect(call(`${D}.get-flags`, open('a'))).toEqual({ read: true });
    expect(call(`${D}.get-type`, open('b', {}, { read: true }, directory))).toBe('regular-file');
    expect(context.asked.findLast(([operation]) => operation === 'file.open')).toEqual([
      'file.open',
      './d/b',
      expect.anything(),
    ]);
  });

  it('keeps files to how they were opened, and directories from being files', () => {
    const { open, call } = use({ './a': 'x', './d/b': 'y' });
    const [reading, writing, directory] = [open('a'), open('a', {}, { write: true }), open('d')];
    expect(call(`${D}.write`, reading, bytes('z'), 0n)).toEqual({ err: 'bad-descriptor' });
    expect(call(`${D}.set-size`, reading, 0n)).toEqual({ err: 'bad-descriptor' });
    expect(call(`${D}.read`, writing, 1n, 0n)).toEqual({ err: 'bad-descriptor' });
    expect(call(`${D}.read`, directory, 1n, 0n)).toEqual({ err: 'is-directory' });
    for (const name of ['read-via-stream', 'write-via-stream'])
      expect(call(`${D}.${name}`, directory, 0n)).toEqual({ err: 'is-directory' });
    expect(call(`${D}.append-via-stream`, directory)).toEqual({ err: 'is-directory' });
    expect(call(`${D}.read-directory`, reading)).toEqual({ err: 'not-directory' });
    expect(call(`${D}.stat-at`, reading, FOLLOW, 'b')).toEqual({ err: 'not-directory' });
  });

  it('lists, makes, renames and removes', () => {
    const { here, call, open, context, contents } = use({ './a': 'x', './d/b': 'y', './d/e/f': 'z' });
    const stream = call(`${D}.read-directory`, open('d'));
    const next = (): unknown =>
      call('wasi:filesystem/types#[method]directory-entry-stream.read-directory-entry', stream);
    expect([next(), next(), next(), next()]).toEqual([
      { type: 'regular-file', name: 'b' },
      { type: 'directory', name: 'e' },
      null,
      null,
    ]);
    call(`${D}.create-directory-at`, here, 'made');
    call(`${D}.rename-at`, here, 'a', open('d'), 'moved');
    expect(contents.has('./d/moved')).toBe(true);
    call(`${D}.unlink-file-at`, here, 'd/moved');
    expect(contents.has('./d/moved')).toBe(false);
    expect(call(`${D}.unlink-file-at`, here, 'absent')).toEqual({ err: 'no-entry' });
    expect(call(`${D}.remove-directory-at`, here, 'd')).toEqual({ err: 'not-empty' });
    expect(context.asked).toContainEqual(['fs.make-directory', './made']);
  });

  it('answers what it does not do', () => {
    const { here, open, call } = use({ './a': 'x' });
    const file = open('a');
    expect(call(`${D}.link-at`, here, FOLLOW, 'a', here, 'b')).toEqual({ err: 'not-permitted' });
    expect(call(`${D}.symlink-at`, here, 'a', 'b')).toEqual({ err: 'not-permitted' });
    expect(call(`${D}.readlink-at`, here, 'a')).toEqual({ err: 'invalid' });
    expect(call(`${D}.set-times`, file, {}, {})).toEqual({ err: 'unsupported' });
    expect(call(`${D}.set-times-at`, here, FOLLOW, 'a', {}, {})).toEqual({ err: 'unsupported' });
    for (const name of ['advise', 'sync', 'sync-data']) expect(call(`${D}.${name}`, file)).toBeUndefined();
    for (const name of ['sync', 'sync-data']) expect(call(`${D}.${name}`, here)).toBeUndefined();
  });

  it('describes files, and tells which are the same', () => {
    const { here, open, call, contents } = use({ './a': 'hello', './b': 'hello' });
    const [a, again] = [open('a'), open('a')];
    const time = { seconds: 1_500_000_000n, nanoseconds: 250_000_000 };
    expect(call(`${D}.stat`, a)).toEqual({
      type: 'regular-file',
      'link-count': 1n,
      size: 5n,
      'data-access-timestamp': time,
      'data-modification-timestamp': time,
      'status-change-timestamp': time,
    });
    expect(call(`${D}.stat-at`, here, FOLLOW, 'a')).toEqual(call(`${D}.stat`, a));
    expect(call(`${D}.stat-at`, here, FOLLOW, 'c')).toEqual({ err: 'no-entry' });
    expect(call(`${D}.metadata-hash`, a)).toEqual(call(`${D}.metadata-hash-at`, here, FOLLOW, 'a'));
    expect(call(`${D}.metadata-hash`, a)).not.toEqual(call(`${D}.metadata-hash-at`, here, FOLLOW, 'b'));
    expect(call(`${D}.is-same-object`, a, a)).toBe(true);
    expect(call(`${D}.is-same-object`, a, open('b'))).toBe(false);
    const before = call(`${D}.metadata-hash`, again);
    contents.set('./a', bytes('longer than before'));
    expect(call(`${D}.metadata-hash`, again)).not.toEqual(before);
  });

  it.each([
    ['denied', undefined, 'access'],
    ['not-found', undefined, 'no-entry'],
    ['invalid', undefined, 'invalid'],
    ['rate-limited', undefined, 'would-block'],
    ['too-large', undefined, 'file-too-large'],
    ['timeout', undefined, 'io'],
    ['failed', undefined, 'io'],
    ['failed', 'EROFS', 'read-only'],
    ['failed', 'ELOOP', 'loop'],
    ['failed', 'EXDEV', 'cross-device'],
    ['failed', 'ENAMETOOLONG', 'name-too-long'],
    ['failed', 'EDQUOT', 'quota'],
    ['failed', 'EBUSY', 'busy'],
    ['failed', 'EWHATEVER', 'io'],
  ] as const)('turns the refusal %s %s into %s', (code, errno, expected) => {
    const refuse = (): never => {
      throw new HostCallError(code, 'refused', errno);
    };
    const { call } = interfacesOf(fakeContext({ 'file.open': refuse, 'fs.stat': refuse }));
    const here = call<[unknown][]>('wasi:filesystem/preopens#get-directories').at(-1)?.[0];
    expect(call(`${D}.stat-at`, here, FOLLOW, 'a')).toEqual({ err: expected });
    expect(call(`${D}.open-at`, here, FOLLOW, 'a', {}, { read: true })).toEqual({ err: expected });
  });
});
