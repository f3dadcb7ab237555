import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saying } from '../conversation/model-server.ts';
import { blocksOf, testPage } from './page.ts';

const blocks = blocksOf('tools.md');

describe.sequential('docs/tools.md, from top to bottom [R-DOCS-3]', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => void saying('All of them ', 'are skills.')(response, request));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => void server.close());

  testPage(blocks, {
    // The page names the address that such a server has where a reader runs one.
    adapt: (command) => command.replace('127.0.0.1:11434', `127.0.0.1:${(server.address() as AddressInfo).port}`),
    env: { PATH: `/usr/bin:${process.env['PATH'] ?? ''}` },
  });

  it('shows every type that is no module and no recipe', () => {
    const types = blocks.flatMap(({ lines }) => lines.flatMap((line) => /^type = "(\w+)"$/.exec(line)?.[1] ?? []));
    expect(new Set(types)).toEqual(new Set(['code_inline', 'script', 'code_session', 'prompt_inline', 'conversation']));
  });
});
