/** One entry of an allow or deny list, and where it stands. */
export interface Rule {
  /** As written: a path, a host, a name. */
  readonly text: string;
  /** The field it was written in, such as `capabilities.network[0]`, or the option, such as `--grant`. */
  readonly origin: string;
}

/** Which programs may be started, and with which arguments. */
export interface CommandRules {
  /** Program names; `*` alone stands for every program. */
  readonly commands: readonly Rule[];
  /** Program names that are refused whatever `commands` says. */
  readonly blocked: readonly Rule[];
  /**
   * Patterns over a program's arguments, by program name; with none, any arguments pass. A pattern is words separated by
   * spaces: `*` stands for one word that does not start with `-`, `**` at the end for any words, including none.
   */
  readonly args: ReadonlyMap<string, readonly Rule[]>;
}

/** What a manifest requests, or what a person or policy grants. An empty list is nothing. */
export interface Capabilities {
  readonly filesystemRead: readonly Rule[];
  readonly filesystemWrite: readonly Rule[];
  readonly network: readonly Rule[];
  readonly envRead: readonly Rule[];
  readonly secretsAccess: readonly Rule[];
  readonly messaging: readonly Rule[];
  readonly terminalExec: CommandRules;
}

/** The names used in manifests, on the command line and in the ledger. */
export type CapabilityName =
  | 'filesystem_read'
  | 'filesystem_write'
  | 'network'
  | 'env_read'
  | 'secrets_access'
  | 'terminal_exec'
  | 'messaging'
  | 'state';

export const NO_COMMANDS: CommandRules = { commands: [], blocked: [], args: new Map() };

export const NO_CAPABILITIES: Capabilities = {
  filesystemRead: [],
  filesystemWrite: [],
  network: [],
  envRead: [],
  secretsAccess: [],
  messaging: [],
  terminalExec: NO_COMMANDS,
};
