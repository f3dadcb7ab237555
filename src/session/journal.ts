import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SkillError } from '../../host/index.ts';

/** Whose session it is, for people who look at it. */
export interface SessionIdentity {
  readonly skill: string;
  readonly tool: string;
  readonly name: string;
  readonly program: string;
}

/** What a session was sent, as it is kept. */
export interface SessionJournal extends SessionIdentity {
  readonly id: string;
  readonly requests: readonly string[];
  /** When it was last written to. */
  readonly at: Date;
}

/** Bytes: with more, nobody would wait until all of it had run again. */
const MOST = 1024 * 1024;
const ID = /^[0-9a-f]{16}$/;

/** What sessions were sent, in a file each, so that one that ended can be made again. */
export class SessionJournals {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns undefined where there is none, or none that can be read whole */
  read(id: string): SessionJournal | undefined {
    try {
      const [first = '', ...rest] = readFileSync(this.#pathOf(id), 'utf8').split('\n').filter(Boolean);
      const { skill, tool, name, program } = JSON.parse(first) as Record<string, unknown>;
      const requests = rest.map((line) => JSON.parse(line) as unknown);
      if (![skill, tool, name, program, ...requests].every((one) => typeof one === 'string')) return undefined;
      const at = statSync(this.#pathOf(id)).mtime;
      return { id, skill, tool, name, program, requests, at } as SessionJournal;
    } catch {
      return undefined;
    }
  }

  /** Adds what was sent, and did what it should. @throws SkillError E_RESOURCE when there is no room for it; E_STORE */
  append(id: string, { skill, tool, name, program }: SessionIdentity, request: string): void {
    const path = this.#pathOf(id);
    const line = `${JSON.stringify(request)}\n`;
    try {
      const size = statSync(path, { throwIfNoEntry: false })?.size;
      if ((size ?? 0) + line.length > MOST)
        throw new SkillError('E_RESOURCE', `the session ${name} was sent more than can be kept, ${MOST} bytes`, {
          hint: `skill session close ${id} begins a new one`,
        });
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const head = size === undefined ? `${JSON.stringify({ skill, tool, name, program })}\n` : '';
      appendFileSync(path, head + line, { mode: 0o600 });
    } catch (error) {
      if (error instanceof SkillError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw new SkillError('E_STORE', `${path} cannot be written: ${code}`, { details: { code, path }, cause: error });
    }
  }

  remove(id: string): boolean {
    if (!ID.test(id) || statSync(this.#pathOf(id), { throwIfNoEntry: false }) === undefined) return false;
    rmSync(this.#pathOf(id), { force: true });
    return true;
  }

  /** The one used last is first. */
  list(): readonly SessionJournal[] {
    return namesIn(this.#folder)
      .flatMap((name) => this.read(name.replace(/\.jsonl$/, '')) ?? [])
      .toSorted((a, b) => b.at.getTime() - a.at.getTime());
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}.jsonl`);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
