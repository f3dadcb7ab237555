import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hello, type Loopback, redirect, serve, serveTls } from './loopback.ts';

const ROOT = join(import.meta.dirname, '../..');
const isHere = process.env['CI'] === 'true' || spawnSync('openssl', ['version']).status === 0;

/** Node reads who is trusted when it starts, so each download here is a process of its own. */
const PROGRAM = `
import { createDownload } from '${join(ROOT, 'src/download/create-download.ts')}';
const [url, ...privateHosts] = process.argv.slice(2);
const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
const tell = (told) => console.log(JSON.stringify(told));
await createDownload({ privateHosts, resolve })({ url, most: 99, signal: new AbortController().signal })
  .then(({ status, url }) => tell({ status, url }), ({ code, message, details }) => tell({ ...details, code, message }));
`;

let folder: string;
let identity: { key: string; cert: string };

beforeAll(async () => {
  if (!isHere) return;
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  folder = mkdtempSync(join(ROOT, '.cache/tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=skill.test', '-addext', 'subjectAltName=DNS:skill.test'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...names], { stdio: 'ignore' });
  identity = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  const entry = 'virtual:program';
  const bundle = await rolldown({
    input: entry,
    platform: 'node',
    external: [/^[a-z@]/],
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === entry ? `\0${entry}` : undefined),
        load: (id) => (id === `\0${entry}` ? PROGRAM : undefined),
      },
    ],
  });
  await bundle.write({ file: join(folder, 'program.mjs') });
});
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

async function download(
  url: string,
  hosts: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<unknown> {
  const args = [join(folder, 'program.mjs'), url, ...hosts];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  return JSON.parse(stdout);
}

const trusted = (): Record<string, string> => ({ NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') });

describe.skipIf(!isHere)('a download with TLS [only with openssl]', () => {
  it('is by name, over a connection to the address that was checked [R-DOWNLOAD-3]', async () => {
    const server = await serveTls(hello, identity);
    const url = `https://skill.test:${server.port}/a.tgz`;
    expect(await download(url, ['skill.test'], trusted())).toEqual({ status: 200, url });
    expect(server.heads[0]).toContain(`host: skill.test:${server.port}`);
    expect(await download(url, [], trusted())).toMatchObject({ code: 'E_DENIED', reason: 'private_address' });
    expect(server.connections).toBe(1);
  });

  it.each<readonly [string, string, () => Record<string, string>, string]>([
    ['by nobody who is trusted', 'skill.test', () => ({}), 'by nobody who is trusted here'],
    [
      'by nobody who is trusted, whatever the environment says',
      'skill.test',
      () => ({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
      'by nobody who is trusted here',
    ],
    ['for another host', 'other.test', trusted, 'for another host'],
  ])('whose certificate is %s is refused before anything is asked [R-DOWNLOAD-4]', async (_what, host, env, says) => {
    const server = await serveTls(hello, identity);
    const told = await download(`https://${host}:${server.port}/a.tgz`, [host], env());
    expect(told).toMatchObject({ code: 'E_NETWORK', message: expect.stringContaining(says) as string });
    expect(server.heads).toEqual([]);
  });

  it('is not taken out of it by a redirect [R-DOWNLOAD-4]', async () => {
    const sink = await serve(hello);
    const server: Loopback = await serveTls(redirect(`http://skill.test:${sink.port}/a.tgz`), identity);
    const url = `https://skill.test:${server.port}/a.tgz`;
    const told = await download(url, [`skill.test:${server.port}`], trusted());
    expect(told).toMatchObject({ code: 'E_DENIED', reason: 'not_encrypted' });
    expect(sink.connections).toBe(0);
    expect(await download(url, ['skill.test'], trusted())).toMatchObject({ status: 200 });
  });
});
