import { existsSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findProgram, SkillError } from '../../host/index.ts';
import { compile } from './compile.ts';
import type { Guest } from './guest.ts';

// cspell:words ffile Wextra

const PACKAGES = 'clang lld wasi-libc libclang-rt-14-dev-wasm32';
/** Of the machine: a program that npm brings, such as `wasm-opt`, would rewrite what is linked. */
const SYSTEM = '/usr/local/bin:/usr/bin:/bin';
const DEBIAN_LIBC = '/usr/lib/wasm32-wasi/libc.a';

/** Compiles all C of a guest to a WASI command: by wasi-sdk where `WASI_SDK_PATH` names it, else by the clang of the system. */
export async function buildC({ folder, sources }: Guest, output: string): Promise<void> {
  const { clang, options, env } = findClang();
  const common = ['-std=c17', '-Wall', '-Wextra', '-O2', '-g0', '-fno-ident', `-ffile-prefix-map=${folder}=.`];
  const args = ['--target=wasm32-wasi', ...options, ...common, '-Wl,--strip-all', ...sources, '-o', output];
  await compile(clang, args, { cwd: folder, env, what: sources.join(', ') });
}

function findClang(): { readonly clang: string; readonly options: string[]; readonly env: NodeJS.ProcessEnv } {
  const sdk = process.env['WASI_SDK_PATH'];
  if (sdk !== undefined && sdk !== '') {
    const clang = join(sdk, 'bin', 'clang');
    if (!existsSync(clang)) throw missing(`WASI_SDK_PATH names ${sdk}, which has no bin/clang`);
    return { clang, options: [], env: {} };
  }
  const path = process.env['PATH'] ?? '';
  const clang = ['clang', 'clang-14'].map((name) => findProgram(name, path)).find((found) => found !== undefined);
  if (clang === undefined) throw missing('there is no clang');
  if (findProgram('wasm-ld', SYSTEM) === undefined && findProgram('wasm-ld-14', SYSTEM) === undefined)
    throw missing('there is no wasm-ld');
  if (!existsSync(DEBIAN_LIBC)) throw missing('there is no C library for WASI');
  const resources = execFileSync(clang, ['--print-resource-dir'], { encoding: 'utf8' }).trim();
  if (!existsSync(join(resources, 'lib/wasi/libclang_rt.builtins-wasm32.a')))
    throw missing("clang's runtime for WebAssembly is not there");
  return { clang, options: ['--sysroot=/usr'], env: { PATH: SYSTEM } };
}

function missing(what: string): SkillError {
  return new SkillError('E_TOOLCHAIN', `C cannot be compiled here: ${what}`, {
    hint: `apt-get install ${PACKAGES} (Debian 12), or set WASI_SDK_PATH to an unpacked wasi-sdk`,
  });
}
