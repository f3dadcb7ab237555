// Runs ten thousand calls in rounds, as a program of its own whose memory is its own, and says what it counted.
// usage: node --expose-gc many-runs.mjs <folder with skills/> <rounds> <calls of a round>
import { setTimeout as sleep } from 'node:timers/promises';
import { createRuntime } from '../../dist/lib/index.js';

const [folder, rounds, count] = process.argv.slice(2);
const records = { started: 0, ended: 0 };
const runtime = createRuntime({
  home: `${folder}/home`,
  skills: [`${folder}/skills`],
  cwd: folder,
  spare: false,
  record: ({ event }) => {
    if (event === 'started') records.started += 1;
    if (event === 'finished' || event === 'failed' || event === 'killed') records.ended += 1;
  },
});
const tools = await Promise.all(['say', 'gone', 'same'].map((name) => runtime.find('custom.sample', name)));
const outcomes = {};
const sizes = [];
for (let round = 0; round < Number(rounds); round++) {
  const calls = Array.from({ length: Number(count) }, async (_, i) => {
    // Every twelfth is written wrongly, and begins nothing.
    const input = i % 12 === 0 || i % 3 === 1 ? {} : { text: String(i % 500) };
    const result = await runtime.call(tools[i % 3], { input });
    const how = result.ok ? 'ok' : result.error.code;
    outcomes[how] = (outcomes[how] ?? 0) + 1;
  });
  await Promise.all(calls);
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await sleep(20);
  }
  sizes.push(process.memoryUsage().rss);
}
await runtime.close();
console.log(JSON.stringify({ outcomes, records, sizes }));
