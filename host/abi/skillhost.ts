import { ResultError } from '../component/trap.ts';
import { type GuestContext, HostCallError } from './context.ts';
import { defineInterface, type HostInterfaces } from './functions.ts';

/** The interfaces of wit/skillhost.wit. */
export function skillhostInterfaces(context: GuestContext): HostInterfaces {
  const { hostCall } = context;
  return new Map([
    [
      'skillhost:guest/command',
      defineInterface({
        execute: (program: string, args: string[], stdin: Uint8Array) =>
          orErr(() => {
            const [status, stdout, stderr] = hostCall('command.execute', program, args, stdin) as [
              number,
              Uint8Array,
              Uint8Array,
            ];
            return { 'exit-code': status, stdout, stderr };
          }),
      }),
    ],
    [
      'skillhost:guest/filesystem',
      defineInterface({
        'read-file': (path: string) => orErr(() => hostCall('fs.read-file', path)),
        'write-file': (path: string, contents: Uint8Array) => orErr(() => hostCall('fs.write-file', path, contents)),
        'list-directory': (path: string) =>
          orErr(() => (hostCall('fs.list', path) as [string, string][]).map(([name, kind]) => ({ name, kind }))),
        stat: (path: string) =>
          orErr(() => {
            const [kind, size, modified] = hostCall('fs.stat', path) as [string, number, number];
            return { kind, size: BigInt(size), modified: BigInt(Math.floor(modified)) };
          }),
      }),
    ],
    [
      'skillhost:guest/http',
      defineInterface({
        fetch: (request: {
          method: string;
          url: string;
          headers: { name: string; value: string }[];
          body: Uint8Array;
        }) =>
          orErr(() => {
            const headers = request.headers.map(({ name, value }) => [name, value]);
            const answer = hostCall('http.fetch', request.method, request.url, headers, request.body);
            const [status, fields, body] = answer as [number, [string, string][], Uint8Array];
            return { status, headers: fields.map(([name, value]) => ({ name, value })), body };
          }),
      }),
    ],
    ['skillhost:guest/env', defineInterface({ get: (name: string) => orErr(() => hostCall('env.get', name)) })],
    ['skillhost:guest/secrets', defineInterface({ get: (name: string) => orErr(() => hostCall('secrets.get', name)) })],
    [
      'skillhost:guest/state',
      defineInterface({
        get: (key: string) => orErr(() => hostCall('state.get', key)),
        set: (key: string, value: Uint8Array) => orErr(() => hostCall('state.set', key, value)),
        delete: (key: string) => orErr(() => hostCall('state.delete', key)),
        keys: () => orErr(() => hostCall('state.keys')),
      }),
    ],
    [
      'skillhost:guest/cache',
      defineInterface({
        get: (key: string) => orErr(() => hostCall('cache.get', key)),
        set: (key: string, value: Uint8Array, ttlMs: bigint) =>
          orErr(() => hostCall('cache.set', key, value, Number(ttlMs))),
      }),
    ],
    [
      'skillhost:guest/log',
      defineInterface({
        log: (level: string, message: string) => {
          hostCall('log', level, message);
        },
      }),
    ],
  ]);
}

function orErr<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof HostCallError) throw new ResultError({ code: error.code, message: error.message });
    throw error;
  }
}
