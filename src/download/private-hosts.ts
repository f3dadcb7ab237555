import { quote, SkillError } from '../../host/index.ts';

const ENTRY = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/;

/**
 * The hosts an operator vouches for, as `host` or `host:port`. Only they may have an address that is not public, and only
 * they are spoken to without TLS. @throws SkillError E_USAGE
 */
export function parsePrivateHosts(entries: readonly string[]): (url: URL) => boolean {
  const wrong = entries.find((entry) => !ENTRY.test(entry));
  if (wrong !== undefined)
    throw new SkillError('E_USAGE', `${quote(wrong)} is no host`, {
      hint: 'write it as registry.example or registry.example:5000, in small letters',
    });
  const listed = new Set(entries);
  return (url) => {
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return listed.has(url.hostname) || listed.has(`${url.hostname}:${port}`);
  };
}
