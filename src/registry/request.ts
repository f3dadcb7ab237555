import { quote, SkillError } from '../../host/index.ts';
import { checkPackageName, checkRange, normalizeRange } from '../manifest/text-checks.ts';

const ID = /^[a-z0-9-]+\.[a-z0-9-]+(?:@|$)/;
const EXPLICIT = /^registry:([a-z0-9-]+)\/([a-z0-9.-]+)(?:@([^#]*))?(?:#sha256=([0-9a-f]{64}))?$/;
const PLAIN = /^([a-z0-9.-]+)(?:@(.*))?$/s;

export function isRegistryRequest(request: string): boolean {
  return request.startsWith('registry:') || ID.test(request);
}

/** What a request for a skill of a registry says. */
interface RegistryRequest {
  readonly name: string | undefined;
  readonly id: string;
  readonly range: string;
  readonly sum: string | undefined;
}

/** @throws SkillError E_USAGE */
export function parseRegistryRequest(request: string): RegistryRequest {
  const isExplicit = request.startsWith('registry:');
  const [, name, id, range = '*', sum] = isExplicit
    ? (EXPLICIT.exec(request) ?? [])
    : [undefined, undefined, ...(PLAIN.exec(request)?.slice(1) ?? [])];
  const wrong = id === undefined ? 'is not understood' : (checkPackageName(id) ?? checkRange(range))?.wrong;
  if (id === undefined || wrong !== undefined)
    throw new SkillError('E_USAGE', `${quote(request, 400)}: ${wrong}`, {
      hint: 'such as cloud.aws, cloud.aws@^0.3 or registry:main/cloud.aws@1.2.0',
    });
  return { name, id, range: normalizeRange(range), sum };
}
