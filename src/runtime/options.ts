import type { Limits, SecretSource } from '../../host/index.ts';
import type { LedgerEvent } from '../ledger/index.ts';
import type { Grant } from '../policy/grant.ts';
import type { Asker } from '../recipe/ports.ts';
import type { Confirm } from './confirm.ts';

export interface RuntimeOptions {
  /** Where ledger, state and installed skills live. Default: `SKILLHOST_HOME`, else the platform's data folder. */
  readonly home?: string;
  /** More directories whose folders are skills, searched before the home's and the bundled ones. */
  readonly skills?: readonly string[];
  /** Which skills take part: `all`, `none`, `a,b` (these only) or `!a` (all but these). Default: `all`. */
  readonly select?: string;
  /** What relative paths and `./` in rules mean. Default: the process's working directory. */
  readonly cwd?: string;
  /** What `env_read` reads from, and where `PATH` and `HOME` are looked up. Default: the process's environment. As it is at the first run. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Finds the language model of a conversation, of the AI SDK, by the name that a skill writes; undefined for none. Default:
   * the models behind `SKILLHOST_MODEL_URL`, which speak the protocol of OpenAI.
   */
  readonly model?: (name: string | undefined) => unknown;
  /** Where secrets come from. Default: variables `SKILLHOST_SECRET_<NAME>`. */
  readonly secrets?: SecretSource;
  /** Granted to every run, and never more than a skill declares. Default: nothing. */
  readonly grant?: Grant;
  /** Limits of every run, unless its call says otherwise. */
  readonly limits?: Partial<Limits>;
  /**
   * What no run gets more of, whatever its manifest or its call says, by the name of the policy that says so. Where
   * several cap one limit, the least counts.
   */
  readonly caps?: Readonly<Record<string, Partial<Limits>>>;
  /**
   * Asked before a run whose skill declares a capability of which nothing is granted. Without it, or when it says no, the
   * run goes on and the capability is refused when it is used.
   */
  readonly confirm?: Confirm;
  /** Answers what recipes ask beside: texts for steps of kind `prompt`, and what became of a step that may have run. */
  readonly asker?: Partial<Asker>;
  /** Takes every record before its effect, instead of the file ledger. When it throws, the effect does not happen. */
  readonly record?: (event: LedgerEvent) => void;
  /** Written down as the one who runs. Default: the user's name. */
  readonly actor?: string;
  /** Runs at once, of all skills together; more wait for their turn. Default: 64. */
  readonly concurrency?: number;
  /** No program is started outside of a sandbox of the operating system, whatever the configuration says. Default: false. */
  readonly requireSandbox?: boolean;
  /** Keep a guest process warm for the next skill. Default: true. */
  readonly spare?: boolean;
}
