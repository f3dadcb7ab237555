import { type Sandbox, type SandboxCall, SkillError, type SandboxResult } from '../../host/index.ts';
import type { WasmAction } from '../tool/action.ts';
import type { Tool } from '../tool/tool.ts';
import { wordsFor } from '../tool/words.ts';
import type { Execution, Executor } from './executor.ts';

/** Runs a tool of a WebAssembly module in the sandbox. */
export class WasmExecutor implements Executor {
  readonly #sandbox: Sandbox;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  async execute({ skill, tool, input, ...rest }: Execution): Promise<SandboxResult> {
    if (skill.module === undefined) throw new SkillError('E_NOT_FOUND', `the skill ${skill.id} has no module to run`);
    const { action } = tool;
    if (action.type !== 'wasm') throw new SkillError('E_NOT_FOUND', `the tool ${tool.name} is in no module`);
    const { guest } = action;
    const executable = skill.manifest?.executable;
    const result = await this.#sandbox.call({
      ...rest,
      bytes: skill.module.bytes,
      reuse: executable?.reuse ?? false,
      config: Object.fromEntries(executable?.config ?? []),
      tool: guest,
      ...givenTo(action, skill.id, { tool, input, args: rest.args, stdin: rest.stdin }),
    });
    return 'value' in result.outcome ? { ...result, outcome: readResult(result.outcome.value, action, tool) } : result;
  }
}

type Given = Pick<SandboxCall, 'input' | 'args' | 'stdin'>;

/** What a guest gets of what its tool was given, by how it takes it. */
function givenTo(
  { guest, words, asked }: WasmAction,
  id: string,
  { tool, input, args, stdin }: Given & Pick<Execution, 'tool'>,
): Given {
  if (asked !== undefined) return { input: { name: asked, arguments: JSON.stringify(input) }, args, stdin };
  const asBytes = tool.input === 'json' && guest.input !== 'json' ? Buffer.from(JSON.stringify(input)) : undefined;
  if (guest.input !== 'command') return { input: asBytes ?? input, args, stdin };
  // A command finds its own name in front of its words.
  const name = id.split('.').at(-1) ?? id;
  if (words !== undefined) return { input, args: [name, ...wordsFor(words, input)], stdin };
  return { input: asBytes ?? input, args: [name, ...args], stdin: asBytes ?? stdin };
}

/** What stands behind a door answers JSON, and bytes of a tool that declares what it returns are JSON. */
function readResult(value: unknown, { asked }: WasmAction, { returns }: Tool): SandboxResult['outcome'] {
  const isBytes = value instanceof Uint8Array;
  if (asked === undefined && (returns === undefined || !isBytes)) return { value };
  try {
    return { value: JSON.parse(isBytes ? Buffer.from(value).toString() : String(value)) as unknown };
  } catch {
    return {
      error: new SkillError('E_OUTPUT', 'the tool declares what it returns, but returned something that is no JSON'),
    };
  }
}
