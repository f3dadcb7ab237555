import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { requirements } from '../requirements.ts';

// `npm run controls` builds the project broken in these ways and wants red tests. That takes minutes; here it is only
// held up to date, so that it finds what it is to break.

const ROOT = join(import.meta.dirname, '..', '..');
const BROKEN = join(import.meta.dirname, 'broken');

const controls = readdirSync(BROKEN).map((file): [name: string, control: Record<string, unknown>] => [
  file,
  parse(readFileSync(join(BROKEN, file), 'utf8')),
]);
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe.each(controls)('%s [R-CONTROL-1]', (_name, control) => {
  it('has all fields, and no others', () => {
    expect(control).toEqual({
      why: expect.stringMatching(/^[A-Z].*\.$/) as string,
      file: expect.stringMatching(/^(host|src)\//) as string,
      find: expect.any(String) as string,
      replace: expect.any(String) as string,
      tests: expect.any(Array) as string[],
      only: expect.any(String) as string,
      expected: expect.any(String) as string,
    });
  });

  it('finds what it takes out, once, and puts something else there', () => {
    const { file, find, replace } = control as Record<string, string>;
    expect(read(file ?? '').split(find ?? '')).toHaveLength(2);
    expect(replace).not.toBe(find);
  });

  it('names tests that are there, and what they prove', () => {
    const { tests, only, expected } = control as { tests: string[]; only: string; expected: string };
    expect(tests.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(requirements.map(({ id }) => id)).toContain(expected);
    expect(tests.some((path) => read(path).includes(only))).toBe(true);
    expect(tests.some((path) => read(path).includes(expected))).toBe(true);
  });
});
