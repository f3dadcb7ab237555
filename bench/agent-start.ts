import { mkdtemp, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Entry, importPeer, openContest } from './kit/contest.ts';
import { PACKAGE } from './kit/places.ts';
import type { Lab, Row } from './kit/row.ts';
import { writeSkills } from './kit/write-skills.ts';
import { timeNode } from './peer/node.ts';

const OURS = 'agent with 100 skills and one prompt';
const PEER = 'the same agent without';
const SKILLS = 100;

export const agentStart: Row = {
  id: 'agent-start',
  promise: 'an agent with 100 skills and one prompt, beside one without',
  unit: 'ms',
  seconds: { tiny: 0, short: 3, full: 40 },
  comparisons: [{ ours: OURS, peer: PEER, statistic: 'p50', target: { atMost: 1.1 } }],
  notes: [
    'From spawn to exit of a program that loads the AI SDK (ai 6.0.326) and answers from a model made for tests; the index on the disk.',
  ],
  open: (lab) => openContest(lab, [() => openAgent(lab, true)], [{ names: [PEER], open: () => openAgent(lab, false) }]),
};

async function openAgent(lab: Lab, isOurs: boolean): Promise<Entry> {
  const folder = await mkdtemp(join(lab.folder, 'agent-'));
  const skills = join(folder, 'skills');
  if (isOurs) writeSkills(skills, SKILLS);
  const program = join(folder, 'agent.mjs');
  await writeFile(program, await writeAgent(isOurs ? skills : undefined, folder));
  for (let i = 0; i < 2; i++) await timeNode([program]);
  return { contenders: [{ name: isOurs ? OURS : PEER, isOurs, sample: async () => [await timeNode([program])] }] };
}

/** A program as small as an agent can be. */
async function writeAgent(skills: string | undefined, home: string): Promise<string> {
  const resolve = (name: string): string => pathToFileURL(createRequire(import.meta.url).resolve(name)).href;
  const [ai, test] = await importPeer('ai', '6.0.326', () => Promise.resolve([resolve('ai'), resolve('ai/test')]));
  const library = pathToFileURL(join(PACKAGE, 'dist/lib/index.js')).href;
  const augment = `
import { createRuntime } from '${library}';
const runtime = createRuntime({ home: ${JSON.stringify(home)}, skills: [${JSON.stringify(skills)}], spare: false });
const { systemContext: system, skills } = await runtime.augment(prompt);
if (skills.length === 0) throw new Error('nothing was found');
await runtime.close();`;
  return `import { generateText } from '${ai}';
import { MockLanguageModelV3 } from '${test}';
const prompt = 'Write a report on log files of kind 17';
${skills === undefined ? "const system = 'You help.';" : augment}
const zero = { total: 0 };
const model = new MockLanguageModelV3({
  doGenerate: async () => ({
    content: [{ type: 'text', text: 'done' }],
    finishReason: { unified: 'stop', raw: undefined },
    usage: { inputTokens: zero, outputTokens: zero },
    warnings: [],
  }),
});
console.log((await generateText({ model, system, prompt })).text);
`;
}
