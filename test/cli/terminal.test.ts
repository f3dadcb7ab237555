import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { inert, inline, wrap } from '../../src/cli/terminal.ts';
import { guest, manifest, scratch, write } from '../runtime/folders.ts';
import { expectInert, MAIN, skill, UNSAFE } from './support.ts';

const root = scratch();
const home = join(root, 'home');

/** What would colour, clear, link, write the clipboard, reorder, hide, or forge a line. */
const HOSTILE = {
  colour: '\u001b[31mred\u001b[0m',
  clear: '\u001b[2J\u001b[H',
  link: '\u001b]8;;https://evil.example\u0007click\u001b]8;;\u0007',
  clipboard: '\u001b]52;c;aGk=\u0007',
  c1: '\u009b31m',
  bidi: 'a\u202egnp.exe',
  isolate: 'a\u2066b\u2069',
  hidden: 'a\u200bb\u00adc\u{e0041}',
  overwrite: 'denied\rallowed',
  backspace: 'no\b\bok',
} as const;

beforeAll(async () => {
  write(root, { 'raw.wasm': await guest('raw') });
  for (const [name, text] of Object.entries(HOSTILE)) {
    write(root, { [`${name}.txt`]: text });
    // TOML keeps these characters behind escapes alone.
    const escaped = Array.from(text, (c) => `\\U${(c.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`).join('');
    const hostile = manifest(`custom.${name.toLowerCase()}`).replace('"A sample"', `"${escaped}"`);
    write(root, {
      [`skills/${name}/skill.toml`]: `${hostile}\n[capabilities]\nenv_read = ["${escaped}"]\n"${escaped}" = 1\n`,
    });
  }
});

describe('text from skills and modules is inert [R-CLI-2]', () => {
  it.concurrent.each(Object.keys(HOSTILE))('in an error and a log: %s', async (name) => {
    for (const tool of ['fail', 'log']) {
      const ended = await skill(['run', 'raw.wasm', tool, '--input', `@${name}.txt`], { cwd: root, home });
      expectInert(ended.stderr);
      expect(ended.stderr).toContain('\\u{');
    }
  });

  it.concurrent.each([
    [['list', 'skills']],
    [['validate', ...Object.keys(HOSTILE).map((name) => `skills/${name}`)]],
    [['info', `skills/${HOSTILE.clear}`]],
    [['run', 'raw.wasm', HOSTILE.colour]],
    [['run', 'raw.wasm', 'echo', `--${HOSTILE.link}`, 'x']],
    [['run', 'raw.wasm', 'echo', '--grant', HOSTILE.clipboard]],
    [['run', 'raw.wasm', 'echo', '--grant', `env_read=${HOSTILE.bidi}`]],
    [['run', 'raw.wasm', 'echo', '--limit', `${HOSTILE.overwrite}=1`]],
    [['run', 'raw.wasm', 'echo', '--format', HOSTILE.overwrite]],
    [['run', 'raw.wasm', 'echo', '--input', `@${HOSTILE.bidi}`]],
    [['capabilities', 'raw.wasm', '--why', `env_read=${HOSTILE.colour}`]],
    [['list', HOSTILE.bidi]],
    [['validate', HOSTILE.c1]],
    [['audit', '--since', HOSTILE.c1]],
    [[HOSTILE.clear]],
    [['list', `--${HOSTILE.bidi}`]],
  ])('in %j', async (words) => {
    const { stdout, stderr } = await skill(words, { cwd: root, home });
    expect((stdout + stderr).length).toBeGreaterThan(0);
    expectInert(stdout);
    expectInert(stderr);
  });

  it('raw output off a terminal is byte for byte what the tool gave', async () => {
    const ended = await skill(['run', 'raw.wasm', 'echo', '--input', '@link.txt'], { cwd: root, home });
    expect(ended.stdout).toBe(HOSTILE.link);
  });
});

describe('on a terminal [R-CLI-1, R-CLI-2]', () => {
  const hasScript = spawnSync('script', ['--version']).status === 0;
  const onTerminal = (words: string): string => {
    const line = `stty cols 80; "${process.execPath}" "${MAIN}" ${words}`;
    const env: NodeJS.ProcessEnv = { ...process.env, SKILLHOST_HOME: home, TERM: 'xterm' };
    for (const name of ['CI', 'NO_COLOR', 'FORCE_COLOR']) delete env[name];
    return execFileSync('script', ['-qec', line, '/dev/null'], { cwd: root, env, encoding: 'utf8', stdio: 'pipe' });
  };

  it('listings fit 80 columns [R-LIMIT-3]', (context) => {
    if (!hasScript) context.skip('there is no script(1) here');
    for (const verb of ['list', 'tools', 'info tool.files', 'run --limits', 'search commit', '--help']) {
      for (const line of onTerminal(verb).split('\r\n')) {
        // A word that has no space, such as a digest, is never broken.
        const fits = line.length <= 80 || !line.trim().includes(' ');
        expect([verb, line, fits]).toEqual([verb, line, true]);
      }
    }
  });

  it('a result is shown inert, where a pipe would get its bytes', (context) => {
    if (!hasScript) context.skip('there is no script(1) here');
    for (const name of Object.keys(HOSTILE)) {
      const shown = onTerminal(`run raw.wasm echo --input @${name}.txt`);
      expectInert(shown.replaceAll('\r\n', '\n'));
      expect(shown).toContain('\\u{');
    }
  });

  it('errors are coloured, unless --no-color', (context) => {
    if (!hasScript) context.skip('there is no script(1) here');
    expect(onTerminal('run absent || true')).toContain('\u001b[31merror:');
    expect(onTerminal('--no-color run absent || true')).not.toContain('\u001b');
  });
});

describe('off a terminal [R-CLI-1]', () => {
  it.concurrent.each([[['run', 'absent']], [['list']], [['validate', 'skills/colour']], [['audit', 'verify']]])(
    'nothing is coloured: %j',
    async (words) => {
      const { stdout, stderr } = await skill(words, { cwd: root, home, env: { TERM: 'xterm-256color' } });
      expect(stdout + stderr).not.toContain('\u001b');
    },
  );
});

describe('whatever the text', () => {
  const text = fc.string({
    unit: fc.oneof(fc.constantFrom('\u001b', '\r', '\n', '\t', '\u202e', '\u009b', ' ', 'a'), fc.string()),
  });

  it('no line that is shown holds what a terminal would obey', () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(UNSAFE.test(inert(any))).toBe(false);
        expect(/[\n\t]/.test(inline(any)) || UNSAFE.test(inline(any))).toBe(false);
      }),
    );
  });

  it('wrapping loses no word and goes over the width for a long word alone', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 60 }), (any, width) => {
        const wrapped = wrap(inline(any), width, '  ');
        const words = (of: string): string[] => of.split(/[ \n]+/).filter((word) => word !== '');
        expect(words(wrapped)).toEqual(words(inline(any)));
        for (const line of wrapped.split('\n')) {
          if (line.length > width) expect(line.trim().split(/ +/).length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
