import { execFile } from 'node:child_process';
import { SkillError } from '../../host/index.ts';

const MOST_MS = 600_000;
const MOST_BYTES = 4 * 1024 * 1024;

// cspell:words rustup wasi
/** All that compilers are told: source can put any variable into the module. */
const TOLD =
  'PATH HOME TMPDIR TEMP TMP LANG LC_ALL RUSTUP_HOME RUSTUP_TOOLCHAIN CARGO_HOME WASI_SDK_PATH SystemRoot USERPROFILE PATHEXT'.split(
    ' ',
  );

export function compilerEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(TOLD.flatMap((name) => (name in process.env ? [[name, process.env[name]]] : [])));
}

/** Source that does not compile, with what the compiler said of it. */
export function compileError(what: string, said: string): SkillError {
  return new SkillError('E_BUILD', `${what} does not compile`, { hint: 'mend what it says', details: { said } });
}

/** Runs a compiler in a folder. @throws SkillError E_BUILD */
export function compile(
  file: string,
  args: readonly string[],
  { cwd, env, what }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly what: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...compilerEnvironment(), ...env }, timeout: MOST_MS, maxBuffer: MOST_BYTES };
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(compileError(what, `${stdout}${stderr}`.trim() || error.message));
    });
  });
}
