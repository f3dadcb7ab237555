import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { ask } from '../kit/child.ts';
import { type Entry, PeerMissing } from '../kit/contest.ts';
import { compiled } from '../kit/places.ts';
import type { Lab } from '../kit/row.ts';
import { gaps } from '../kit/statistics.ts';
import { ANSWER_BYTES, REQUEST_BYTES } from './pipe-bytes.ts';

export const BLOCKING = 'bare pipe, both sides block';
export const ANSWERED = 'bare pipe, an event loop answers, its side';
export const ANSWERER = 'bare pipe, an event loop answers, caller side';

/** Two processes with two named pipes between them; each blocks in `readSync` and `writeSync`. @throws PeerMissing */
export async function blockingPipe(lab: Lab, times: number): Promise<Entry> {
  const folder = await mkdtemp(join(lab.folder, 'pipe-'));
  const [requests, answers] = [join(folder, 'requests'), join(folder, 'answers')];
  try {
    execFileSync('mkfifo', [requests, answers]);
  } catch {
    throw new PeerMissing('there is no mkfifo here');
  }
  const caller = start('caller', requests, answers);
  const answerer = start('answerer', requests, answers);
  return {
    contenders: [{ name: BLOCKING, isOurs: false, sample: () => ask<number[]>(caller, times) }],
    close: () => [caller, answerer].forEach((child) => child.kill('SIGKILL')),
  };
}

/**
 * A process that blocks in a call, as the worker of a guest does, and this process's event loop that answers, as the
 * trusted side does. Measured on both sides.
 */
export function answeredPipe(times: number): Promise<Entry> {
  const caller = start('caller', '4', '4', 'pipe');
  const channel = caller.stdio[4] as Socket;
  const answer = Buffer.alloc(ANSWER_BYTES, 1);
  let arrivals: number[] = [];
  let received = 0;
  channel.on('data', ({ length }: Buffer) => {
    received += length;
    if (received < REQUEST_BYTES) return;
    received -= REQUEST_BYTES;
    arrivals.push(performance.now());
    channel.write(answer);
  });
  async function here(): Promise<number[]> {
    arrivals = [];
    await ask<number[]>(caller, times);
    return gaps(arrivals);
  }
  return Promise.resolve({
    contenders: [
      { name: ANSWERED, isOurs: false, sample: here },
      { name: ANSWERER, isOurs: false, sample: () => ask<number[]>(caller, times) },
    ],
    close: () => void caller.kill('SIGKILL'),
  });
}

function start(side: 'caller' | 'answerer', requests: string, answers: string, channel?: 'pipe'): ChildProcess {
  return spawn(process.execPath, [compiled('peer/pipe-side.js'), side, requests, answers], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc', channel ?? 'ignore'],
  });
}
