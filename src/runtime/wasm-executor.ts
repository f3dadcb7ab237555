import { type Sandbox, SkillError, type SandboxResult } from '../../host/index.ts';
import type { Execution, Executor } from './executor.ts';

/** Runs a tool of a WebAssembly module in the sandbox. */
export class WasmExecutor implements Executor {
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  async execute({ skill, tool, input, layers, ...rest }: Execution): Promise<SandboxResult> {
    if (skill.module === undefined) throw new SkillError('E_NOT_FOUND', `the skill ${skill.id} has no module to run`);
    const { guest } = tool;
    if (guest === undefined) throw new SkillError('E_NOT_FOUND', `the tool ${tool.name} is in no module`);
    const executable = skill.manifest?.executable;
    const asBytes = tool.input === 'json' && guest.input !== 'json' ? Buffer.from(JSON.stringify(input)) : undefined;
    const result = await this.#sandbox.call({
      ...rest,
      bytes: skill.module.bytes,
      reuse: executable?.reuse ?? false,
      config: Object.fromEntries(executable?.config ?? []),
      tool: guest,
      input: asBytes ?? input,
      // A command finds its own name in front of its words.
      args: guest.input === 'command' ? [skill.id.split('.').at(-1) ?? skill.id, ...rest.args] : rest.args,
      stdin: guest.input === 'command' ? (asBytes ?? rest.stdin) : rest.stdin,
      layers: () => layers,
    });
    return 'value' in result.outcome
      ? { ...result, outcome: readResult(result.outcome.value, tool.returns !== undefined) }
      : result;
  }
}

/** Bytes of a tool that declares what it returns are JSON. */
function readResult(value: unknown, declared: boolean): SandboxResult['outcome'] {
  if (!declared || !(value instanceof Uint8Array)) return { value };
  try {
    return { value: JSON.parse(Buffer.from(value).toString()) as unknown };
  } catch {
    return {
      error: new SkillError('E_OUTPUT', 'the tool declares what it returns, but returned something that is no JSON'),
    };
  }
}
