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

const alert = (rest: string): string => `[[alerts]]\nwhen = "failures"\n${rest}\n`;

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
    ['what is no TOML', 'a b', /:1:\d+\\?": it is not TOML/],
    ['a section that is misspelt', '[capabilites]\nnever_grant = ["network"]\n', /there is no section "capabilites"/],
    ['a key that is misspelt', '[capabilities]\nnever_grants = ["network"]\n', /there is no key "never_grants"/],
    [
      'a capability that is none',
      '[capabilities]\nnever_grant = ["networks"]\n',
      /never_grant names "networks", which/,
    ],
    ['a text for a list', '[capabilities]\nnever_grant = "network"\n', /never_grant is no list of texts/],
    ['a number in a list', '[network]\nprivate = ["a", 1]\n', /private is no list of texts/],
    ['a text for a section', 'network = "all"\n', /network is no section/],
    ['a list for a section', 'capabilities = []\n', /capabilities is no section/],
    ['a text for registries', 'registries = "main"\n', /registries is no list/],
    ['a registry that is no table', 'registries = ["https://a.example.org"]\n', /a registry is no table/],
    ['a registry without a name', '[[registries]]\nurl = "https://a.example.org"\n', /a registry has no name/],
    ['a registry with a name that is none', registry('../a'), /a registry has no name/],
    ['a registry without an address', '[[registries]]\nname = "a"\n', /the registry a has no url/],
    ['a registry twice', registry('a') + registry('a'), /two registries are called "a"/],
    ['a mirror that is no address', registry('a', 'mirrors = ["mirror"]\n'), /the mirror "mirror" of a is no url/],
    ['a text for true', '[programs]\nrequire_sandbox = "yes"\n', /require_sandbox is neither true nor false/],
    ['a text for alerts', 'alerts = "failures"\n', /alerts is no list/],
    ['an alert that is no table', 'alerts = ["failures"]\n', /an alert is no table/],
    ['an alert of nothing', '[[alerts]]\ncount = 1\n', /an alert does not say when/],
    ['an alert of what is not counted', '[[alerts]]\nwhen = "moons"\n', /an alert does not say when/],
    ['an alert after no failure', alert('count = 0'), /count of an alert is no whole number/],
    ['an alert within a part of a second', alert('within = 0.5'), /within of an alert is no whole number/],
    ['an alert of a skill that is no text', alert('skill = 1'), /skill of an alert is no text/],
    ['an alert to a file', alert('webhook = "file:///a"'), /webhook of an alert is no http address/],
    ['an alert to no address', alert('webhook = "https://"'), /webhook of an alert is no http address/],
    ['bytes that are no text', '\0', /it is not TOML/],
    ['more than a megabyte', `# ${'x'.repeat(1 << 20)}\n`, /it is no file of at most 1048576 bytes/],
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
    await expect(readConfig({ config: root, corp: join(root, 'none') })).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringContaining('it is no file of at most'),
    });
  });

  it('read alerts, with a minute and one failure for what is not said', async () => {
    const { alerts } = await read(
      `${alert('')}[[alerts]]\nwhen = "slow"\nskill = "a.b"\ncount = 3\nwithin = 10\nlonger_than_ms = 50\nwebhook = "https://a.example.org/x"\n`,
      '[programs]\nrequire_sandbox = true\n',
    );
    expect(alerts).toEqual([
      { when: 'failures', skill: undefined, count: 1, withinMs: 60_000, longerThanMs: 1_000, webhook: undefined },
      {
        when: 'slow',
        skill: 'a.b',
        count: 3,
        withinMs: 10_000,
        longerThanMs: 50,
        webhook: 'https://a.example.org/x',
      },
    ]);
  });
});
