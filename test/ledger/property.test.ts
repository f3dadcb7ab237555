import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ledger, openLedger, type Verification, verifyLedger } from '../../src/ledger/index.ts';
import { denied, fill, linesOf, numbered, readAll } from './support.ts';

type Act = { readonly who: number; readonly text?: string };

const acts = fc.array(
  fc.record({ who: fc.nat(3), text: fc.string({ unit: 'binary', maxLength: 30 }) }, { requiredKeys: ['who'] }),
  { minLength: 1, maxLength: 20 },
) as fc.Arbitrary<Act[]>;

/** What one edit does to the lines of a file; undefined where it changes nothing or cannot be done. */
const EDITS = {
  remove: (lines: readonly string[], at: number) => lines.toSpliced(at, 1),
  repeat: (lines: readonly string[], at: number) => lines.toSpliced(at, 0, lines[at] ?? ''),
  repeatAtEnd: (lines: readonly string[], at: number) => [...lines, lines[at] ?? ''],
  swap: (lines: readonly string[], at: number) =>
    at + 1 < lines.length ? lines.toSpliced(at, 2, lines[at + 1] ?? '', lines[at] ?? '') : undefined,
} as const satisfies Record<string, (lines: readonly string[], at: number) => readonly string[] | undefined>;

// Every record is flushed, and a busy disk takes its time.
describe('a ledger of any events by any number of processes', { timeout: 180_000 }, () => {
  it('verifies, and reads back as it was written', () =>
    holds(acts, async (dir, list) => {
      const written = write(dir, list);
      const { ok, records, problems } = await verifyLedger(dir);
      const read = await readAll(dir);
      return ok && problems.length === 0 && records === written && read.length === written;
    }));

  it('does not with any one byte changed, in any file', () =>
    holds(fc.tuple(acts, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 })), async (dir, [list, file, at, bits]) => {
      write(dir, list);
      const names = readdirSync(dir);
      const path = join(dir, names[file % names.length] ?? '');
      const bytes = readFileSync(path);
      const place = at % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ bits;
      writeFileSync(path, bytes);
      return wasFound(await verifyLedger(dir), { isTornAllowed: place === bytes.length - 1 });
    }));

  it('does not with any byte cut out or put in', () =>
    holds(fc.tuple(acts, fc.nat(), fc.nat(), fc.option(fc.nat(255))), async (dir, [list, file, at, added]) => {
      write(dir, list);
      const names = readdirSync(dir);
      const path = join(dir, names[file % names.length] ?? '');
      const bytes = readFileSync(path);
      const place = at % bytes.length;
      const put = added === null ? [] : [added];
      const rest = bytes.subarray(added === null ? place + 1 : place);
      writeFileSync(path, Buffer.concat([bytes.subarray(0, place), Buffer.from(put), rest]));
      return wasFound(await verifyLedger(dir), { isTornAllowed: added === null });
    }));

  it('does not with any line removed, repeated or swapped, once it is sealed', () =>
    holds(
      fc.tuple(acts, fc.nat(), fc.nat(), fc.constantFrom(...Object.values(EDITS))),
      async (dir, [list, file, at, edit]) => {
        write(dir, [...list, ...[0, 1, 2, 3].map((who) => ({ who }))]);
        const names = numbered(dir);
        const name = names[file % names.length] ?? '';
        const lines = linesOf(dir, name);
        const changed = edit(lines, at % lines.length);
        if (changed === undefined) return true;
        writeFileSync(join(dir, name), changed.map((line) => `${line}\n`).join(''));
        return wasFound(await verifyLedger(dir), { isTornAllowed: false });
      },
    ));
});

/** A lost line end looks like a line whose writer was killed, which is told but is no tampering. */
function wasFound({ ok, problems }: Verification, allow: { readonly isTornAllowed: boolean }): boolean {
  return !ok || (allow.isTornAllowed && problems.some(({ code }) => code === 'torn'));
}

/** A text is appended by that process; no text closes its ledger, and its next text opens another. */
function write(dir: string, list: readonly Act[]): number {
  const ledgers = new Map<number, Ledger>();
  let written = 1;
  for (const { who, text } of list) {
    const ledger = ledgers.get(who) ?? openLedger(dir);
    ledgers.set(who, ledger);
    if (text === undefined) {
      ledger.close();
      ledgers.delete(who);
    } else {
      ledger.append(denied(text));
      written += 1;
    }
  }
  return written;
}

async function holds<T>(values: fc.Arbitrary<T>, test: (dir: string, value: T) => Promise<boolean>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      const home = mkdtempSync(join(tmpdir(), 'skillhost-ledger-'));
      try {
        const dir = join(home, 'ledger');
        // So that there is always a file to change.
        fill(dir, 1);
        expect(await test(dir, value)).toBe(true);
      } finally {
        rmSync(home, { recursive: true });
      }
    }),
    { numRuns: 150 },
  );
}
