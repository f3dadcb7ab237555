import { describe, expect, it } from 'vitest';
import type { ProcessStat } from '../../../host/command/processes.ts';
import { ProcessorTime } from '../../../host/command/processor-time.ts';

const one = (pid: number, ownMs: number, more: Partial<ProcessStat> = {}): ProcessStat => ({
  pid: -pid,
  parent: 1,
  started: '1',
  threads: 1,
  isRunning: false,
  ownMs,
  childrenMs: 0,
  resident: 0,
  ...more,
});

describe('the processor time of a family', () => {
  it('counts a child once, also when it is waited for later', () => {
    const time = new ProcessorTime();
    expect(time.add([one(1, 10), one(2, 20)], 50)).toBe(30);
    expect(time.add([one(1, 10)], 50)).toBe(0);
    expect(time.add([one(1, 10, { childrenMs: 50 })], 50)).toBe(30);
  });

  it('does not fall when a child ends that nobody waits for', () => {
    const time = new ProcessorTime();
    time.add([one(1, 10), one(2, 1_000)], 50);
    expect(time.add([one(1, 60)], 50)).toBe(50);
  });

  it('guesses the time of children that nobody waits for from those that are met', () => {
    const time = new ProcessorTime();
    const looks = Array.from({ length: 20 }, (_, i) => time.add([one(1, 0), one(i + 2, 0, { isRunning: true })], 50));
    expect(looks.reduce((sum, ms) => sum + ms, 0)).toBe(1_000);
  });

  it('is not guessed higher for children that are waited for', () => {
    const time = new ProcessorTime();
    time.add([one(1, 0)], 50);
    const looks = Array.from({ length: 20 }, (_, i) =>
      time.add([one(1, 0, { childrenMs: 50 * (i + 1) }), one(i + 2, 0, { isRunning: true })], 50),
    );
    expect(looks.reduce((sum, ms) => sum + ms, 0)).toBe(1_000);
  });
});
