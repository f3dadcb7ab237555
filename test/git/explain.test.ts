import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../src/git/explain.ts';
import { parseRemote } from '../../src/git/remote.ts';

const REMOTE = parseRemote('https://example.org/a.git');

// As git 2.37 to 2.51, curl and ssh write them.
describe('what git said is told as', () => {
  it.each([
    ["fatal: repository 'https://example.org/a.git/' not found", 'E_NOT_FOUND', 'no_repository'],
    ['fatal: unable to access: The requested URL returned error: 410', 'E_NOT_FOUND', 'no_repository'],
    ['fatal: remote error: upload-pack: not our ref 1111', 'E_NOT_FOUND', 'no_ref'],
    ["fatal: couldn't find remote ref refs/tags/v1", 'E_NOT_FOUND', 'no_ref'],
    ['error: Server does not allow request for unadvertised object 1111', 'E_NOT_FOUND', 'no_ref'],
    [
      "fatal: could not read Username for 'https://example.org': terminal prompts disabled",
      'E_DENIED',
      'auth_required',
    ],
    ['fatal: unable to access: The requested URL returned error: 403', 'E_DENIED', 'auth_required'],
    ["fatal: Authentication failed for 'https://example.org/a.git/'", 'E_DENIED', 'auth_required'],
    ['No ED25519 host key is known for example.org\nHost key verification failed.', 'E_DENIED', 'host_key'],
    ['fatal: unable to access: The requested URL returned error: 302', 'E_NETWORK', 'redirect'],
    ['fatal: unable to access: SSL certificate problem: self-signed certificate', 'E_NETWORK', 'certificate'],
    ['fatal: unable to access: server certificate verification failed. CAfile: none', 'E_NETWORK', 'certificate'],
    ['fatal: unable to access: Failed to connect to example.org port 443', 'E_NETWORK', 'git_failed'],
    ['fatal: unable to access: Operation too slow. Less than 1000 bytes/sec', 'E_NETWORK', 'git_failed'],
    ['fatal: unable to access: The requested URL returned error: 503', 'E_NETWORK', 'git_failed'],
    ['fatal: the remote end hung up unexpectedly', 'E_NETWORK', 'git_failed'],
    ['', 'E_NETWORK', 'git_failed'],
    ['error: object 1111: hasDotgit: contains .git\nfatal: fsck error in packed object', 'E_PACKAGE', 'malformed'],
    ['fatal: pack has bad object at offset 12: inflate returned -3', 'E_PACKAGE', 'malformed'],
    ['fatal: mismatched algorithms: client sha1; server sha256', 'E_PACKAGE', 'malformed'],
    [
      'fatal: attempting to allocate 300000000 over limit 268435456\nfatal: index-pack failed',
      'E_PACKAGE',
      'too_large',
    ],
    ['fatal: dumb http transport does not support shallow capabilities', 'E_UNSUPPORTED', 'dumb_http'],
  ])('%j: %s, %s [R-GIT-9]', (stderr, code, reason) => {
    const failure = explainFailure({ exitCode: 128, stdout: Buffer.alloc(0), stderr }, REMOTE);
    expect(failure).toMatchObject({ code, details: { reason, exitCode: 128 } });
    expect(failure.message).toContain('"https://example.org/a.git"');
    expect(failure.hint).toMatch(/^[a-z]/);
  });
});
