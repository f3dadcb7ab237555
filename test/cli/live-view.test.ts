import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { LiveRegion } from '../../src/cli/recipe/live-region.ts';
import { LiveView } from '../../src/cli/recipe/live-view.ts';
import { PlainView, showTime } from '../../src/cli/recipe/show-progress.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Progress } from '../../src/recipe/ports.ts';
import { screenOf } from './screen.ts';
import { expectInert } from './support.ts';

const WIDTH = 80;

/** A terminal that keeps what it is sent. Its screen turns line ends into new lines at their start, as a terminal does. */
function fakeTerminal(): Terminal & { readonly sent: () => string; readonly screen: () => string } {
  let sent = '';
  return {
    out: () => undefined,
    say: (text) => void (sent += text),
    error: () => undefined,
    isTerminal: true,
    width: WIDTH,
    style: (_format, text) => text,
    sent: () => sent,
    screen: () => screenOf(sent.replaceAll('\n', '\r\n')),
  };
}

const step = (at: number, more: Partial<Progress & { type: 'step-started' }> = {}): Progress => ({
  type: 'step-started',
  recipe: 'r',
  step: `s${at}`,
  name: `Step ${at}`,
  at,
  of: 2,
  does: `do ${at}`,
  attempt: 1,
  ...more,
});
const ended = (ok: boolean, error?: string): Progress => ({
  type: 'step-ended',
  recipe: 'r',
  step: 's',
  ok,
  durationMs: 12,
  ...(error !== undefined && { error }),
});
const output = (text: string): Progress => ({ type: 'step-output', recipe: 'r', step: 's', stream: 'stdout', text });
const BEGIN: Progress = { type: 'recipe-started', recipe: 'r', name: 'Recipe', steps: 2, journal: 'id' };
const end = (result: 'success' | 'failed'): Progress => ({
  type: 'recipe-ended',
  recipe: 'r',
  result,
  durationMs: 1_234,
});

const views: LiveView[] = [];
function live(terminal: Terminal): LiveView {
  const view = new LiveView(terminal);
  views.push(view);
  return view;
}
afterEach(() => {
  for (const view of views.splice(0)) view.close();
  vi.useRealTimers();
});

const withoutTimes = (text: string): string => text.replaceAll(/\d+(?:\.\d+)? m?s\b/g, 'T');

