// An agent: what the skills know is put in front of the model, which calls their tools until it has an answer.
// The model is one that follows a script, so that this runs anywhere; any model of the AI SDK takes its place.
import { generateText, stepCountIs } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { createRuntime } from 'skillhost';
import { aiTools } from 'skillhost/ai-sdk';

const usage = {
  inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 0, text: 0, reasoning: 0 },
};

/** First it calls a tool, then it says what came back. */
const model = new MockLanguageModelV3({
  doGenerate: async ({ prompt }) => {
    const answered = prompt.findLast(({ role }) => role === 'tool');
    const [part] = answered?.role === 'tool' ? answered.content : [];
    if (part?.type !== 'tool-result') {
      const call = { toolName: 'tool_text_slugify', input: JSON.stringify({ text: 'Hello, world' }) };
      return {
        content: [{ type: 'tool-call', toolCallId: 'call-1', ...call }],
        finishReason: { unified: 'tool-calls', raw: undefined },
        usage,
        warnings: [],
      };
    }
    const said = part.output.type === 'text' ? part.output.value : JSON.stringify(part.output);
    return {
      content: [{ type: 'text', text: `The page goes to /${said}` }],
      finishReason: { unified: 'stop', raw: undefined },
      usage,
      warnings: [],
    };
  },
});

const runtime = createRuntime();
const prompt = 'Under which address should the page "Hello, world" go?';
const { systemContext } = await runtime.augment(prompt, { budget: 2_000 });
const { text } = await generateText({
  model,
  system: systemContext,
  prompt,
  tools: await aiTools(runtime),
  stopWhen: stepCountIs(5),
});
console.log(text);
await runtime.close();
