// Learned by `npm run bench:matching -- --fit`, which prints this file; see docs/matching.md.

/** Below this nothing is returned. */
export const THRESHOLD = 0.26;

export const BIAS = -2.3481;

/** One weight for each kind of evidence, in its order. */
export const WEIGHTS: readonly number[] = [
  0.4975, // strength
  0.1384, // density
  0.0968, // margin
  -1.5833, // rival
  -0.2006, // crowd
  3.0337, // coverage
  1.6516, // name
  0.4511, // length
  -0.0307, // body
  0.7562, // run
  -0.5912, // excluded
  -4.1122, // rejection
  0.4191, // details
  0.4238, // hasDetails
  0.396, // own
  -1.0146, // asks
  -0.7838, // orders
  -0.4928, // chars
];
