import type { Layer, Limits, SandboxCall, SandboxResult } from '../../host/index.ts';
import type { ReadySkill } from '../skill/skill.ts';
import type { Grant } from '../policy/grant.ts';
import type { Asker, Progress, ToolOutcome } from '../recipe/ports.ts';
import type { Settlement } from '../recipe/entry.ts';
import type { Tool } from '../tool/tool.ts';

/** How a recipe is run. */
export interface RecipeRun {
  /** Agrees to every question but those that always ask. */
  readonly yes?: boolean;
  /** Tells what would be done, and does nothing. */
  readonly dryRun?: boolean;
  /** Carries on a run that was cut off, by its id. */
  readonly take?: { readonly run: string; readonly how: 'resume' | 'rollback' };
  /** What became of a step of which nobody knows whether it ran. */
  readonly settle?: Settlement;
}

/** One call, resolved, validated and authorized: all an executor needs to carry it out. */
export interface Execution extends Pick<
  SandboxCall,
  | 'secrets'
  | 'state'
  | 'cache'
  | 'env'
  | 'cwd'
  | 'signal'
  | 'seed'
  | 'clock'
  | 'record'
  | 'onLog'
  | 'onHostCall'
  | 'answering'
  | 'stdin'
  | 'args'
> {
  readonly skill: ReadySkill;
  readonly tool: Tool;
  readonly input: unknown;
  readonly limits: Limits;
  /** Who must agree; what their rules name is looked up when it is first asked for, once. */
  readonly layers: () => readonly Layer[];
  readonly trust: string;
  /** Correlation id. */
  readonly run: string;
  readonly grant: Grant;
  readonly recipe: RecipeRun & {
    readonly asker: Asker;
    /** Whether there is somebody behind it, for a yes and for a text. */
    readonly isAsked: { readonly confirm: boolean; readonly answer: boolean };
  };
  /** Told of a text as it comes. */
  readonly onText: (text: string) => void;
  readonly onProgress: (progress: Progress) => void;
  /** Calls a tool of another skill with what this run was granted, and no more than both skills declare. */
  readonly callTool: (reference: string, input: unknown, signal: AbortSignal) => Promise<ToolOutcome>;
}

/** Carries out calls of one kind of tool. */
export interface Executor {
  execute(execution: Execution): Promise<SandboxResult>;
}
