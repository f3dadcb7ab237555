// Stands in for a guest process and behaves as badly as its first argument says.
import { readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { decode, encode } from '../../../dist/host/wire/codec.js';
import { frame, FrameSplitter } from '../../../dist/host/wire/frame.js';
import { fuzz } from './hostile-fuzz.mjs';

const [mode = '', parameter = '', firstChannel = '4'] = process.argv.slice(2);
const CONTROL = 3;
const CHANNEL = Number(firstChannel);
const nothing = new Uint8Array();
const OK = {
  kind: 'ok',
  result: '1',
  status: 0,
  message: '',
  stdout: nothing,
  stderr: nothing,
  memoryBytes: 0,
  fuelUsed: 0,
};
const SECOND = 1_000;

// Sockets of this process may refuse more bytes for a moment; a hostile one just tries again.
function write(fd, bytes) {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') process.exit(0);
    }
  }
}

const send = (value) => write(CONTROL, frame(value));
const call = (channel, ...request) => write(CHANNEL + channel, frame(request));
const done = (run, more) => send({ op: 'done', run, outcome: { ...OK, ...more } });
const header = (length) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
};
const raw = (fd, bytes) => write(fd, Buffer.concat([header(bytes.length), bytes]));
const nested = (depth) =>
  Buffer.concat([...Array.from({ length: depth }, () => Uint8Array.of(8, 1, 0, 0, 0)), Uint8Array.of(0)]);

/** What each mode does once it has a run; `run` is its token. */
const ON_RUN = {
  ok: (run) => done(run),
  outcome: (run) => done(run, revive(JSON.parse(parameter))),
  unknownRun: () => done('00000000-0000-0000-0000-000000000000'),
  twice: (run) => (done(run), done(run)),
  notARecord: () => send([1, 2, 3]),
  unknownOperation: () => send({ op: 'format-disk' }),
  readyAgain: () => send({ op: 'ready' }),
  loadedAgain: () => send({ op: 'loaded' }),
  refusedLate: () => send({ op: 'refused', code: 'E_MODULE', message: '', hint: null, details: {} }),
  hugeHeader: () => write(CONTROL, header(0xffff_ffff)),
  hugeCall: () => write(CHANNEL, header(0xffff_ffff)),
  overLimitCall: (run) => call(0, run, 'log', ['info', 'x'.repeat(2_000_000)]),
  halfFrame: () => write(CONTROL, Buffer.concat([header(1_000), new Uint8Array(10)])),
  halfCall: () => write(CHANNEL, Buffer.concat([header(1_000), new Uint8Array(10)])),
  deep: () => raw(CONTROL, nested(200_000 / 5)),
  deepCall: () => raw(CHANNEL, nested(1_000)),
  duplicateKeys: () =>
    raw(
      CONTROL,
      Buffer.from(encode({ aa: 1, ab: 2 })).map((b) => (b === 98 ? 97 : b)),
    ),
  prototypeKeys: (run) =>
    send(JSON.parse(`{"op":"done","run":"${run}","outcome":null,"__proto__":{"outcome":{"kind":"ok"}}}`)),
  garbage: () => raw(CONTROL, Uint8Array.of(77, 1, 2, 3)),
  forgedToken: () => call(0, 'forged', 'log', ['info', 'x']),
  twoCalls: (run) => {
    const one = frame([run, 'log', ['info', 'x']]);
    write(CHANNEL, Buffer.concat([one, one]));
  },
  twoChannels: (run) => (call(0, run, 'log', ['info', 'x']), setTimeout(() => call(1, run, 'log', ['info', 'x']), 50)),
  unknownHostCall: (run) => call(0, run, 'constructor', []),
  wrongArguments: (run) => call(0, run, 'log', ['info', 5]),
  notAList: () => raw(CHANNEL, encode('hello')),
  callAfterDone: (run) => (done(run), setTimeout(() => call(0, run, 'log', ['info', 'late']), 50)),
  closeControl: () => new Socket({ fd: CONTROL }).destroy(),
  closeChannels: (run) => {
    for (let i = 0; i < 8; i++) new Socket({ fd: CHANNEL + i }).destroy();
    setTimeout(() => done(run), 50);
  },
  exit: () => process.exit(0),
  silence: () => undefined,
  flood: () => {
    const junk = Buffer.alloc(65_536, 'x');
    for (;;) write(Number(parameter), junk);
  },
  // Asks for much, and never reads what it gets.
  neverReads: (run) => setInterval(() => call(0, run, 'state.get', ['big']), Number(parameter)),
  drip: (run) => {
    const bytes = Buffer.concat([header(1_000_000), frame({ op: 'done', run, outcome: OK })]);
    for (let at = 0; ; at++) write(CONTROL, bytes.subarray(at % bytes.length, (at % bytes.length) + 1));
  },
  fuzz: (run) => fuzz({ run, seed: Number(parameter), control: CONTROL, channel: CHANNEL, write, ok: OK }),
  // Takes memory of its own, which no limit of a module bounds.
  eatsMemory: () => {
    for (const eaten = []; ;) eaten.push(Buffer.alloc(16 * 2 ** 20, 1));
  },
  // Calls on when it was told that the run is over; the second argument is the token it kept.
  lateCall: (run) => void (kept = run),
};

