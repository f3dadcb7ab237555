import { execFileSync, type StdioOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findProgram, SkillError } from '../../host/index.ts';
import { compile, compilerEnvironment } from './compile.ts';
import type { Guest } from './guest.ts';

// cspell:words libstd wasip libdir rustc rustup

/** What newer and older versions call WASI 0.1. */
const TARGETS = ['wasm32-wasip1', 'wasm32-wasi'] as const;

/** Where rustc starts: rustup runs the toolchain that a file in the folder it starts in names, or in one above. */
const NO_TOOLCHAIN = '/';

/** Compiles `guest/main.rs`, with the modules it names, to a WASI command. No code of it runs meanwhile. */
export async function buildRust({ folder, entry }: Guest, output: string): Promise<void> {
  const { rustc, target } = findRustc();
  const options = ['opt-level=s', 'panic=abort', 'lto=yes', 'strip=symbols'].flatMap((one) => ['-C', one]);
  const own = ['--edition', '2021', '--target', target, '--remap-path-prefix', `${folder}=.`];
  await compile(rustc, [...own, ...options, join(folder, entry), '-o', output], {
    cwd: NO_TOOLCHAIN,
    what: entry,
  });
}

const SILENT: StdioOptions = ['ignore', 'pipe', 'ignore'];

/** The first compiler that has the standard library for WASI; a machine may have several. */
function findRustc(): { readonly rustc: string; readonly target: string } {
  const path = process.env['PATH'] ?? '';
  const all = [...path.split(delimiter), '/usr/bin'].flatMap((folder) => findProgram('rustc', folder) ?? []);
  for (const rustc of new Set(all)) {
    const target = TARGETS.find((one) => hasTarget(rustc, one));
    if (target !== undefined) return { rustc, target };
  }
  const what = all.length === 0 ? 'there is no rustc' : 'no rustc here has the standard library for WASI';
  throw new SkillError('E_TOOLCHAIN', `Rust cannot be compiled here: ${what}`, {
    hint: 'apt-get install rustc libstd-rust-dev-wasm32 lld (Debian 12), or rustup target add wasm32-wasip1',
  });
}

function hasTarget(rustc: string, target: string): boolean {
  try {
    const args = ['--print', 'target-libdir', '--target', target];
    const options = { cwd: NO_TOOLCHAIN, env: compilerEnvironment(), stdio: SILENT };
    return existsSync(execFileSync(rustc, args, options).toString().trim());
  } catch {
    return false;
  }
}
