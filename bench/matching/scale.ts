import MiniSearch from 'minisearch';
import { buildMatchIndex, openMatchIndex, updateMatchIndex } from '../../src/knowledge/match/index.ts';
import { quantile } from '../kit/statistics.ts';
import { toDocument } from './corpus.ts';
import { drawFrom, generateCatalogue, generatePrompts } from './generate.ts';

/** Milliseconds, and how many times those of minisearch they are. */
export interface Pace {
  readonly ms: number;
  readonly ratio: number | null;
}

export interface Scale {
  readonly skills: number;
  readonly bytes: number;
  readonly build: Pace;
  /** One skill changed. */
  readonly update: Pace;
  /** From bytes to the first match. */
  readonly warmStart: Pace;
  readonly p50: Pace;
  readonly p99: Pace;
}

const PROMPTS = 1000;
const SEED = 1;

/** Measures times on a generated catalogue, and those of minisearch over the same texts after. */
export function measureScale(skills: number): Scale {
  const draw = drawFrom(SEED);
  const catalogue = generateCatalogue(skills, draw);
  const prompts = generatePrompts(catalogue, PROMPTS, draw);
  const first = prompts[0] ?? '';
  const documents = catalogue.map(toDocument);

  const [buildMs, bytes] = time(() => buildMatchIndex(documents));
  const changed = documents.map((document, i) => ({
    id: document.id,
    signature: i === 0 ? 'changed' : document.signature,
    read: () => document,
  }));
  const [updateMs] = time(() => updateMatchIndex(bytes, changed));
  const [warmMs, index] = time(() => {
    const opened = openMatchIndex(bytes);
    opened?.match(first);
    return opened;
  });
  // One after the other: what one leaves to be collected would be counted to the other.
  const times = prompts.map((prompt) => time(() => index?.match(prompt))[0]);
  const [peerBuildMs, peer] = time(() => buildPeer(catalogue));
  const stored = JSON.stringify(peer);
  const [peerWarmMs] = time(() => MiniSearch.loadJSON(stored, PEER).search(first));
  // A tenth of the prompts say enough about the slower one.
  const peerTimes = prompts.filter((_, i) => i % 10 === 9).map((prompt) => time(() => peer.search(prompt))[0]);
  return {
    skills,
    bytes: bytes.length,
    build: { ms: buildMs, ratio: buildMs / peerBuildMs },
    update: { ms: updateMs, ratio: null },
    warmStart: { ms: warmMs, ratio: warmMs / peerWarmMs },
    p50: compare(times, peerTimes, 0.5),
    p99: compare(times, peerTimes, 0.99),
  };
}

const PEER = { idField: 'name', fields: ['name', 'description', 'body'] };

function buildPeer(catalogue: readonly object[]): MiniSearch {
  const peer = new MiniSearch(PEER);
  peer.addAll(catalogue);
  return peer;
}

function time<T>(run: () => T): [number, T] {
  const before = performance.now();
  const result = run();
  return [performance.now() - before, result];
}

function compare(ours: readonly number[], theirs: readonly number[], share: number): Pace {
  const ms = quantile(ours, share);
  return { ms, ratio: ms / quantile(theirs, share) };
}
