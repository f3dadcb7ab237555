import { quote, SkillError } from '../../../host/index.ts';
import type { ListenOptions, SkillsMcpServer } from '../../mcp/index.ts';
import { mergeGrants, parseGrant } from '../../policy/grant.ts';
import type { Context } from '../context.ts';
import { inline, type Terminal } from '../terminal.ts';

export interface McpFlags {
  readonly http?: string;
  readonly token?: string;
  readonly grant: readonly string[];
}

/** `skill mcp`: serves until the client goes, or until Ctrl-C. Standard output is the protocol's alone. */
export async function mcp(flags: McpFlags, { terminal, openRuntime }: Context): Promise<number> {
  const http = flags.http === undefined ? undefined : parseHttp(flags.http);
  if (http === undefined && flags.token !== undefined)
    throw new SkillError('E_USAGE', '--token is for --http: over standard input and output there is nobody else', {
      hint: 'leave --token out, or add --http PORT',
    });
  const grant = mergeGrants(flags.grant.map(parseGrant));
  const { createMcpServer } = await import('../../mcp/index.ts');
  const runtime = await openRuntime({ grant });
  try {
    const server = await createMcpServer(runtime, {
      onLeftOut: ({ skill, why }) => terminal.say(inline(`left out: ${skill}: ${why}`) + '\n'),
    });
    runtime.prewarm();
    return http === undefined
      ? await serveStdio(server, terminal)
      : await serveHttp(server, { ...http, ...(flags.token !== undefined && { token: flags.token }) }, terminal);
  } finally {
    await runtime.close();
  }
}

async function serveStdio(server: SkillsMcpServer, terminal: Terminal): Promise<number> {
  const serving = server.serveStdio();
  const interrupted = untilInterrupted();
  terminal.say('serving MCP on standard input and output; a client starts it with: skill mcp\n');
  const code = await Promise.race([serving.closed.then(() => 0), interrupted.code]);
  interrupted.off();
  await serving.close();
  return code;
}

async function serveHttp(server: SkillsMcpServer, options: ListenOptions, terminal: Terminal): Promise<number> {
  const listening = await server.listen(options);
  const interrupted = untilInterrupted();
  const needed = options.token === undefined ? '' : ' with the header Authorization: Bearer TOKEN';
  terminal.say(`serving MCP at ${listening.url}; connect there by streamable HTTP${needed}, end it with Ctrl-C\n`);
  const code = await interrupted.code;
  interrupted.off();
  await listening.close();
  return code;
}

/** 130 for Ctrl-C, 0 for a supervisor that asks it to end. */
function untilInterrupted(): { readonly code: Promise<number>; off(): void } {
  let end = (_code: number): void => undefined;
  const code = new Promise<number>((resolve) => (end = resolve));
  const onInterrupt = (): void => end(130);
  const onTerminate = (): void => end(0);
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onTerminate);
  return {
    code,
    off() {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}

/** `8080`, `127.0.0.1:8080`, `[::1]:8080`. @throws SkillError E_USAGE */
function parseHttp(text: string): Pick<ListenOptions, 'host' | 'port'> {
  const [, bracketed, plain, port = ''] = /^(?:(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):)?(\d{1,5})$/.exec(text) ?? [];
  if (port === '' || Number(port) > 65_535)
    throw new SkillError('E_USAGE', `--http ${quote(text)} is no port, nor HOST:PORT`, {
      hint: 'such as --http 8080 or --http [::1]:8080; port 0 is a free one',
    });
  const host = bracketed ?? plain;
  return { port: Number(port), ...(host !== undefined && { host }) };
}
