import type { CommandResult, Decision } from '../../host/index.ts';
import type { RunResultName, Settlement } from './entry.ts';
import type { Step } from './recipe.ts';
import type { Open } from './run-state.ts';

/** What starts programs, behind the gate. */
export interface CommandPort {
  decide(request: { readonly program: string; readonly args: readonly string[] }): Decision;
  run(request: {
    readonly program: string;
    readonly args: readonly string[];
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly timeoutMs?: number;
    readonly signal?: AbortSignal;
    readonly onOutput?: (stream: 'stdout' | 'stderr', chunk: Uint8Array) => void;
  }): Promise<CommandResult>;
  variable(name: string): string | undefined;
  exists(path: string): boolean;
  isInstalled(program: string): boolean;
}

/** A step that wants a yes before it runs. */
export interface StepQuestion {
  readonly recipe: string;
  readonly step: string;
  readonly name: string;
  /** What it would do, in one line, without secrets. */
  readonly does: string;
  readonly risk: Step['risk'];
  /** `always` is not satisfied by a yes that was given for all. */
  readonly level: 'prompt' | 'always';
  readonly signal: AbortSignal;
}

/** Whoever is responsible for a run. A question nobody can answer is an error, never a yes. */
export interface Asker {
  /** @throws SkillError E_CONFIRM when there is nobody to ask */
  confirm(question: StepQuestion): Promise<boolean>;
  /** Answers a step of kind `prompt`. @throws SkillError E_CONFIRM */
  answer(question: {
    readonly recipe: string;
    readonly step: string;
    readonly text: string;
    readonly signal: AbortSignal;
  }): Promise<string>;
  /** What became of something that may or may not have happened. @throws SkillError E_DOUBT when nobody can tell */
  settle(question: { readonly recipe: string; readonly what: string; readonly open: Open }): Promise<Settlement>;
}

/** What happens while a recipe runs, for whoever looks on. */
export type Progress =
  | {
      readonly type: 'recipe-started';
      readonly recipe: string;
      readonly name: string;
      readonly steps: number;
      readonly journal: string;
    }
  | {
      readonly type: 'step-started';
      readonly recipe: string;
      readonly step: string;
      readonly name: string;
      readonly at: number;
      readonly of: number;
      readonly does: string;
      readonly item?: string;
      readonly attempt: number;
    }
  | {
      readonly type: 'step-output';
      readonly recipe: string;
      readonly step: string;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | {
      readonly type: 'step-ended';
      readonly recipe: string;
      readonly step: string;
      readonly ok: boolean;
      readonly error?: string;
      readonly durationMs: number;
      readonly retryInMs?: number;
    }
  | {
      readonly type: 'step-skipped';
      readonly recipe: string;
      readonly step: string;
      readonly at: number;
      readonly of: number;
      readonly error?: string;
    }
  | {
      readonly type: 'verifying';
      readonly recipe: string;
      readonly at: number;
      readonly of: number;
      readonly does: string;
    }
  | { readonly type: 'rolling-back'; readonly recipe: string; readonly why: string; readonly tasks: number }
  | {
      readonly type: 'undo-started';
      readonly recipe: string;
      readonly at: number;
      readonly of: number;
      readonly does: string;
      readonly step?: string;
    }
  | { readonly type: 'undo-ended'; readonly recipe: string; readonly ok: boolean; readonly error?: string }
  | {
      readonly type: 'recipe-ended';
      readonly recipe: string;
      readonly result: RunResultName;
      readonly durationMs: number;
    };

/** Everything a run touches. */
export interface Ports {
  readonly commands: CommandPort;
  readonly asker: Asker;
  /** Calls a tool of another skill, with no more than this one was granted. */
  readonly callTool: (reference: string, input: unknown, signal: AbortSignal) => Promise<ToolOutcome>;
  readonly onProgress: (progress: Progress) => void;
  readonly redact: (text: string) => string;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

export type ToolOutcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string };
