import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { scratch } from '../runtime/folders.ts';

const root = scratch();
let count = 0;

/** The configuration of a home with these files. */
function read(user?: string, corp?: string): ReturnType<typeof readConfig> {
  const name = String(count++);
  const files = { config: join(root, `${name}-config.toml`), corp: join(root, `${name}-corp.toml`) };
  if (user !== undefined) writeFileSync(files.config, user);
  if (corp !== undefined) writeFileSync(files.corp, corp);
  return readConfig(files);
}
const registry = (name: string, rest = ''): string =>
  `[[registries]]\nname = "${name}"\nurl = "https://${name}.example.org"\n${rest}`;

describe('config.toml and corp.toml [R-CONFIG-1]', () => {
  it('say nothing when they are not there', async () => {
    expect(await read()).toEqual({
      privateHosts: [],
      registries: [],
      neverGrant: new Set(),
      alwaysConfirm: new Set(),
      requireSandbox: false,
      alerts: [],
      trust: { corp: undefined, user: undefined },
    });
  });

  it('add up: what either never grants is never granted', async () => {
    const config = await read(
      '[capabilities]\nnever_grant = ["terminal_exec"]\n[network]\nprivate = ["localhost:5000"]\n[trust]\nrequire = "none"\n',
      '[capabilities]\nnever_grant = ["secrets_access"]\nalways_confirm = ["network"]\n[network]\nprivate = ["git.corp"]\n',
    );
    expect(config).toMatchObject({
      neverGrant: new Set(['secrets_access', 'terminal_exec']),
      alwaysConfirm: new Set(['network']),
      requireSandbox: false,
      alerts: [],
      privateHosts: ['git.corp', 'localhost:5000'],
      trust: { corp: undefined, user: { require: 'none' } },
    });
  });

  it('name registries in the order they are asked; where the organisation names any, no other is', async () => {
    const user = `${registry('main', 'mirrors = ["https://mirror.example.org"]\n')}${registry('other')}`;
    expect((await read(user)).registries).toEqual([
      { name: 'main', url: 'https://main.example.org', mirrors: ['https://mirror.example.org'] },
      { name: 'other', url: 'https://other.example.org', mirrors: [] },
    ]);
    expect((await read(user, registry('corp'))).registries.map(({ name }) => name)).toEqual(['corp']);
  });

  it.each([
    ['what is no TOML', 'a b', /:1:\d+.*no|not TOML/],
    ['a section that is misspelt', '[capabilites]\nnever_grant = ["network"]\n', /capabilites/],
    ['a key that is misspelt', '[capabilities]\nnever_grants = ["network"]\n', /never_grants/],
    ['a capability that is none', '[capabilities]\nnever_grant = ["networks"]\n', /networks/],
    ['a text for a list', '[capabilities]\nnever_grant = "network"\n', /never_grant/],
    ['a text for a section', 'network = "all"\n', /network/],
    ['a registry without a name', '[[registries]]\nurl = "https://a.example.org"\n', /name/],
    ['a registry with a name that is none', registry('../a'), /name/],
    ['a registry without an address', '[[registries]]\nname = "a"\n', /url/],
    ['a registry twice', registry('a') + registry('a'), /"a"/],
    ['a mirror that is no address', registry('a', 'mirrors = ["mirror"]\n'), /mirror/],
    ['a registry that is no table', 'registries = ["https://a.example.org"]\n', /registr/],
    ['bytes that are no text', '\0', /./],
  ])('are refused with %s, and nothing of them counts', async (_, text, message) => {
    for (const files of [[text], [undefined, text]]) {
      await expect(read(...files)).rejects.toMatchObject({
        code: 'E_USAGE',
        message: expect.stringMatching(message),
        hint: expect.any(String),
      });
    }
  });

  it('are refused when they are no files', async () => {
    await expect(readConfig({ config: root, corp: join(root, 'none') })).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});
