import { describe, expect, it } from 'vitest';
import { isDay, parseMoment } from '../../src/calendar/moment.ts';

describe('a day', () => {
  it.each([
    ['2026-01-31', true],
    ['2024-02-29', true],
    ['2026-02-29', false],
    ['2026-02-31', false],
    ['2026-04-31', false],
    ['2026-13-01', false],
    ['2026-00-10', false],
    ['2026-01-00', false],
    ['1900-02-29', false],
    ['2000-02-29', true],
    ['today', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isDay(text)).toBe(expected);
  });
});

describe('a moment', () => {
  it.each<[text: string, expected: string | undefined]>([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T12:30', '2026-01-31T12:30:00.000Z'],
    ['2026-01-31T12:30:15.5', '2026-01-31T12:30:15.500Z'],
    ['2026-01-31T12:30:15Z', '2026-01-31T12:30:15.000Z'],
    ['2026-01-31T00:30+02:00', '2026-01-30T22:30:00.000Z'],
    ['2026-02-31', undefined],
    ['2026-02-31T12:00:00Z', undefined],
    ['2026-01-31T25:00', undefined],
    ['2026-01-31T12:60', undefined],
    ['2026-01-31 12:00', undefined],
    ['31.01.2026', undefined],
    ['yesterday 1', undefined],
    ['1', undefined],
    [' 2026-01-31', undefined],
  ])('%j is %s', (text, expected) => {
    const moment = parseMoment(text);
    expect(moment === undefined ? undefined : new Date(moment).toISOString()).toBe(expected);
  });
});
