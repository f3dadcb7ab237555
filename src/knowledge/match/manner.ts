/** How a prompt speaks, whatever it is about. */
export interface Manner {
  /** Paths, identifiers, numbers, options and quotations: what a task has and a general question has not. */
  readonly details: number;
  /** Speaks of what is the speaker's own. */
  readonly isOwn: boolean;
  /** Asks for knowledge. */
  readonly asks: boolean;
  /** Begins with an order to do something. */
  readonly orders: boolean;
}

const DETAILS = [
  /\b\w+_\w+|\b[a-z]+[A-Z]\w+|--\w+/g,
  /\/[\w.-]+/g,
  /\b\d[\w.]*/g,
  /["“][^"”]{1,200}["”]|`[^`]{1,200}`/g,
];
const OWN = /\b(?:my|our|i['’]m|i am|we['’]re|we are)\b/i;
const ASKS =
  /^\W*(?:how (?:do|can|should|would)|what|which|why|explain|summari[sz]e|compare|describe|teach|can you explain)\b|\bdifference between\b|\bin general\b|\bhigh[- ]level\b|\boverview\b|\bconceptual/i;
const ORDERS =
  /^\W*(?:run|use|create|write|train|install|add|build|fix|generate|configure|set|deploy|launch|port|point|render|implement|refactor)\b/i;

/** Judged by the first of these characters; each pattern reads them once. */
const CHARS = 4096;

export function readManner(text: string): Manner {
  const start = text.slice(0, CHARS);
  return {
    details: DETAILS.reduce((sum, pattern) => sum + (start.match(pattern)?.length ?? 0), 0),
    isOwn: OWN.test(start),
    asks: ASKS.test(start),
    orders: ORDERS.test(start),
  };
}
