import { quote, type Session, type SessionReply, type SessionRequest, SkillError } from '../../host/index.ts';
import type { SessionSettings } from '../manifest/tool-settings.ts';
import type { SessionIdentity, SessionJournals } from './journal.ts';

/** One request to a session that may have to be begun. */
export interface PoolRequest extends SessionRequest {
  /** Equal for requests that may share a session, and for no others. */
  readonly id: string;
  readonly identity: SessionIdentity;
  readonly settings: SessionSettings;
  /** Begins it. */
  readonly open: () => Promise<Session>;
}

export interface PoolReply extends SessionReply {
  /** How many requests were sent again before this one, to the session that took the place of one that ended. */
  readonly replayed: number;
}

/** An open session, as people see it. */
export interface OpenSession extends SessionIdentity {
  readonly id: string;
  readonly requests: number;
  readonly idleMs: number;
  readonly memoryBytes: number;
  readonly cpuMs: number;
}

interface Held {
  readonly identity: SessionIdentity;
  readonly settings: SessionSettings;
  readonly session: Promise<Session>;
  requests: number;
  usedAt: number;
  /** Requests under way. */
  busy: number;
  timer: NodeJS.Timeout | undefined;
  opened: Session | undefined;
}

/** Keeps sessions between calls: as many as their tools may have, each as long as it is used. */
export class SessionPool {
  readonly #journals: SessionJournals;
  readonly #held = new Map<string, Held>();
  /** Of those that were used, also when they have ended meanwhile. */
  readonly #toForget = new Set<string>();

  constructor(journals: SessionJournals) {
    this.#journals = journals;
  }

  /** @throws SkillError E_UNAVAILABLE when the tool has as many sessions as it may; as `Session.send` does */
  async send(request: PoolRequest): Promise<PoolReply> {
    const { id, identity, settings, code } = request;
    const { held, isNew } = this.#hold(request);
    if (settings.cleanupOnExit) this.#toForget.add(id);
    held.busy++;
    clearTimeout(held.timer);
    try {
      const session = await held.session;
      held.opened = session;
      const replayed = isNew && settings.statePersistence ? await this.#replay(session, request) : 0;
      const reply = await session.send(request);
      held.requests++;
      if (settings.statePersistence && reply.error === undefined) this.#journals.append(id, identity, code);
      return { ...reply, replayed };
    } catch (error) {
      if (held.opened?.isOpen !== true) this.#forget(id, held);
      throw error;
    } finally {
      held.busy--;
      held.usedAt = performance.now();
      if (held.busy === 0 && this.#held.get(id) === held)
        held.timer = setTimeout(() => this.#end(id, held), settings.idleMs).unref();
    }
  }

  list(): readonly OpenSession[] {
    // One that ended by itself is only held until somebody asks for it.
    const open = [...this.#held].filter(([, { opened }]) => opened?.isOpen !== false);
    return open.map(([id, { identity, requests, usedAt, busy, opened }]) => ({
      id,
      ...identity,
      requests,
      idleMs: busy > 0 ? 0 : performance.now() - usedAt,
      memoryBytes: opened?.usage.memoryBytes ?? 0,
      cpuMs: opened?.usage.cpuMs ?? 0,
    }));
  }

  /** Ends a session, and forgets what it was sent. @returns whether there was one */
  close(id: string): boolean {
    const held = this.#held.get(id);
    if (held !== undefined) this.#end(id, held);
    return this.#journals.remove(id) || held !== undefined;
  }

  /** Ends all of them. What is to be cleaned up on exit is forgotten. */
  closeAll(): void {
    for (const [id, held] of this.#held) this.#end(id, held);
    for (const id of this.#toForget) this.#journals.remove(id);
  }

  #hold({ id, identity, settings, open }: PoolRequest): { readonly held: Held; readonly isNew: boolean } {
    const known = this.#held.get(id);
    if (known !== undefined && known.opened?.isOpen !== false) return { held: known, isNew: false };
    if (known !== undefined) this.#forget(id, known);
    this.#requireRoom(identity, settings);
    const held: Held = {
      identity,
      settings,
      session: open(),
      requests: 0,
      usedAt: performance.now(),
      busy: 0,
      timer: undefined,
      opened: undefined,
    };
    this.#held.set(id, held);
    return { held, isNew: true };
  }

  #requireRoom({ skill, tool }: SessionIdentity, { maxSessions }: SessionSettings): void {
    const own = [...this.#held.values()].filter(({ identity }) => identity.skill === skill && identity.tool === tool);
    if (own.length < maxSessions) return;
    const names = own.map(({ identity }) => identity.name).join(', ');
    throw new SkillError(
      'E_UNAVAILABLE',
      `${skill} has max_sessions = ${maxSessions} open already: ${quote(names, 200)}`,
      {
        hint: 'use one of them, or close one',
        details: { limit: 'max_sessions', value: maxSessions },
      },
    );
  }

  /** Makes a session what the one before it was. @throws SkillError E_GUEST when that cannot be done */
  async #replay(session: Session, { id, timeoutMs, outputKb, signal }: PoolRequest): Promise<number> {
    const requests = this.#journals.read(id)?.requests ?? [];
    for (const [i, code] of requests.entries()) {
      const { error } = await session.send({ code, timeoutMs, outputKb, signal });
      if (error === undefined) continue;
      session.close();
      throw new SkillError(
        'E_GUEST',
        `the session cannot be made again: request ${i + 1} failed: ${quote(error, 200)}`,
        {
          hint: `skill session close ${id} begins a new one`,
          details: { request: i + 1, code },
        },
      );
    }
    return requests.length;
  }

  #end(id: string, held: Held): void {
    this.#forget(id, held);
    void held.session.then(
      (session) => session.close(),
      () => undefined,
    );
  }

  #forget(id: string, held: Held): void {
    clearTimeout(held.timer);
    if (this.#held.get(id) === held) this.#held.delete(id);
  }
}
