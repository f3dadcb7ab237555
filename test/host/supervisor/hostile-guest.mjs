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
const done = (more) => write(CHANNEL, frame({ ...OK, ...more }));
const header = (length) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
};
const raw = (fd, bytes) => write(fd, Buffer.concat([header(bytes.length), bytes]));
const nested = (depth) =>
  Buffer.concat([...Array.from({ length: depth }, () => Uint8Array.of(8, 1, 0, 0, 0)), Uint8Array.of(0)]);

/** What each mode does once it has a call. */
const ON_RUN = {
  ok: () => done(),
  outcome: () => done(revive(JSON.parse(parameter))),
  goneUnknown: () => send({ op: 'gone', channel: 5, why: '' }),
  goneAfar: () => send({ op: 'gone', channel: 99, why: '' }),
  goneNowhere: () => send({ op: 'gone', channel: -1, why: '' }),
  gone: () => send({ op: 'gone', channel: 0, why: 'x\u001b[31m' }),
  goneTwice: () => (send({ op: 'gone', channel: 0, why: '' }), send({ op: 'gone', channel: 0, why: '' })),
  twice: () => (done(), setTimeout(done, 50)),
  twiceAtOnce: () => write(CHANNEL, Buffer.concat([frame(OK), frame(OK)])),
  notARecord: () => send([1, 2, 3]),
  unknownOperation: () => send({ op: 'format-disk' }),
  readyAgain: () => send({ op: 'ready' }),
  loadedAgain: () => send({ op: 'loaded' }),
  refusedLate: () => send({ op: 'refused', code: 'E_MODULE', message: '', hint: null, details: {} }),
  hugeHeader: () => write(CONTROL, header(0xffff_ffff)),
  hugeCall: () => write(CHANNEL, header(0xffff_ffff)),
  overLimitCall: () => call(0, 'log', ['info', 'x'.repeat(2_000_000)]),
  halfFrame: () => write(CONTROL, Buffer.concat([header(1_000), new Uint8Array(10)])),
  halfCall: () => write(CHANNEL, Buffer.concat([header(1_000), new Uint8Array(10)])),
  deep: () => raw(CONTROL, nested(10_000)),
  deepCall: () => raw(CHANNEL, nested(1_000)),
  duplicateKeys: () =>
    raw(
      CONTROL,
      Buffer.from(encode({ aa: 1, ab: 2 })).map((b) => (b === 98 ? 97 : b)),
    ),
  prototypeKeys: () => write(CHANNEL, frame(JSON.parse('{"__proto__":{"kind":"ok","result":"1"}}'))),
  garbage: () => raw(CONTROL, Uint8Array.of(77, 1, 2, 3)),
  garbageCall: () => raw(CHANNEL, Uint8Array.of(77, 1, 2, 3)),
  otherChannel: () => call(1, 'log', ['info', 'x']),
  twoCalls: () => {
    const one = frame(['log', ['info', 'x']]);
    write(CHANNEL, Buffer.concat([one, one]));
  },
  twoChannels: () => (call(0, 'log', ['info', 'x']), setTimeout(() => call(1, 'log', ['info', 'x']), 50)),
  threeParts: () => call(0, 'log', ['info', 'x'], 'more'),
  unknownHostCall: () => call(0, 'constructor', []),
  wrongArguments: () => call(0, 'log', ['info', 5]),
  notAList: () => raw(CHANNEL, encode('hello')),
  callAfterDone: () => (done(), setTimeout(() => call(0, 'log', ['info', 'late']), 50)),
  closeControl: () => new Socket({ fd: CONTROL }).destroy(),
  closeChannels: () => {
    for (let i = 0; i < 8; i++) new Socket({ fd: CHANNEL + i }).destroy();
  },
  closeOthers: () => {
    for (let i = 1; i < 8; i++) new Socket({ fd: CHANNEL + i }).destroy();
    setTimeout(done, 50);
  },
  exit: () => process.exit(0),
  silence: () => undefined,
  flood: () => {
    const junk = Buffer.alloc(65_536, 'x');
    for (;;) write(Number(parameter), junk);
  },
  // Asks for much, and never reads what it gets.
  neverReads: () => setInterval(() => call(0, 'state.get', ['big']), Number(parameter)),
  drip: () => {
    const bytes = Buffer.concat([header(1_000_000), frame(OK)]);
    for (let at = 0; ; at++) write(CHANNEL, bytes.subarray(at % bytes.length, (at % bytes.length) + 1));
  },
  fuzz: () => fuzz({ seed: Number(parameter), control: CONTROL, channel: CHANNEL, write, ok: OK }),
  reject: () => void Promise.reject(new Error('nobody minds')),
  abort: () => process.abort(),
  killSelf: () => process.kill(process.pid, 'SIGKILL'),
  dieInCall: () => (call(0, 'state.keys', []), process.kill(process.pid, 'SIGKILL')),
  dieInReply: () => (write(CHANNEL, Buffer.concat([header(1_000), new Uint8Array(10)])), process.exit(1)),
  deaf: () => {
    for (;;);
  },
  dripCalls: () => setInterval(() => call(0, 'log', ['info', 'x']), 15),
  // Takes memory of its own, which no limit of a module bounds.
  eatsMemory: () => {
    for (const eaten = []; ;) eaten.push(Buffer.alloc(16 * 2 ** 20, 1));
  },
  // Calls on when it was told that the run is over.
  lateCall: () => undefined,
};

