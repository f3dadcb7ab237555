import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEstimate, loadTokenizer } from '../../src/knowledge/count-tokens.ts';
import { estimateTokens } from '../../src/knowledge/estimate-tokens.ts';
import { listFiles, ROOT } from '../house/sources.ts';
import { exactly } from './contexts.ts';

const estimate = createEstimate();

/** What people write, in the scripts they write it in. */
const LANGUAGES: Readonly<Record<string, string>> = {
  English: 'To undo the last commit, run the following command in your terminal. Nothing that was committed is lost.',
  Chinese: '要撤销最近的提交,请使用 git reset。人工智能正在改变世界的方方面面,尤其是软件开发。',
  'Traditional Chinese': '臺灣的鐵路網絡非常發達,旅客可以搭乘高鐵前往各大城市,體驗不同的風土人情。',
  Japanese: '最後のコミットを取り消すには、次のコマンドを実行してください。東京の天気は晴れです。',
  Katakana: 'コンピュータープログラミングインターフェース',
  Korean: '마지막 커밋을 취소하려면 다음 명령을 실행하십시오. 서울의 날씨는 맑습니다.',
  Russian: 'Чтобы отменить последний коммит, выполните команду. Достопримечательность высокопревосходительство.',
  Arabic: 'للتراجع عن آخر التزام، استخدم الأمر التالي في سطر الأوامر.',
  Hebrew: 'כדי לבטל את הקומיט האחרון, השתמש בפקודה הבאה.',
  Hindi: 'पिछली कमिट को वापस लेने के लिए निम्नलिखित आदेश चलाएँ।',
  Thai: 'หากต้องการยกเลิกการคอมมิตล่าสุดให้ใช้คำสั่งต่อไปนี้',
  Amharic: 'የመጨረሻውን ለመሰረዝ የሚከተለውን ትዕዛዝ ይጠቀሙ።',
  Greek: 'Για να αναιρέσετε την τελευταία υποβολή, εκτελέστε την εντολή.',
  Vietnamese: 'Để hoàn tác lần gửi cuối cùng, hãy chạy lệnh sau trong dòng lệnh.',
  German: 'Um den letzten Commit rückgängig zu machen, führen Sie den Befehl aus. Donaudampfschifffahrtsgesellschaft.',
  French: 'Pour annuler le dernier commit, exécutez la commande suivante dans le terminal, puis vérifiez le résultat.',
  Hieroglyphs: '𓀀𓀁𓀂𓀃𓂀',
  emoji: '😀🎉👩‍👩‍👧‍👦🏳️‍🌈🚀',
  mathematics: '∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, α ∧ ¬β = ¬(¬α ∨ β), ∑∏∫√∞≠≤≥',
  boxes: '┌─┬─┐│ │ │├─┼─┤└─┴─┘',
  hexadecimal: 'deadbeefcafebabe0123456789abcdef9f8e7d6c5b4a3928',
  base64: Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 7919 + 13 * i * i) & 255)).toString('base64'),
  digits: '3141592653589793238462643383279502884197',
  marks: '<skill id="custom.a" version="1.2.3" sha256="0123456789abcdef" mark="fedcba9876543210">',
  punctuation: '!@#$%^&*()_+{}|:"<>?~`-=[]\\;\',./',
  spaces: ' '.repeat(200),
  'line ends': '\n'.repeat(200),
  'white space': '\n \n  \n\t\n',
};

const KINDS = ['.md', '.ts', '.toml', '.json', '.mjs', '.c', '.wat', '.wit'];
const corpus = KINDS.flatMap((ending) =>
  ['docs', 'skills', 'src', 'host', 'bench', 'scripts', 'wit'].flatMap((folder) => listFiles(folder, ending)),
);

