import { CapabilityDenied, type CommandResult, quote, quoteForShell, SkillError } from '../../host/index.ts';
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
  return failing(ports, async () => {
    const request = requestOf(action, manner, values);
    const show = onOutput && new Lines(onOutput, ports.redact);
    const printed = await ports.commands.run({
      ...request,
      signal: ports.signal,
      ...(show !== undefined && { onOutput: (stream, chunk) => show.write(stream, chunk) }),
    });
    show?.end();
    const texts = textsOf(printed);
    return { error: await judge(expect, texts, { values, ...ports }), output: keep(texts, ports), mayRetry: true };
  });
}

/** Calls a tool of another skill; what it returns is its output, as JSON unless it is text. */
export async function performTool(action: ToolCall, { values, expect }: Acting, ports: Ports): Promise<Outcome> {
  return failing(ports, async () => {
    const outcome = await ports.callTool(action.reference, values.input(action.input), ports.signal);
    ports.signal.throwIfAborted();
    if (!outcome.ok) {
      const { code, message } = outcome;
      return { error: { code, message }, output: NO_OUTPUT, mayRetry: !REFUSALS.has(code) };
    }
    const stdout = textOf(outcome.result);
    const texts = { stdout, stderr: '', exitCode: 0 };
    return { error: await judge(expect, texts, { values, ...ports }), output: keep(texts, ports), mayRetry: true };
  });
}

export async function performPrompt(
  { text }: Prompt,
  { values }: Pick<Acting, 'values'>,
  { recipe, step }: { readonly recipe: string; readonly step: string },
  ports: Ports,
): Promise<Outcome> {
  return failing(ports, async () => {
    const { signal } = ports;
    const stdout: unknown = await ports.asker.answer({ recipe, step, text: values.text(text), signal });
    // Untyped hosts answer what they like.
    if (typeof stdout !== 'string')
      throw new SkillError('E_CONFIRM', `the step ${quote(step)} was answered by no text`);
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
    refuseNul({ ...variables, ...Object.fromEntries(args.entries()) });
    return { program, args, env: variables, ...around };
  }
  // A shell gives them to programs as words, and there they would be options.
  for (const [name, template] of action.variables) variables[name] = values.word(template);
  refuseNul(variables);
  return { program: 'sh', args: ['-c', action.script], env: variables, ...around };
}

/** No program can be given one; a value that a program printed may hold it. @throws SkillError E_INPUT */
function refuseNul(values: Readonly<Record<string, string>>): void {
  const name = Object.keys(values).find((one) => values[one]?.includes('\0'));
  if (name === undefined) return;
  const what = /^\d/.test(name) ? `the word ${Number(name) + 2} of the command` : `the variable ${name}`;
  throw new SkillError('E_INPUT', `${what} holds NUL, which no program can be given`, {
    hint: 'print the output that is used there without it',
  });
}

/** What an action does, in one line; secrets are not in it, for they are in no word. */
export function describeCommand(action: Command, values: Values): string {
  if (action.kind === 'shell') return showScript(action.script);
  return showWords(action.words.map((word) => values.show(word)));
}

/** Words as a person would type them to a shell. */
export function showWords(words: readonly string[]): string {
  return words.map(quoteForShell).join(' ');
}

/** A script in one line. */
export function showScript(script: string): string {
  return `sh: ${script.trim().replaceAll('\n', '; ')}`;
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

/** Whether outputs together are too long to be given to later steps. */
export function isTooLong(outputs: readonly (Output | undefined)[]): boolean {
  const lengths = outputs.map((one) => (one === undefined ? 0 : one.stdout.length + one.stderr.length));
  return lengths.reduce((sum, length) => sum + length, 0) > KEPT_CHARACTERS;
}

/** What ends the run itself, whatever the step says of errors. */
const ENDING = new Set(['E_ABORTED', 'E_LEDGER', 'E_JOURNAL', 'E_CONFIRM', 'E_DOUBT', 'E_INTERNAL']);

/** Nothing was done, and nothing would be done another time. */
const REFUSALS = new Set(['E_DENIED', 'E_INPUT', 'E_NOT_FOUND', 'E_MANIFEST', 'E_USAGE']);

/** What an action came to; no secret is in its error. */
async function failing({ redact }: Ports, act: () => Promise<Outcome>): Promise<Outcome> {
  const outcome = await act().catch((error: unknown): Outcome => {
    const failure = failureOf(error);
    const isRefused = error instanceof CapabilityDenied || REFUSALS.has(failure.code);
    return { error: failure, output: { ...NO_OUTPUT, exitCode: -1 }, mayRetry: !isRefused };
  });
  const { error } = outcome;
  return error === undefined ? outcome : { ...outcome, error: redactFailure(error, redact) };
}

function redactFailure({ code, message, hint }: Failure, redact: (text: string) => string): Failure {
  return { code, message: redact(message), ...(hint !== undefined && { hint: redact(hint) }) };
}

/** A failure in one line, with what mends it. */
export function tellFailure({ message, hint }: Failure): string {
  return hint === undefined ? message : `${message} (${hint})`;
}

/** What a step failed with. @throws the error itself when it ends the run, or is a defect */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof SkillError) || ENDING.has(error.code)) throw error;
  const { code, message, hint } = error;
  return { code, message, ...(hint !== undefined && { hint }) };
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
    for (const stream of ['stdout', 'stderr'] as const) {
      const text = this.#rest[stream] + this.#decoders[stream].decode();
      if (text !== '') this.#tell(stream, this.#redact(text));
    }
  }
}
