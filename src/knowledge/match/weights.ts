// Learned by `npm run bench:matching -- --fit`, which prints this file; see docs/matching.md.

/** Below this nothing is returned. */
export const THRESHOLD = 0.28;

export const BIAS = -2.1363;

/** One weight for each kind of evidence, in its order. */
export const WEIGHTS: readonly number[] = [
  1.038, // strength
  0.0205, // density
  0.095, // margin
  -1.915, // rival
  -0.0817, // crowd
  1.85, // coverage
  1.3933, // name
  -0.2705, // length
  0.6186, // body
  0.7391, // run
  -0.6404, // excluded
  -3.9895, // rejection
  0.3794, // details
  0.4725, // hasDetails
  0.4787, // own
  -1.1193, // asks
  -0.8727, // orders
  -0.5615, // chars
];
