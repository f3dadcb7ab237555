import { isDeepStrictEqual } from 'node:util';
import { wat } from '../../../../fixtures/wat.ts';
import { type Cell, type Memory, wasm } from '../js-api.ts';
import type { FunctionType, Tree } from '../tree.ts';
import { callerOf, isCallable } from './caller.ts';
import type { Action, Command, Source } from './script.ts';
import { typeOfExport, variantsOf, World } from './worlds.ts';

/** What came of the scripts: how many of each, and every difference. */
export interface Tally {
  readonly counts: Record<string, number>;
  readonly refusals: Record<string, number>;
  readonly differences: string[];
}

interface Planned {
  readonly action: Action;
  readonly type: FunctionType;
  readonly index: number;
}

/** One module of a script, in all three worlds. */
interface Made {
  readonly tree: Tree;
  readonly instances: readonly (WebAssembly.Instance | undefined)[];
  readonly callers: readonly (WebAssembly.Instance | undefined)[];
  readonly planned: ReadonlyMap<Action, Planned>;
}

/** Runs the commands of one script on every module bare, metered, and counted naively, each in a world of its own. */
export async function runScript(name: string, commands: readonly Command[], tally: Tally): Promise<void> {
  const worlds = [new World(), new World(), new World()];
  const made = new Map<Command, Made>();
  const targets = targetsOf(commands);
  const count = (what: string): undefined => {
    tally.counts[what] = (tally.counts[what] ?? 0) + 1;
  };
  const differ = (line: number, what: string): undefined => {
    tally.differences.push(`${name}:${line}: ${what}`);
  };

  const compare = (line: number, what: string, act: (world: World, i: number) => string): void => {
    const [plain, metered, naive] = worlds.map((world, i) => world.attempt(() => act(world, i)));
    count(`${what} compared`);
    if (!isDeepStrictEqual(metered?.lines, plain?.lines))
      differ(line, `${show(plain?.lines)} became ${show(metered?.lines)}`);
    if (!isDeepStrictEqual(naive?.lines, plain?.lines))
      differ(line, `${show(plain?.lines)} became ${show(naive?.lines)}, naively`);
    if (plain?.lines.at(-1) === 'the stack is full') return;
    if (!isDeepStrictEqual(metered?.used, naive?.used))
      differ(line, `used ${show(metered?.used)}, not ${show(naive?.used)}`);
    tally.counts['places where fuel was compared'] =
      (tally.counts['places where fuel was compared'] ?? 0) + (naive?.used.length ?? 0);
  };

  /** The module in all worlds, unless it is not to be had. */
  const make = async (source: Source, line: number, actions: readonly Action[]): Promise<Made | undefined> => {
    const bytes = await bytesOf(source);
    if (bytes === undefined) return count('texts that are not parsed');
    const variants = variantsOf(bytes);
    if ('fault' in variants) return differ(line, variants.fault);
    if ('unknown' in variants) return count('modules this V8 finds invalid, refused');
    if ('refused' in variants) {
      count('modules refused by name');
      tally.refusals[variants.refused] = (tally.refusals[variants.refused] ?? 0) + 1;
      return undefined;
    }
    const instances: (WebAssembly.Instance | undefined)[] = [];
    compare(line, 'modules', (world, i) => {
      instances[i] = world.instantiate(variants.bytes[i] as Uint8Array);
      return 'instantiated';
    });
    const planned = new Map<Action, Planned>();
    for (const action of actions) {
      const type = typeOfExport(variants.tree, action.field);
      if (type !== undefined && isCallable(action, type)) planned.set(action, { action, type, index: planned.size });
    }
    const callers = await makeCallers(worlds, instances, [...planned.values()]);
    if (callers === undefined) count('callers that could not be made');
    return {
      tree: variants.tree,
      instances,
      callers: callers ?? [],
      planned: callers === undefined ? new Map() : planned,
    };
  };

  for (const command of commands) {
    const { line } = command;
    if (command.kind === 'other') count(`not run: ${command.what}`);
    else if (command.kind === 'module') {
      const actions = commands.flatMap((one) =>
        one.kind === 'action' && targets.get(one) === command ? [one.action] : [],
      );
      const module = await make(command.source, line, actions);
      if (module !== undefined) made.set(command, module);
    } else if (command.kind === 'wrong module') await make(command.source, line, []);
    else {
      const target = targets.get(command);
      const module = target === undefined ? undefined : made.get(target);
      if (module === undefined) count(`${command.kind}s without their module`);
      else if (command.kind === 'register') {
        for (const [i, world] of worlds.entries()) world.registered[command.name] = module.instances[i]?.exports ?? {};
      } else if (command.action.kind === 'get') {
        const { field } = command.action;
        compare(line, 'actions', (_, i) => String((module.instances[i]?.exports[field] as Cell | undefined)?.value));
      } else {
        const planned = module.planned.get(command.action);
        if (planned === undefined || module.instances.includes(undefined)) count('actions that could not be made');
        else compare(line, 'actions', (_, i) => callIt(module.callers[i], planned));
      }
    }
  }
}

/** Which module an action or a registration speaks of: the one it names, or else the last. */
function targetsOf(commands: readonly Command[]): Map<Command, Command> {
  const targets = new Map<Command, Command>();
  const named = new Map<string, Command>();
  let last: Command | undefined;
  for (const command of commands) {
    if (command.kind === 'module') {
      last = command;
      if (command.id !== undefined) named.set(command.id, command);
    }
    if (command.kind !== 'action' && command.kind !== 'register') continue;
    const id = command.kind === 'action' ? command.action.target : command.id;
    const target = id === undefined ? last : named.get(id);
    if (target !== undefined) targets.set(command, target);
  }
  return targets;
}

async function bytesOf(source: Source): Promise<Uint8Array | undefined> {
  if ('bytes' in source) return source.bytes;
  try {
    return await wat(source.text);
  } catch {
    return undefined;
  }
}

async function makeCallers(
  worlds: readonly World[],
  instances: readonly (WebAssembly.Instance | undefined)[],
  planned: readonly Planned[],
): Promise<(WebAssembly.Instance | undefined)[] | undefined> {
  if (planned.length === 0 || instances.length < worlds.length) return [];
  const bytes = await bytesOf({ text: callerOf(planned) });
  if (bytes === undefined || !wasm.validate(bytes)) return undefined;
  return worlds.map((world, i) => {
    const called = Object.fromEntries(planned.map(({ action, index }) => [index, instances[i]?.exports[action.field]]));
    const extern = Object.fromEntries(
      planned.flatMap(({ action }) => action.args.map(({ number }) => [number ?? '0', `extern ${number}`])),
    );
    const see = { extern: (value: unknown) => world.lines.push(`extern ${String(value)}`) };
    return instances[i] === undefined ? undefined : new wasm.Instance(new wasm.Module(bytes), { called, extern, see });
  });
}

/** Makes the call; the bits of all results, as text. */
function callIt(caller: WebAssembly.Instance | undefined, { type, index }: Planned): string {
  const { exports } = caller as WebAssembly.Instance;
  const results = new Uint8Array((exports['results'] as Memory).buffer, 0, 16 * type.results.length);
  results.fill(0);
  (exports[`call ${index}`] as () => void)();
  return Buffer.from(results).toString('hex');
}

const show = (lines: readonly string[] | undefined): string => JSON.stringify(lines);
