import { getRandomValues } from 'node:crypto';
import { componentImports } from '../../../host/abi/interfaces.ts';
import { type GuestContext, HostCallError, OutputSink } from '../../../host/abi/context.ts';
import { ResultError } from '../../../host/component/trap.ts';

type Operation = Parameters<GuestContext['hostCall']>[0];
type Answer = ReturnType<GuestContext['hostCall']>;
type HostCalls = Readonly<Partial<Record<Operation, (...args: never[]) => Answer>>>;

export interface FakeContext extends GuestContext {
  readonly asked: (readonly [operation: string, ...args: unknown[]])[];
  /** What the clocks say, in milliseconds; sleeping moves it. */
  now: number;
}

/** A guest's surroundings without a trusted side: host calls are answered by `calls`, all others denied. */
export function fakeContext(calls: HostCalls = {}, given: Partial<GuestContext> = {}): FakeContext {
  const asked: FakeContext['asked'] = [];
  const context: FakeContext = {
    asked,
    now: 1_600_000_000_123,
    hostCall: (operation, ...args) => {
      asked.push([
        operation,
        ...args.map((arg) => (arg instanceof Uint8Array ? Buffer.from(arg).toString('latin1') : arg)),
      ]);
      const answer = calls[operation];
      if (answer === undefined) throw new HostCallError('denied', `${operation} is denied`, 'EACCES');
      return answer(...(args as never[]));
    },
    args: [],
    roots: [],
    messageBytes: 1024 * 1024,
    stdin: new Uint8Array(),
    stdout: new OutputSink(1_000_000, 'output_kb'),
    stderr: new OutputSink(1_000_000, 'log_kb'),
    clock: {
      wall: () => context.now,
      monotonic: () => BigInt(context.now) * 1_000_000n,
      sleepUntil: (until) => {
        context.now = Math.max(context.now, Number(until / 1_000_000n));
      },
    },
    random: (bytes) => void getRandomValues(bytes),
    ...given,
  };
  return context;
}

/** Files in memory, as the trusted side answers for them. Directories are those that files are in. */
export function fakeFiles(
  initial: Readonly<Record<string, string>>,
): HostCalls & { readonly contents: Map<string, Uint8Array>; readonly open: Map<number, string> } {
  const contents = new Map<string, Uint8Array>(
    Object.entries(initial).map(([path, text]) => [path, new Uint8Array(Buffer.from(text))]),
  );
  const open = new Map<number, string>();
  let next = 1;
  const isDirectory = (path: string): boolean => [...contents.keys()].some((each) => each.startsWith(`${path}/`));
  const missing = (): never => {
    throw new HostCallError('not-found', 'no such file', 'ENOENT');
  };
  const get = (path: string): Uint8Array => contents.get(path) ?? missing();
  const handle = (number: number): string => open.get(number) ?? missing();
  const stat = (path: string): Answer =>
    isDirectory(path) ? ['directory', 0, 1_500_000_000_250] : ['file', get(path).length, 1_500_000_000_250];
  return {
    contents,
    open,
    'file.open': (path: string, flags: { create: boolean; exclusive: boolean; truncate: boolean }) => {
      if (isDirectory(path)) throw new HostCallError('failed', 'EISDIR', 'EISDIR');
      if (flags.exclusive && contents.has(path)) throw new HostCallError('failed', 'EEXIST', 'EEXIST');
      if (!contents.has(path) && !flags.create) missing();
      if (!contents.has(path) || flags.truncate) contents.set(path, new Uint8Array());
      open.set(next, path);
      return next++;
    },
    'file.read': (number: number, at: number, length: number) => get(handle(number)).slice(at, at + length),
    'file.write': (number: number, at: number, bytes: Uint8Array) => {
      const old = get(handle(number));
      const grown = new Uint8Array(Math.max(old.length, at + bytes.length));
      grown.set(old);
      grown.set(bytes, at);
      contents.set(handle(number), grown);
      return null;
    },
    'file.stat': (number: number) => stat(handle(number)),
    'file.resize': (number: number, size: number) => {
      const resized = new Uint8Array(size);
      resized.set(get(handle(number)).subarray(0, size));
      contents.set(handle(number), resized);
      return null;
    },
    'file.close': (number: number) => {
      handle(number);
      open.delete(number);
      return null;
    },
    'fs.stat': stat,
    'fs.list': (path: string) => {
      if (!isDirectory(path)) missing();
      const names = [...contents.keys()]
        .filter((each) => each.startsWith(`${path}/`))
        .map((each) => each.slice(path.length + 1));
      return [...new Set(names.map((name) => name.split('/')[0] ?? ''))].map((name) => [
        name,
        names.includes(name) ? 'file' : 'directory',
      ]);
    },
    'fs.make-directory': () => null,
    'fs.remove-directory': () => {
      throw new HostCallError('failed', 'ENOTEMPTY', 'ENOTEMPTY');
    },
    'fs.remove-file': (path: string) => {
      get(path);
      contents.delete(path);
      return null;
    },
    'fs.rename': (from: string, to: string) => {
      contents.set(to, get(from));
      contents.delete(from);
      return null;
    },
  };
}

/** Calls interface functions by name, as the linker would; a component-level `err` becomes `{ err }`. */
export interface Interfaces {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- who names a function knows what it answers
  readonly call: <T = unknown>(name: string, ...args: unknown[]) => T;
  flush(): void;
}

export function interfacesOf(context: GuestContext, version = '0.2.0'): Interfaces {
  const { resolve, files } = componentImports(context);
  return {
    flush: () => files.flush(),
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- who names a function knows what it answers
    call: <T = unknown>(name: string, ...args: unknown[]): T => {
      const [interfaceName = '', functionName = ''] = name.split('#');
      const target = resolve(`${interfaceName}@${version}`, functionName);
      if (target === undefined) throw new Error(`${name} is not offered`);
      try {
        return target(...args) as T;
      } catch (error) {
        if (error instanceof ResultError) return { err: error.payload } as T;
        throw error;
      }
    },
  };
}
