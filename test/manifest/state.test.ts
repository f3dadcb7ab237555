import { describe, expect, test } from 'vitest';
import { HEAD, parseText } from './sample.ts';

const TOOLS = `[executable]
module = "bin/a.wasm"
[[tools]]
name = "migrate-notes"
description = "Makes old notes new"
[[tools]]
name = "add-note"
description = "Adds one"
`;

describe('[state] [R-STATE-10]', () => {
  test.each([
    ['version = -1', 'M_RANGE', 'version', 'with N from 0 to 1000000'],
    ['version = 1000001', 'M_RANGE', 'version', 'with N from 0 to 1000000'],
    ['version = 1.5', 'M_RANGE', 'version', 'with N from 0 to 1000000'],
    ['version = "1"', 'M_TYPE', 'version', 'without quotes'],
    ['ttl = 0', 'M_RANGE', 'ttl', 'with N from 1 to 315360000'],
    ['ttl = "1h"', 'M_TYPE', 'ttl', 'without quotes'],
    ['max_size_kb = 0', 'M_RANGE', 'max_size_kb', 'with N from 1 to 4096'],
    ['max_size_kb = 4097', 'M_RANGE', 'max_size_kb', 'with N from 1 to 4096'],
    ['migrate = 1', 'M_TYPE', 'migrate', 'in quotes'],
    ['migrate = ["a"]', 'M_TYPE', 'migrate', 'in quotes'],
    ['migrate = "migrate-note"', 'M_STATE_MIGRATE', 'migrate', 'write migrate = "migrate-notes"'],
    ['migrate = "entirely-other"', 'M_STATE_MIGRATE', 'migrate', 'the name of one of the [[tools]]'],
  ])('%s', async (line, code, field, fix) => {
    const { manifest, problems } = await parseText(`${HEAD}[state]\n${line}\n${TOOLS}`);
    expect(problems).toMatchObject([{ severity: 'error', code, line: 8, column: 1, field: `state.${field}` }]);
    expect(problems[0]?.fix).toContain(fix);
    expect(manifest).toBeUndefined();
  });

  test('names a tool wherever that stands', async () => {
    for (const text of [
      `${HEAD}[state]\nmigrate = "add-note"\n${TOOLS}`,
      `${HEAD}${TOOLS}[state]\nmigrate = "add-note"`,
    ]) {
      const { manifest, problems } = await parseText(text);
      expect([manifest?.state.migrate, problems]).toEqual(['add-note', []]);
    }
  });

  test('tells every mistake at once, in the order of the file', async () => {
    const { problems } = await parseText(
      `${HEAD}[state]\nttl = 0\nmigrate = "x"\nverison = 1\nmax_size_kb = true\n${TOOLS}`,
    );
    expect(problems.map(({ code, line, field }) => [code, line, field])).toEqual([
      ['M_RANGE', 8, 'state.ttl'],
      ['M_STATE_MIGRATE', 9, 'state.migrate'],
      ['M_UNKNOWN_KEY', 10, 'state.verison'],
      ['M_TYPE', 11, 'state.max_size_kb'],
    ]);
  });
});
