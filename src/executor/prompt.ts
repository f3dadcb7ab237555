import { SkillError, type SandboxResult } from '../../host/index.ts';
import { fillPrompt } from '../tool/prompt-template.ts';
import type { Execution, Executor } from './executor.ts';

/** Fills a prompt with the values of a call. Nothing is touched and nothing is asked: it is a text. */
export class PromptExecutor implements Executor {
  execute({ tool, input }: Execution): Promise<SandboxResult> {
    const { action } = tool;
    if (action.type !== 'prompt_inline') throw new SkillError('E_NOT_FOUND', `the tool ${tool.name} is no prompt`);
    const started = performance.now();
    const prompt = fillPrompt(action.template, input);
    return Promise.resolve({
      outcome: { value: action.format === 'json' ? { prompt } : prompt },
      usage: { durationMs: performance.now() - started, fuel: undefined, memoryBytes: 0, hostCalls: 0 },
      stderr: new Uint8Array(),
      denials: [],
    });
  }
}
