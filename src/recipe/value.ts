/** A parameter's value. A secret, a path and an enum are text. */
export type Value = string | number | boolean;
