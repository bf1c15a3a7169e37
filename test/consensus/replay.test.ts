import { expect } from 'vitest';
import type { AgentRole } from '../../schemas/settings.js';
import { stageAnswer } from '../../src/cli/stage-answer.js';
import { verifyEvidence } from '../../src/evidence/verify.js';
import { type Asked, planAnswer, writePlanned } from '../support/answers.js';
import { answerAll, SPEC, stageCaller, synthesisOf } from '../support/consensus-run.js';
import { test } from '../support/workspace.js';

const ROOT = 'docs/SPEC-OPS-004-integrated-coder-hooks/evidence';
const quiet = { signal: new AbortController().signal, progress: async () => {} };

type Answer = (role: AgentRole, asked: Asked) => unknown;

const declares = (conflict: string) => ({ consensus: { agreements: [], conflicts: [conflict] } });
const stub = (role: AgentRole, asked: Asked) =>
  planAnswer(role, asked, { model: 'stub-model', model_release: '1970-01-01' });

/** What the origin's runner made of each: ok, exit 0. */
test.for<[string, Answer, 'conflict' | 'degraded', number, string]>([
  [
    'all three agents declare a conflict',
    (role, asked) => planAnswer(role, asked, declares('R1 and R2 exclude each other')),
    'conflict',
    2,
    'R50',
  ],
  ['all agents crash', () => '', 'degraded', 3, 'R71'],
  [
    'two agents are stubs',
    (role, asked) => (role === 'gpt_pro' ? planAnswer(role, asked) : stub(role, asked)),
    'degraded',
    3,
    'R02',
  ],
  [
    'a conflict stands in final_plan.consensus alone',
    (role, asked) => {
      const answer = planAnswer(role, asked);
      if (role !== 'gpt_pro') return answer;
      const { final_plan } = answer;
      return {
        ...answer,
        final_plan: Object.assign({}, final_plan, declares('R2 is forbidden by the constitution')),
      };
    },
    'conflict',
    2,
    'R50',
  ],
])('%s: the origin said ok', async ([, answer, verdict, exitCode, rule], { repo, workspace }) => {
  writePlanned(repo);
  const report = await answerAll(stageCaller(repo), answer);
  expect(report).toMatchObject({ status: 'done', verdict });
  expect(stageAnswer(report).exitCode).toBe(exitCode);
  expect(report.findings?.map(finding => finding.rule).join()).toContain(rule);
  expect(report.document).toBeUndefined();
  expect(synthesisOf(repo, report).status).toBe(verdict);
  expect(await verifyEvidence(workspace, ROOT, { specId: SPEC }, quiet)).toMatchObject({ outcome: 'ok' });
});

test('one caller that answers for all roles is no second opinion: degraded, and that alone', async ({
  repo,
}) => {
  writePlanned(repo);
  const report = await answerAll(stageCaller(repo), (role, asked) =>
    planAnswer(role, { ...asked, model: 'one-model' }),
  );
  expect(report.verdict).toBe('degraded');
  expect(synthesisOf(repo, report).status_reasons.join()).toMatch(/^R70/);
});