describe('progress on a terminal [R-WORKFLOW-1]', () => {
  it('shows the step that runs, its time, its command and the last lines of its output', () => {
    vi.useFakeTimers();
    const terminal = fakeTerminal();
    const view = live(terminal);
    view.show(BEGIN);
    view.show(step(1));
    for (let i = 1; i <= 20; i++) view.show(output(`line ${i}\n`));
    vi.advanceTimersByTime(1_500);
    const lines = terminal.screen().split('\n');
    expect(lines[1]).toMatch(/^\S 1\/2 Step 1 {2}1\.5 s$/);
    expect(lines.slice(2)).toEqual(['  do 1', ...Array.from({ length: 8 }, (_, i) => `  │ line ${i + 13}`)]);
  });

  it('leaves one line of a step that went well, and the output of one that did not', () => {
    const terminal = fakeTerminal();
    const view = live(terminal);
    for (const one of [
      BEGIN,
      step(1),
      output('fine\n'),
      ended(true),
      step(2),
      output('oops\n'),
      ended(false, 'exit code 3: oops'),
    ])
      view.show(one);
    view.show({ type: 'rolling-back', recipe: 'r', why: 's2: exit code 3', tasks: 1 });
    view.show({ type: 'undo-started', recipe: 'r', at: 1, of: 1, does: 'Take it back', step: 's1' });
    view.show({ type: 'undo-ended', recipe: 'r', ok: true });
    view.show(end('failed'));
    expect(withoutTimes(terminal.screen()).split('\n')).toEqual([
      'Recipe  id',
      '✓ 1/2 Step 1  T',
      '✗ 2/2 Step 2  T',
      '  │ oops',
      '  exit code 3: oops',
      '↺ rolling back',
      '✓ undo 1/1 Take it back  T',
      '✗ failed in T',
    ]);
  });

  it('shows a recipe within a step further in, and goes on with the step behind it', () => {
    const terminal = fakeTerminal();
    const view = live(terminal);
    for (const one of [
      BEGIN,
      step(1),
      { ...BEGIN, name: 'Inner' },
      step(2),
      ended(true),
      end('success'),
      ended(true),
      end('success'),
    ])
      view.show(one);
    expect(withoutTimes(terminal.screen()).split('\n')).toEqual([
      'Recipe  id',
      '  Inner  id',
      '  ✓ 2/2 Step 2  T',
      '  ✓ success in T',
      '✓ 1/2 Step 1  T',
      '✓ success in T',
    ]);
  });

  it('makes room for a question, and comes back behind it', () => {
    vi.useFakeTimers();
    const terminal = fakeTerminal();
    const view = live(terminal);
    view.show(step(1));
    view.pause();
    vi.advanceTimersByTime(1_000);
    terminal.say('a question\n');
    vi.advanceTimersByTime(1_000);
    expect(terminal.screen()).toBe('a question');
    view.show(output('on\n'));
    expect(terminal.screen()).toMatch(/^a question\n\S 1\/2 Step 1 {2}2\.0 s\n {2}do 1\n {2}│ on$/);
  });

  it('tells verifications, retries, skipped steps and items', () => {
    const terminal = fakeTerminal();
    const view = live(terminal);
    view.show(step(1, { item: 'a b', attempt: 2 }));
    view.show({ ...ended(false, 'no'), retryInMs: 2_000 } as Progress);
    view.show({ type: 'step-skipped', recipe: 'r', step: 's2', at: 2, of: 2 });
    view.show({ type: 'step-skipped', recipe: 'r', step: 's2', at: 2, of: 2, error: 'why' });
    view.show({ type: 'verifying', recipe: 'r', at: 1, of: 2, does: 'one' });
    view.show({ type: 'verifying', recipe: 'r', at: 2, of: 2, does: 'two' });
    view.show(end('failed'));
    expect(withoutTimes(terminal.screen()).split('\n')).toEqual([
      '✗ 1/2 Step 1 (a b), attempt 2  T',
      '  no; again in T',
      '- 2/2 s2  skipped',
      '✗ 2/2 s2: why',
      '✓ verification 1/2 one  T',
      '✗ verification 2/2 two  T',
      '  it does not hold',
      '✗ failed in T',
    ]);
  });

  it('whatever a program prints, no line is wider than the terminal and nothing it wrote moves the cursor', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 20 }), (texts) => {
        const terminal = fakeTerminal();
        const view = live(terminal);
        view.show(step(1));
        for (const text of texts) view.show(output(text));
        for (const line of terminal.screen().split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(WIDTH);
        expectInert(
          terminal
            .sent()
            .replaceAll(/\r\u001b\[\d+A\u001b\[0J/g, '')
            .replaceAll('\r', ''),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('a region of lines', () => {
  it('shows what was drawn last, cut to the width, below what stays', () => {
    let sent = '';
    const region = new LiveRegion((text) => void (sent += text), 10);
    region.draw(['one', 'two']);
    region.draw(['a line that is too long', '日本語日本語日本語']);
    region.replace('stays\n');
    region.draw(['last']);
    expect(screenOf(sent.replaceAll('\n', '\r\n'))).toBe('stays\nlast');
    expect(sent).toContain('a line t…\n');
    expect(sent).toContain('日本語日…\n');
  });
});

describe('progress elsewhere [R-WORKFLOW-1]', () => {
  it.each<[event: Progress, line: string]>([
    [step(1, { item: 'x', attempt: 3 }), '[1/2] s1 (x), attempt 3: do 1\n'],
    [{ ...ended(false, 'no'), retryInMs: 500 } as Progress, ': failed: no; again in 500 ms\n'],
    [{ type: 'step-skipped', recipe: 'r', step: 's', at: 1, of: 2, error: 'why' }, '[1/2] s: failed: why\n'],
    [{ type: 'undo-ended', recipe: 'r', ok: false, error: 'no' }, 'undo: failed: no\n'],
    [
      { type: 'recipe-ended', recipe: 'r', result: 'precondition_failed', durationMs: 61_000 },
      'r: precondition failed in 1 min 1 s\n',
    ],
    [output('a\u001b[2J\rb\n'), ' | a\\u{1b}[2J\n | b\n'],
  ])('%j is a line', (event, line) => {
    const terminal = fakeTerminal();
    new PlainView(terminal).show(event);
    expect(terminal.sent()).toBe(line);
  });

  it.each([
    [0.4, '0 ms'],
    [999.6, '1.0 s'],
    [1_000, '1.0 s'],
    [59_949, '59.9 s'],
    [59_999, '1 min 0 s'],
    [119_600, '2 min 0 s'],
  ])('%d ms are shown as %s', (ms, shown) => expect(showTime(ms)).toBe(shown));
});
