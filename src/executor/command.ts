import {
  type CapabilityDenied,
  type CommandResult,
  Commands,
  SkillError,
  type SandboxResult,
} from '../../host/index.ts';
import type { ProgramAction } from '../tool/action.ts';
import { requireSame } from '../tool/script.ts';
import { type Start, startOf } from '../tool/words.ts';
import type { Execution, Executor } from './executor.ts';
import { noting } from './noting.ts';
import type { ProgramResult } from './program-result.ts';
import { forPrograms, inOwnNames, programLayers, signalName, statusError } from './program-limits.ts';

/** Signals by the exit code that stands for each. */
const SIGNAL_BASE = 128;

/** Starts the program that a tool is. */
export class CommandExecutor implements Executor {
  async execute(execution: Execution): Promise<SandboxResult> {
    const { action } = execution.tool;
    if (action.type !== 'code_inline' && action.type !== 'script')
      throw new SkillError('E_NOT_FOUND', `the tool ${execution.tool.name} is no program`);
    const denials: CapabilityDenied[] = [];
    const output = new Kept();
    const started = performance.now();
    let ended: CommandResult | undefined;
    let outcome: SandboxResult['outcome'];
    try {
      ended = await run(action, execution, { denials, output });
      outcome = readOutcome(execution, { ended, output, action });
    } catch (error) {
      outcome = { error: failureOf(error, output, performance.now() - started) };
    }
    return {
      outcome,
      usage: {
        durationMs: performance.now() - started,
        fuel: undefined,
        memoryBytes: ended?.memoryBytes ?? 0,
        hostCalls: 0,
      },
      stderr: Buffer.from(output.stderr),
      denials,
    };
  }
}

function run(
  action: ProgramAction,
  execution: Execution,
  { denials, output }: { readonly denials: CapabilityDenied[]; readonly output: Kept },
): Promise<CommandResult> {
  const { skill, input, cwd, env, limits, record, signal, stdin } = execution;
  requireSame(action.script);
  const layers = programLayers(action, execution);
  const options = { layers: () => layers, record, cwd, env, limits: forPrograms(limits), own: skill.path };
  const commands = noting(new Commands(options), denials);
  const start = startOf(action, input, (name) => commands.variable(name));
  const whole = { ...start, stdin: start.stdin ?? stdin };
  return answeredBy(execution.answering, whole, output, () =>
    commands.run({
      ...whole,
      ...(signal !== undefined && { signal }),
      onOutput: (stream, chunk) => output.add(stream, chunk),
    }),
  );
}

/** Lets whoever answers host calls answer for the program; what the program itself came to is kept whole. */
async function answeredBy(
  answering: Execution['answering'],
  { program, args, stdin }: Pick<Start, 'program' | 'args'> & { readonly stdin: Uint8Array },
  output: Kept,
  start: () => Promise<CommandResult>,
): Promise<CommandResult> {
  if (answering === undefined) return start();
  let ended: CommandResult | undefined;
  const answer = await answering('command.execute', [program, args, stdin], async () => {
    ended = await start();
    return [ended.exitCode, ended.stdout, ended.stderr];
  });
  if (ended !== undefined) return ended;
  const [exitCode, stdout, stderr] = answer as readonly [number, Uint8Array, Uint8Array];
  output.add('stdout', stdout);
  output.add('stderr', stderr);
  return { exitCode, stdout, stderr, durationMs: 0, memoryBytes: 0, isolation: 'none' };
}

/** What a program has printed so far: told also when it was ended. */
class Kept {
  readonly #chunks: Record<'stdout' | 'stderr', Uint8Array[]> = { stdout: [], stderr: [] };

  add(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    this.#chunks[stream].push(chunk);
  }

  get stdout(): string {
    return Buffer.concat(this.#chunks.stdout).toString();
  }

  get stderr(): string {
    return Buffer.concat(this.#chunks.stderr).toString();
  }
}

function readOutcome(
  { tool }: Execution,
  { ended, output, action }: { readonly ended: CommandResult; readonly output: Kept; readonly action: ProgramAction },
): SandboxResult['outcome'] {
  const { exitCode, durationMs } = ended;
  const result: ProgramResult = {
    stdout: output.stdout,
    stderr: output.stderr,
    exitCode,
    durationMs: Math.round(durationMs),
    ...(exitCode > SIGNAL_BASE && { killedBy: signalName(exitCode - SIGNAL_BASE) }),
  };
  if (!action.exitCodes.includes(exitCode)) return { error: statusError(action.program, result) };
  return tool.returns === undefined ? { value: result } : readDeclared(result.stdout);
}

/** A tool that declares what it returns prints it, as JSON. */
function readDeclared(stdout: string): SandboxResult['outcome'] {
  try {
    return { value: JSON.parse(stdout) as unknown };
  } catch {
    return {
      error: new SkillError('E_OUTPUT', 'the tool declares what it returns, but printed something that is no JSON'),
    };
  }
}

function failureOf(error: unknown, output: Kept, durationMs: number): SkillError {
  if (!(error instanceof SkillError))
    return new SkillError('E_INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
  return inOwnNames(error, { stdout: output.stdout, stderr: output.stderr, durationMs: Math.round(durationMs) });
}
