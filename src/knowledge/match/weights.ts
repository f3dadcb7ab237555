// Learned by `npm run bench:matching -- --fit`, which prints this file; see docs/matching.md.

/** Below this nothing is returned. */
export const THRESHOLD = 0.28;

export const BIAS = -2.007;

/** One weight for each kind of evidence, in its order. */
export const WEIGHTS: readonly number[] = [
  0.565, // strength
  0.0728, // density
  0.0596, // margin
  -1.256, // rival
  -0.3116, // crowd
  1.6009, // coverage
  0.959, // name
  -0.0381, // length
  0.4021, // body
  0.7777, // run
  -0.5624, // excluded
  -2.9605, // rejection
  0.3945, // details
  0.5435, // hasDetails
  0.3516, // own
  -0.9215, // asks
  -0.6242, // orders
  -0.3802, // chars
];
