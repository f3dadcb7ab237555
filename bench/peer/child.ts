import type { Entry, Participant } from '../kit/contest.ts';
import { compiled } from '../kit/places.ts';
import type { Lab } from '../kit/row.ts';
import { JCO, transpile, writeCores } from './jco.ts';
import { timeNode } from './node.ts';

export const CHILD = `a process per call, ${JCO}`;

/** A Node process for each call, with glue that was made before. */
export function childPerCall(
  lab: Lab,
  component: Uint8Array,
  { name, input }: { name: string; input: string },
): Participant {
  return { names: [CHILD], open };

  async function open(): Promise<Entry> {
    const glue = await transpile(lab, component);
    const args = [compiled('peer/glue-child.js'), glue.url, await writeCores(lab, glue), name, input];
    return { contenders: [{ name: CHILD, isOurs: false, sample: async () => [await timeNode(args)] }] };
  }
}
