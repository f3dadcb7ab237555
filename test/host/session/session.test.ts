import { describe, expect, it } from 'vitest';
import type { OpenProgram } from '../../../host/command/open-program.ts';
import { GuestError, SkillError } from '../../../host/errors.ts';
import { Session, type SessionRequest } from '../../../host/session/session.ts';

const driver = { words: [], encode: (mark: string, code: string) => `${mark} ${code}` };

/** A program that is told what to print, and ends when it is ended. */
function bench(answer: (code: string, say: (stream: 'stdout' | 'stderr', text: string) => void, mark: string) => void) {
  let settle: (why: Error) => void = () => undefined;
  const ends: Error[] = [];
  const program: OpenProgram = {
    onOutput: () => undefined,
    write(text) {
      const [mark = '', ...code] = text.split(' ');
      answer(code.join(' '), (stream, said) => program.onOutput(stream, Buffer.from(said)), mark);
    },
    end(why) {
      ends.push(why);
      settle(why);
    },
    ended: new Promise((resolve) => (settle = resolve)),
    usage: { memoryBytes: 1, cpuMs: 2 },
  };
  const session = new Session(program, driver);
  const send = (code: string, over: Partial<SessionRequest> = {}) =>
    session.send({ code, timeoutMs: 5_000, outputKb: 1, ...over });
  return { session, send, ends, program, settle: (why: Error) => settle(why) };
}

const replying = () =>
  bench((code, say, mark) => {
    say('stdout', `${code}\n${mark}\n`);
    say('stderr', `\n${mark}{}\n`);
  });

describe('a session [R-SESSION-1]', () => {
  it('answers one request after the other, each with its own', async () => {
    const { session, send } = replying();
    const all = await Promise.all(['a', 'b', 'c'].map((code) => send(code)));
    expect(all.map(({ stdout }) => stdout)).toEqual(['a', 'b', 'c']);
    expect([session.isOpen, session.usage]).toEqual([true, { memoryBytes: 1, cpuMs: 2 }]);
  });

  it.each<readonly [string, string, string | undefined]>([
    ['an error', '{"error":"NameError: x"}', 'NameError: x'],
    ['a status', '{"status":3}', 'status 3'],
    ['a status of success', '{"status":0}', undefined],
    ['nothing', '{}', undefined],
    ['no JSON', 'what\u202e', 'the interpreter ended it with "what\\u{202e}"'],
    ['an error that is no text', '{"error":1}', undefined],
  ])('tells the end of a request by what the interpreter says: %s', async (_what, said, error) => {
    const { send } = bench((_code, say, mark) => {
      say('stdout', `\n${mark}\n`);
      say('stderr', `noise\n${mark}${said}\n`);
    });
    expect(await send('x')).toEqual({ stdout: '', stderr: 'noise', error });
  });

  it('takes no code with NUL, which would end somewhere else, and goes on', async () => {
    const { session, send } = replying();
    await expect(send('a\0b')).rejects.toMatchObject({ code: 'E_INPUT' });
    expect([session.isOpen, (await send('c')).stdout]).toEqual([true, 'c']);
  });

  it('counts what comes before its end to the request, and what comes after to the next', async () => {
    const { send, program } = replying();
    await send('a');
    program.onOutput('stdout', Buffer.from('late '));
    expect((await send('b')).stdout).toBe('late b');
  });
});

describe('a session is over [R-SESSION-1]', () => {
  const silent = () => bench(() => undefined);

  it.each<readonly [string, () => ReturnType<typeof bench>, Partial<SessionRequest>, object]>([
    [
      'when a request takes too long',
      silent,
      { timeoutMs: 20 },
      { code: 'E_TIMEOUT', details: { limit: 'timeout_ms', value: 20 } },
    ],
    ['when a request was aborted before', silent, { signal: AbortSignal.abort() }, { code: 'E_ABORTED' }],
    ['when a request is aborted', silent, { signal: AbortSignal.timeout(20) }, { code: 'E_ABORTED' }],
    [
      'when a request prints too much',
      () => bench((_code, say) => say('stdout', 'x'.repeat(1_025))),
      {},
      { code: 'E_OUTPUT_LIMIT', details: { limit: 'output_kb', value: 1, stdout: 'x'.repeat(1_025) } },
    ],
    [
      'when it prints too much on both together',
      () =>
        bench((_code, say, mark) => {
          say('stdout', `${'x'.repeat(600)}\n${mark}\n`);
          say('stderr', 'y'.repeat(600));
        }),
      {},
      { code: 'E_OUTPUT_LIMIT', details: { stdout: 'x'.repeat(600), stderr: 'y'.repeat(600) } },
    ],
  ])('%s, and says what was printed', async (_what, make, over, error) => {
    const { session, send, ends } = make();
    await expect(send('x', over)).rejects.toMatchObject(error);
    expect([session.isOpen, ends.length > 0]).toEqual([false, true]);
    await expect(send('y')).rejects.toBeInstanceOf(SkillError);
  });

  it('when its program ends, whose kind of error stays', async () => {
    const { send, settle } = bench((_code, say) => say('stdout', 'so far'));
    const sent = send('x');
    settle(new GuestError('E_GUEST_DIED', 'it ended', { hint: 'again', details: { status: 1 } }));
    const error = (await sent.catch((thrown: unknown) => thrown)) as GuestError;
    expect(error).toBeInstanceOf(GuestError);
    expect(error).toMatchObject({
      code: 'E_GUEST_DIED',
      hint: 'again',
      details: { status: 1, stdout: 'so far', stderr: '' },
    });
  });

  it('when its program fails in another way, which stays as it is', async () => {
    const { send, settle } = silent();
    const sent = send('x');
    const failure = new TypeError('a defect');
    settle(failure);
    await expect(sent).rejects.toBe(failure);
  });

  it('when it is closed', async () => {
    const { session, send } = silent();
    const sent = send('x');
    session.close();
    await expect(sent).rejects.toMatchObject({ code: 'E_ABORTED', message: 'the session was closed' });
    expect(session.isOpen).toBe(false);
  });

  it('when it prints more than anybody will read while nobody asked', async () => {
    const { session, program, ends } = silent();
    program.onOutput('stdout', Buffer.alloc(1024 * 1024));
    expect(ends).toEqual([]);
    program.onOutput('stderr', Buffer.alloc(1));
    expect(ends).toMatchObject([{ code: 'E_OUTPUT_LIMIT' }]);
    await Promise.resolve();
    expect(session.isOpen).toBe(false);
  });
});
