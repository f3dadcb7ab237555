import * as fc from 'fast-check';
import { stringify as toToml } from 'smol-toml';
import { afterAll, describe, expect, test } from 'vitest';
import { isScalar, parseDocument, stringify as toYaml, visit } from 'yaml';
import type { Manifest } from '../../../src/manifest/manifest.ts';
import { expectTold, FORMATS, type FormatFile, parse, parseClean, WITH } from './samples.ts';
import { V2_EXAMPLES, whole } from './v2-examples.ts';

const before = Object.getOwnPropertyNames(Object.prototype).toSorted();
afterAll(() => expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before));

const GOOD: Readonly<Record<FormatFile, string>> = {
  'SKILL.md': WITH['SKILL.md'](
    'license: MIT\ncompatibility: >\n  Needs git,\n  and node\nallowed-tools: Read, Bash(git add:*)\nmetadata:\n  author: [Ada]\n  version: "1.0.0"\n  a: &x b\n  c: *x',
  ),
  'skill.json': JSON.stringify(whole(V2_EXAMPLES['all of one skill'] ?? {}), undefined, 1),
  'manifest.yaml': WITH['manifest.yaml'](
    'author: Ada\npermissions:\n  network: [a.org]\n  files: {read: [in], write: [out]}\n  environment: {required: [A], optional: [B_*]}\ntools:\n- name: a\n  description: b\n  parameters:\n  - name: p\n    type: enum\n    values: [x, y]\n    default: x\n  returns: {type: object}\n  handler: ./h',
  ),
};

const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Every key as other parsers see it; undefined when they see none. */
function keysOf(file: FormatFile, text: string): string[] | undefined {
  const keys: string[] = [];
  if (file === 'skill.json') {
    try {
      JSON.parse(text, (name: string, value: unknown) => (keys.push(name), value));
      return keys;
    } catch {
      return undefined;
    }
  }
  const yaml = file === 'manifest.yaml' ? text : /^---\n([^]*?\n)---\n/.exec(text)?.[1];
  const document = parseDocument(yaml ?? '[', { logLevel: 'silent' });
  visit(document, { Pair: (_, { key }) => void keys.push(String(isScalar(key) ? key.value : '')) });
  return document.errors.length > 0 ? undefined : keys;
}

async function expectAnswer(file: FormatFile, bytes: Uint8Array): Promise<void> {
  const { manifest, problems } = await parse(file, bytes, { folder: 'sample' });
  expect(manifest === undefined).toBe(problems.some(({ severity }) => severity === 'error'));
  let source = new TextDecoder().decode(bytes);
  if (problems.some(({ code }) => code === 'M_ENCODING')) source = new TextDecoder('latin1').decode(bytes);
  expectTold(file, source, problems);
  const unsafe =
    JSON.stringify(manifest, (_, value: unknown) => (value instanceof Map ? Object.fromEntries(value) : value)) ?? '';
  expect(unsafe).not.toMatch(/"(?:__proto__|constructor|prototype)":/);
}