const BEFORE_READY = {
  neverReady: () => undefined,
  dieAtStart: () => process.exit(1),
  loadedFirst: () => send({ op: 'loaded' }),
  doneFirst: () => done(),
  goneFirst: () => send({ op: 'gone', channel: 0, why: '' }),
  garbageFirst: () => write(CONTROL, Buffer.alloc(100, 0xee)),
};

const ON_LOAD = {
  refused: () => send({ op: 'refused', hint: null, details: {}, message: 'no', ...JSON.parse(parameter) }),
  loadedTwice: () => (send({ op: 'loaded' }), send({ op: 'loaded' })),
  neverLoaded: () => undefined,
};

let isPolling = true;

function onMessage(message) {
  if (message.op === 'load') {
    (ON_LOAD[mode] ?? (() => send({ op: 'loaded' })))();
    if (mode === 'unreadRun') dieOverAnUnreadRun();
    else poll(CHANNEL, onCall);
  } else if (mode === 'lateCall') for (let i = 0; i < 8; i++) call(i, 'log', ['info', `late ${i}`]);
}

function onCall() {
  // A read blocks this thread, and most modes act by timers from here on.
  isPolling = mode === 'lateCall';
  ON_RUN[mode]?.();
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

/** Reads the beginning of a call, asks something, and dies: to the other side it looks as if it had not been read. */
function dieOverAnUnreadRun() {
  isPolling = false;
  try {
    readSync(CHANNEL, Buffer.alloc(10));
  } catch {
    return void setTimeout(dieOverAnUnreadRun, 5);
  }
  call(0, 'log', ['info', 'x']);
  setTimeout(() => process.exit(0), 50);
}

/** Reads messages for as long as there are any. */
function poll(fd, onEach) {
  const splitter = new FrameSplitter(128 * 2 ** 20);
  const buffer = new Uint8Array(65_536);
  const again = () => {
    if (!isPolling) return;
    let count;
    try {
      count = readSync(fd, buffer);
    } catch (error) {
      if (error.code === 'EAGAIN') setTimeout(again, 2);
      else if (fd === CONTROL && mode !== 'closeControl') process.exit(0);
      return;
    }
    if (count === 0) return fd === CONTROL ? process.exit(0) : undefined;
    for (const payload of splitter.push(buffer.slice(0, count))) onEach(decode(payload));
    setTimeout(again, 2);
  };
  again();
}

if (mode in BEFORE_READY) BEFORE_READY[mode]();
else send({ op: 'ready' });
poll(CONTROL, onMessage);
setTimeout(() => process.exit(0), 60 * SECOND);
