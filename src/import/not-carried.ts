/** Something of a source that its skill does not have, or has otherwise. */
export interface NotCarried {
  /** Of the source, such as `tools[0].inputSchema.pattern`, or one of its files. */
  readonly field: string;
  readonly why: string;
  /** What to do by hand. */
  readonly fix: string;
}
