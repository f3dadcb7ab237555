// Random traffic from a seed: mostly well-formed, so that it comes past the first check, then broken in one place.
import { encode } from '../../../dist/host/wire/codec.js';

const OPERATIONS = [
  'log',
  'state.get',
  'state.set',
  'state.keys',
  'cache.get',
  'cache.set',
  'env.get',
  'env.list',
  'secrets.get',
  'fs.read-file',
  'fs.write-file',
]
  .concat([
    'fs.list',
    'fs.stat',
    'fs.rename',
    'fs.remove-file',
    'file.open',
    'file.read',
    'file.write',
    'file.close',
    'http.fetch',
  ])
  .concat(['file.stat', 'command.execute']);
const NO_OPERATIONS = ['__proto__', 'toString', '', 'constructor'];

function randomOf(seed) {
  let state = seed >>> 0 || 1;
  const next = (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
  return { next, pick: (list) => list[next(list.length)] };
}

export function fuzz({ seed, control, channel, write, ok }) {
  const { next, pick } = randomOf(seed);
  // Where the canaries are is told by the environment of this program alone; a real guest process has none.
  const { CANARY_FILE: file, CANARY_URL: url } = process.env;
  const words = [
    file,
    url,
    'echo',
    'CANARY_ENV',
    '../../etc/passwd',
    '/proc/self/environ',
    '',
    '\0',
    '__proto__',
    'info',
    'a'.repeat(5_000),
  ];
  const value = (depth) => {
    switch (next(depth > 3 ? 7 : 9)) {
      case 0:
        return null;
      case 1:
        return next(2) === 0;
      case 2:
        return next(100_000) - 50_000;
      case 3:
        return pick([Number.NaN, Infinity, -0, 2 ** 53, 1.5]);
      case 4:
        return BigInt(next(1_000_000));
      case 5:
        return pick(words);
      case 6:
        return Buffer.alloc(next(200), 'x');
      case 7:
        return Array.from({ length: next(5) }, () => value(depth + 1));
      default:
        return Object.fromEntries(
          Array.from({ length: next(4) }, () => [pick([...words, 'op', 'run', 'read', 'write']), value(depth + 1)]),
        );
    }
  };
  const shapes = {
    'http.fetch': () => ['GET', url, [], Buffer.alloc(0)],
    'command.execute': () => ['echo', [file], Buffer.alloc(0)],
    'fs.write-file': () => [file, Buffer.from('overwritten')],
    'file.open': () => [file, { read: true, write: true, create: true, exclusive: false, truncate: true }],
    'fs.rename': () => [file, `${file}.moved`],
    'state.set': () => ['key', Buffer.alloc(next(1_000))],
    'cache.set': () => ['key', Buffer.alloc(next(1_000)), next(1_000)],
    'file.read': () => [next(5), next(100), next(100_000)],
    'file.write': () => [next(5), next(100), Buffer.alloc(next(100))],
    'file.stat': () => [next(5)],
    'file.close': () => [next(5)],
    'env.list': () => [],
    'state.keys': () => [],
    log: () => ['info', pick(words)],
  };
  const hostCall = () => {
    const operation = next(80) === 0 ? pick(NO_OPERATIONS) : pick(OPERATIONS);
    const args = next(40) === 0 ? [value(0), value(0)] : (shapes[operation]?.() ?? [pick(words)]);
    return encode(next(80) === 0 ? [operation, args, value(0)] : [operation, args]);
  };
  const message = () => {
    return encode(
      pick([
        { op: 'gone', channel: next(10), why: pick(words) },
        { op: 'ready' },
        { op: 'loaded' },
        { op: 'gone' },
        value(0),
      ]),
    );
  };
  const outcome = () => encode(next(3) === 0 ? { ...ok, [pick(Object.keys(ok))]: value(0) } : ok);
  const framed = (payload) => {
    const bytes = Buffer.alloc(payload.length + 4);
    bytes.writeUInt32LE(next(150) === 0 ? next(0x1_0000_0000) : payload.length);
    bytes.set(payload, 4);
    if (next(100) === 0) bytes[next(bytes.length)] = next(256);
    return next(200) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes;
  };
  let replayed = framed(hostCall());
  const step = () => {
    // Host calls mostly, and one at a time on the first channel: anything else soon ends in a kill.
    if (next(250) === 0) write(control, framed(message()));
    else if (next(240) === 0) write(channel, framed(outcome()));
    else if (next(60) === 0) write(channel, replayed);
    else write(channel + (next(300) === 0 ? next(8) : 0), (replayed = framed(hostCall())));
    setTimeout(step, next(50) === 0 ? 0 : 2 + next(4));
  };
  step();
}
