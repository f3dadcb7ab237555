// Learned by `npm run bench:matching -- --fit`, which prints this file; see docs/matching.md.

/** Below this nothing is returned. It means as much among few skills as among many. */
export const THRESHOLD = 0.32;

/** What holds among a few skills, and what among many. */
export interface ByCount {
  readonly few: number;
  readonly many: number;
}

export const BIAS: ByCount = { few: -2.1049, many: -1.5377 };

/** For each kind of evidence, in its order. */
export const WEIGHTS: readonly ByCount[] = [
  { few: 0.711, many: 0.2609 }, // strength
  { few: 0.1177, many: 0.0563 }, // density
  { few: 0.0285, many: 0.0655 }, // margin
  { few: -1.6655, many: -1.0664 }, // rival
  { few: -0.5652, many: -0.2235 }, // crowd
  { few: 2.6178, many: 1.0023 }, // coverage
  { few: 1.8204, many: 0.3316 }, // name
  { few: -0.531, many: 0.0755 }, // length
  { few: 0.4276, many: 0.2089 }, // body
  { few: 0.5857, many: 0.6405 }, // run
  { few: -0.5136, many: -0.4003 }, // excluded
  { few: -2.8544, many: -2.4654 }, // rejection
  { few: 0.2997, many: 0.4666 }, // details
  { few: 0.1999, many: 0.6144 }, // hasDetails
  { few: 0.2, many: 0.4849 }, // own
  { few: -0.9733, many: -0.9226 }, // asks
  { few: -0.8756, many: -0.4655 }, // orders
  { few: -0.2582, many: -0.1581 }, // chars
];
