// One side of a bare pipe: node pipe-side.js caller|answerer REQUESTS ANSWERS; each a path, or the number of a descriptor.
import { openSync, readSync, writeSync } from 'node:fs';
import { answerAll } from '../kit/child.ts';
import { ANSWER_BYTES, REQUEST_BYTES } from './pipe-bytes.ts';

const [side, requests = '', answers = ''] = process.argv.slice(2);

function open(place: string, flags: 'r' | 'w'): number {
  return /^\d+$/.test(place) ? Number(place) : openSync(place, flags);
}

function fill(fd: number, buffer: Buffer): void {
  for (let at = 0; at < buffer.length;) {
    const count = readSync(fd, buffer, at, buffer.length - at, null);
    if (count === 0) process.exit(0);
    at += count;
  }
}

function call(times: number, into: number, from: number): number[] {
  const request = Buffer.alloc(REQUEST_BYTES, 1);
  const answer = Buffer.alloc(ANSWER_BYTES);
  const micros: number[] = [];
  for (let i = 0; i < times; i++) {
    const started = process.hrtime.bigint();
    writeSync(into, request);
    fill(from, answer);
    micros.push(Number(process.hrtime.bigint() - started) / 1000);
  }
  return micros;
}

// A named pipe opens when its other side does, so both sides open them in the same order.
if (side === 'caller') {
  const into = open(requests, 'w');
  const from = open(answers, 'r');
  answerAll((times: number) => call(times, into, from));
} else {
  const from = open(requests, 'r');
  const into = open(answers, 'w');
  const request = Buffer.alloc(REQUEST_BYTES);
  const answer = Buffer.alloc(ANSWER_BYTES, 1);
  for (;;) {
    fill(from, request);
    writeSync(into, answer);
  }
}
