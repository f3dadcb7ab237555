import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { type LedgerEvent, openLedger, verifyLedger } from '../../src/ledger/index.ts';
import { MAX_LINE } from '../../src/ledger/line.ts';
import { denied, fill, ledgerPath, linesOf, numbered, readAll, thrownBy, tick } from './support.ts';

const FIRST = '00000001.jsonl';

const FULL: LedgerEvent = {
  event: 'finished',
  result: 'ok',
  run: 'run-1',
  actor: 'alice',
  skill: 'acme/notes',
  version: '1.2.3',
  hash: 'sha256-abc',
  tool: 'list',
  capability: 'network',
  resource: 'https://example.com/',
  layer: 'grant',
  rule: 'network[0]',
  reason: 'because',
  isolation: 'worker',
  code: 'E_DENIED',
  durationMs: 12.5,
  hostCalls: 3,
  memoryBytes: 65536,
};

describe('openLedger', () => {
  it('makes nothing on disk before the first record, nor when closed without one', () => {
    const dir = ledgerPath();
    openLedger(dir).close();
    expect(existsSync(dir)).toBe(false);
  });

  it('has the record on disk when append returns', () => {
    const dir = ledgerPath();
    openLedger(dir).append(denied('x'));
    expect(linesOf(dir, FIRST)).toHaveLength(2);
  });

  it('lets only its owner read', () => {
    const dir = ledgerPath();
    fill(dir, 1);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(readdirSync(dir).map((name) => statSync(join(dir, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    expect(readdirSync(dir).toSorted()).toEqual([FIRST, '00000002.jsonl', 'head.json']);
  });

  it('gives back every field as it was written', async () => {
    const dir = ledgerPath();
    const ledger = openLedger(dir, { clock: tick() });
    ledger.append(FULL);
    expect(await readAll(dir)).toEqual([{ ...FULL, time: '2030-01-01T00:00:00.000Z', seq: 1, segment: FIRST }]);
  });

  it('makes the directories above that are missing', async () => {
    const dir = join(ledgerPath(), 'a', 'b');
    fill(dir, 1);
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, records: 1 });
  });

  it('chains each line to the one before', () => {
    const dir = ledgerPath();
    fill(dir, 2);
    const [first, second, third] = linesOf(dir, FIRST).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(second).toMatchObject({ seq: 1, prev: first?.['sum'] });
    expect(third).toMatchObject({ seq: 2, prev: second?.['sum'] });
    expect(JSON.parse(linesOf(dir, '00000002.jsonl')[0] ?? '')).toMatchObject({
      segment: 1,
      records: 2,
      last: third?.['sum'],
      prev: first?.['sum'],
    });
  });

  it('is sealed once by close, and takes nothing after', async () => {
    const dir = ledgerPath();
    const ledger = openLedger(dir);
    ledger.append(denied('x'));
    ledger.close();
    ledger.close();
    expect(() => ledger.append(denied('y'))).toThrow(expect.objectContaining({ code: 'E_LEDGER' }));
    expect(await verifyLedger(dir)).toEqual({ ok: true, segments: 1, records: 1, open: 0, problems: [] });
  });

  it('lets many ledgers of one process write in turns', async () => {
    const dir = ledgerPath();
    const ledgers = Array.from({ length: 5 }, () => openLedger(dir));
    for (let i = 0; i < 50; i += 1) ledgers[i % 5]?.append(denied(`${i}`));
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, segments: 5, records: 50, open: 5 });
    ledgers.forEach((ledger) => ledger.close());
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, segments: 5, records: 50, open: 0 });
  });

  it('leaves out allowed uses, and only those, when told so', async () => {
    const dir = ledgerPath();
    const ledger = openLedger(dir, { verbosity: 'effects' });
    const events: LedgerEvent[] = [
      { event: 'used', result: 'allowed', resource: 'left out' },
      { event: 'used', result: 'denied' },
      { event: 'used', result: 'error' },
      { event: 'denied', result: 'denied' },
      { event: 'failed', result: 'error' },
      { event: 'mutated', result: 'allowed' },
      { event: 'granted', result: 'allowed' },
    ];
    events.forEach((event) => ledger.append(event));
    expect((await readAll(dir)).map(({ event, result }) => ({ event, result }))).toEqual(events.slice(1));
  });

  it.each([
    ['an event nobody knows', { event: 'other', result: 'ok' }],
    ['a result nobody knows', { event: 'used', result: 'maybe' }],
    ['no result', { event: 'used' }],
    ['an object for a text', { event: 'used', result: 'ok', skill: { toString: () => 'x' } }],
    ['a text for a number', { event: 'used', result: 'ok', hostCalls: '3' }],
    ['a number JSON cannot write', { event: 'used', result: 'ok', durationMs: Number.NaN }],
  ])('refuses %s as our own mistake, and writes nothing', (_, event) => {
    const dir = ledgerPath();
    expect(() => openLedger(dir).append(event as LedgerEvent)).toThrow(expect.objectContaining({ code: 'E_INTERNAL' }));
    expect(existsSync(dir)).toBe(false);
  });
});

