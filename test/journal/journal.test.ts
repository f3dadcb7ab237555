import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { Journal, readJournal } from '../../src/journal/journal.ts';
import { readLine, writeLine } from '../../src/journal/line.ts';
import { isAlive, readOwner, thisProcess } from '../../src/home/owner.ts';

function folder(): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'skillhost-journal-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return join(root, 'run');
}

const FIRST = { type: 'begun', n: 0 };
const entry = (n: number): { type: string; n: number } => ({ type: 'ended', n });

/** A journal with so many entries behind the first, whose process has stopped. */
function written(count: number, dir = folder()): string {
  const journal = Journal.create(dir, FIRST);
  for (let n = 1; n <= count; n += 1) journal.append(entry(n), { flush: false });
  journal.close();
  return dir;
}

const segments = (dir: string): string[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted();
const numbers = (dir: string): unknown[] =>
  readJournal(dir).entries.map((one) => (one as { n?: number }).n ?? one.type);

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    if (!(error instanceof SkillError)) throw error;
    return error.code;
  }
}

/** A number no process has. */
const DEAD = { pid: 4_194_303, started: '1' };

/** The same journal as another process that is no more would have left it: without its word that it stopped. */
function abandoned(count: number): string {
  const dir = folder();
  mkdirSync(dir, { recursive: true });
  let sum = '';
  let text = '';
  for (const one of [{ type: 'owner', ...DEAD }, FIRST, ...Array.from({ length: count }, (_, i) => entry(i + 1))]) {
    const line = writeLine(sum, one);
    ({ sum } = line);
    text += line.text;
  }
  writeFileSync(join(dir, '000001.jsonl'), text);
  return dir;
}

