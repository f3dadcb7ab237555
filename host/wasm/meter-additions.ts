/** What metering adds to a module, and under which numbers. */
export interface Additions {
  /** Of the two imports. */
  readonly namespace: string;
  /** What is left: `mut i64`. */
  readonly fuelGlobal: number;
  /** `() -> ()`: called now and then by operations that may take long. */
  readonly interruptFunction: number;
  readonly interruptType: number;
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
