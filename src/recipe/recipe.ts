import type { Confirmation } from '../manifest/manifest.ts';
import type { Condition } from './condition.ts';
import type { JsonPath } from './json-path.ts';
import type { Template } from './template.ts';
import type { Value } from './value.ts';

export const PARAMETER_TYPES = ['string', 'number', 'integer', 'boolean', 'enum', 'path', 'secret'] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly required: boolean;
  readonly default: Value | undefined;
  readonly description: string;
  /** What an enum may be. */
  readonly values: readonly string[];
  /** A regular expression that the whole value matches, of the linear-time kind. */
  readonly validation: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** The value may start with `-` where a word of a command starts with it. */
  readonly allowDash: boolean;
}

/** When a recipe may be what a prompt is about. All that is written must hold. */
export interface Trigger {
  readonly keywords: readonly string[];
  readonly intent: string | undefined;
  readonly hasFiles: readonly string[];
  readonly envSet: readonly string[];
  readonly os: readonly string[];
}

/** What is started: a program with words, or a shell with a script whose values come as variables. */
export type Command =
  | { readonly kind: 'command'; readonly words: readonly Template[] }
  | { readonly kind: 'shell'; readonly script: string; readonly variables: ReadonlyMap<string, Template> };

/** A tool of another skill. Its input is JSON whose texts are templates. */
export interface ToolCall {
  readonly kind: 'tool';
  readonly reference: string;
  readonly input: InputTemplate;
}

export type InputTemplate =
  | { readonly template: Template }
  | { readonly value: Value }
  | { readonly list: readonly InputTemplate[] }
  | { readonly fields: ReadonlyMap<string, InputTemplate> };

export interface SubRecipe {
  readonly kind: 'recipe';
  readonly recipe: string;
  readonly parameters: ReadonlyMap<string, Template>;
}

/** A question to a person, whose answer is the step's output. */
export interface Prompt {
  readonly kind: 'prompt';
  readonly text: Template;
}

export type Action = Command | ToolCall | SubRecipe | Prompt;

/** How an action is carried out. */
export interface Manner {
  readonly timeoutMs: number | undefined;
  readonly workingDir: Template | undefined;
  readonly env: ReadonlyMap<string, Template>;
}

/** What an outcome must be. */
export interface Expectation {
  readonly exitCode: number;
  readonly outputContains: Template | undefined;
  readonly outputMatches: string | undefined;
  /** What `contains` and `equals` look at; the whole output without it. */
  readonly jsonPath: JsonPath | undefined;
  readonly contains: Template | undefined;
  readonly equals: Template | undefined;
}

export const RISKS = ['low', 'moderate', 'high', 'critical'] as const;
export type Risk = (typeof RISKS)[number];

export interface Retry {
  /** At most so many times, the first one included. */
  readonly attempts: number;
  readonly delayMs: number;
  /** Each delay is so many times the one before. */
  readonly backoff: number;
}

export interface Step {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly action: Action;
  readonly manner: Manner;
  /** Undefined: as the skill's manifest says. */
  readonly confirmation: Confirmation | undefined;
  readonly risk: Risk;
  readonly when: Condition | undefined;
  /** One run for each: of a list its items, of one template the lines of its value. */
  readonly forEach: readonly Template[] | { readonly lines: Template } | undefined;
  readonly retry: Retry;
  readonly continueOnError: boolean;
  /** The name under which later steps find its output. */
  readonly register: string | undefined;
  readonly expect: Expectation;
  /** What is said when it is not met. */
  readonly message: string | undefined;
  /** It may run again when nobody knows whether it ran. */
  readonly idempotent: boolean;
  /** It changes nothing: it may run again, and there is nothing of it to undo. */
  readonly readOnly: boolean;
  /** Another step, an expectation or the rollback uses its output. */
  readonly isKept: boolean;
}

export type Precondition = { readonly message: string | undefined; readonly fallback: string | undefined } & (
  | { readonly check: 'command_exists'; readonly programs: readonly string[] }
  | { readonly check: 'env_set'; readonly names: readonly string[] }
  | { readonly check: 'file_exists'; readonly paths: readonly Template[] }
  | { readonly check: 'custom'; readonly action: Command; readonly manner: Manner; readonly expect: Expectation }
);

export interface Verification {
  readonly action: Command;
  readonly manner: Manner;
  readonly expect: Expectation;
  readonly message: string | undefined;
}

export interface Undo {
  readonly action: Command | ToolCall;
  readonly manner: Manner;
  readonly description: string;
  /** The step it undoes; without one, whatever ran. */
  readonly undoes: string | undefined;
  readonly idempotent: boolean;
}

/** One workflow of a skill, read and checked: every name in it stands for something. */
export interface Recipe {
  /** Relative to the skill's folder. */
  readonly file: string;
  /** `sha256:…` of the file. */
  readonly digest: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly version: string;
  readonly triggers: readonly Trigger[];
  readonly parameters: readonly Parameter[];
  readonly preconditions: readonly Precondition[];
  readonly steps: readonly Step[];
  readonly verification: readonly Verification[];
  readonly rollback: readonly Undo[];
}