describe('text from outside', () => {
  const MARKER = 'MARKER-4f9c1e';
  const HOSTILE: readonly (readonly [string, string])[] = [
    ['line ends', 'a\r\n{"seq":1}\nb\u0085c\u2028d\u2029e'],
    ['ANSI', '\u001b[2J\u001b[31m red\u001b]8;;http://x\u0007link\u001b]52;c;aGk=\u0007'],
    ['C1', '\u009b31m\u0090q\u009c'],
    ['bidi', '\u202eabc\u202c\u2066\u2069\u200f'],
    ['invisible', 'a\u200bb\u00adc\ufeffd\u2060e\u{e0041}f'],
    ['JSON breaking', '","event":"used","sum":"\\'],
    ['the end of a line', `","sum":"${'0'.repeat(64)}"}`],
    ['half a character', '\ud83d and \ude00'],
    ['formats', '%s %d ${x} {{x}}'],
    ['NUL', 'a\u0000b'],
  ];
  const TEXTS = Object.entries(FULL).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'event' && name !== 'result' ? [name] : [],
  );

  it.each(HOSTILE)('with %s in every field stays one line of plain JSON', async (_, text) => {
    const dir = ledgerPath();
    const ledger = openLedger(dir);
    const event: LedgerEvent = { ...FULL, ...Object.fromEntries(TEXTS.map((name) => [name, `${MARKER}${text}`])) };
    ledger.append(event);
    const lines = linesOf(dir, FIRST);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^[ -~]+$/);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject(event);
    expect(await readAll(dir)).toMatchObject([event]);
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, records: 1, problems: [] });
  });

  it('keeps letters of any script readable', () => {
    const dir = ledgerPath();
    openLedger(dir).append(denied('ÄÖÜ/日本語/🙂'));
    expect(linesOf(dir, FIRST)[1]).toContain('ÄÖÜ/日本語/🙂');
  });

  it('is never written from a field nobody knows', () => {
    const dir = ledgerPath();
    openLedger(dir).append({
      ...denied('x'),
      token: MARKER,
      time: MARKER,
      seq: 99,
      cause: { token: MARKER },
    } as LedgerEvent);
    expect(linesOf(dir, FIRST).join()).not.toContain(MARKER);
  });

  it('is cut to its length, and says so', async () => {
    const dir = ledgerPath();
    const ledger = openLedger(dir);
    ledger.append({ ...denied('r'.repeat(10_000_000)), reason: 'x'.repeat(513), rule: 'y'.repeat(512) });
    const [record] = await readAll(dir);
    expect(record?.resource).toHaveLength(2048);
    expect(record?.resource).toMatch(/^r+… \[cut, was 10000000 characters\]$/);
    expect(record?.reason).toHaveLength(512);
    expect(record?.reason).toMatch(/^x+… \[cut, was 513 characters\]$/);
    expect(record?.rule).toBe('y'.repeat(512));
  });

  it.each(['\u0000', '\u{e0041}', '\u202e', '"', '語'])(
    'of the greatest length, all %j, fits a line',
    async (character) => {
      const dir = ledgerPath();
      openLedger(dir).append({ ...FULL, ...Object.fromEntries(TEXTS.map((name) => [name, character.repeat(5000)])) });
      expect(Buffer.byteLength(linesOf(dir, FIRST)[1] ?? '')).toBeLessThan(MAX_LINE);
      expect(await verifyLedger(dir)).toMatchObject({ ok: true, records: 1 });
    },
  );
});

