import {
  type Anchors,
  type CapabilityRequest,
  decide,
  type Decision,
  expandPath,
  findProgram,
  type Layer,
  quote,
  SkillError,
} from '../../host/index.ts';

/** Parses a request as written after `--why`, such as `network=https://api.example.org`. @throws SkillError E_USAGE */
export function parseRequest(
  text: string,
  { anchors, path }: { readonly anchors: Anchors; readonly path: string },
): CapabilityRequest {
  const [, capability, scope] = /^([a-z_]+)=(.+)$/s.exec(text) ?? [];
  switch (capability) {
    case 'filesystem_read':
    case 'filesystem_write':
      return { capability, path: expandPath(scope ?? '', anchors) };
    case 'env_read':
    case 'secrets_access':
      return { capability, name: scope ?? '' };
    case 'network':
      return parseNetwork(scope ?? '');
    case 'terminal_exec': {
      const [name = '', ...args] = (scope ?? '').split(' ').filter((word) => word !== '');
      return { capability, name, real: findProgram(name, path) ?? '', args };
    }
    default:
      throw new SkillError('E_USAGE', `--why ${quote(text)}: write CAPABILITY=WHAT`, {
        hint: 'such as --why filesystem_read=./notes or --why "network=GET https://api.example.org"',
      });
  }
}

function parseNetwork(scope: string): CapabilityRequest {
  const [, method = 'GET', target = ''] = /^(?:([A-Z]+) +)?(.+)$/s.exec(scope) ?? [];
  const address = target.includes('://') ? target : `https://${target}`;
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    throw new SkillError('E_USAGE', `--why network=${quote(scope)}: it is no http or https URL`, {
      hint: 'such as --why network=https://api.example.org',
    });
  const { protocol, hostname, port } = new URL(address);
  return {
    capability: 'network',
    scheme: protocol,
    host: hostname,
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    method,
  };
}

/** What each voice says to a request, one after the other; the first that refuses decides. */
export function explainRequest(
  request: CapabilityRequest,
  layers: readonly Layer[],
): { readonly decision: Decision; readonly voices: readonly Decision[] } {
  return { decision: decide(request, layers), voices: layers.map((layer) => decide(request, [layer])) };
}
