import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SkillError } from '../../host/index.ts';
import { packFiles } from '../../src/archive/pack.ts';
import { createDownload } from '../../src/download/create-download.ts';
import type { Download } from '../../src/download/download.ts';
import type { Fetched } from '../../src/source/source.ts';
import { urlSource } from '../../src/source/url.ts';

const ARCHIVE = await packFiles(
  ['skill.toml', 'docs/a.md', 'docs/deep/b.md'].map((path) => ({ path, bytes: Buffer.from(path), executable: false })),
);
const SUM = createHash('sha256').update(ARCHIVE).digest('hex');
const OTHER = SUM.replace(/./g, (digit) => (digit === '0' ? '1' : '0'));
const URL_OF = 'https://example.org/dist/skill-1.0.tgz';

type Files = Readonly<Record<string, string | Uint8Array | number>>;

/** A web of a few files; a number is a status. */
function web(files: Files): { readonly download: Download; readonly asked: string[] } {
  const asked: string[] = [];
  const download: Download = ({ url }) => {
    asked.push(url);
    const file = files[url] ?? 404;
    const [status, bytes] = typeof file === 'number' ? [file, ''] : [200, file];
    return Promise.resolve({ status, headers: {}, bytes: Buffer.from(bytes), url });
  };
  return { download, asked };
}

function fetch(request: string, files: Files | Download): Promise<Fetched> {
  const download = typeof files === 'function' ? files : web(files).download;
  return urlSource.fetch(request, { cwd: '/', temporary: '/nowhere', download, signal: new AbortController().signal });
}

const pathsOf = ({ files }: Fetched): string[] => files.map(({ path }) => path);

describe('what is taken for the address of an archive', () => {
  it.each([
    [URL_OF, true],
    ['https://example.org/a.tar.gz', true],
    ['https://example.org/a.tar', true],
    ['https://example.org/a.ZIP?x=1#sub=b', true],
    ['http://localhost:8000/a.zip', true],
    [`${URL_OF}#sha256=${SUM}`, true],
    ['https://example.org/a.git', false],
    ['https://example.org/a', false],
    ['https://example.org/a?file=b.tgz', false],
    ['https://example.org/#a.tgz', false],
    ['git+https://example.org/a.tgz', false],
    ['./a.tgz', false],
    ['github:a/b.tgz', false],
    ['oci://example.org/a.tgz', false],
    ['cloud.aws', false],
  ])('%s: %s', (request, isTaken) => {
    expect(urlSource.takes(request)).toBe(isTaken);
  });

  it.each([
    '#',
    '#sha256=abc',
    `#sha256=${SUM.toUpperCase()}x`,
    `#sha512=${SUM}`,
    `#sub=../a`,
    '#sub=/etc',
    '#sub=',
    '#docs',
    `#sub=a&sha256=${SUM}`.replace('&', '&&\0'),
    `#sha256=${SUM}&sha256=${SUM}`,
    `#sha256=${SUM}sub=a`,
    '#sub=a&sub=..',
  ])('is refused when it ends in %s', async (end) => {
    const { download, asked } = web({ [URL_OF]: ARCHIVE });
    await expect(fetch(`${URL_OF}${end}`, download)).rejects.toMatchObject({ code: 'E_USAGE' });
    expect(asked).toEqual([]);
  });
});

