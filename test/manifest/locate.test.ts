// cspell:ignore skil
import { expect, test } from 'vitest';
import { formatField, splitField } from '../../src/manifest/field-path.ts';
import { locateField } from '../../src/manifest/locate.ts';

const SOURCE = `top = 1
[skill]
  id = "a.b"
[capabilities]
network = [
  "a.org", # first
  "b.org",
]
terminal_exec = {
  allowed = true,
  args = { git = ["log"] },
}
[[tools]]
name = "one"
[[tools]]
name = "two"
[tools.parameters.path]
type = "string"
[dependencies]
"cloud.aws" = { version = "1" }
tool.jq = "1"
`;

test.each([
  ['top', 1, 1],
  ['skill', 2, 2],
  ['skill.id', 3, 3],
  ['capabilities.network', 5, 1],
  ['capabilities.network[0]', 6, 3],
  ['capabilities.network[1]', 7, 3],
  ['capabilities.terminal_exec.allowed', 10, 3],
  ['capabilities.terminal_exec.args.git[0]', 11, 19],
  ['tools', 13, 3],
  ['tools[0].name', 14, 1],
  ['tools[1]', 15, 3],
  ['tools[1].name', 16, 1],
  ['tools[1].parameters', 17, 8],
  ['tools[1].parameters.path.type', 18, 1],
  ['dependencies."cloud.aws"', 20, 1],
  ['dependencies."cloud.aws".version', 20, 17],
  ['dependencies.tool.jq', 21, 6],
])('%s is at %i:%i', async (field, line, column) => {
  expect(await locateField(SOURCE, field)).toEqual({ line, column });
});

test.each(['', 'skil', 'skill.id.x', 'tools[2]', 'capabilities.network[9]', 'a b', '[', 'toString', '__proto__'])(
  '%j is nowhere',
  async (field) => {
    expect(await locateField(SOURCE, field)).toBeUndefined();
  },
);

test('a source that is no TOML has no places', async () => {
  expect(await locateField('a = [', 'a')).toBeUndefined();
  expect(await locateField(`a = "${'x'.repeat(200_000)}"`, 'a')).toBeUndefined();
});

test('a byte order mark moves nothing', async () => {
  expect(await locateField(`\uFEFF${SOURCE}`, 'top')).toEqual({ line: 1, column: 1 });
});

test.each([
  [['a', 0, 'b'], 'a[0].b'],
  [['a', 'b.c'], 'a."b.c"'],
  [['a', 'say "x"'], 'a."say \\"x\\""'],
  [['a', ''], 'a.""'],
  [['back\\slash'], '"back\\\\slash"'],
])('%j is written %s', (path, field) => {
  expect(formatField(path)).toBe(field);
  expect(splitField(field)).toEqual(path.map(String));
});
