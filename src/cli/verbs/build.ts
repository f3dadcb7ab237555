import { relative } from 'node:path';
import { SkillError } from '../../../host/index.ts';
import { type Built, buildSkill } from '../../build/build-skill.ts';
import { openToolchain } from '../../build/toolchain.ts';
import { locateHome } from '../../home/home.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData } from '../print.ts';
import { inert, inline } from '../terminal.ts';

export interface BuildFlags {
  readonly format: string;
}

/** `skill build DIR…`: compiles guests into the modules that manifests name. */
export async function build(folders: readonly string[], flags: BuildFlags, context: Context): Promise<number> {
  const { terminal, home } = context;
  const format = parseFormat(flags.format, ['text', 'json']);
  const toolchain = openToolchain(locateHome(home, process.env).root, (line) => terminal.say(`${inline(line)}\n`));
  const runtime = await context.openRuntime({ spare: false });
  const all: (Built & { readonly folder: string; readonly ms: number })[] = [];
  try {
    for (const folder of folders) {
      const started = performance.now();
      const built = await buildSkill(folder, { toolchain, describe: (module) => describe(runtime, module) });
      if (built === undefined) throw nothingToBuild(folder);
      all.push({ folder, ...built, ms: Math.round(performance.now() - started) });
    }
  } catch (error) {
    const said = error instanceof SkillError ? error.details?.['said'] : undefined;
    if (typeof said === 'string') terminal.error(`${inert(said)}\n`);
    throw error;
  } finally {
    await runtime.close();
  }
  if (format === 'json') await printData(all, format, terminal);
  else for (const one of all) terminal.out(`${inline(describeBuilt(one))}\n`);
  return 0;
}

/** A JavaScript engine is large, and a busy machine takes long to compile it. */
const DESCRIBING = { start_ms: 60_000, timeout_ms: 60_000 };

/** Asks a module what its tools are. It is granted nothing. */
export async function describe(runtime: Runtime, module: string): Promise<string> {
  const result = await runtime.run(module, 'describe', { limits: DESCRIBING });
  if (!result.ok) throw new SkillError('E_BUILD', `the guest cannot tell its tools: ${result.error.message}`);
  return String(result.result);
}

function describeBuilt({ folder, module, bytes, tools, ms }: Built & { folder: string; ms: number }): string {
  const size = bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  const names = tools === undefined ? '' : `, tools ${tools.map(({ name }) => name).join(', ')}`;
  return `built ${relative(process.cwd(), folder) || '.'}: ${module} (${size}${names}) in ${(ms / 1_000).toFixed(1)} s`;
}

function nothingToBuild(folder: string): SkillError {
  return new SkillError('E_USAGE', `${relative(process.cwd(), folder) || '.'} has nothing to build`, {
    hint: 'guest/index.ts, assembly/index.ts, guest/main.c or guest/main.rs is built; the rest is used as it is',
  });
}
