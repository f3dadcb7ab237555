// cspell:ignore GNUMAKEFLAGS LESSOPEN PYTHONSTARTUP PYTHONPATH RUBYOPT RUBYLIB PERLLIB VIMINIT ZDOTDIR SHELLOPTS DYLD FUNC MAKEFLAGS
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { steersPrograms } from '../../../host/capability/steering-variable.ts';
import { CapabilityDenied } from '../../../host/errors.ts';
import { rejection } from '../function/scope-fixture.ts';
import { door, telling } from './command-fixture.ts';

const STEERING = [
  'PATH IFS ENV BASH_ENV BASH_FUNC_x%% SHELLOPTS PS4 PROMPT_COMMAND ZDOTDIR SHELL',
  'LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES GLIBC_TUNABLES GCONV_PATH',
  'NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS npm_config_script_shell NPM_CONFIG_PREFIX',
  'GIT_SSH_COMMAND GIT_CONFIG_COUNT GIT_EXTERNAL_DIFF GIT_EXEC_PATH GIT_PAGER SSH_ASKPASS',
  'PYTHONSTARTUP PYTHONPATH PERL5OPT PERL5LIB PERLLIB RUBYOPT RUBYLIB GEM_PATH PHPRC',
  'JAVA_TOOL_OPTIONS CLASSPATH MAKEFLAGS GNUMAKEFLAGS TAR_OPTIONS RSYNC_RSH CURL_HOME',
  'EDITOR VISUAL PAGER MANPAGER LESSOPEN BROWSER VIMINIT LUA_INIT OPENSSL_CONF',
  'HOME XDG_CONFIG_HOME TMPDIR ld_preload Path',
]
  .flatMap((line) => line.split(' '))
  .concat('', 'A=B', 'A B', '1A', 'a-b', 'A\n', 'é', 'x()');

const HARMLESS = ['LANG', 'LC_ALL', 'TZ', 'NAME', 'APP_KEY', 'PATHS', 'MY_PATH', 'ENVIRONMENT', '_A', 'a', 'CI'];

describe('a variable that is set for a command', () => {
  it.each(STEERING)('is not %j, which steers programs [R-COMMAND-2]', async (name) => {
    const here = door();
    const error = await rejection(telling(here, { env: { LANG: 'C', [name]: 'x' } }));
    expect(error).toBeInstanceOf(CapabilityDenied);
    expect(error).toMatchObject({ layer: 'gate', message: expect.stringContaining('--grant env_read=') as string });
    expect(here.records).toMatchObject([{ event: 'denied', layer: 'gate', capability: 'terminal_exec' }]);
  });

  it('may be any other, beside what is granted, and takes its place [R-COMMAND-2]', async () => {
    const here = door({ rules: { commands: ['*'], env: ['APP_KEY'] }, env: { APP_KEY: 'granted', OTHER: 'not' } });
    const env = Object.fromEntries(HARMLESS.map((name) => [name, `set ${name}`]));
    const { TMPDIR, PWD, ...told } = (await telling(here, { env })).env;
    expect(told).toEqual(env);
    expect(PWD).toBe(TMPDIR);
    const { TMPDIR: _own, PWD: _same, ...bare } = (await telling(here)).env;
    expect(bare).toEqual({ APP_KEY: 'granted' });
  });

  it('steers when that very name is granted; its folder stays its own [R-COMMAND-2]', async () => {
    const here = door({ rules: { commands: ['*'], env: ['GIT_*', 'TMPDIR'] } });
    const told = await telling(here, { env: { GIT_PAGER: 'cat', TMPDIR: '/somewhere' } });
    expect(told.env['GIT_PAGER']).toBe('cat');
    expect(told.env['TMPDIR']).not.toBe('/somewhere');
    const half = door({ voices: [{ commands: ['*'], env: ['GIT_*'] }, { commands: ['*'] }] });
    expect(await rejection(telling(half, { env: { GIT_PAGER: 'cat' } }))).toBeInstanceOf(CapabilityDenied);
  });

  it('is told apart whatever its case, and whatever follows the prefix [R-COMMAND-2]', () => {
    expect(HARMLESS.filter((name) => steersPrograms(name))).toEqual([]);
    const tail = fc.stringMatching(/^\w{0,12}$/);
    const prefix = fc.constantFrom('LD_', 'GIT_', 'npm_config_', 'PYTHON', 'PERL5', 'RUBY', 'NODE_', 'BASH_FUNC_');
    const cases = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      (text) => text.toLowerCase(),
    );
    fc.assert(fc.property(prefix, tail, cases, (start, end, form) => steersPrograms(form(start + end))));
  });
});
