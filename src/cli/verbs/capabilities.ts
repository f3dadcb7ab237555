import { locateHome } from '../../home/home.ts';
import { explainRequest, parseRequest } from '../../policy/explain.ts';
import { type Grant, mergeGrants, parseGrant } from '../../policy/grant.ts';
import { anchorsOf, layersOf } from '../../policy/layers.ts';
import { type Context, parseFormat } from '../context.ts';
import { printData, printListing } from '../print.ts';
import { inline } from '../terminal.ts';
import { requested } from './info.ts';

const DENIED = 3;

interface CapabilitiesFlags {
  readonly format: string;
  readonly why?: string;
  readonly grant: readonly string[];
}

/** `skill capabilities SKILL`: what it asks for; with `--why REQUEST`, who would decide about it, and how. */
export async function capabilities(reference: string, flags: CapabilitiesFlags, context: Context): Promise<number> {
  const { terminal, openRuntime } = context;
  const format = parseFormat(flags.format, ['table', 'json', 'yaml']);
  const runtime = await openRuntime({ spare: false });
  try {
    const skill = await runtime.skill(reference);
    if (flags.why !== undefined) {
      const { env } = process;
      const surroundings = { home: locateHome(context.home, env), cwd: process.cwd(), env };
      const anchors = anchorsOf(skill, surroundings);
      const request = parseRequest(flags.why, { anchors, path: env['PATH'] ?? '' });
      const layers = layersOf(skill, mergeGrants([skill.granted, ...flags.grant.map(parseGrant)]), surroundings);
      const { decision, voices } = explainRequest(request, layers);
      if (format !== 'table') await printData({ decision, voices }, format, terminal);
      else {
        terminal.out(
          `${decision.allowed ? 'allowed' : 'denied'} by ${decision.layer}: ${decision.capability} ${inline(decision.resource)}\n`,
        );
        for (const { layer, allowed, rule, source } of voices)
          terminal.out(`  ${layer.padEnd(9)} ${allowed ? 'yes' : 'no '}  ${inline(rule)}  (${inline(source)})\n`);
      }
      return decision.allowed ? 0 : DENIED;
    }
    const asks = skill.manifest === undefined ? [] : requested(skill.manifest.capabilities);
    const grantedFor = (name: string): string => (skill.granted[name as keyof Grant] ?? []).join(', ');
    const rows = asks.flatMap(([name, scopes]) =>
      scopes.map((scope, i) => [name, i === 0 ? grantedFor(name) : '', scope]),
    );
    await printListing(
      {
        columns: ['CAPABILITY', 'GRANTED', 'ASKED FOR'],
        rows,
        data: { asks: Object.fromEntries(asks), granted: skill.granted },
        empty: `${skill.id} asks for nothing`,
      },
      format,
      terminal,
    );
    return 0;
  } finally {
    await runtime.close();
  }
}
