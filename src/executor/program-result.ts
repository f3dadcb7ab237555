/** What a program came to: the result of a tool of type `code_inline` or `script`. */
export interface ProgramResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly durationMs: number;
  /** The limit, or the signal, that ended it. */
  readonly killedBy?: string;
}
