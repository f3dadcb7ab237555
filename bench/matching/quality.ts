import MiniSearch from 'minisearch';
import { buildMatchIndex, openMatchIndex } from '../../src/knowledge/match/index.ts';
import { quantile } from '../kit/statistics.ts';
import { type Corpus, toDocument } from './corpus.ts';
import { type Abstention, type Answer, type Ranking, scoreAbstention, scoreRanking } from './score.ts';

export interface Quality extends Ranking, Abstention {
  /** Plain BM25 over name, description and body, on the same data. */
  readonly baseline: Ranking;
  /** Milliseconds per prompt at default settings. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** So far down a skill is looked for. */
const DEEP = 50;

/** Measures how well prompts find their skills, beside plain BM25 on the same data. */
export function measureQuality({ catalogue, prompts }: Corpus): Quality {
  const index = openMatchIndex(buildMatchIndex(catalogue.map(toDocument)));
  if (index === undefined) throw new Error('an index that was just built does not open');
  const times: number[] = [];
  const answers = prompts.map(({ prompt, expected }): Answer => {
    const before = performance.now();
    const returned = index.match(prompt).map(({ id }) => id);
    times.push(performance.now() - before);
    const all = index.match(prompt, { limit: DEEP, threshold: 0 });
    return { expected, ranked: all.map(({ id }) => id), score: all[0]?.score ?? 0, returned };
  });
  return {
    ...scoreRanking(answers),
    ...scoreAbstention(answers),
    baseline: scoreRanking(askBaseline({ catalogue, prompts })),
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
  };
}

function askBaseline({ catalogue, prompts }: Corpus): Answer[] {
  const search = new MiniSearch({ idField: 'name', fields: ['name', 'description', 'body'] });
  search.addAll(catalogue);
  return prompts.map(({ prompt, expected }) => {
    const results = search.search(prompt);
    const ranked = results.slice(0, DEEP).map(({ id }) => String(id));
    return { expected, ranked, score: results[0]?.score ?? 0, returned: ranked };
  });
}
