import { generateText, type ModelMessage, stepCountIs, streamText, type ToolSet } from 'ai';
import { MockLanguageModelV3, simulateReadableStream } from 'ai/test';
import { beforeAll, describe, expect, it } from 'vitest';
import { aiTools, ToolCallError } from '../../src/agent/ai-sdk.ts';
import type { RunEvent } from '../../src/index.ts';
import { scratch } from '../runtime/folders.ts';
import { openOver, writeSkills } from './skills.ts';

const root = scratch();
beforeAll(() => writeSkills(root));

const usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};

type Step = Awaited<ReturnType<MockLanguageModelV3['doGenerate']>>;

function calls(toolName: string, input: unknown): Step {
  const call = { type: 'tool-call' as const, toolCallId: `call-${toolName}`, toolName, input: JSON.stringify(input) };
  return { content: [call], finishReason: { unified: 'tool-calls', raw: undefined }, usage, warnings: [] };
}

function says(text: string): Step {
  return { content: [{ type: 'text', text }], finishReason: { unified: 'stop', raw: undefined }, usage, warnings: [] };
}

/** One call by a model, and what the model then reads of it. */
async function read(tools: ToolSet, toolName: string, input: unknown): Promise<unknown> {
  const model = new MockLanguageModelV3({ doGenerate: [calls(toolName, input), says('done')] });
  const { text } = await generateText({ model, tools, prompt: 'go', stopWhen: stepCountIs(3) });
  expect(text).toBe('done');
  const message = model.doGenerateCalls[1]?.prompt.at(-1);
  const [part] = message?.role === 'tool' ? message.content : [];
  return part?.type === 'tool-result' ? part.output : undefined;
}

describe('what the model is told [R-AGENT-4]', () => {
  it('each tool by its safe name, with its description and its parameters as JSON Schema', async () => {
    const model = new MockLanguageModelV3({ doGenerate: [says('done')] });
    await generateText({ model, tools: await aiTools(openOver(root)), prompt: 'go' });
    const told = model.doGenerateCalls[0]?.tools ?? [];
    expect(told.find(({ name }) => name === 'tool_text_slugify')).toMatchObject({
      type: 'function',
      description: expect.stringContaining('short name for URLs') as string,
      inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    });
    expect(told.find(({ name }) => name === 'custom_raw_echo')).toMatchObject({
      inputSchema: { properties: { input: { type: 'string' } }, required: ['input'] },
    });
    expect(told.length).toBeGreaterThan(15);
  });

  it.each<[selection: string, some: boolean]>([
    ['none', false],
    ['tool.text', true],
  ])('those of --skills %s', async (skills, some) => {
    const names = Object.keys(await aiTools(openOver(root), { skills }));
    expect(names.length > 0).toBe(some);
    expect(names.every((name) => name.startsWith('tool_text_'))).toBe(true);
  });

  it('a selection that cannot be meant is refused', async () => {
    await expect(aiTools(openOver(root), { skills: 'tool.txt' })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

describe('what the model reads of a call [R-AGENT-4]', () => {
  it.each<[toolName: string, input: unknown, output: object]>([
    ['tool_text_slugify', { text: 'Hello, world' }, { type: 'text', value: 'hello-world' }],
    ['tool_text_count', { text: 'a b' }, { type: 'json', value: { words: 2 } }],
    ['custom_raw_echo', { input: 'grün' }, { type: 'text', value: 'grün' }],
    ['custom_core_spin', { x: 1 }, { type: 'error-text', value: expect.stringMatching(/^E_INPUT: /) }],
    ['tool_text_slugify', {}, { type: 'error-text', value: expect.stringMatching(/^E_INPUT: .*"text" is missing/) }],
    [
      'custom_raw_fail',
      { input: 'no luck' },
      { type: 'error-text', value: expect.stringMatching(/^E_GUEST: .*no luck/) },
    ],
    [
      'custom_reach_read-file',
      { path: 'open/a.txt' },
      {
        type: 'error-text',
        value: expect.stringMatching(
          /^E_DENIED: denied by grant.*\nhint: .*--grant filesystem_read.*\nOnly the person/,
        ),
      },
    ],
  ])('%s %j', async (toolName, input, output) => {
    expect(await read(await aiTools(openOver(root)), toolName, input)).toMatchObject(output);
  });

  it('the host gets the error of a call with its code and hint', async () => {
    const model = new MockLanguageModelV3({
      doGenerate: [calls('custom_reach_read-file', { path: 'open/a.txt' }), says('done')],
    });
    const tools = await aiTools(openOver(root));
    const { steps } = await generateText({ model, tools, prompt: 'go', stopWhen: stepCountIs(3) });
    const failed = steps[0]?.content.find(({ type }) => type === 'tool-error');
    const error = failed?.type === 'tool-error' ? failed.error : undefined;
    expect(error).toBeInstanceOf(ToolCallError);
    expect(error).toMatchObject({ code: 'E_DENIED', hint: expect.stringContaining('--grant') as string });
  });

  it('a stream of the model works the same', async () => {
    const [call] = calls('tool_text_slugify', { text: 'A b' }).content;
    if (call?.type !== 'tool-call') throw new Error('no call');
    const chunks = [
      { type: 'stream-start' as const, warnings: [] },
      call,
      { type: 'finish' as const, finishReason: { unified: 'tool-calls' as const, raw: undefined }, usage },
    ];
    const model = new MockLanguageModelV3({ doStream: [{ stream: simulateReadableStream({ chunks }) }] });
    const { toolResults } = streamText({ model, tools: await aiTools(openOver(root)), prompt: 'go' });
    expect(await toolResults).toMatchObject([{ toolName: 'tool_text_slugify', output: 'a-b' }]);
  });
});

describe('aborting [R-AGENT-4]', () => {
  it('the signal of the call ends the run', async () => {
    const runtime = openOver(root);
    const ended: RunEvent[] = [];
    runtime.on((event) => void (event.type === 'finished' && ended.push(event)));
    const model = new MockLanguageModelV3({ doGenerate: [calls('custom_core_spin', {}), says('done')] });
    const tools = await aiTools(runtime);
    const abortSignal = AbortSignal.timeout(500);
    await generateText({ model, tools, prompt: 'go', stopWhen: stepCountIs(3), abortSignal }).catch(() => undefined);
    await expect.poll(() => ended, { timeout: 10_000 }).toMatchObject([{ ok: false, code: 'E_ABORTED' }]);
  });

  it('a call without a signal runs to its end', async () => {
    const tools = await aiTools(openOver(root));
    const messages: ModelMessage[] = [];
    const execute = tools['tool_text_slugify']?.execute;
    expect(await execute?.({ text: 'A b' }, { toolCallId: '1', messages })).toBe('a-b');
  });
});