const BEFORE_READY = {
  neverReady: () => undefined,
  loadedFirst: () => send({ op: 'loaded' }),
  doneFirst: () => done('x'),
  garbageFirst: () => write(CONTROL, Buffer.alloc(100, 0xee)),
};

const ON_LOAD = {
  refused: () => send({ op: 'refused', hint: null, details: {}, message: 'no', ...JSON.parse(parameter) }),
  loadedTwice: () => (send({ op: 'loaded' }), send({ op: 'loaded' })),
  neverLoaded: () => undefined,
};

const TIMED = new Set(['fuzz', 'neverReads']);
let kept;
let isPolling = true;
const splitter = new FrameSplitter(128 * 2 ** 20);

function onMessage(message) {
  if (message.op === 'load' && mode === 'unreadRun') {
    isPolling = false;
    send({ op: 'loaded' });
    dieOverAnUnreadRun();
  } else if (message.op === 'load') (ON_LOAD[mode] ?? (() => send({ op: 'loaded' })))();
  else if (message.op === 'run') ON_RUN[mode]?.(message.run);
  else if (mode === 'lateCall') for (let i = 0; i < 8; i++) call(i, kept, 'log', ['info', `late ${i}`]);
}

/** Bytes cannot travel as JSON; `{"bytes": 3}` stands for that many, `{"nest": 3}` for so deep a list. */
function revive(value) {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (typeof item?.nest === 'number') return [key, '['.repeat(item.nest) + ']'.repeat(item.nest)];
      if (typeof item?.bytes === 'number') return [key, Buffer.alloc(item.bytes, 'x')];
      return [key, typeof item?.repeat === 'number' ? item.text.repeat(item.repeat) : item];
    }),
  );
}

/** Reads a run but for its last bytes, calls with its token, and dies: to the other side it looks as if it had not been read. */
function dieOverAnUnreadRun() {
  const bytes = Buffer.alloc(300);
  try {
    readSync(CONTROL, bytes);
  } catch {
    return void setTimeout(dieOverAnUnreadRun, 5);
  }
  call(0, /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(bytes.toString('latin1'))[0], 'log', ['info', 'x']);
  setTimeout(() => process.exit(0), 50);
}

if (mode in BEFORE_READY) BEFORE_READY[mode]();
else send({ op: 'ready' });
const buffer = new Uint8Array(65_536);
const poll = () => {
  for (;;) {
    let count;
    try {
      count = readSync(CONTROL, buffer);
    } catch (error) {
      if (error.code === 'EAGAIN') setTimeout(poll, 2);
      else if (mode !== 'closeControl') process.exit(0);
      return;
    }
    if (count === 0) process.exit(0);
    const payloads = splitter.push(buffer.slice(0, count));
    const messages = payloads.map(decode);
    for (const message of messages) onMessage(message);
    // The read blocks this thread; these modes act by timers from here on.
    if (!isPolling) return;
    if (TIMED.has(mode) && messages.some(({ op }) => op === 'run')) return;
    if (payloads.length > 0) {
      setTimeout(poll, 60);
      return;
    }
  }
};
poll();
setTimeout(() => process.exit(0), 60 * SECOND);
