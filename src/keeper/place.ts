import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { quote, SkillError } from '../../host/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes the folder where keepers are reached, into which only its user can look.
 * @throws SkillError E_UNSUPPORTED where users cannot be told apart, E_UNAVAILABLE for a folder that others have a hand in
 */
export function makeKeeperFolder(env: Environment): string {
  const uid = process.getuid?.();
  if (uid === undefined)
    throw new SkillError('E_UNSUPPORTED', `sessions are not kept on ${process.platform}`, {
      hint: 'skill run sends one request',
    });
  const folder = folderOf(env, uid);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw unusable(folder, `it cannot be made (${code})`, error);
  }
  if (!isPrivate(folder, uid)) throw unusable(folder, 'it is not a folder of this user alone');
  return folder;
}

/** That folder where it is there, and of this user alone. */
export function findKeeperFolder(env: Environment): string | undefined {
  const uid = process.getuid?.();
  const folder = uid === undefined ? undefined : folderOf(env, uid);
  return uid !== undefined && folder !== undefined && isPrivate(folder, uid) ? folder : undefined;
}

function folderOf(env: Environment, uid: number): string {
  const own = env['XDG_RUNTIME_DIR'] ?? '';
  return isAbsolute(own) && isPrivate(own, uid) ? join(own, 'skillhost') : join(tmpdir(), `skillhost-${uid}`);
}

function isPrivate(folder: string, uid: number): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === uid && (stat.mode & 0o077) === 0;
}

function unusable(folder: string, why: string, cause?: unknown): SkillError {
  return new SkillError('E_UNAVAILABLE', `sessions are reached through ${quote(folder)}, and ${why}`, {
    hint: 'set XDG_RUNTIME_DIR to a folder of yours that nobody else can enter',
    cause,
  });
}

/** Which keepers there may be: all of one home, and among them those that do alike. */
export interface KeeperKind {
  readonly home: string;
  /** Equal for commands that may share a keeper: where they are, and what decides for them. */
  readonly surroundings: readonly string[];
}

/** A name for the socket of a new keeper. */
export function newSocket(folder: string, kind: KeeperKind): string {
  return join(folder, `${prefixOf(kind)}${randomBytes(6).toString('hex')}.sock`);
}

/** The sockets of the keepers of a kind, or of all of a home. */
export function socketsOf(folder: string, kind: KeeperKind | Pick<KeeperKind, 'home'>): readonly string[] {
  const prefix = 'surroundings' in kind ? prefixOf(kind) : `${short([kind.home])}-`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.sock'))
    .toSorted()
    .map((name) => join(folder, name));
}

/** Whose turn it is to begin a keeper. */
export function turnOf(folder: string): string {
  return join(folder, 'turn');
}

function prefixOf({ home, surroundings }: KeeperKind): string {
  return `${short([home])}-${short(surroundings)}-`;
}

function short(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8);
}
