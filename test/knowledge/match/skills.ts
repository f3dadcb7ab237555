import {
  buildMatchIndex,
  type MatchDocument,
  type MatchIndex,
  openMatchIndex,
} from '../../../src/knowledge/match/index.ts';

type Given = Partial<Omit<MatchDocument, 'synonyms'>> & {
  readonly id: string;
  readonly synonyms?: Readonly<Record<string, readonly string[]>>;
};

/** A skill with what a test cares about; the rest is empty. */
export function skill({ synonyms = {}, ...given }: Given): MatchDocument {
  return {
    signature: 'one',
    name: given.id,
    description: '',
    keywords: [],
    topics: [],
    priority: 50,
    alwaysOn: false,
    body: '',
    ...given,
    synonyms: new Map(Object.entries(synonyms)),
  };
}

/** The index of these skills. */
export function indexOf(...documents: readonly MatchDocument[]): MatchIndex {
  return opened(buildMatchIndex(documents));
}

export function opened(bytes: Uint8Array): MatchIndex {
  const index = openMatchIndex(bytes);
  if (index === undefined) throw new Error('the index does not open');
  return index;
}

/** Skills of several kinds, some with topics and some found by their text. */
export const CATALOGUE: readonly MatchDocument[] = [
  skill({
    id: 'community.git-review',
    name: 'Git review',
    description: 'Reviews commits and pull requests. Not for merging branches.',
    topics: ['pull request', 'commit'],
    synonyms: { 'pull request': ['merge request', 'PR'], commit: ['changeset'] },
    keywords: ['github', 'code review'],
  }),
  skill({
    id: 'community.kubernetes',
    name: 'Kubernetes',
    description: 'Deploys containers to a cluster.',
    topics: ['kubernetes', 'helm'],
    synonyms: { kubernetes: ['k8s'] },
    priority: 70,
  }),
  skill({
    id: 'pdf-tables',
    description:
      'Extracts tables from PDF reports into spreadsheets. Use when the user has invoices or statements as PDF files and wants their rows. Do not use for scanned handwriting.',
    body: '# PDF tables\n\nOpen the document with pdfplumber, detect ruling lines, export every table to CSV.\n',
  }),
  skill({
    id: 'weather-report',
    description: 'Forecasts temperature, wind and rain for a city, from public weather stations.',
    body: 'Ask the station nearest to the city and convert Fahrenheit to Celsius.',
  }),
  skill({ id: 'core.style', description: 'House style for answers.', alwaysOn: true, priority: 90 }),
];
