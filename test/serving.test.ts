import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';
import { GuardrailReport } from '../schemas/guardrail.js';
import { tools } from '../tools/index.js';
import { PROGRAM } from './support/cli.js';
import { connectHttp, connectProcess, KINDS, type Kind, type Peer } from './support/clients.js';
import { SPEC_ID, writePacket } from './support/packet.js';
import { test } from './support/workspace.js';

const TOKEN = 'a-token-of-the-test-4711';

interface Connected {
  readonly peer: Peer;
  close(): Promise<void>;
}

/** The program as it is shipped, over stdio or HTTP, in a workspace of its own. */
const transports: Readonly<Record<'stdio' | 'http', (root: string, kind: Kind) => Promise<Connected>>> = {
  async stdio(root, kind) {
    const peer = await connectProcess(process.execPath, [PROGRAM, 'serve', '--workspace', root], kind);
    return { peer, close: () => peer.close() };
  },
  async http(root, kind) {
    const server = spawn(process.execPath, [PROGRAM, 'serve', '--http', '--port', '0', '--workspace', root], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, SPEC_KIT_HTTP_TOKEN: TOKEN },
    });
    const ended = new Promise(resolve => server.once('exit', resolve));
    const url = await new Promise<string>(resolve => {
      createInterface({ input: server.stderr }).on('line', line => {
        const found = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      });
    });
    const peer = await connectHttp(url, kind, TOKEN);
    return {
      peer,
      async close() {
        await peer.close();
        server.kill('SIGTERM');
        expect(await ended).toBe(0);
      },
    };
  },
};

const cases = (['stdio', 'http'] as const).flatMap(transport => KINDS.map(kind => ({ transport, kind })));

test.for(cases)(
  '$kind over $transport: every tool, every kind of resource, progress and news',
  async ({ transport, kind }, { repo }) => {
    writePacket(repo);
    const { peer, close } = await transports[transport](repo.root, kind);
    try {
      expect((await peer.tools()).map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
      const heard = await peer.follow(['spec-kit://tracker/T2', `spec-kit://evidence/${SPEC_ID}`]);
      const bundle = await callEach(peer);
      await readEach(peer, bundle);
      expect((await peer.complete('spec-kit://specs/{specId}', 'specId', 'SPEC-K')).values).toEqual([
        SPEC_ID,
      ]);
      await expect.poll(() => heard, { timeout: 5000 }).toContain(`spec-kit://evidence/${SPEC_ID}`);
      expect(heard).toContain('spec-kit://tracker/T2');
    } finally {
      await close();
    }
  },
);

/** Calls each tool as an agent would; resolves to the resource of the guardrail's bundle. */
async function callEach(peer: Peer): Promise<string> {
  const lint = await peer.call('lint_tasks', {});
  expect(lint.structured).toMatchObject({ outcome: 'passed' });
  expect((await peer.call('spec_status', {})).structured).toMatchObject({ specs: [{ specId: SPEC_ID }] });
  const steps: string[] = [];
  const run = await peer.call(
    'run_guardrail',
    { specId: SPEC_ID, stage: 'plan' },
    { onprogress: ({ message = '' }) => steps.push(message) },
  );
  const report = GuardrailReport.parse(run.structured);
  expect(report.outcome).toBe('passed');
  expect(steps[0]).toBe('policy-prefilter');
  const note = await peer.call('write_evidence', { specId: SPEC_ID, name: 'note.md', content: 'seen' });
  expect(note.structured).toMatchObject({ attestedBy: 'caller' });
  expect((await peer.call('verify_evidence', { specId: SPEC_ID })).structured).toMatchObject({
    outcome: 'ok',
  });
  expect((await peer.call('update_task', { taskId: 'T2', note: 'looked' })).structured).toMatchObject({
    changed: ['Notes'],
  });
  return report.resource;
}

async function readEach(peer: Peer, bundle: string): Promise<void> {
  const manifest = JSON.parse(await peer.read(bundle));
  expect(manifest).toMatchObject({ predicate: { outcome: 'passed' } });
  const file = String(manifest.subject[0].name).split('/').at(-1);
  expect(await peer.read(`${bundle}/${file}`)).toContain(SPEC_ID);
  expect(JSON.parse(await peer.read(`spec-kit://evidence/${SPEC_ID}`))).toMatchObject({ bundles: 2 });
  expect(JSON.parse(await peer.read('spec-kit://tracker'))).toMatchObject({ total: 2 });
  expect(JSON.parse(await peer.read('spec-kit://tracker/T2'))).toMatchObject({ taskId: 'T2', line: 6 });
  expect(JSON.parse(await peer.read('spec-kit://specs'))).toMatchObject({ specs: [{ specId: SPEC_ID }] });
  expect(JSON.parse(await peer.read(`spec-kit://specs/${SPEC_ID}`))).toMatchObject({ specId: SPEC_ID });
  expect(await peer.read(`spec-kit://specs/${SPEC_ID}/spec.md`)).toContain('## Objectives');
  expect(JSON.parse(await peer.read('spec-kit://schemas/telemetry-v1'))).toHaveProperty('$schema');
  const listed = (await peer.list()).resources.map(({ uri }) => uri);
  expect(listed).toEqual(expect.arrayContaining([bundle, 'spec-kit://tracker', 'spec-kit://tracker/T1']));
  expect((await peer.templates()).length).toBeGreaterThan(5);
}