describe('an archive from the web', () => {
  it('is pinned to its sum, and fetched by that as the same [R-DOWNLOAD-6]', async () => {
    const first = await fetch(URL_OF, { [URL_OF]: ARCHIVE });
    expect(first).toMatchObject({ resolved: `${URL_OF}#sha256=${SUM}`, wasExpected: false, signatures: [] });
    expect(pathsOf(first)).toEqual(['docs/a.md', 'docs/deep/b.md', 'skill.toml']);
    const again = await fetch(first.resolved, { [URL_OF]: ARCHIVE });
    expect(again).toEqual({ ...first, wasExpected: true });
  });

  it.each([
    ['sub=docs', ['a.md', 'deep/b.md'], `#sha256=${SUM}&sub=docs`],
    [`sha256=${SUM}&sub=docs/deep`, ['b.md'], `#sha256=${SUM}&sub=docs/deep`],
    [`sha256=${SUM}&sub=docs&sub=deep`, ['b.md'], `#sha256=${SUM}&sub=docs/deep`],
  ])('gives the folder that %s asks for', async (end, paths, resolved) => {
    const fetched = await fetch(`${URL_OF}#${end}`, { [URL_OF]: ARCHIVE });
    expect([pathsOf(fetched), fetched.resolved]).toEqual([paths, `${URL_OF}${resolved}`]);
  });

  it('without the folder is told of', async () => {
    await expect(fetch(`${URL_OF}#sub=doc`, { [URL_OF]: ARCHIVE })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  it.each([
    ['in the request', `${URL_OF}#sha256=${OTHER}`, 404],
    ['beside it', URL_OF, `${OTHER}\n`],
    ['beside it, with its name', URL_OF, `${OTHER}  skill-1.0.tgz\n`],
  ])('that has not the sum %s is refused, before it is unpacked [R-DOWNLOAD-6]', async (_where, request, beside) => {
    const files = { [URL_OF]: 'no archive at all', [`${URL_OF}.sha256`]: beside };
    await expect(fetch(request, files)).rejects.toMatchObject({
      code: 'E_INTEGRITY',
      details: { reason: 'sum', expected: OTHER },
    });
  });

  it.each([
    SUM,
    `${SUM.toUpperCase()}\r\n`,
    `${SUM}  skill-1.0.tgz\n`,
    `${SUM} *dist/skill-1.0.tgz\n`,
    `${OTHER}  skill-0.9.tgz\n${SUM}  skill-1.0.tgz\n`,
    '<!doctype html><title>Not found</title>',
    404,
    403,
    410,
  ])('agrees with the sum beside it, when there is one: %j', async (beside) => {
    const fetched = await fetch(URL_OF, { [URL_OF]: ARCHIVE, [`${URL_OF}.sha256`]: beside });
    expect(fetched.wasExpected).toBe(false);
  });

  it.each([
    ['', 'E_INTEGRITY'],
    ['no sum', 'E_INTEGRITY'],
    [SUM.slice(1), 'E_INTEGRITY'],
    [`${SUM}  another.tgz`, 'E_INTEGRITY'],
    [`${SUM}  a.tgz\n${SUM}  b.tgz`, 'E_INTEGRITY'],
    [500, 'E_NETWORK'],
    [204, 'E_NETWORK'],
  ])('with %j beside it as its sum is refused [R-DOWNLOAD-6]', async (beside, code) => {
    await expect(fetch(URL_OF, { [URL_OF]: ARCHIVE, [`${URL_OF}.sha256`]: beside })).rejects.toMatchObject({ code });
  });

  it.each([
    [404, 'E_NOT_FOUND'],
    [410, 'E_NOT_FOUND'],
    [401, 'E_NETWORK'],
    [500, 'E_NETWORK'],
    [206, 'E_NETWORK'],
    ['<html>a page</html>', 'E_PACKAGE'],
    ['', 'E_PACKAGE'],
    [ARCHIVE.subarray(0, 90), 'E_PACKAGE'],
  ])('that is answered with %j is told of', async (answer, code) => {
    await expect(fetch(URL_OF, { [URL_OF]: answer })).rejects.toMatchObject({ code });
  });

  it.each<readonly [string, Files]>([
    ['missing', {}],
    ['no archive', { [`${URL_OF}?token=s3cret`]: 'no archive' }],
    ['another', { [`${URL_OF}?token=s3cret`]: ARCHIVE, [`${URL_OF}.sha256?token=s3cret`]: OTHER }],
    ['without a sum beside it', { [`${URL_OF}?token=s3cret`]: ARCHIVE, [`${URL_OF}.sha256?token=s3cret`]: 'none' }],
    ['without the folder', { [`${URL_OF}?token=s3cret`]: ARCHIVE }],
  ])('that is %s is told of without what follows ? in its address', async (_what, files) => {
    const failed = await fetch(`${URL_OF}?token=s3cret#sub=nowhere`, files).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(SkillError);
    expect((failed as SkillError).message).not.toContain('s3cret');
  });

  it('brings the signatures beside it, which are over its bytes', async () => {
    const fetched = await fetch(`${URL_OF}?v=1`, {
      [`${URL_OF}?v=1`]: ARCHIVE,
      [`${URL_OF}.minisig?v=1`]: 'untrusted comment: a',
      [`${URL_OF}.asc?v=1`]: '-----BEGIN PGP SIGNATURE-----',
      [`${URL_OF}.sigstore.json?v=1`]: '{}',
      [`${URL_OF}.sig?v=1`]: 'MEUCIQ==\n',
    });
    expect(fetched.signatures.map(({ kind }) => kind)).toEqual(['minisign', 'gpg', 'sigstore', 'cosign']);
    for (const { payload } of fetched.signatures) expect(Buffer.compare(payload, ARCHIVE)).toBe(0);
  });

  it.each([
    ['.sig', Buffer.from([0x88, 0x75, 0x04])],
    ['.minisig', '\n<html>'],
    ['.asc', 403],
  ])('has no signature in a %s that is something else', async (suffix, beside) => {
    expect((await fetch(URL_OF, { [URL_OF]: ARCHIVE, [`${URL_OF}${suffix}`]: beside })).signatures).toEqual([]);
  });

  it('is fetched over a real connection, sum and all', async () => {
    const server = createServer((asked, answer) => {
      const body = { '/a.tgz': ARCHIVE, '/a.tgz.sha256': `${SUM}  a.tgz\n` }[asked.url ?? ''];
      answer.writeHead(body === undefined ? 404 : 200).end(body);
    });
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tgz`;
    const fetched = await fetch(url, createDownload({ privateHosts: ['127.0.0.1'] }));
    expect([fetched.resolved, fetched.files.length]).toEqual([`${url}#sha256=${SUM}`, 3]);
    await expect(fetch(url, createDownload({ privateHosts: [] }))).rejects.toMatchObject({ code: 'E_DENIED' });
  });
});
