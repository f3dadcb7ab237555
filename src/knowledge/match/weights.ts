// Learned by `npm run bench:matching -- --fit`, which prints this file; see docs/matching.md.

/** Below this nothing is returned. */
export const THRESHOLD = 0.28;

export const BIAS = -1.8644;

/** One weight for each kind of evidence, in its order. */
export const WEIGHTS: readonly number[] = [
  0.7889, // strength
  0.1002, // density
  0.0592, // margin
  -1.0446, // rival
  -0.3499, // crowd
  1.2133, // coverage
  0.6353, // name
  -0.021, // length
  0.4345, // body
  1.0808, // run
  -0.6012, // excluded
  -2.9714, // rejection
  0.3301, // details
  0.5391, // hasDetails
  0.368, // own
  -0.9162, // asks
  -0.7031, // orders
  -0.5018, // chars
];
