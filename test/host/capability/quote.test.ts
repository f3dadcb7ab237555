import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../../host/capability/gate.ts';
import { escapeInvisible, hasInvisible, quote } from '../../../host/quote.ts';

const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u;

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.nat({ max: 0x10_ffff }).map((code) => String.fromCodePoint(code)) }),
  fc.string({
    unit: fc.constantFrom(
      '\u001b',
      ']8;;',
      '\u0007',
      '\r',
      '\n',
      '\u202e',
      '\u200b',
      '\ufeff',
      '\u{e0041}',
      '"',
      '\\',
      'a',
      '\ud800',
      '%s',
    ),
  }),
);

describe('text from outside', () => {
  it('is shown on one line, with nothing in it that cannot be seen [R-GATE-1]', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 40 }), (text, max) => {
        const shown = quote(text, max);
        expect(UNSEEN.test(shown)).toBe(false);
        expect(shown).toMatch(/^".*"$/);
        // A quotation mark of the text never ends the quotation.
        expect(shown.slice(1, -1).replaceAll(/\\./gu, '')).not.toContain('"');
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never shown alike for two different texts [R-GATE-1]', () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        if (a !== b) expect(escapeInvisible(a)).not.toBe(escapeInvisible(b));
      }),
    );
    expect(escapeInvisible('\\u{202e}')).not.toBe(escapeInvisible('\u202e'));
  });

  it('is known to hold what cannot be seen, each of it [R-GATE-1]', () => {
    for (let code = 0; code <= 0x10_ffff; code++) {
      const text = String.fromCodePoint(code);
      if (UNSEEN.test(text) && !hasInvisible(text)) expect.fail(`U+${code.toString(16)} is not known`);
    }
    expect(hasInvisible('plain t\u00ebxt \u4e16 \u{1f600}')).toBe(false);
  });
});

describe('an error of the gate', () => {
  it('is inert whatever it was asked for [R-GATE-1]', () => {
    const gate = new Gate({ layers: () => [], record: () => undefined, cwd: '/', path: '' });
    const told = (ask: () => unknown): string => {
      try {
        ask();
      } catch (error) {
        return (error as Error).message;
      }
      return expect.fail('it was not refused');
    };
    fc.assert(
      fc.property(hostile, (text) => {
        for (const ask of [
          () => gate.path(text, 'filesystem_read'),
          () => gate.entry(text),
          () => gate.command(text, [], { isolation: '' }),
          () => gate.command('a', [text], { isolation: '' }),
          () => gate.name('env_read', text),
        ]) {
          const message = told(ask);
          expect(UNSEEN.test(message)).toBe(false);
          expect(message.length).toBeLessThan(2_000);
        }
      }),
    );
  });
});
