import { closeSync } from 'node:fs';
import type { CheckedCommand, Gate } from '../../capability/gate.ts';
import { SkillError } from '../../errors.ts';
import { quote } from '../../quote.ts';
import { interpreterOf } from '../interpreter.ts';
import type { Launch, Surroundings } from '../launch.ts';
import { isWithin, planMounts } from '../mounts.ts';
import { systemRoot } from '../system-root.ts';
import { explainLandlock } from './explain.ts';
import { findLandlock } from './find-landlock.ts';
import { inNamespaces } from './namespaces.ts';
import { orderedPlace } from './ordered-place.ts';
import type { OrderedPlace, Orders } from './orders.ts';

/**
 * The same program under the rules of Landlock, in namespaces of its own: it reads the system's programs and libraries,
 * itself, and what all layers grant; it writes what all layers grant to be written, and a folder of its own; it has the
 * network where every layer grants `programs:*`. What it may not read is not there. `/proc` shows its own processes and what
 * the kernel tells everybody of itself.
 * @throws SkillError E_UNAVAILABLE when what was recorded is there no longer
 */
export function closeInLandlock(
  command: CheckedCommand,
  { gate, surroundings }: { readonly gate: Gate; readonly surroundings: Surroundings },
): Launch & { readonly close: () => void } {
  const tools = findLandlock();
  if (tools === undefined)
    throw new SkillError(
      'E_UNAVAILABLE',
      `Landlock, by which ${quote(command.name)} was to be closed in, is not there`,
    );
  const hasNetwork = gate.sharesNetwork();
  const { temporary, folder, pinned, env, own, before = [] } = surroundings;
  const granted = gate.grantedPlaces();
  const system = systemRoot(hasNetwork).paths;
  const { mounts, links } = planMounts(granted, system);
  const placesOf = (isAsked: boolean): OrderedPlace[] =>
    mounts.filter(({ isWritable }) => isWritable === isAsked).map(({ path, fd }) => orderedPlace(path, fd));
  const writable = placesOf(true);
  const isCovered = writable.some(({ path }) => isWithin(temporary, path));
  const orders: Orders = {
    file: command.file,
    argv: [command.name, ...before, ...command.args],
    env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    folder,
    system: [...system, ...programFiles(command), ...(own === undefined ? [] : [own])],
    readable: placesOf(false),
    writable: isCovered ? writable : [...writable, orderedPlace(temporary)],
    links,
    hasNetwork,
  };
  const held = [...granted.readable, ...granted.writable].map(({ fd }) => fd);
  return {
    ...inNamespaces(tools, orders),
    cwd: pinned,
    // What is set for the program is not for what starts it.
    env: {},
    sandbox: { options: [JSON.stringify(orders)], descriptors: [], explain: explainLandlock },
    // A number of a file is another's once that file is gone, which it is not while it is held.
    close: () => held.forEach((fd) => closeSync(fd)),
  };
}

function programFiles({ file }: CheckedCommand): string[] {
  const interpreter = interpreterOf(file);
  return interpreter === undefined ? [file] : [file, interpreter.real];
}