describe('the estimate counts no less than the tokenizer [R-CONTEXT-6]', () => {
  it.each(Object.entries(LANGUAGES))('%s', (_name, text) => {
    for (const times of [1, 3, 20]) {
      const whole = `${text} `.repeat(times);
      expect(estimate.count(whole)).toBeGreaterThanOrEqual(exactly(whole));
    }
  });

  it('for every document, manifest and source of this project, and not twice as much', () => {
    const low: string[] = [];
    let [estimated, counted] = [0, 0];
    expect(corpus.length).toBeGreaterThan(250);
    for (const path of corpus) {
      const text = readFileSync(join(ROOT, path), 'utf8');
      const [high, exact] = [estimate.count(text), exactly(text)];
      if (high < exact) low.push(`${path}: ${high} for ${exact}`);
      estimated += high;
      counted += exact;
    }
    expect(low).toEqual([]);
    expect(estimated / counted).toBeLessThan(1.45);
  });

  it('for every section of bundled knowledge, as a budget counts it', () => {
    const sections = listFiles('skills', '.md').flatMap((path) =>
      readFileSync(join(ROOT, path), 'utf8').split(/^(?=#)/m),
    );
    expect(sections.length).toBeGreaterThan(80);
    expect(sections.filter((text) => estimate.count(text) < exactly(text))).toEqual([]);
  });

  it('by more than a factor of 2.5 for no letters at all, however they are put together', () => {
    const letters = [
      fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz')),
      fc.constantFrom(...Array.from('qxzjvkwy')),
      fc.constantFrom(...Array.from('ABCdef0123')),
      fc.integer({ min: 0x4e00, max: 0x9fff }).map((code) => String.fromCodePoint(code)),
      fc.integer({ min: 0xac00, max: 0xd7a3 }).map((code) => String.fromCodePoint(code)),
      fc.integer({ min: 0x400, max: 0x52f }).map((code) => String.fromCodePoint(code)),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ];
    for (const letter of letters) {
      const words = fc.array(fc.array(letter, { minLength: 2, maxLength: 9 }), { minLength: 60, maxLength: 90 });
      fc.assert(
        fc.property(words, (all) => {
          const text = all.map((word) => word.join('')).join(' ');
          expect(exactly(text) / estimate.count(text)).toBeLessThan(2.5);
        }),
        { numRuns: 40 },
      );
    }
  });

  describe('as much, whether or not letters of another script stand elsewhere in the text', () => {
    const OTHER = '\n\u044f';
    const expectSame = (text: string): void => {
      // What is counted otherwise is so forty times.
      const many = `${text}a`.repeat(40);
      const other = estimateTokens(many + OTHER) - estimateTokens(many);
      expect(Math.abs(other - (estimateTokens(`a${OTHER}`) - estimateTokens('a'))), text).toBeLessThanOrEqual(1);
    };

    it('for any English', () => {
      const unit = fc.constantFrom(
        'a',
        'B',
        '7',
        ' ',
        '\n',
        '-',
        '"',
        '\u00a0',
        '«',
        '\u2013',
        '\u201c',
        '…',
        '→',
        '≤',
      );
      fc.assert(fc.property(fc.string({ unit, maxLength: 12 }), expectSame), { numRuns: 500 });
    });

    it('for any character of the parts of Unicode that English uses some of', () => {
      for (let code = 0; code < 0x3000; code++) expectSame(`a${String.fromCodePoint(code)}`);
    });
  });

  it('is nothing for nothing, a whole number, and linear in time', () => {
    expect(estimate.count('')).toBe(0);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const count = estimate.count(text);
        expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
      }),
    );
    for (const piece of ['a', ' ', '\n', '-', '𓀀', 'aA1', '漢', '\u0301']) {
      const begun = performance.now();
      estimate.count(piece.repeat(300_000));
      expect(performance.now() - begun).toBeLessThan(2_000);
    }
  });
});

describe('the tokenizer', () => {
  it('has a name, and takes what looks like a token of its own for text', async () => {
    const exact = await loadTokenizer();
    expect([exact.name, estimate.name]).toEqual(['o200k_base', 'estimate']);
    expect(exact.count('Hello, world')).toBe(3);
    expect(exact.count('<|endoftext|>')).toBeGreaterThan(1);
    expect(exact.count('\ud800 lone')).toBeGreaterThan(0);
  });
});
