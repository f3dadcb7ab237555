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
  readonly state: string;
  /** Runs of recipes, one folder each. */
  readonly journal: string;
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
    journal: join(root, 'journal'),
  };
}

function dataFolder(env: Environment): string {
  if (process.platform === 'win32') return env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  const xdg = env['XDG_DATA_HOME'] ?? '';
  // The XDG specification: a relative path is to be ignored.
  return isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share');
}