describe('the journal of a run [R-JOURNAL-1]', () => {
  it('holds what was written, in order, for its owner alone', () => {
    const dir = written(3);
    expect(readJournal(dir)).toEqual({
      isRunning: false,
      entries: [FIRST, entry(1), entry(2), entry(3), { type: 'stopped' }],
    });
    expect(segments(dir)).toEqual(['000001.jsonl']);
    expect(readdirSync(dir)).toHaveLength(1);
    expect([statSync(dir).mode & 0o777, statSync(join(dir, '000001.jsonl')).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('goes on in another file, which says whose it is', () => {
    const dir = written(1);
    const { journal, entries } = Journal.resume(dir);
    expect(entries).toHaveLength(3);
    journal.append(entry(2), { flush: true });
    journal.append({ type: 'finished' }, { flush: true });
    journal.close();
    expect(numbers(dir)).toEqual([0, 1, 'stopped', 2, 'finished']);
    expect(segments(dir)).toEqual(['000001.jsonl', '000002.jsonl']);
  });

  it('says that it stopped, unless it has ended, once', () => {
    const dir = folder();
    const journal = Journal.create(dir, FIRST);
    expect(readJournal(dir).isRunning).toBe(true);
    journal.append({ type: 'finished' }, { flush: false });
    journal.close();
    journal.close();
    expect(readJournal(dir)).toEqual({ isRunning: false, entries: [FIRST, { type: 'finished' }] });
    expect(codeOf(() => journal.append(entry(1), { flush: false }))).toBe('E_JOURNAL');
  });

  it('keeps every text as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), fc.jsonValue(), (texts, value) => {
        let sum = '';
        for (const one of texts) {
          const line = writeLine(sum, { type: 't', one, value });
          expect(line.text.indexOf('\n')).toBe(line.text.length - 1);
          expect(readLine(sum, line.text.slice(0, -1))).toEqual({
            sum: line.sum,
            entry: JSON.parse(JSON.stringify({ type: 't', one, value })) as unknown,
          });
          ({ sum } = line);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is begun once', () => {
    const dir = written(0);
    expect(codeOf(() => Journal.create(dir, FIRST))).toBe('E_JOURNAL');
    expect(numbers(dir)).toEqual([0, 'stopped']);
    expect(readdirSync(dir)).toHaveLength(1);
  });

  it('that is not there is not found, and nothing is made', () => {
    const dir = folder();
    expect(Journal.exists(dir)).toBe(false);
    expect([codeOf(() => Journal.resume(dir)), codeOf(() => readJournal(dir))]).toEqual(['E_NOT_FOUND', 'E_NOT_FOUND']);
    expect(existsSync(dir)).toBe(false);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'other.txt'), 'x');
    expect(codeOf(() => Journal.resume(dir))).toBe('E_NOT_FOUND');
    expect(readdirSync(dir)).toEqual(['other.txt']);
  });

  it('that cannot be written says so, and what to do', () => {
    const dir = folder();
    mkdirSync(join(dir, '..'), { recursive: true });
    writeFileSync(dir, 'a file');
    expect(() => Journal.create(dir, FIRST)).toThrow(
      expect.objectContaining({ code: 'E_JOURNAL', hint: expect.stringContaining('make room') as string }) as Error,
    );
    expect(codeOf(() => Journal.exists(dir))).toBe('E_JOURNAL');
  });

  it('files that are none of its own are not read', () => {
    const dir = written(1);
    for (const name of ['.tmp', '1.jsonl', '0000001.jsonl', '000009.json', '000002.jsonl.bak'])
      writeFileSync(join(dir, name), 'nonsense\n');
    expect(numbers(dir)).toEqual([0, 1, 'stopped']);
  });
});

describe('one process at a time [R-JOURNAL-2]', () => {
  it('while it is at it, another is told so', () => {
    const dir = folder();
    const journal = Journal.create(dir, FIRST);
    expect(codeOf(() => Journal.resume(dir))).toBe('E_UNAVAILABLE');
    journal.close();
    expect(codeOf(() => Journal.resume(dir).journal.close())).toBe('none');
  });

  it('also when it has taken up a run that stopped, and has written nothing yet', () => {
    const dir = written(1);
    const { journal } = Journal.resume(dir);
    expect(readJournal(dir).isRunning).toBe(true);
    expect(codeOf(() => Journal.resume(dir))).toBe('E_UNAVAILABLE');
    journal.close();
    expect(readJournal(dir).isRunning).toBe(false);
  });

  it('a run whose process died is taken up', () => {
    const dir = abandoned(2);
    expect(readJournal(dir).isRunning).toBe(false);
    const { journal, entries } = Journal.resume(dir);
    expect(entries).toHaveLength(3);
    journal.close();
  });

  it('of two that take it up at the same moment, one does', () => {
    const dir = abandoned(1);
    // The other one was quicker between the reading and the making of the next file.
    const other = abandoned(1);
    Journal.resume(other).journal.close();
    copyFileSync(join(other, '000002.jsonl'), join(dir, '000002.jsonl'));
    truncateSync(join(dir, '000002.jsonl'), readFileSync(join(dir, '000002.jsonl'), 'utf8').indexOf('\n') + 1);
    expect(codeOf(() => Journal.resume(dir))).toBe('E_UNAVAILABLE');
  });

  it('a process that is gone, was replaced, or is a zombie is not alive', async () => {
    const me = thisProcess();
    expect(isAlive(me)).toBe(true);
    expect(isAlive({ ...me, started: '1' })).toBe(false);
    expect(isAlive({ ...me, started: '' })).toBe(true);
    expect(isAlive(DEAD)).toBe(false);
    // Nobody waits for the inner one: the shell became another program.
    const child = spawn('sh', ['-c', 'sh -c "echo \\$\\$" & exec sleep 20'], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const pid = Number(
      await new Promise<string>((resolve) => child.stdout.once('data', (text: Buffer) => resolve(text.toString()))),
    );
    for (let i = 0; i < 200 && !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z'); i += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(isAlive({ pid, started: '' })).toBe(false);
  });

  it.each<[owner: object]>([
    [{}],
    [{ pid: 0, started: '' }],
    [{ pid: -1, started: '' }],
    [{ pid: 1.5, started: '' }],
    [{ pid: '1', started: '' }],
    [{ pid: 1 }],
    [{ pid: 1, started: 1 }],
  ])('%j owns nothing', (owner) => {
    expect(readOwner(owner)).toBeUndefined();
  });
});

describe('a journal that was cut [R-JOURNAL-1]', () => {
  it('at any byte is what was whole of it', () => {
    const dir = abandoned(4);
    const file = join(dir, '000001.jsonl');
    const whole = readFileSync(file);
    const ends = [...whole.entries()].flatMap(([i, byte]) => (byte === 0x0a ? [i] : []));
    for (let at = whole.length; at > (ends[0] ?? 0); at -= 1) {
      writeFileSync(file, whole.subarray(0, at));
      // A line counts when all of it is there, its end or not.
      expect(readJournal(dir).entries).toHaveLength(ends.filter((end) => end <= at).length - 1);
    }
    for (const at of [ends[0] === undefined ? 0 : ends[0] - 1, 10, 0]) {
      writeFileSync(file, whole.subarray(0, at));
      expect(codeOf(() => readJournal(dir))).toBe('E_JOURNAL');
    }
  });

  it('and was taken up goes on behind what was whole, whatever half line is there', () => {
    const dir = abandoned(3);
    for (let n = 1; n <= 5; n += 1) {
      appendFileSync(join(dir, segments(dir).at(-1) ?? ''), '0123456789abcdef'.slice(0, n * 3));
      const { journal } = Journal.resume(dir);
      journal.append(entry(10 + n), { flush: false });
      journal.close();
    }
    expect(numbers(dir).filter((one) => one !== 'stopped')).toEqual([0, 1, 2, 3, 11, 12, 13, 14, 15]);
  });
});

describe('a journal that was changed is refused, and nothing of it believed [R-JOURNAL-3]', () => {
  /** Three files of one run. */
  function three(first = 2): string {
    const dir = written(first);
    for (const n of [3, 4]) {
      const { journal } = Journal.resume(dir);
      journal.append(entry(n), { flush: false });
      journal.close();
    }
    return dir;
  }

  const refused = (dir: string): void => {
    const before = readdirSync(dir);
    for (const act of [() => readJournal(dir), () => Journal.resume(dir)])
      expect(act).toThrow(
        expect.objectContaining({
          code: 'E_JOURNAL',
          message: expect.stringContaining('does not verify') as string,
          hint: expect.stringContaining('look by hand') as string,
        }) as Error,
      );
    expect(readdirSync(dir)).toEqual(before);
  };

  it('in any byte of any file', () => {
    const dir = three();
    for (const name of segments(dir)) {
      const whole = readFileSync(join(dir, name));
      for (let at = 0; at < whole.length; at += 1) {
        const changed = Buffer.from(whole);
        changed[at] = (whole[at] ?? 0) ^ 0x01;
        writeFileSync(join(dir, name), changed);
        refused(dir);
      }
      writeFileSync(join(dir, name), whole);
    }
    expect(numbers(dir)).toHaveLength(8);
  });

  it.each<[what: string, change: (lines: string[]) => string[]]>([
    ['a line left out', (lines) => lines.toSpliced(1, 1)],
    ['a line twice', (lines) => lines.toSpliced(1, 0, lines[1] ?? '')],
    ['two lines in another order', ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest]],
    ['all lines in another order', (lines) => lines.toReversed()],
    ['an empty line', (lines) => lines.toSpliced(1, 0, '')],
    ['a line of another journal', (lines) => lines.toSpliced(1, 0, writeLine('', entry(9)).text.trimEnd())],
    ['a line without its sum', (lines) => lines.toSpliced(1, 0, JSON.stringify(entry(9)))],
    ['other line ends', (lines) => lines.map((line) => `${line}\r`)],
    ['no lines', () => []],
    ['the owner elsewhere', ([a = '', ...rest]) => [...rest, a]],
  ])('%s', (_, change) => {
    for (const i of [0, 1, 2]) {
      const dir = three();
      const file = join(dir, segments(dir)[i] ?? '');
      const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
      writeFileSync(
        file,
        change(lines)
          .map((line) => `${line}\n`)
          .join(''),
      );
      refused(dir);
    }
  });

  it('a file left out, exchanged, or of another run', () => {
    const changes: ((dir: string) => void)[] = [
      (dir) => rmSync(join(dir, '000001.jsonl')),
      (dir) => rmSync(join(dir, '000002.jsonl')),
      (dir) => cpSync(join(three(9), '000002.jsonl'), join(dir, '000002.jsonl')),
      (dir) => cpSync(join(dir, '000001.jsonl'), join(dir, '000004.jsonl')),
      (dir) => cpSync(join(dir, '000003.jsonl'), join(dir, '000002.jsonl')),
      (dir) => cpSync(join(dir, '000003.jsonl'), join(dir, '000005.jsonl')),
      (dir) => truncateSync(join(dir, '000002.jsonl'), 0),
    ];
    for (const change of changes) {
      const dir = three();
      change(dir);
      refused(dir);
    }
  });

  it.each<[what: string, entry: unknown]>([
    ['nothing', null],
    ['a number', 5],
    ['a list', []],
    ['no type', { n: 1 }],
    ['a type that is no text', { type: 5 }],
  ])('a line with a right sum, but %s', (_, value) => {
    const dir = abandoned(0);
    const file = join(dir, '000001.jsonl');
    let sum = '';
    for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) sum = readLine(sum, line)?.sum ?? '';
    appendFileSync(file, writeLine(sum, value).text);
    refused(dir);
  });

  it('a first line that is no owner, or one that is none', () => {
    for (const owner of [{ type: 'owner', pid: 0, started: '' }, { type: 'begun' }]) {
      const dir = folder();
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, '000001.jsonl'), writeLine('', owner).text);
      refused(dir);
    }
  });
});