describe('a ledger that cannot be written', () => {
  it.each<readonly [string, (dir: string) => void]>([
    ['a file is in its place', (dir) => writeFileSync(dir, '')],
    ['a file is above it', (dir) => (rmSync(dirname(dir), { recursive: true }), writeFileSync(dirname(dir), ''))],
    ['a link is in its place', (dir) => (mkdirSync(`${dir}-other`), symlinkSync(`${dir}-other`, dir))],
    [
      'a link to nowhere is above it',
      (dir) => (rmSync(dirname(dir), { recursive: true }), symlinkSync('nowhere', dirname(dir))),
    ],
    ['a link to nowhere is in its place', (dir) => symlinkSync(`${dir}-other`, dir)],
    ['its head is a directory', (dir) => mkdirSync(join(dir, 'head.json'), { recursive: true })],
    [
      'its head is a link',
      (dir) => (mkdirSync(dir), writeFileSync(`${dir}-head`, ''), symlinkSync(`${dir}-head`, join(dir, 'head.json'))),
    ],
    ['its first file is a link', (dir) => (mkdirSync(dir), symlinkSync(`${dir}-other`, join(dir, FIRST)))],
  ])('throws E_LEDGER with a hint when %s, and follows nothing', (_, act) => {
    const dir = ledgerPath();
    act(dir);
    const error = thrownBy(() => openLedger(dir).append(denied('x')));
    expect(error).toBeInstanceOf(SkillError);
    expect(error).toMatchObject({ code: 'E_LEDGER', hint: expect.any(String) });
    expect(existsSync(join(`${dir}-other`, FIRST))).toBe(false);
    if (existsSync(`${dir}-head`)) expect(statSync(`${dir}-head`).size).toBe(0);
  });

  it('throws E_LEDGER where the system forbids it', () => {
    expect(() => openLedger('/proc/self/ledger').append(denied('x'))).toThrow(
      expect.objectContaining({ code: 'E_LEDGER' }),
    );
  });

  it('tries again with the next record', async () => {
    const dir = ledgerPath();
    writeFileSync(dir, '');
    const ledger = openLedger(dir);
    expect(() => ledger.append(denied('lost'))).toThrow();
    rmSync(dir);
    ledger.append(denied('kept'));
    expect(await readAll(dir)).toMatchObject([{ resource: 'kept', seq: 1 }]);
  });
});

describe('a segment changed while it is written', () => {
  const CHANGES: readonly (readonly [string, (dir: string) => void])[] = [
    ['its directory removed', (dir) => rmSync(dir, { recursive: true })],
    ['its directory moved', (dir) => renameSync(dir, `${dir}-old`)],
    ['its directory replaced by a file', (dir) => (rmSync(dir, { recursive: true }), writeFileSync(dir, ''))],
    ['its file removed', (dir) => rmSync(join(dir, FIRST))],
    ['its file cut', (dir) => truncateSync(join(dir, FIRST), lstatSync(join(dir, FIRST)).size - 50)],
    ['something added', (dir) => writeFileSync(join(dir, FIRST), 'x\n', { flag: 'a' })],
  ];

  it.each(CHANGES)('%s: the record is refused, since it would be lost', (_, act) => {
    const dir = ledgerPath();
    const ledger = openLedger(dir);
    ledger.append(denied('x'));
    act(dir);
    expect(() => ledger.append(denied('y'))).toThrow(expect.objectContaining({ code: 'E_LEDGER' }));
    ledger.close();
  });

  it('cut: what was cut is missed from then on, and the next record is taken', async () => {
    const dir = ledgerPath();
    const ledger = openLedger(dir);
    ledger.append(denied('x'));
    ledger.append(denied('y'));
    truncateSync(join(dir, FIRST), Buffer.byteLength(linesOf(dir, FIRST).slice(0, 2).join('\n')) + 1);
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, records: 1 });
    expect(() => ledger.append(denied('z'))).toThrow();
    ledger.append(denied('z'));
    ledger.close();
    expect(await verifyLedger(dir)).toMatchObject({
      ok: false,
      records: 2,
      open: 0,
      problems: [{ segment: FIRST, code: 'cut' }],
    });
  });

  it('moved away: the next record begins a new ledger, and the old one stays whole', async () => {
    const dir = ledgerPath();
    const ledger = openLedger(dir);
    ledger.append(denied('old'));
    renameSync(dir, `${dir}-old`);
    fill(dir, 1, { leaveOpen: true });
    expect(() => ledger.append(denied('lost'))).toThrow();
    ledger.append(denied('new'));
    ledger.close();
    expect(await verifyLedger(`${dir}-old`)).toMatchObject({ ok: true, records: 1, open: 1, problems: [] });
    expect(await verifyLedger(dir)).toMatchObject({ ok: true, records: 2, open: 1, problems: [] });
  });

  it('moved away before it is closed: close says that it could not seal, once', () => {
    const dir = ledgerPath();
    const ledger = openLedger(dir);
    ledger.append(denied('x'));
    renameSync(dir, `${dir}-old`);
    expect(() => ledger.close()).toThrow(expect.objectContaining({ code: 'E_LEDGER' }));
    ledger.close();
    expect(numbered(`${dir}-old`)).toEqual([FIRST]);
    expect(existsSync(dir)).toBe(false);
  });
});
