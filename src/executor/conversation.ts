import {
  type CapabilityDenied,
  CapabilityDenied as Denied,
  Reading,
  SkillError,
  type SandboxResult,
} from '../../host/index.ts';
import { type ChosenFiles, chooseFiles } from '../conversation/context-files.ts';
import { converse } from '../conversation/converse.ts';
import type { ModelSource } from '../conversation/models.ts';
import type { ConversationAction } from '../tool/action.ts';
import { fillPrompt } from '../tool/prompt-template.ts';
import type { Execution, Executor } from './executor.ts';

const MOST_TOLD = 5;

/** Sends a prompt, with the files it takes along, to a language model of the host. */
export class ConversationExecutor implements Executor {
  readonly #models: ModelSource;

  constructor(models: ModelSource) {
    this.#models = models;
  }

  async execute(execution: Execution): Promise<SandboxResult> {
    const { action } = execution.tool;
    if (action.type !== 'conversation')
      throw new SkillError('E_NOT_FOUND', `the tool ${execution.tool.name} is no conversation`);
    const started = performance.now();
    const denials: CapabilityDenied[] = [];
    const outcome = await this.#converse(action, execution).then(
      (value): SandboxResult['outcome'] => ({ value }),
      (error: unknown) => {
        if (error instanceof Denied) denials.push(error);
        return { error: this.#models.redactor.redactError(asSkillError(error)) };
      },
    );
    return {
      outcome,
      usage: { durationMs: performance.now() - started, fuel: undefined, memoryBytes: 0, hostCalls: 0 },
      stderr: new Uint8Array(),
      denials,
    };
  }

  async #converse(action: ConversationAction, execution: Execution): Promise<unknown> {
    const { tool, input, limits, onLog, onText } = execution;
    const { signal, end } = deadline(execution);
    try {
      const chosen = filesOf(action, execution);
      const text = await converse(
        {
          prompt: fillPrompt(action.template, input),
          files: chosen.files,
          model: action.model,
          contextWindow: action.contextWindow,
          outputKb: limits.output_kb,
          signal,
          onPrompt: (tokens) => onLog('info', describe(tokens, chosen)),
          onText,
        },
        this.#models,
      );
      return tool.returns === undefined ? text : (JSON.parse(text) as unknown);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new SkillError('E_OUTPUT', 'the tool declares what it returns, but the model answered with no JSON');
    } finally {
      end();
    }
  }
}

function filesOf({ contextFiles }: ConversationAction, { layers, record, cwd }: Execution): ChosenFiles {
  if (contextFiles === undefined) return { files: [], left: [] };
  return chooseFiles(contextFiles, new Reading({ layers, record, cwd }));
}

function describe(tokens: number, { files, left }: ChosenFiles): string {
  const names = left.slice(0, MOST_TOLD).map(({ path, why }) => `${path}: ${why}`);
  const more = left.length > MOST_TOLD ? `; and ${left.length - MOST_TOLD} more` : '';
  const rest = left.length === 0 ? '' : `; left out: ${names.join('; ')}${more}`;
  return `${tokens} tokens are sent, with ${files.length} files${rest}`;
}

function deadline({ signal, limits }: Execution): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(new SkillError('E_ABORTED', 'the run was ended by its caller'));
  const ms = limits.timeout_ms;
  const late = new SkillError('E_TIMEOUT', `the model took longer than timeout_ms = ${ms}`, {
    hint: `raise it with --limit timeout_ms=${ms * 2}`,
    details: { limit: 'timeout_ms', value: ms, killedBy: 'timeout_ms' },
  });
  const timer = setTimeout(() => controller.abort(late), ms);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function asSkillError(error: unknown): SkillError {
  if (error instanceof SkillError) return error;
  return new SkillError('E_INTERNAL', error instanceof Error ? error.message : String(error), { cause: error });
}