describe.each(FORMATS)('whatever a %s is, it is answered [R-FORMAT-2, R-MANIFEST-2]', (file) => {
  const good = new TextEncoder().encode(GOOD[file]);

  test('the good one has no problems', async () => {
    expect((await parse(file, good, { folder: 'sample' })).problems).toEqual([]);
  });

  test('any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (bytes) => expectAnswer(file, bytes)),
      { numRuns: 500 },
    );
  });

  test('any text behind a good start', async () => {
    const text = fc.tuple(fc.nat(good.length), fc.string({ unit: 'binary', maxLength: 60 }));
    await fc.assert(
      fc.asyncProperty(text, ([at, more]) =>
        expectAnswer(file, new TextEncoder().encode(GOOD[file].slice(0, at) + more)),
      ),
      { numRuns: 700 },
    );
  });

  test('a good one with bytes changed, taken out or put in', async () => {
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255), fc.constantFrom('set', 'cut', 'put'));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        let bytes = [...good];
        for (const [at, byte, how] of changes) {
          if (how === 'set') bytes[at] = byte;
          else
            bytes = [
              ...bytes.slice(0, at),
              ...(how === 'put' ? [byte] : []),
              ...bytes.slice(how === 'cut' ? at + 1 : at),
            ];
        }
        await expectAnswer(
          file,
          Uint8Array.from(bytes, (byte) => byte ?? 0),
        );
      }),
      { numRuns: 1_500 },
    );
  });

  test('a good one cut anywhere, with lines in another order, or twice', async () => {
    for (let end = 0; end < good.length; end += 3) await expectAnswer(file, good.slice(0, end));
    const lines = GOOD[file].split('\n');
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...lines, ...lines]), (some) =>
        expectAnswer(file, new TextEncoder().encode(some.join('\n'))),
      ),
      { numRuns: 300 },
    );
  });

  test('of changed bytes, those are refused that make a key nobody may use, and no others', async () => {
    const key = fc.constantFrom('__proto__', 'constructor', 'prototype', '__prota__', 'Constructor', '"prototype"');
    await fc.assert(
      fc.asyncProperty(key, fc.nat(good.length - 1), fc.integer({ min: 1, max: 127 }), async (name, at, byte) => {
        const pair = file === 'skill.json' ? `${JSON.stringify(name)}: 1,` : `${name}: x\n`;
        const text = GOOD[file].replace(/(?="?description)/, pair);
        const changed = text.slice(0, at) + String.fromCodePoint(byte) + text.slice(at + 1);
        const keys = keysOf(file, changed);
        if (keys === undefined) return;
        const { manifest, problems } = await parse(file, changed, { folder: 'sample' });
        const isUnsafe = keys.some((one) => UNSAFE.has(one));
        if (isUnsafe) expect(manifest).toBeUndefined();
        else expect(problems.filter(({ code }) => code === 'M_UNSAFE_KEY')).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

const isAllowed = (word: string): boolean => !['constructor', 'prototype'].includes(word);
const WORD = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(?:-[a-z0-9]{1,8}){0,3}$/).filter(isAllowed);
const LABEL = fc
  .stringMatching(/^[A-Za-z0-9éß日.,:"'\\{}[\]=#&*!|>%@`?~ -]{0,40}[A-Za-z0-9]$/)
  .filter((text) => text.trim() === text);
const PATH = fc.stringMatching(/^[a-z]{1,6}(?:\/[a-z]{1,6}){0,2}$/);
const ABSTRACT = fc.record({
  name: WORD,
  description: LABEL,
  version: fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((numbers) => numbers.join('.')),
  license: fc.constantFrom('MIT', 'Apache-2.0', 'ISC'),
  authors: fc.uniqueArray(LABEL, { minLength: 1, maxLength: 3 }),
  network: fc.uniqueArray(
    fc.domain().map((host) => host.toLowerCase()),
    { maxLength: 3 },
  ),
  read: fc.uniqueArray(PATH, { maxLength: 3 }),
  write: fc.uniqueArray(PATH, { maxLength: 3 }),
});
type Abstract = typeof ABSTRACT extends fc.Arbitrary<infer T> ? T : never;

const WRITERS: Readonly<Record<FormatFile | 'skill.toml', (skill: Abstract) => string>> = {
  'skill.toml': ({ name, description, version, license, authors, network, read, write }) =>
    toToml({
      skill: { id: `custom.${name}`, name, description, version, api_version: '1.0', license, authors },
      capabilities: { network, filesystem_read: read, filesystem_write: write },
    }),
  'skill.json': ({ name, description, version, license, authors, network, read, write }) =>
    JSON.stringify({
      name,
      description,
      version,
      license,
      author: authors.length === 1 ? authors[0] : authors,
      type: 'prompt_inline',
      prompt: 'x',
      security: { permissions: { network_access: network, file_read: read, file_write: write } },
    }),
  'manifest.yaml': ({ name, description, version, license, authors, network, read, write }) =>
    toYaml({ name, description, version, license, author: authors, permissions: { network, files: { read, write } } }),
  'SKILL.md': ({ name, description, version, license, authors, network, read, write }) =>
    `---\n${toYaml({
      name,
      description,
      license,
      metadata: { version, author: authors },
      'allowed-tools': [
        ...read.map((path) => `Read(${path}/**)`),
        ...write.map((path) => `Write(${path})`),
        ...network.map((host) => `WebFetch(domain:${host})`),
      ],
    })}---\nDo it.\n`,
};

function comparable(
  file: string,
  { name, id, description, version, license, authors, capabilities }: Manifest,
): unknown {
  const texts = (rules: readonly { readonly text: string }[]): string[] => rules.map(({ text }) => text);
  const { network, filesystemRead, filesystemWrite, envRead, terminalExec } = capabilities;
  const writes = texts(filesystemWrite);
  // Tools that write also read what they write.
  const read =
    file === 'SKILL.md' ? texts(filesystemRead).filter((path) => !writes.includes(path)) : texts(filesystemRead);
  return {
    id,
    name,
    description,
    version,
    license,
    authors,
    network: texts(network),
    read,
    writes,
    envRead,
    terminalExec,
  };
}

test('the same skill, written in each of the formats, is the same manifest [R-FORMAT-12]', async () => {
  await fc.assert(
    fc.asyncProperty(ABSTRACT, async (drawn) => {
      const skill = { ...drawn, read: drawn.read.filter((path) => !drawn.write.includes(path)) };
      const native = comparable('skill.toml', await parseClean('skill.toml', WRITERS['skill.toml'](skill)));
      for (const file of FORMATS) {
        const manifest = await parseClean(file, WRITERS[file](skill), { folder: skill.name, strict: true });
        expect(manifest.file).toBe(file);
        expect(comparable(file, manifest)).toEqual(native);
      }
    }),
    { numRuns: 500 },
  );
});
