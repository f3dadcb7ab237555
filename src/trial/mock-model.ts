/** A language model of the AI SDK that says one text, whatever it is asked. */
export function mockModel(text: string): unknown {
  const usage = { inputTokens: {}, outputTokens: {} };
  const finishReason = { unified: 'stop', raw: undefined };
  const parts = [
    { type: 'stream-start', warnings: [] },
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: text },
    { type: 'text-end', id: '1' },
    { type: 'finish', finishReason, usage },
  ];
  return {
    specificationVersion: 'v3',
    provider: 'test',
    modelId: 'test',
    supportedUrls: {},
    doGenerate: () => Promise.resolve({ content: [{ type: 'text', text }], finishReason, usage, warnings: [] }),
    doStream: () => Promise.resolve({ stream: ReadableStream.from(parts) }),
  };
}
