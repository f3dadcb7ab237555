import type { GuestTool } from '../../host/index.ts';
import type { ContextFiles, ProgramSettings, SessionSettings, ToolSettings } from '../manifest/tool-settings.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Template } from '../recipe/template.ts';
import type { PromptTemplate } from './prompt-template.ts';

/** What carrying out a tool comes to, by its type; each has an executor. */
export type Action =
  | WasmAction
  | { readonly type: 'recipe'; readonly recipe: Recipe }
  | ProgramAction
  | SessionAction
  | PromptAction
  | ConversationAction;

export interface WasmAction {
  readonly type: 'wasm';
  readonly guest: GuestTool;
  /** Of a command: its words, of which values are parts. Undefined: those of the call. */
  readonly words?: readonly Template[];
  /** By this name `skillhost:tools` knows it, where the guest has one door for all its tools. */
  readonly asked?: string;
}

/** A program, started with words of which values are parts. */
export interface Program extends Pick<ProgramSettings, 'exitCodes' | 'limits' | 'sandbox'> {
  /** A bare name. */
  readonly program: string;
  readonly words: readonly Template[];
  readonly variables: ReadonlyMap<string, Template>;
  readonly stdin: Template | undefined;
}

export interface ProgramAction extends Program {
  readonly type: 'code_inline' | 'script';
  /** Of a script: its file, and what was in it when it was loaded. */
  readonly script: { readonly path: string; readonly bytes: Uint8Array } | undefined;
}

export interface SessionAction extends Program {
  readonly type: 'code_session';
  readonly session: SessionSettings;
}

export interface PromptAction {
  readonly type: 'prompt_inline';
  readonly template: PromptTemplate;
  readonly format: (ToolSettings & { readonly type: 'prompt_inline' })['outputFormat'];
}

export interface ConversationAction {
  readonly type: 'conversation';
  readonly template: PromptTemplate;
  readonly contextFiles: ContextFiles | undefined;
  readonly model: string | undefined;
  readonly contextWindow: number | undefined;
}

/** The program of an action that is one. */
export function programOf(action: Action): Program | undefined {
  return 'program' in action ? action : undefined;
}
