import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SessionJournals } from '../../src/session/journal.ts';
import { scratch } from '../fixtures/scratch.ts';

const ID = '0123456789abcdef';
const OTHER = 'fedcba9876543210';
const WHOSE = { skill: 'a.b', tool: 't', name: 'default', program: 'bash' };

function place(): { folder: string; journals: SessionJournals; file: (id?: string) => string } {
  const folder = join(scratch(), 'sessions');
  return { folder, journals: new SessionJournals(folder), file: (id = ID) => join(folder, `${id}.jsonl`) };
}

describe('what a session was sent, on disk [R-SESSION-4]', () => {
  it('is read as it was written, whatever it holds, and only by its user', () => {
    const { journals, file, folder } = place();
    const requests = ['a=1', 'two\nlines\r\n', '"quotes" \\ \u2028 \ud800', ''];
    for (const request of requests) journals.append(ID, WHOSE, request);
    expect(journals.read(ID)).toEqual({ id: ID, ...WHOSE, requests, at: statSync(file()).mtime });
    expect([statSync(file()).mode & 0o777, statSync(folder).mode & 0o777]).toEqual([0o600, 0o700]);
  });

  it.each<readonly [string, string]>([
    ['is empty', ''],
    ['is no JSON', 'x\n'],
    ['says no skill', '{"tool":"t","name":"n","program":"bash"}\n'],
    ['says no program', '{"skill":"a.b","tool":"t","name":"n"}\n'],
    ['says a number for a name', '{"skill":"a.b","tool":"t","name":1,"program":"bash"}\n'],
    ['begins with a list', '["a"]\n'],
    ['holds a request that is no text', `${JSON.stringify(WHOSE)}\n"a"\n1\n`],
    ['was cut off in a request', `${JSON.stringify(WHOSE)}\n"a"\n"b`],
  ])('is as if there was none where it %s', (_what, text) => {
    const { folder, journals, file } = place();
    mkdirSync(folder);
    writeFileSync(file(), text);
    expect(journals.read(ID)).toBeUndefined();
    expect(journals.list()).toEqual([]);
  });

  it('is listed, what was used last first, beside whatever else lies there', () => {
    const { folder, journals, file } = place();
    expect(journals.list()).toEqual([]);
    journals.append(ID, WHOSE, 'a');
    journals.append(OTHER, { ...WHOSE, name: 'other' }, 'b');
    utimesSync(file(), 2_000, 2_000);
    utimesSync(file(OTHER), 1_000, 1_000);
    writeFileSync(join(folder, 'notes.txt'), '');
    expect(journals.list().map(({ id, name }) => [id, name])).toEqual([
      [ID, 'default'],
      [OTHER, 'other'],
    ]);
  });

  it('is removed by its id, and nothing else is by what is none', () => {
    const { folder, journals, file } = place();
    journals.append(ID, WHOSE, 'a');
    writeFileSync(join(folder, '../lock.jsonl'), 'kept');
    for (const id of ['../lock', `./${ID}`, ID.toUpperCase(), `${ID}0`, '', OTHER])
      expect(journals.remove(id)).toBe(false);
    expect(readFileSync(join(folder, '../lock.jsonl'), 'utf8')).toBe('kept');
    expect(journals.remove(ID)).toBe(true);
    expect([existsSync(file()), journals.remove(ID)]).toEqual([false, false]);
  });

  it('is no more than anybody would wait for', () => {
    const { journals, file } = place();
    journals.append(ID, WHOSE, 'x'.repeat(1024 * 1024 - 1_000));
    journals.append(ID, WHOSE, 'y'.repeat(500));
    const before = statSync(file()).size;
    expect(() => journals.append(ID, WHOSE, 'z'.repeat(1_000))).toThrow(
      expect.objectContaining({ code: 'E_RESOURCE', hint: `skill session close ${ID} begins a new one` }),
    );
    expect(statSync(file()).size).toBe(before);
  });

  it('is told where it cannot be written', () => {
    const { folder, journals } = place();
    writeFileSync(folder, 'a file in its place');
    expect(() => journals.append(ID, WHOSE, 'a')).toThrow(
      expect.objectContaining({
        code: 'E_STORE',
        message: expect.stringMatching(/sessions\/0123456789abcdef\.jsonl cannot be written: (?:ENOTDIR|EEXIST)$/),
      }),
    );
  });
});
