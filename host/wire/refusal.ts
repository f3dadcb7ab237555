/** What a host call is answered when it is refused or fails. */
export class HostCallRefusal extends Error {
  override readonly name = 'HostCallRefusal';
  readonly code: string;
  readonly errno: string | undefined;

  constructor(code: string, message: string, errno?: string) {
    super(message);
    this.code = code;
    this.errno = errno;
  }
}
