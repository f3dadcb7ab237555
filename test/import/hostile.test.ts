import * as fc from 'fast-check';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, describe } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { importSkill } from '../../src/import/import-skill.ts';
import { loadSkill } from '../../src/skill/load-skill.ts';
import { scratch } from '../runtime/folders.ts';
import { isThere } from './bring.ts';

// Whatever a file holds, it becomes a skill that is ready, or is refused; nothing else is written, and nothing throws but
// errors that a person can act on.

const before = Object.getOwnPropertyNames(Object.prototype).toSorted();
afterAll(() => expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before));

const root = scratch();
let count = 0;

async function expectAnswer(name: string, bytes: Uint8Array): Promise<void> {
  const folder = join(root, `case-${(count += 1)}`);
  const source = join(root, name);
  writeFileSync(source, bytes);
  const imported = await importSkill({ source, to: folder }).catch((error: unknown) => {
    if (!(error instanceof SkillError)) throw error;
    expect(error.code).toMatch(/^E_(?:USAGE|PACKAGE)$/);
    return undefined;
  });
  expect(isThere(folder)).toBe(imported?.ready === true);
  expect(readdirSync(root).filter((one) => one.startsWith('.'))).toEqual([]);
  if (imported?.ready !== true) {
    if (imported !== undefined) expect(imported.problems.some(({ severity }) => severity === 'error')).toBe(true);
    return;
  }
  const skill = await loadSkill(folder, { strict: true });
  expect(skill).toMatchObject({ ready: true, problems: [] });
}

const GOOD: Readonly<Record<string, string>> = {
  'SKILL.md':
    '---\nname: sample\ndescription: A sample\nlicense: MIT\nallowed-tools: Read, Bash(git:*)\nmetadata: {author: Ada, version: "1.0.0"}\n---\nDo it.\n',
  'skill.json':
    '{"name":"a","description":"b","version":"1.0.0","type":"code_inline","command":"wc","args":["-l"],"parameters":[{"name":"x","type":"string","pattern":"a"}],"security":{"permissions":{"file_read":["./"]}}}',
  'manifest.yaml':
    'name: a\ndescription: b\nversion: "1.0.0"\ntools:\n- {name: t, description: d, parameters: [{name: p, type: enum, values: [x]}]}\n',
  'tools.json':
    '{"jsonrpc":"2.0","result":{"tools":[{"name":"getIt","description":"Gets it","inputSchema":{"type":"object","properties":{"a":{"type":"string","pattern":"x"}},"required":["a"]}}]}}',
  'recipe.yaml':
    'version: 1.0.0\ntitle: A recipe\ninstructions: Do {{ a }}\nprompt: Go {{ b }}\nparameters:\n- {key: a, input_type: select, options: [x], default: x}\n- {key: b, input_type: number}\nretry: {checks: [{type: shell, command: x}]}\nresponse: {json_schema: {type: object}}\n',
};

describe.each(Object.keys(GOOD))('whatever a %s holds [R-MIGRATE-6]', (name) => {
  const good = Buffer.from(GOOD[name] ?? '');

  test('the good one becomes a skill', async () => {
    await expectAnswer(name, good);
    expect(isThere(join(root, `case-${count}`))).toBe(true);
  });

  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), (bytes) => expectAnswer(name, bytes)),
      {
        numRuns: 30,
      },
    );
  });

  test('a good one with a part that is something else', async () => {
    const part = fc.oneof(
      fc.constantFrom(
        '"',
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '\n',
        '\u200b',
        '\u0000',
        '__proto__',
        'null',
        '-1',
        '1e999',
        '../',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(...(GOOD[name] ?? '').split(/(?<=[,:{}\n])/)),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length), fc.nat(12), part, async (at, length, text) => {
        await expectAnswer(name, Buffer.concat([good.subarray(0, at), Buffer.from(text), good.subarray(at + length)]));
      }),
      { numRuns: 120 },
    );
  });
});
