import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { runStage } from '../../src/consensus/stage.js';
import { listRuns } from '../../src/pipeline/run-store.js';
import { AGENT_KEY } from '../support/agents.js';
import { planAnswer } from '../support/answers.js';
import { callStage, SPEC, synthesisOf } from '../support/consensus-run.js';
import { prepared, providers, ROLES, ROOT, type Say, sound } from '../support/provider-run.js';
import type { Repository } from '../support/repository.js';
import { test } from '../support/workspace.js';

const SPEC_MD = `docs/${SPEC}/spec.md`;

/** Whether any file of the work tree holds a text. */
function holds(repo: Repository, text: string): boolean {
  return readdirSync(repo.root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .some(entry => readFileSync(path.join(entry.parentPath, entry.name)).includes(text));
}

test('three providers are asked in order, each once, and the key is nowhere', async ({ repo }) => {
  const { calls, prompts, urls } = await providers(sound);
  const report = await callStage(prepared(repo, urls));
  expect(report).toMatchObject({ status: 'done', verdict: 'ok' });
  expect(calls).toEqual([...ROLES]);
  expect(prompts[2]).toContain('research_summary');
  expect(synthesisOf(repo, report).quorum.providers).toHaveLength(3);
  expect(holds(repo, AGENT_KEY)).toBe(false);
  expect(holds(repo, 'stub-model-served')).toBe(true);
});

test('one provider behind all roles is one opinion, recorded as such', async ({ repo }) => {
  const { urls } = await providers(sound);
  const [[, url = ''] = []] = urls;
  const report = await callStage(
    prepared(
      repo,
      ROLES.map(role => [role, url] as const),
    ),
  );
  expect(report.findings?.map(({ rule }) => rule)).toContain('R70');
});

test('an answer that does not hold is asked for once more, with the reason', async ({ repo }) => {
  const { calls, prompts, urls } = await providers((role, asked, call) =>
    role === 'gemini' && call === 1 ? 'Here is my plan: do it.' : sound(role, asked, call),
  );
  const report = await callStage(prepared(repo, urls));
  expect(calls).toEqual(['gemini', 'gemini', 'claude', 'gpt_pro']);
  expect(prompts[1]).toContain('Your last reply was rejected: there was no JSON object in it');
  expect(report).toMatchObject({
    verdict: 'ok',
    agents: [{ attempts: 2 }, { attempts: 1 }, { attempts: 1 }],
  });
});

test('a second answer that does not hold is the last one, and the run is degraded', async ({ repo }) => {
  const { calls, urls } = await providers((role, asked, call) =>
    role === 'claude' ? 'No.' : sound(role, asked, call),
  );
  const report = await callStage(prepared(repo, urls));
  expect(calls).toEqual(['gemini', 'claude', 'claude', 'gpt_pro']);
  expect(report).toMatchObject({ verdict: 'degraded', agents: [{}, { status: 'invalid', attempts: 2 }, {}] });
});

test('all providers crash: degraded, each asked twice', async ({ repo }) => {
  const { calls, urls } = await providers(() => ({ status: 500 }));
  const report = await callStage(prepared(repo, urls));
  expect(calls).toHaveLength(6);
  expect(report).toMatchObject({ verdict: 'degraded', agents: [{ status: 'missing' }, {}, {}] });
  expect(report.findings?.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['R01', 'R71']));
});

test('nobody is asked before a person trusted who is asked', async ({ repo }) => {
  const { calls, urls } = await providers(sound);
  const workspace = prepared(repo, urls);
  const report = await callStage({ ...workspace, trusts: () => false });
  expect(calls).toEqual([]);
  expect(report.verdict).toBe('degraded');
  expect(report.agents?.[0]?.error).toContain('untrusted');
});

/** gemini says that R2 is blocked, the others that it is ready; asked again, the arbiter answers with `again`. */
const split =
  (again: object[]): Say =>
  (role, asked, call) => {
    const answer = planAnswer(role, asked);
    const blocked = [
      { requirement_id: 'R1', position: 'ready', because: 'it is small', cites: [SPEC_MD] },
      { requirement_id: 'R2', position: 'blocked', because: 'no database to stop', cites: [SPEC_MD] },
    ];
    if (role === 'gemini') return JSON.stringify({ ...answer, positions: blocked });
    if (role !== 'gpt_pro' || call === 1) return JSON.stringify(answer);
    const { stage, spec_id, run_id, prompt_version, agent, model, model_release, reasoning_mode } = answer;
    const header = { stage, spec_id, run_id, prompt_version, agent, model, model_release, reasoning_mode };
    return JSON.stringify({ ...header, resolutions: again });
  };
const chosen = {
  requirement_id: 'R2',
  chosen: 'ready',
  reason: 'the test stops its own database',
  cites: [SPEC_MD],
};
const ESCALATE = '[consensus]\nescalate = true\n';

test('a conflict is taken to the arbiter once, and a choice with grounds settles it', async ({ repo }) => {
  const { calls, prompts, urls } = await providers(split([chosen]));
  const report = await callStage(prepared(repo, urls, ESCALATE));
  expect(calls).toEqual([...ROLES, 'gpt_pro']);
  expect(prompts[3]).toContain('R41 R2');
  expect(report.verdict).toBe('ok');
  expect(synthesisOf(repo, report).escalation?.path).toMatch(/_escalation\.json$/);
});

test('a conflict that the arbiter leaves open stays one, and nobody is asked a third time', async ({
  repo,
}) => {
  const { calls, urls } = await providers(split([]));
  const report = await callStage(prepared(repo, urls, ESCALATE));
  expect(calls).toEqual([...ROLES, 'gpt_pro']);
  expect(report.verdict).toBe('conflict');
});

test('without escalate, a conflict is a conflict at once', async ({ repo }) => {
  const { calls, urls } = await providers(split([chosen]));
  expect((await callStage(prepared(repo, urls))).verdict).toBe('conflict');
  expect(calls).toEqual([...ROLES]);
});

test('a run that was interrupted goes on where it was, and asks nobody twice', async ({ repo }) => {
  const { calls, urls } = await providers(sound);
  const workspace = prepared(repo, urls);
  const stop = new AbortController();
  const broken = runStage(
    { specId: SPEC, stage: 'plan' },
    {
      workspace,
      signal: stop.signal,
      async progress(_done, _total, message) {
        if (message.startsWith('claude')) stop.abort();
      },
    },
  );
  await expect(broken).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(calls).toEqual(['gemini']);
  const [run] = listRuns(workspace, ROOT, { limit: 1 });
  if (run === undefined || run instanceof Error) throw new Error('no run');
  expect(run.status).toBe('interrupted');
  expect(await callStage(workspace, { runId: run.runId })).toMatchObject({ verdict: 'ok' });
  expect(calls).toEqual([...ROLES]);
});
