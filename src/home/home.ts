import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** Where everything of one installation lives. Nothing here exists before it is needed. */
export interface Home {
  readonly root: string;
  /** Folders of skills that are found by their id. */
  readonly skills: string;
  readonly ledger: string;
  /** May be deleted at any time. */
  readonly cache: string;
  /** Folders of skills, as `$STATE` in what they may reach. */
  readonly state: string;
  /** Values that skills keep. */
  readonly stateDatabase: string;
  /** Runs of recipes, one folder each. */
  readonly journal: string;
  /** What sessions were sent. */
  readonly sessions: string;
  /** What is installed. */
  readonly lock: string;
  /** The files of what is installed. */
  readonly store: string;
  /** Whose turn it is to change what is installed. */
  readonly turn: string;
  readonly config: string;
  /** The operator's policy, which the configuration cannot loosen. */
  readonly corp: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The home given by option or `SKILLHOST_HOME`; otherwise the platform's folder for data. An empty variable is as none. */
export function locateHome(option: string | undefined, env: Environment): Home {
  const root = resolve(option ?? (env['SKILLHOST_HOME'] || join(dataFolder(env), 'skillhost')));
  return {
    root,
    skills: join(root, 'skills'),
    ledger: join(root, 'ledger'),
    cache: join(root, 'cache'),
    state: join(root, 'state'),
    stateDatabase: join(root, 'state.db'),
    journal: join(root, 'journal'),
    sessions: join(root, 'sessions'),
    lock: join(root, 'skills.lock'),
    store: join(root, 'store'),
    turn: join(root, 'turn'),
    config: join(root, 'config.toml'),
    corp: join(root, 'corp.toml'),
  };
}

function dataFolder(env: Environment): string {
  if (process.platform === 'win32') return env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  const xdg = env['XDG_DATA_HOME'] ?? '';
  // The XDG specification: a relative path is to be ignored.
  return isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share');
}
