import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askAll, askKept, type KeeperProgram } from '../../src/keeper/keepers.ts';
import { socketsOf } from '../../src/keeper/place.ts';
import { scratch, write } from '../runtime/folders.ts';

const kind = { home: '/home', surroundings: ['here'] };
const { signal } = new AbortController();
const asking = { request: {}, proofs: scratch(), signal };
const endIt = { ...asking, request: { op: 'end' } };

/** A program that answers with its process's number, until it is asked to end. */
function program(body: string): KeeperProgram {
  const folder = scratch();
  write(folder, { 'keeper.mjs': body });
  return [process.execPath, join(folder, 'keeper.mjs')];
}

const ANSWERING = `import { createServer } from 'node:net';
const path = process.argv[2];
let made = process.pid;
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.write('{"prove":".' + '0123456789abcdef'.repeat(2).replace(/../, String(10 + (made++ % 90))) + '"}\\n');
  socket.on('data', (chunk) => {
    socket.end('{"taken":true}\\n' + JSON.stringify({ reply: process.pid }) + '\\n');
    if (String(chunk).includes('end')) server.close();
  });
});
server.listen(path, () => console.log('ready'));
setTimeout(() => process.exit(), 30_000).unref();
`;

describe('keepers [R-SESSION-7]', () => {
  it('are begun once, however many ask at the same time, and are found again', async () => {
    const folder = scratch();
    const place = { folder, kind, program: program(ANSWERING) };
    const answers = await Promise.all(Array.from({ length: 6 }, () => askKept(asking, place)));
    expect(new Set(answers).size).toBe(1);
    expect(socketsOf(folder, kind)).toHaveLength(1);
    expect(await askKept(asking, place)).toBe(answers[0]);
    expect(answers).not.toContain(process.pid);

    const other = { ...place, kind: { ...kind, surroundings: ['elsewhere'] } };
    const second = await askKept(asking, other);
    expect(second).not.toBe(answers[0]);
    expect(await askAll(folder, '/home', asking)).toEqual(expect.arrayContaining([answers[0], second]));
    expect(await askAll(folder, '/another', asking)).toEqual([]);

    await Promise.all([askKept(endIt, place), askKept(endIt, other)]);
    const next = await askKept(asking, place);
    expect(next).not.toBe(answers[0]);
    await askKept(endIt, place);
  });

  it.each([
    ['says why', `console.error('no room'); process.exit(1);`, 'what keeps sessions did not start: no room'],
    ['says nothing', 'process.exit(3);', 'what keeps sessions did not start: it ended with 3'],
    ['was killed', `process.kill(process.pid, 'SIGKILL');`, 'what keeps sessions did not start: it ended with SIGKILL'],
    ['cannot be reached after', `console.log('ready');`, 'what keeps sessions ends as soon as it is begun'],
  ])('that do not start are an error, where the program %s', async (_what, body, message) => {
    const folder = scratch();
    await expect(askKept(asking, { folder, kind, program: program(body) })).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      message,
      hint: 'skill doctor',
    });
  });

  it('whose program is not there are an error', async () => {
    const place = { folder: scratch(), kind, program: ['/nowhere/node'] as const };
    await expect(askKept(asking, place)).rejects.toMatchObject({
      code: 'E_UNAVAILABLE',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('are not begun for one who wants nothing any more', async () => {
    const folder = scratch();
    const gone = AbortSignal.abort(new Error('enough'));
    await expect(askKept({ ...asking, signal: gone }, { folder, kind, program: program(ANSWERING) })).rejects.toThrow(
      'enough',
    );
    expect(socketsOf(folder, kind)).toEqual([]);
  });
});
