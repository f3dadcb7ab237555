import { beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { StreamableHTTPClientTransport, Client } from '@modelcontextprotocol/client';
import { openOver } from '../agent/skills.ts';
import { scratch, writeSkill } from '../runtime/folders.ts';
import { overHttp, serve, textOf } from './clients.ts';

const root = scratch();
beforeAll(() => writeSkill(join(root, 'skills', 'raw'), { id: 'custom.raw', guest: 'raw' }));

const HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const HELLO = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };

function post(url: string, body: object, session?: string): Promise<Response> {
  const headers = { ...HEADERS, ...(session !== undefined && { 'mcp-session-id': session }) };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function begin(url: string): Promise<string> {
  const response = await post(url, HELLO);
  await response.text();
  return response.headers.get('mcp-session-id') ?? '';
}

describe('sessions of revisions before 2026-07-28 [R-MCP-1] [R-MCP-3]', () => {
  it('begin with a hello, and no two are the same', async () => {
    const { url } = await serve(openOver(root));
    const [one, two] = [await begin(url), await begin(url)];
    expect(one).toMatch(/^[0-9a-f-]{36}$/);
    expect(two).not.toBe(one);
    expect(await (await post(url, LIST, one)).text()).toContain('custom_raw_echo');
  });

  it.each([
    ['one there is not', 'b4f6c1f2-0000-4000-8000-000000000000'],
    ['one of an object', '__proto__'],
    ['an empty one', ''],
  ])('%s is no session', async (_what, session) => {
    const { url } = await serve(openOver(root));
    const response = await post(url, LIST, session);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('begin a new one');
  });

  it('one that its client ended is over, and the others are not', async () => {
    const { url } = await serve(openOver(root));
    const [one, two] = [await begin(url), await begin(url)];
    const ended = await fetch(url, { method: 'DELETE', headers: { ...HEADERS, 'mcp-session-id': one } });
    expect(ended.status).toBe(200);
    expect((await post(url, LIST, one)).status).toBe(404);
    expect((await post(url, LIST, two)).status).toBe(200);
  });

  it('those that clients left make room, and one in use stays', async () => {
    const { url } = await serve(openOver(root));
    const [left, used] = [await begin(url), await begin(url)];
    for (let i = 0; i < 255; i++) {
      await begin(url);
      if (i === 100) expect((await post(url, LIST, used)).status).toBe(200);
    }
    expect((await post(url, LIST, left)).status).toBe(404);
    expect((await post(url, LIST, used)).status).toBe(200);
  });

  it('nonsense in a session is an error of its own, and the session goes on', async () => {
    const { url } = await serve(openOver(root));
    const session = await begin(url);
    const bad = await fetch(url, { method: 'POST', headers: { ...HEADERS, 'mcp-session-id': session }, body: '{bad' });
    expect(bad.status).toBe(400);
    expect((await post(url, LIST, session)).status).toBe(200);
  });

  it('a client that cancels in its own session reaches no other, whatever number it names', async () => {
    const { url } = await serve(openOver(root));
    const stranger = await begin(url);
    const client = await overHttp(url);
    const call = client.callTool({ name: 'custom_raw_echo', arguments: { input: 'on' } });
    for (let requestId = 0; requestId < 10; requestId++)
      await post(url, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }, stranger);
    expect(textOf(await call)).toBe('on');
  });

  it('a client that says goodbye may come again', async () => {
    const { url } = await serve(openOver(root));
    const transport = new StreamableHTTPClientTransport(new URL(url));
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(transport);
    expect(transport.sessionId).toMatch(/^[0-9a-f-]{36}$/);
    await transport.terminateSession();
    await client.close();
    expect((await (await overHttp(url)).listTools()).tools.length).toBeGreaterThan(0);
  });
});
