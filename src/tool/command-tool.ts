import type { Tool } from './tool.ts';

/** A program with fixed words as a tool of its own. */
export function commandTool([program = '', ...words]: readonly string[]): Tool {
  return {
    name: program,
    description: '',
    input: 'json',
    parameters: undefined,
    patterns: new Map(),
    returns: undefined,
    cacheable: false,
    resilience: undefined,
    action: {
      type: 'code_inline',
      script: undefined,
      program,
      words: words.map((word) => [word]),
      variables: new Map(),
      stdin: undefined,
      exitCodes: [0],
      limits: {},
      sandbox: undefined,
    },
  };
}
