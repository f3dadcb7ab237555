import type { Absent, Contender, Contest, Lab } from './row.ts';

/** Ends what a contender has open. */
export type Close = () => Promise<unknown> | void;

/** What somebody who takes part brings: contenders, and how to end them. */
export interface Entry {
  readonly contenders: readonly Contender[];
  readonly close?: Close;
}

/** Says that a peer is not there; not a failure. */
export class PeerMissing extends Error {
  override readonly name = 'PeerMissing';
}

/** Someone who takes part if it can be opened: the names of its contenders, and how. */
export interface Participant {
  readonly names: readonly string[];
  readonly open: () => Promise<Entry>;
}

/** Opens ourselves, then every peer that is there. What was opened is closed again when ours cannot be. */
export async function openContest(
  lab: Lab,
  ours: readonly (() => Promise<Entry>)[],
  peers: readonly Participant[] = [],
): Promise<Contest> {
  const contenders: Contender[] = [];
  const absent: Absent[] = [];
  const closings: Close[] = [];
  const enter = ({ contenders: more, close }: Entry): void => {
    contenders.push(...more);
    if (close !== undefined) closings.unshift(close);
  };
  const close = async (): Promise<void> => {
    for (const end of closings) await end();
  };
  try {
    for (const open of ours) enter(await open());
    for (const { names, open } of lab.withPeers ? peers : []) {
      try {
        enter(await open());
      } catch (error) {
        if (!(error instanceof PeerMissing)) throw error;
        absent.push(...names.map((name) => ({ name, reason: error.message })));
      }
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { contenders, absent, close };
}

/** Imports a package that only the bench needs. @throws PeerMissing when it is not installed */
export async function importPeer<T>(name: string, version: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new PeerMissing(`peer not installed: npm i -D ${name}@${version}`);
  }
}
