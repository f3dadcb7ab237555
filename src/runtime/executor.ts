import type { Layer, Limits, SandboxCall, SandboxResult } from '../../host/index.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Tool } from '../tool/tool.ts';

/** One call, resolved, validated and authorized: all an executor needs to carry it out. */
export interface Execution extends Pick<
  SandboxCall,
  | 'secrets'
  | 'state'
  | 'env'
  | 'cwd'
  | 'signal'
  | 'seed'
  | 'clock'
  | 'record'
  | 'onLog'
  | 'onHostCall'
  | 'stdin'
  | 'args'
> {
  readonly skill: ReadySkill;
  readonly tool: Tool;
  readonly input: unknown;
  readonly limits: Limits;
  readonly layers: readonly Layer[];
  readonly trust: string;
}

/** Carries out calls of one kind of tool. */
export interface Executor {
  execute(execution: Execution): Promise<SandboxResult>;
}
