import { expect } from 'vitest';
import { findLocalServers } from '../../src/agents/local.js';
import type { HttpRequest } from '../../src/workspace/http.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';

test('local servers are looked for at three ports of this machine, and only their list is asked for', async ({
  repo,
}) => {
  const asked: HttpRequest[] = [];
  const bodies: Readonly<Record<string, string>> = {
    'http://127.0.0.1:11434': '{"object":"list","data":[{"id":"qwen3:8b"},{"id":"a\\u202eb"}]}',
    'http://127.0.0.1:1234': '<html>',
  };
  const workspace = {
    ...openTest(repo.root),
    http: async (request: HttpRequest) => {
      asked.push(request);
      const body = bodies[request.origin];
      const response =
        body === undefined
          ? undefined
          : { status: 200, headers: {}, body: Buffer.from(body), bodyEnd: 'whole' as const };
      return { response, failure: undefined, address: undefined, durationMs: 1 };
    },
  };
  expect(await findLocalServers(workspace, new AbortController().signal)).toEqual([
    { baseUrl: 'http://127.0.0.1:11434/v1', usual: 'Ollama', models: ['qwen3:8b', 'a<U+202E>b'] },
  ]);
  expect(asked.map(({ method, origin, path }) => `${method} ${origin}${path}`)).toEqual(
    [11434, 1234, 8000].map(port => `GET http://127.0.0.1:${port}/v1/models`),
  );
});
