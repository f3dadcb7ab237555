import { CapabilityDenied, type CommandResult, SkillError } from '../../host/index.ts';
import type { Failure, Output } from './entry.ts';
import { judge, withoutEnd } from './judge.ts';
import type { Ports } from './ports.ts';
import type { Command, Expectation, Manner, Prompt, ToolCall } from './recipe.ts';
import type { Values } from './values.ts';

/** How an action ended. */
export interface Outcome {
  readonly error: Failure | undefined;
  readonly output: Output;
  /** Another attempt may end otherwise: it ran, and was not refused. */
  readonly mayRetry: boolean;
}

interface Acting {
  readonly values: Values;
  readonly expect: Expectation;
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
}

/** What later steps can be given of an output: more is not kept, and a step whose output is used fails over it. */
const KEPT_CHARACTERS = 64 * 1024;
const NO_OUTPUT: Output = { stdout: '', stderr: '', exitCode: 0 };

/** Runs a command and judges what it printed. @throws SkillError E_ABORTED, E_LEDGER, E_JOURNAL: what ends the run itself */
export async function performCommand(
  action: Command,
  manner: Manner,
  { values, expect, onOutput }: Acting,
  ports: Ports,
): Promise<Outcome> {
  return failing(async () => {
    const request = requestOf(action, manner, values);
    const show = onOutput && new Lines(onOutput, ports.redact);
    const printed = await ports.commands.run({
      ...request,
      signal: ports.signal,
      ...(show !== undefined && { onOutput: (stream, chunk) => show.write(stream, chunk) }),
    });
    show?.end();
    const texts = textsOf(printed);
    return { error: await judge(expect, texts, values), output: keep(texts, ports), mayRetry: true };
  });
}

/** Calls a tool of another skill; what it returns is its output, as JSON unless it is text. */
export async function performTool(action: ToolCall, { values, expect }: Acting, ports: Ports): Promise<Outcome> {
  return failing(async () => {
    const outcome = await ports.callTool(action.reference, values.input(action.input), ports.signal);
    ports.signal.throwIfAborted();
    if (!outcome.ok) {
      const { code, message } = outcome;
      return { error: { code, message: ports.redact(message) }, output: NO_OUTPUT, mayRetry: code !== 'E_DENIED' };
    }
    const stdout = textOf(outcome.result);
    const texts = { stdout, stderr: '', exitCode: 0 };
    return { error: await judge(expect, texts, values), output: keep(texts, ports), mayRetry: true };
  });
}

export async function performPrompt(
  { text }: Prompt,
  { values }: Pick<Acting, 'values'>,
  { recipe, step }: { readonly recipe: string; readonly step: string },
  ports: Ports,
): Promise<Outcome> {
  return failing(async () => {
    const { signal } = ports;
    const stdout = await ports.asker.answer({ recipe, step, text: values.text(text), signal });
    return { error: undefined, output: keep({ stdout, stderr: '', exitCode: 0 }, ports), mayRetry: false };
  });
}

/** The program and its words; of a script, the shell and its variables. @throws SkillError E_INPUT, CapabilityDenied */
export function requestOf(
  action: Command,
  { workingDir, env, timeoutMs }: Manner,
  values: Values,
): { program: string; args: string[]; cwd?: string; env?: Record<string, string>; timeoutMs?: number } {
  const variables = Object.fromEntries([...env].map(([name, template]) => [name, values.text(template)]));
  const around = {
    ...(workingDir !== undefined && { cwd: values.text(workingDir) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  if (action.kind === 'command') {
    const [program = '', ...args] = action.words.map((word) => values.word(word));
    return { program, args, env: variables, ...around };
  }
  // A shell gives them to programs as words, and there they would be options.
  for (const [name, template] of action.variables) variables[name] = values.word(template);
  return { program: 'sh', args: ['-c', action.script], env: variables, ...around };
}

/** What an action does, in one line; secrets are not in it, for they are in no word. */
export function describeCommand(action: Command, values: Values): string {
  if (action.kind === 'shell') return showScript(action.script);
  return showWords(action.words.map((word) => values.show(word)));
}

/** Words as a person would type them to a shell. */
export function showWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

/** A script in one line. */
export function showScript(script: string): string {
  return `sh: ${script.trim().replaceAll('\n', '; ')}`;
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./{}^~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function textsOf({ stdout, stderr, exitCode }: CommandResult): Output {
  return { stdout: Buffer.from(stdout).toString(), stderr: Buffer.from(stderr).toString(), exitCode };
}

function textOf(result: unknown): string {
  if (typeof result === 'string') return result;
  if (result instanceof Uint8Array) return Buffer.from(result).toString();
  return JSON.stringify(result) ?? '';
}

/** What is kept of an output, without secrets. */
function keep({ stdout, stderr, exitCode }: Output, { redact }: Ports): Output {
  const kept = { stdout: redact(withoutEnd(stdout)), stderr: redact(withoutEnd(stderr)), exitCode };
  const isRedacted = kept.stdout !== withoutEnd(stdout) || kept.stderr !== withoutEnd(stderr);
  return isRedacted ? { ...kept, isRedacted } : kept;
}

/** Whether an output is too long to be given to later steps. */
export function isTooLong({ stdout, stderr }: Output): boolean {
  return stdout.length + stderr.length > KEPT_CHARACTERS;
}

/** What ends the run itself, whatever the step says of errors. */
const ENDING = new Set(['E_ABORTED', 'E_LEDGER', 'E_JOURNAL', 'E_CONFIRM', 'E_DOUBT', 'E_INTERNAL']);

async function failing(act: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act();
  } catch (error) {
    const failure = failureOf(error);
    const isRefused = error instanceof CapabilityDenied || failure.code === 'E_INPUT' || failure.code === 'E_NOT_FOUND';
    return { error: failure, output: { ...NO_OUTPUT, exitCode: -1 }, mayRetry: !isRefused };
  }
}

/** What a step failed with. @throws the error itself when it ends the run, or is a defect */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof SkillError) || ENDING.has(error.code)) throw error;
  const { code, message, hint } = error;
  return { code, message: hint === undefined ? message : `${message} (${hint})` };
}

/** Tells whole lines: half a secret is not found in half a line. */
class Lines {
  readonly #tell: (stream: 'stdout' | 'stderr', text: string) => void;
  readonly #redact: (text: string) => string;
  readonly #rest = { stdout: '', stderr: '' };
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };

  constructor(tell: (stream: 'stdout' | 'stderr', text: string) => void, redact: (text: string) => string) {
    this.#tell = tell;
    this.#redact = redact;
  }

  write(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    const text = this.#rest[stream] + this.#decoders[stream].decode(chunk, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    this.#rest[stream] = text.slice(end);
    if (end > 0) this.#tell(stream, this.#redact(text.slice(0, end)));
  }

  end(): void {
    for (const stream of ['stdout', 'stderr'] as const)
      if (this.#rest[stream] !== '') this.#tell(stream, this.#redact(this.#rest[stream]));
  }
}
