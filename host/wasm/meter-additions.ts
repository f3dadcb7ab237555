/** What metering adds to a module, and under which numbers. */
export interface Additions {
  /** Of the two imports. */
  readonly namespace: string;
  /** `() -> ()`; the next one is `(i64) -> i64`. */
  readonly firstType: number;
  /** What is left. */
  readonly fuelGlobal: number;
  /** Asked for more. */
  readonly emptyFunction: number;
  /** `(i64) -> i64`: takes what is left, answers what is left after asking for more; traps when that is still nothing. */
  readonly refillFunction: number;
  /** Indices from here on move up by one, for an import comes before them. */
  readonly firstDefinedFunction: number;
  readonly firstDefinedGlobal: number;
}

export function functionAfter(index: number, { firstDefinedFunction }: Additions): number {
  return index < firstDefinedFunction ? index : index + 1;
}

export function globalAfter(index: number, { firstDefinedGlobal }: Additions): number {
  return index < firstDefinedGlobal ? index : index + 1;
}
