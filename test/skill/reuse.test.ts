import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '@bytecodealliance/jco';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadSkill } from '../../src/skill/load-skill.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skillhost-reuse-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  ['a plain module', '(module (func (export "f")))', ['M_REUSE 9:1 executable.reuse']],
  ['a component', '(component)', []],
])('keeping an instance of %s', async (_, wat, expected) => {
  const dir = await mkdtemp(join(folder, 'skill-'));
  await mkdir(join(dir, 'bin'));
  await writeFile(join(dir, 'bin/x.wasm'), await parse(wat));
  await writeFile(
    join(dir, 'skill.toml'),
    `[skill]
id = "custom.reuse"
name = "Reuse"
description = "Keeps its instance."
version = "0.1.0"
api_version = "1.0"
[executable]
module = "bin/x.wasm"
reuse = true
`,
  );
  const { problems } = await loadSkill(dir);
  const errors = problems.filter(({ severity }) => severity === 'error');
  expect(errors.map(({ code, line, column, field }) => `${code} ${line}:${column} ${field}`)).toEqual(expected);
});
