/** What is wrong with a case; the file is added to make it a problem. */
export interface CaseFault {
  /** An error when absent. */
  readonly severity?: 'warning';
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly fix: string;
}
