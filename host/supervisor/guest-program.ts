/** A program to start, with its first arguments and its working directory. */
export interface GuestProgram {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
}
