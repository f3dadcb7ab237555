import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { compile, compilerEnvironment } from '../../src/build/compile.ts';
import { temporaryFolder } from '../host/function/scope-fixture.ts';

function setVariables(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** What a program that is started as a compiler says. */
function said(script: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  return compile(process.execPath, ['-e', script], { cwd: temporaryFolder(), env, what: '"it"' }).then(
    () => 'it compiles',
    (error: Error & { details?: { said?: string } }) => error.details?.said ?? '',
  );
}

describe('a compiler [R-BUILD-2]', () => {
  it.each(['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'NODE_OPTIONS', 'LD_PRELOAD', 'RUSTC_WRAPPER', 'CFLAGS', 'CPATH'])(
    'is not told %s',
    async (name) => {
      setVariables({ [name]: '' });
      expect(compilerEnvironment()).not.toHaveProperty(name);
      expect(await said(`console.error(JSON.stringify(${JSON.stringify(name)} in process.env)); process.exit(1)`)).toBe(
        'false',
      );
    },
  );

  it('is told where programs and its own parts are, and nothing that is not set', () => {
    setVariables({ PATH: '/bin', RUSTUP_HOME: '/r' });
    vi.stubEnv('WASI_SDK_PATH', undefined);
    expect(compilerEnvironment()).toMatchObject({ PATH: '/bin', RUSTUP_HOME: '/r' });
    expect(compilerEnvironment()).not.toHaveProperty('WASI_SDK_PATH');
  });

  it('is told what its call adds', async () => {
    expect(await said('console.log(process.env.A); process.exit(1)', { A: 'b' })).toBe('b');
  });

  it.each([
    ['console.log("no semicolon"); process.exit(1)', 'no semicolon'],
    ['console.error("line 3"); process.exit(2)', 'line 3'],
    ['process.exit(0)', 'it compiles'],
    ['console.log("a warning")', 'it compiles'],
  ])('of which %s is what counts', async (script, wanted) => {
    expect(await said(script)).toBe(wanted);
  });

  it('that is not there is no mistake of the source, but told all the same', async () => {
    await expect(compile('/nowhere/cc', [], { cwd: temporaryFolder(), what: '"it"' })).rejects.toMatchObject({
      code: 'E_BUILD',
      details: { said: expect.stringContaining('ENOENT') },
    });
  });
});
