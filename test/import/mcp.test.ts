import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFile } from '../../src/import/read-source.ts';
import { kindByContent } from '../../src/import/recognize.ts';
import { createRuntime } from '../../src/index.ts';
import { bringFile, place, refuse, told } from './bring.ts';

const tool = (fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  name: 'get_weather',
  description: 'Tells the weather.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  ...fields,
});
const list = (...tools: unknown[]): string => JSON.stringify({ tools });
const schemaOf = (schema: unknown): string => list(tool({ inputSchema: schema }));

describe('the answer of tools/list', () => {
  it.each<[name: string, text: string]>([
    ['the result', list(tool())],
    ['the list alone', `\n ${JSON.stringify([tool()])}`],
    ['the whole response', JSON.stringify({ jsonrpc: '2.0', id: 1, result: { tools: [tool()] } })],
  ])('is read as %s', async (_, text) => {
    const { skill, imported } = await bringFile('weather-tools.json', text);
    expect(imported.kind).toBe('mcp-tools');
    expect(skill.id).toBe('custom.weather-tools');
    expect(skill.tools.map(({ name }) => name)).toEqual(['get_weather']);
  });

  it('gives tools with all that their declaration says [R-MIGRATE-4]', async () => {
    const inputSchema = {
      type: 'object',
      properties: {
        city: { type: 'string', description: 'Where', minLength: 1 },
        units: { type: 'string', enum: ['c', 'f'], default: 'c' },
        days: {
          anyOf: [
            { type: 'integer', minimum: 1 },
            { type: 'array', items: { type: 'integer' } },
          ],
        },
        more: {
          type: 'object',
          properties: { required: { type: 'boolean' } },
          additionalProperties: { type: 'number' },
        },
      },
      required: ['city'],
      additionalProperties: false,
    };
    const outputSchema = { type: 'object', properties: { degrees: { type: 'number' } } };
    const brought = await bringFile('w.json', list(tool({ inputSchema, outputSchema })));
    const [made] = brought.skill.tools;
    expect(made).toMatchObject({ description: 'Tells the weather.', parameters: inputSchema, returns: outputSchema });
    expect(told(brought)).toEqual(['id', 'tools[0]', 'LICENSE']);
  });

  it('gives tools that say what is missing when they are called, and fail [R-MIGRATE-4]', async () => {
    const { folder } = await bringFile('w.json', list(tool()));
    const home = place({});
    const runtime = createRuntime({ home, grant: { terminal_exec: ['sh'] } });
    try {
      const failed = await runtime.run(folder, 'get_weather', { input: { city: 'Rome' } });
      expect(failed).toMatchObject({ ok: false, error: { code: 'E_GUEST' } });
      expect(failed.ok ? '' : failed.error.message).toContain('get_weather: not implemented');
      const wrong = await runtime.run(folder, 'get_weather', { input: {} });
      expect(wrong).toMatchObject({ ok: false, error: { code: 'E_INPUT' } });
    } finally {
      await runtime.close();
    }
  });

  it.each<[name: string, schema: unknown, lost: readonly string[]]>([
    [
      'patterns',
      { type: 'object', properties: { a: { type: 'string', pattern: '^a', format: 'uri' } } },
      ['properties.a.pattern', 'properties.a.format'],
    ],
    [
      'references',
      { type: 'object', properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: {} } },
      ['properties.a."$ref"', '"$defs"'],
    ],
    [
      'in lists',
      { type: 'object', properties: { a: { oneOf: [{ allOf: [] }, { items: { not: {} } }] } } },
      ['properties.a.oneOf[0].allOf', 'properties.a.oneOf[1].items.not'],
    ],
    ['in the rest', { type: 'object', additionalProperties: { if: {} } }, ['additionalProperties.if']],
    ['null in a list', { type: 'object', properties: { a: { enum: ['x', null] } } }, ['properties.a.enum']],
    ['what says nothing', { $schema: 'x', $id: 'y', type: 'object', properties: { a: true } }, []],
    ['a word nobody knows', { type: 'object', 'x-odd': 1, properties: { pattern: { type: 'string' } } }, ['x-odd']],
  ])('tells each keyword that schemas here may not have: %s [R-MIGRATE-2]', async (_, schema, lost) => {
    const brought = await bringFile('w.json', schemaOf(schema));
    const expected = lost.map((field) => `tools[0].inputSchema.${field}`);
    expect(told(brought).filter((field) => field.includes('inputSchema'))).toEqual(expected);
  });

  it.each<[written: string, name: string]>([
    ['getWeather', 'get_weather'],
    ['get.weather/now', 'get_weather_now'],
    ['9lives', 'lives'],
    ['../../etc/passwd', 'etc_passwd'],
    ['天気', 'tool'],
    ['x'.repeat(100), 'x'.repeat(60)],
    ['con', 'con'],
  ])('gives %s the name %s', async (written, name) => {
    const brought = await bringFile('w.json', list(tool({ name: written })));
    expect(brought.skill.tools.map((one) => one.name)).toEqual([name]);
    expect(told(brought).includes('tools[0].name')).toBe(written !== name);
    expect(brought.imported.files).toContain(name === 'con' ? 'scripts/tool-con.sh' : `scripts/${name}.sh`);
  });

  it('gives two of one name two names', async () => {
    const brought = await bringFile(
      'w.json',
      list(tool({ name: 'a.b' }), tool({ name: 'a/b' }), tool({ name: 'a_b' })),
    );
    expect(brought.skill.tools.map((one) => one.name)).toEqual(['a_b', 'a_b_2', 'a_b_3']);
  });

  it('tells annotations, titles, pages and every other field [R-MIGRATE-2]', async () => {
    const text = JSON.stringify({
      result: { tools: [tool({ title: 'W', annotations: {}, icons: [], _meta: {} })], nextCursor: 'x' },
    });
    expect(told(await bringFile('w.json', text))).toEqual([
      'id',
      'result.nextCursor',
      'result.tools[0].annotations',
      'result.tools[0].icons',
      'result.tools[0]._meta',
      'result.tools[0].title',
      'result.tools[0]',
      'LICENSE',
    ]);
  });

  it('puts a long description into the README, and its beginning into the manifest', async () => {
    const brought = await bringFile('w.json', list(tool({ description: `First.\n\n${'word '.repeat(400)}last` })));
    const [made] = brought.skill.tools;
    expect(made?.description).toMatch(/^First\. word .*…$/);
    expect(Array.from(made?.description ?? '').length).toBeLessThanOrEqual(1_024);
    expect(brought.read('README.md')).toMatch(/## get_weather\n\nFirst\.\n\nword [^]*last\n$/);
    expect(told(brought)).toContain('tools[0].description');
  });

  it('says its title or its name of a tool that says nothing', async () => {
    const brought = await bringFile('w.json', list({ name: 'a', title: 'A title' }, { name: 'b', description: ' ' }));
    expect(brought.skill.tools.map((one) => one.description)).toEqual(['A title', 'b']);
  });

  it.each<[name: string, text: string, code: string, field: string]>([
    ['hidden characters', list(tool({ description: 'Tells\u200b it' })), 'M_INVISIBLE', 'tools[0].description'],
    [
      'hidden far behind',
      list(tool({ description: `${'x '.repeat(2_000)}\u202e` })),
      'M_INVISIBLE',
      'tools[0].description',
    ],
    ['a name that hides', list(tool({ name: 'a\u200bb' })), 'M_INVISIBLE', 'tools[0].name'],
    ['no name', list({ description: 'x' }), 'M_MISSING', 'tools[0].name'],
    ['no object', list('x'), 'M_TYPE', 'tools[0]'],
    ['no tool', list(), 'M_MISSING', 'tools'],
    ['a schema of a list', schemaOf({ type: 'array' }), 'M_PARAMETERS', 'tools[0].inputSchema'],
    ['a schema that is none', schemaOf('x'), 'M_TYPE', 'tools[0].inputSchema'],
    [
      'a type that is none',
      schemaOf({ type: 'object', properties: { a: { type: 'text' } } }),
      'M_CHOICE',
      'tools[0].inputSchema.properties.a.type',
    ],
    [
      'a schema that is too deep',
      schemaOf(JSON.parse(`${'{"type":"object","properties":{"a":'.repeat(20)}{}${'}}'.repeat(20)}`)),
      'M_TOO_DEEP',
      '',
    ],
    [
      'a number no double holds',
      schemaOf({ type: 'object' }).replace('"object"', '"object","x":{"maximum":9223372036854775807}'),
      'M_NUMBER',
      'tools[0].inputSchema.x.maximum',
    ],
  ])('is refused for %s, at its place [R-MIGRATE-6]', async (_, text, code, field) => {
    const { problems } = await refuse(join(place({ 'w.json': text }), 'w.json'));
    const found = problems.find((problem) => problem.code === code);
    expect(found).toMatchObject({ severity: 'error', file: 'w.json', line: 1 });
    expect(found?.field ?? '').toBe(field);
  });

  it('counts lines of a list that stands alone from its first one', async () => {
    const { problems } = await refuse(join(place({ 'w.json': '[\n{},\n{"name": "a"}]' }), 'w.json'));
    expect(problems.map(({ code, line }) => `${code} ${line}`)).toEqual(['M_MISSING 2']);
  });
});

describe('what a file is', () => {
  it.each<[name: string, text: string, kind: string]>([
    ['a.json', '{"tools": []}', 'mcp-tools'],
    ['a.yaml', 'tools: []\n', 'mcp-tools'],
    ['a.json', '{"name": "a", "tools": []}', 'manifest.yaml'],
    ['a.json', '{"name": "a", "type": "conversation"}', 'skill.json'],
    ['a.yaml', 'title: a\nprompt: b\n', 'goose-recipe'],
    ['a.json', '{"title": "a", "instructions": "b"}', 'goose-recipe'],
  ])('is seen by what %s holds: %s', (name, text, kind) => {
    const parsed = parseFile({ type: 'file', path: name, bytes: Buffer.from(text) });
    if (!('table' in parsed)) throw new Error('not parsed');
    expect(kindByContent(parsed.table, name)).toBe(kind);
  });
});
