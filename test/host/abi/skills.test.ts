import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, type GuestRun, ROOT, textOf, useFolder, useSandbox, valueOf } from './support.ts';

const run = useSandbox();
const folder = useFolder();
const skill = (name: string): Uint8Array => readFileSync(join(ROOT, 'skills', name, 'bin', `${name}.wasm`));

describe('skills/files [R-SKILLS-1]', () => {
  const use = (tool: string, input: object, options: GuestRun = {}) =>
    run(skill('files'), { tool, input, cwd: folder(), grants: { read: ['./'], write: ['./'] }, ...options });

  beforeAll(() => {
    mkdirSync(join(folder(), 'docs/node_modules'), { recursive: true });
    writeFileSync(join(folder(), 'docs/a.md'), '# One\n\nneedle here\n\n## Two\n');
    writeFileSync(join(folder(), 'docs/b.txt'), 'no such thing\na needle, needle\n');
    writeFileSync(join(folder(), 'docs/.hidden'), 'needle');
    writeFileSync(join(folder(), 'docs/node_modules/c.txt'), 'needle');
    writeFileSync(join(folder(), 'docs/binary'), Buffer.from('needle\0needle'));
    writeFileSync(join(folder(), 'outside.txt'), 'needle');
    symlinkSync('../outside.txt', join(folder(), 'docs/link'));
  });

  it('describes a file', async () => {
    const summary = valueOf(await use('summarize', { path: 'docs/a.md' }));
    expect(summary).toMatchObject({ lines: 5, words: 6 });
    expect(JSON.stringify(summary)).toContain('Two');
  });

  it('finds lines, passing over what its page says', async () => {
    const found = JSON.stringify(valueOf(await use('find', { directory: 'docs', text: 'needle' })));
    expect(found).toContain('needle here');
    expect(found).toContain('a needle, needle');
    for (const passed of ['hidden', 'node_modules', 'binary', 'link']) expect(found).not.toContain(passed);
  });

  it('replaces bytes and keeps the others', async () => {
    writeFileSync(join(folder(), 'latin1'), Buffer.from('gr\xfc\xdfe x y x', 'latin1'));
    expect(valueOf(await use('replace', { path: 'latin1', old: 'x', new: 'zz' }))).toBe(2);
    expect(readFileSync(join(folder(), 'latin1'), 'latin1')).toBe('gr\xfc\xdfe zz y zz');
  });

  it('answers a refusal in the words of the host', async () => {
    for (const [tool, input] of [
      ['summarize', { path: 'docs/a.md' }],
      ['find', { directory: 'docs', text: 'x' }],
      ['replace', { path: 'latin1', old: 'x', new: 'y' }],
    ] as const) {
      const error = errorOf(await use(tool, input, { grants: {} }));
      expect(error.code).toBe('E_DENIED');
      expect((error.cause as Error).message).toContain('denied by grant: filesystem_');
    }
    expect(errorOf(await use('summarize', { path: 'absent' })).message).toContain('not-found');
  });
});

