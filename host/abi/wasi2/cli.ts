import { fillRandom, type GuestContext, GuestExit } from '../context.ts';
import { keepWithin } from '../../limits.ts';
import { defineInterface, type HostInterface } from '../functions.ts';
import { type ByteSource, InputStream, OutputStream, Pollable, sourceOf } from './io.ts';

/** The environment variables a guest was granted, by name. Asked of the trusted side the first time. */
export function readEnvironment({ hostCall }: Pick<GuestContext, 'hostCall'>): [string, string][] {
  const names = hostCall('env.list') as string[];
  return names.map((name) => [name, hostCall('env.get', name) as string]);
}

export function cliInterfaces(context: GuestContext): [string, HostInterface][] {
  let environment: [string, string][] | undefined;
  let stdin: { readonly of: Uint8Array; readonly source: ByteSource } | undefined;
  // Of the call that is on: an instance that is kept reads the input of each.
  const openStdin = (): InputStream => {
    if (stdin?.of !== context.stdin) stdin = { of: context.stdin, source: sourceOf(context.stdin) };
    return new InputStream(stdin.source);
  };
  return [
    [
      'wasi:cli/environment',
      defineInterface({
        'get-environment': () => (environment ??= readEnvironment(context)),
        'get-arguments': () => [...context.args],
        'initial-cwd': () => null,
      }),
    ],
    [
      'wasi:cli/exit',
      defineInterface({
        exit: ({ tag }: { tag: string }) => {
          throw new GuestExit(tag === 'ok' ? 0 : 1);
        },
        'exit-with-code': (status: number) => {
          throw new GuestExit(status);
        },
      }),
    ],
    ['wasi:cli/stdin', defineInterface({ 'get-stdin': openStdin })],
    [
      'wasi:cli/stdout',
      defineInterface({ 'get-stdout': () => new OutputStream((bytes) => context.stdout.write(bytes)) }),
    ],
    [
      'wasi:cli/stderr',
      defineInterface({ 'get-stderr': () => new OutputStream((bytes) => context.stderr.write(bytes)) }),
    ],
    // There is no terminal: whoever runs the skill decides how its output is shown.
    ['wasi:cli/terminal-input', defineInterface({})],
    ['wasi:cli/terminal-output', defineInterface({})],
    ['wasi:cli/terminal-stdin', defineInterface({ 'get-terminal-stdin': () => null })],
    ['wasi:cli/terminal-stdout', defineInterface({ 'get-terminal-stdout': () => null })],
    ['wasi:cli/terminal-stderr', defineInterface({ 'get-terminal-stderr': () => null })],
  ];
}

export function clockInterfaces(context: GuestContext): [string, HostInterface][] {
  const wall = (): { seconds: bigint; nanoseconds: number } => {
    const now = context.clock.wall();
    return { seconds: BigInt(Math.floor(now / 1000)), nanoseconds: (now % 1000) * 1_000_000 };
  };
  return [
    [
      'wasi:clocks/monotonic-clock',
      defineInterface({
        now: () => context.clock.monotonic(),
        resolution: () => 1_000_000n,
        'subscribe-instant': (at: bigint) => new Pollable(at),
        'subscribe-duration': (duration: bigint) => new Pollable(context.clock.monotonic() + duration),
      }),
    ],
    [
      'wasi:clocks/wall-clock',
      defineInterface({ now: wall, resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }) }),
    ],
    [
      'wasi:clocks/timezone',
      defineInterface({
        display: () => ({ 'utc-offset': 0, name: 'UTC', 'in-daylight-saving-time': false }),
        'utc-offset': () => 0,
      }),
    ],
  ];
}

export function randomInterfaces(context: GuestContext): [string, HostInterface][] {
  const bytes = (length: bigint): Uint8Array => {
    keepWithin('random_bytes', Number(length));
    const out = new Uint8Array(Number(length));
    fillRandom(context, out);
    return out;
  };
  const u64 = (): bigint => new DataView(bytes(8n).buffer).getBigUint64(0);
  return [
    ['wasi:random/random', defineInterface({ 'get-random-bytes': bytes, 'get-random-u64': u64 })],
    ['wasi:random/insecure', defineInterface({ 'get-insecure-random-bytes': bytes, 'get-insecure-random-u64': u64 })],
    ['wasi:random/insecure-seed', defineInterface({ 'insecure-seed': () => [u64(), u64()] })],
  ];
}
