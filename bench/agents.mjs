// Agents: what our way of asking costs over a bare request and a bare program that answer the same, and three answers of 2 MB.
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const text = JSON.stringify({ stage: 'spec-plan', notes: 'A step of the plan. '.repeat(500) });
const big = JSON.stringify({ stage: 'spec-plan', notes: 'A step of the plan. '.repeat(105_000) });
const usage = { input_tokens: 1234, output_tokens: 210 };

const answer = text =>
  JSON.stringify({
    id: 'resp_1',
    status: 'completed',
    model: 'stub',
    output: [{ type: 'message', content: [{ type: 'output_text', text }] }],
    usage,
  });

const result = JSON.stringify({
  type: 'result',
  is_error: false,
  result: text,
  structured_output: JSON.parse(text),
  session_id: 'id',
  usage,
});

async function serve() {
  const answers = { small: answer(text), big: answer(big) };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'application/json').end(answers[request.url.startsWith('/big') ? 'big' : 'small']);
    });
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

function makeWorkspace(url) {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-agents-')));
  mkdirSync(path.join(root, '.git'));
  const http = (role, at) =>
    `[agents.${role}]\nmode = "http"\napi = "openai-responses"\nmodel = "stub"\nbase_url = "${url}/${at}"\n`;
  writeFileSync(
    path.join(root, 'spec-kit.toml'),
    `${http('gpt_pro', 'small')}${http('gemini', 'big')}[agents.claude]\nmode = "cli"\ncli = "claude"\n`,
  );
  writeFileSync(path.join(root, 'result.json'), result);
  return root;
}

/** Outside of the workspace: a program in it is never found by its name. */
function placeProgram(root) {
  const bin = realpathSync(mkdtempSync(path.join(tmpdir(), 'spec-kit-agents-bin-')));
  const program = path.join(bin, 'claude');
  writeFileSync(program, `#!/bin/sh\ncat > /dev/null\ncat '${path.join(root, 'result.json')}'\n`);
  chmodSync(program, 0o755);
  return bin;
}

export async function agents() {
  const { server, url } = await serve();
  const root = makeWorkspace(url);
  const bin = placeProgram(root);
  try {
    const worker = path.join(import.meta.dirname, 'agents-worker.mjs');
    const { stdout } = await promisify(execFile)(process.execPath, [worker, root, bin, url]);
    const { http, bareHttp, cli, bareCli, once, rss } = JSON.parse(stdout);
    return [
      { what: 'an agent over HTTP: ms over a bare request', value: http - bareHttp, bound: 50 },
      { what: 'an agent by command line: ms over its bare program', value: cli - bareCli, bound: 50 },
      { what: 'the first agent over HTTP of a server: ms, once', value: once.http },
      { what: 'the first agent by command line of a server: ms, once', value: once.cli },
      { what: 'three agents that answer 2 MB each: peak RSS in MiB', value: rss, bound: 200 },
    ];
  } finally {
    server.close();
    server.closeAllConnections();
    for (const folder of [root, bin]) rmSync(folder, { recursive: true, force: true });
  }
}
