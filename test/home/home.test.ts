import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { locateHome } from '../../src/home/home.ts';

const { platform: own } = process;
afterEach(() => Object.defineProperty(process, 'platform', { value: own }));

function rootOn(platform: string, env: Record<string, string>, option?: string): string {
  Object.defineProperty(process, 'platform', { value: platform });
  return locateHome(option, env).root;
}

const windows = join(homedir(), 'AppData', 'Local', 'skillhost');
const mac = join(homedir(), 'Library', 'Application Support', 'skillhost');
const local = join(homedir(), '.local', 'share', 'skillhost');

describe('the home is', () => {
  it.each<[what: string, platform: string, env: Record<string, string>, option: string | undefined, root: string]>([
    ['the option first', 'linux', { SKILLHOST_HOME: '/b', XDG_DATA_HOME: '/c' }, '/a', '/a'],
    ['the variable next', 'linux', { SKILLHOST_HOME: '/b', XDG_DATA_HOME: '/c' }, undefined, '/b'],
    ['a relative variable from here', 'linux', { SKILLHOST_HOME: 'b' }, undefined, resolve('b')],
    ['the data folder of XDG', 'linux', { XDG_DATA_HOME: '/c' }, undefined, '/c/skillhost'],
    ['below the user, without any', 'linux', {}, undefined, local],
    ['below the user, when they are empty', 'linux', { SKILLHOST_HOME: '', XDG_DATA_HOME: '' }, undefined, local],
    ['below the user, when XDG is relative', 'linux', { XDG_DATA_HOME: 'c' }, undefined, local],
    ['in Library on a Mac', 'darwin', {}, undefined, mac],
    ['the local application data on Windows', 'win32', { LOCALAPPDATA: '/local' }, undefined, '/local/skillhost'],
    ['the same, when the variable is empty', 'win32', { LOCALAPPDATA: '' }, undefined, windows],
    ['not where XDG says, on Windows', 'win32', { XDG_DATA_HOME: '/c' }, undefined, windows],
    ['not where XDG says, on a Mac', 'darwin', { XDG_DATA_HOME: '/c', LOCALAPPDATA: '/l' }, undefined, mac],
    [
      'the data folder of XDG on any other',
      'freebsd',
      { XDG_DATA_HOME: '/c', LOCALAPPDATA: '/l' },
      undefined,
      '/c/skillhost',
    ],
    ['the variable on Windows too', 'win32', { SKILLHOST_HOME: '/b', LOCALAPPDATA: '/l' }, undefined, '/b'],
    ['a relative option from here', 'darwin', { SKILLHOST_HOME: '/b' }, './a/../c', resolve('c')],
    ['the same, found by name', 'win32', {}, undefined, windows],
  ])('%s', (_what, platform, env, option, root) => {
    expect(rootOn(platform, env, option)).toBe(root);
  });

  it('where everything else lives', () => {
    const { root, ...parts } = locateHome('/a', {});
    const files: Readonly<Record<string, string>> = {
      stateDatabase: 'state.db',
      lock: 'skills.lock',
      config: 'config.toml',
      corp: 'corp.toml',
    };
    for (const [name, path] of Object.entries(parts)) expect(path).toBe(join(root, files[name] ?? name));
  });
});