describe('skills/http [R-SKILLS-1]', () => {
  let server: Server;
  let origin = '';
  beforeAll(async () => {
    server = createServer((request, response) => {
      const type = request.url === '/binary' ? 'application/octet-stream' : 'text/html; charset=utf-8';
      response.writeHead(request.url === '/missing' ? 404 : 200, { 'content-type': type });
      if (request.url === '/binary') return void response.end(Buffer.of(0, 255, 1, 0));
      response.end(
        request.method === 'HEAD'
          ? undefined
          : '<a href="/x#f">ü</a> <a href="y?z">y</a> <a href="/x">again</a> <a href="https://example.org/">e</a>',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const use = (tool: string, url: string, options: GuestRun = {}) =>
    run(skill('http'), { tool, input: { url }, grants: { network: [origin] }, ...options });

  it('gets text with its status, and heads without', async () => {
    const got = valueOf(await use('get', `${origin}/missing`)) as Record<string, unknown>;
    expect(got).toMatchObject({ status: 404 });
    expect(JSON.stringify(got)).toContain('ü');
    const head = valueOf(await use('head', origin)) as Record<string, unknown>;
    expect(head).toMatchObject({ status: 200 });
    expect(JSON.stringify(head)).toContain('text/html');
    expect(errorOf(await use('get', `${origin}/binary`)).code).toBe('E_GUEST');
  });

  it('lists each link once, absolute and without fragments', async () => {
    const links = valueOf(await use('links', `${origin}/dir/page`));
    expect(links).toEqual([`${origin}/x`, `${origin}/dir/y?z`, 'https://example.org/']);
  });

  it('answers a refusal in the words of the host', async () => {
    const error = errorOf(await use('get', origin, { grants: {} }));
    expect(error.code).toBe('E_DENIED');
    expect((error.cause as Error).message).toContain('denied by grant: network');
  });
});

describe('skills/text [R-SKILLS-1]', () => {
  const use = async (tool: string, input: object): Promise<unknown> => {
    const result = await run(skill('text'), { tool, input });
    expect(result.usage.hostCalls).toBe(0);
    return valueOf(result);
  };

  it('does what its page says', async () => {
    expect(await use('slugify', { text: 'Déjà vu!' })).toBe('deja-vu');
    expect(await use('change-case', { text: 'parseHTTPAnswer', style: 'snake' })).toBe('parse_http_answer');
    expect(await use('count', { text: 'grüße \u{1f600}\nzwei\n' })).toMatchObject({
      lines: 2,
      words: 3,
      characters: 13,
      bytes: 18,
    });
    const contents = JSON.stringify(await use('table-of-contents', { markdown: '# One Two\n\n## Three\n', depth: 6 }));
    expect(contents).toContain('one-two');
    expect(contents).toContain('three');
  });
});

describe('skills/word-count [R-SKILLS-1, R-WASI-2]', () => {
  const use = (args: string[], options: GuestRun = {}) =>
    run(skill('word-count'), { args: ['word-count', ...args], cwd: folder(), grants: { read: ['./'] }, ...options });

  it('counts as wc does', async () => {
    writeFileSync(join(folder(), 'one'), 'a b\nc\n');
    writeFileSync(join(folder(), 'two'), 'd '.repeat(100_000));
    const counts = (text: string): string[] =>
      text
        .trim()
        .split('\n')
        .map((line) => line.trim().replaceAll(/ +/g, ' '));
    const native = counts(execFileSync('wc', ['one', 'two'], { cwd: folder(), encoding: 'utf8' }));
    expect(counts(textOf(await use(['one', 'two'])))).toEqual(native);
    expect(counts(textOf(await use([], { stdin: 'x y\nz' })))[0]).toMatch(/^1 3 5/);
  });

  it('fails when a file could not be read', async () => {
    expect(errorOf(await use(['one', 'absent']))).toMatchObject({ code: 'E_GUEST', details: { status: 1 } });
  });
});

describe('the build of the skills [R-SKILLS-1]', () => {
  it('gives the same bytes from the same sources', () => {
    const copy = join(folder(), 'copy');
    for (const part of ['skills', 'wit', 'scripts', 'dist', 'package.json', 'package-lock.json'])
      cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    const names = ['files', 'http', 'redact', 'text'];
    for (const name of names) rmSync(join(copy, 'skills', name, 'bin'), { recursive: true });
    execFileSync(process.execPath, [join(copy, 'scripts/build-skills.mjs')], { cwd: copy });
    for (const name of names)
      expect([name, readFileSync(join(copy, 'skills', name, 'bin', `${name}.wasm`)).equals(skill(name))]).toEqual([
        name,
        true,
      ]);
  }, 60_000);

  for (const script of ['scripts/rebuild-c.sh', 'test/fixtures/guests/rebuild.sh']) {
    it(`gives the committed bytes in C: ${script}`, (context) => {
      // clang runs any wasm-opt it finds, and npm's is among the programs of a test.
      const path = (process.env['PATH'] ?? '').split(':').filter((each) => !each.includes('node_modules'));
      const env = { ...process.env, PATH: path.join(':') };
      const { status, stderr } = spawnSync('sh', [join(ROOT, script), '--check'], { encoding: 'utf8', env });
      if (status === 3) context.skip(stderr.trim());
      expect([status, stderr]).toEqual([0, '']);
    });
  }
});
