import type { GateRecord } from '../../../host/capability/gate.ts';
import type { Layer } from '../../../host/capability/layer.ts';
import { type CommandRequest, type CommandResult, Commands } from '../../../host/command/commands.ts';
import { type Limits, resolveLimits } from '../../../host/limits.ts';
import { type Programs, programs, type Told } from '../function/program-fixture.ts';
import { layerOf, type Rules } from '../function/scope-fixture.ts';

export interface Door extends Programs {
  readonly commands: Commands;
  readonly records: GateRecord[];
  /** Replaced to revoke or change what is granted. */
  layers: readonly Layer[];
}

export interface DoorOptions {
  readonly rules?: Rules;
  /** Rules of more than one layer, in place of `rules`. */
  readonly voices?: readonly Rules[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<Limits>;
  /** Folders of programs beside the fixture's own. */
  readonly path?: string;
  /** Makes files before what is granted is resolved. */
  readonly prepare?: (made: Programs) => void;
  readonly onRecord?: (record: GateRecord) => void;
}

/** The door of the decided side, over a folder of programs. */
export function door(options: DoorOptions = {}): Door {
  const made = programs();
  options.prepare?.(made);
  const path = [made.bin, ...(options.path === undefined ? [] : [options.path])].join(':');
  const voices = options.voices ?? [options.rules ?? { commands: ['*'] }];
  const records: GateRecord[] = [];
  const held = {
    layers: voices.map((rules, i) => layerOf(i === 0 ? 'grant' : `voice-${i}`, rules, { cwd: made.root, path })),
  };
  const commands = new Commands({
    layers: () => held.layers,
    record: (record) => {
      options.onRecord?.(record);
      records.push(record);
    },
    cwd: made.root,
    env: { PATH: path, ...options.env },
    limits: resolveLimits({}, options.limits ?? {}),
  });
  return Object.assign(held, made, { commands, records });
}

/** What the program `tell` says of itself. */
export async function telling({ commands }: Door, request: Partial<CommandRequest> = {}): Promise<Told> {
  const result = await commands.run({ program: 'tell', args: [], ...request });
  return JSON.parse(textOf(result)) as Told;
}

export function textOf({ exitCode, stdout, stderr }: CommandResult): string {
  if (exitCode !== 0) throw new Error(`it ended with ${exitCode}: ${Buffer.from(stderr).toString()}`);
  return Buffer.from(stdout).toString();
}
