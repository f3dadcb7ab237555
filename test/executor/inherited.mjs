// Runs a tool that lists its own descriptors, and says what it and the guest process hold open.
// usage: node inherited.mjs <folder with skills/>
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createRuntime } from '../../dist/lib/index.js';

const [folder] = process.argv.slice(2);
const runtime = createRuntime({
  home: `${folder}/home`,
  skills: [`${folder}/skills`],
  cwd: folder,
  grant: { terminal_exec: ['sh'] },
});
const of = async (skill, tool) => {
  const result = await runtime.run(skill, tool, {});
  if (!result.ok) throw result.error;
  return result.result;
};
const linksOf = (pid) =>
  readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
const { stdout } = await of('custom.sample', 'list');
await of('custom.guest', 'next');
const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
console.log(JSON.stringify({ own: linksOf(process.pid), program: stdout, guests: children.flatMap(linksOf) }));
await runtime.close();
