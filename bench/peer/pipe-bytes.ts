/** As large as the frames of an empty host call and its answer. */
export const REQUEST_BYTES = 64;
export const ANSWER_BYTES = 16;
