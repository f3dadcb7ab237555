import type { Limits } from '../../host/index.ts';

/** What a program that a tool starts is given, and held to. */
export interface ProgramSettings {
  /** Its words, as templates: `{{name}}` is the value of a parameter. */
  readonly args: readonly string[];
  /** Variables set for it, as templates. */
  readonly environment: ReadonlyMap<string, string>;
  /** Its standard input, as a template; otherwise that of the call. */
  readonly stdin: string | undefined;
  /** Exit codes with which it did what it should. */
  readonly exitCodes: readonly number[];
  readonly limits: Partial<Limits>;
  /** What this tool is let of all that its skill is granted; undefined: all of it. */
  readonly sandbox: ToolSandbox | undefined;
}

export interface ToolSandbox {
  readonly allowNetwork: boolean;
  readonly allowFileWrite: boolean;
  /** Paths as in `filesystem_read`; undefined: those of the skill. */
  readonly allowedPaths: readonly string[] | undefined;
}

export interface SessionSettings {
  /** Milliseconds without a request after which it is ended. */
  readonly idleMs: number;
  /** Sessions of this tool at once. */
  readonly maxSessions: number;
  /** Ended with the runtime that began it. */
  readonly cleanupOnExit: boolean;
  /** What it was sent is kept, and sent again to the one that takes its place after a crash. */
  readonly statePersistence: boolean;
  /** Sessions of other skills that name the same, and have the same rights, are the same sessions. */
  readonly share: string | undefined;
}

export interface ContextFiles {
  readonly patterns: readonly string[];
  readonly excludePatterns: readonly string[];
  readonly maxFiles: number | undefined;
  readonly maxFileSizeKb: number | undefined;
}

export const OUTPUT_FORMATS = ['text', 'markdown', 'json'] as const;

/** What a tool is, by its type, with the fields that belong to it. */
export type ToolSettings =
  | {
      readonly type: 'wasm';
      readonly export: string | undefined;
      /** The words of a command, as templates; undefined: those of the call. */
      readonly args: readonly string[] | undefined;
    }
  | ({ readonly type: 'code_inline'; readonly command: string } & ProgramSettings)
  | ({ readonly type: 'code_session'; readonly command: string; readonly session: SessionSettings } & ProgramSettings)
  | ({
      readonly type: 'script';
      /** Below `scripts/`, with `/`. */
      readonly script: string;
      /** A program; otherwise the first line of the script names it, or its ending does. */
      readonly interpreter: string | undefined;
    } & ProgramSettings)
  | {
      readonly type: 'prompt_inline';
      /** With `{name}` for the values of parameters. */
      readonly prompt: string;
      readonly outputFormat: (typeof OUTPUT_FORMATS)[number];
    }
  | {
      readonly type: 'conversation';
      readonly promptTemplate: string;
      readonly contextFiles: ContextFiles | undefined;
      readonly model: string | undefined;
      /** Tokens. */
      readonly contextWindow: number | undefined;
    }
  | { readonly type: 'recipe'; readonly recipe: string };

export type ToolType = ToolSettings['type'];
