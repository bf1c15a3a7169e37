import { expect } from 'vitest';
import { evidenceFile } from '../../resources/evidence-file.js';
import type { GuardrailReport } from '../../schemas/guardrail.js';
import { runStage } from '../../src/consensus/stage.js';
import { lintPacket } from '../../src/packet/documents.js';
import { type Asked, planAnswer, writePlanned } from '../support/answers.js';
import { answerAll, SPEC, stageCaller } from '../support/consensus-run.js';
import { recordStage } from '../support/earlier.js';
import { openTest } from '../support/repository.js';
import { test } from '../support/workspace.js';

const SPEC_MD = 'docs/SPEC-KIT-DEMO/spec.md';

/** Of the stage, as the run that this one is a part of has just seen it. */
const guardrail: GuardrailReport = {
  workspace: '',
  specId: SPEC,
  stage: 'tasks',
  outcome: 'passed',
  summary: '',
  checks: [],
  waivers: [],
  bundle: '20261122T100000Z-00000001',
  telemetry: '',
  resource: '',
  next: null,
};

function taskAnswer(role: 'gemini' | 'claude' | 'gpt_pro', asked: Asked): Record<string, unknown> {
  const { research_summary: _, questions: __, work_breakdown: ___, ...answer } = planAnswer(role, asked);
  const list = ['R1', 'R2'].map((id, index) => ({
    order: index + 1,
    task_id: `K${index + 1}`,
    title: `Build what ${id} asks for`,
    status: 'Done',
    validation_step: `run the test of ${id}`,
    artifact: SPEC_MD,
    notes: '',
    requirement_ids: [id],
  }));
  const header = { ...answer, stage: 'spec-tasks', final_plan: undefined };
  if (role === 'gemini')
    return {
      ...header,
      surfaces: [{ area: 'api', files: [SPEC_MD], tests: [], notes: 'one route' }],
      dependencies: [],
      spec_status: [],
    };
  if (role === 'claude')
    return { ...header, tasks: list, acceptance_coverage: ['R1: K1', 'R2: K2'], followups: [] };
  return {
    ...header,
    validated_tasks: list.map(task => ({ ...task, from: [task.task_id] })),
    command_plan: ['npm test'],
    dropped: [],
    resolutions: [],
    consensus: { agreements: [], conflicts: [] },
  };
}

test('the tasks stage sees what the plan stage agreed on, and drafts tasks.md; as a part of a run it has its guardrail from there', async ({
  repo,
  workspace,
}) => {
  writePlanned(repo);
  const call = stageCaller(repo);
  const plan = await answerAll(call, planAnswer);
  await call({ runId: plan.runId ?? '', write: true });
  const parent = {
    runId: '20261122T100000Z-00000000',
    guardrail: { ...guardrail, bundle: recordStage(repo, 'tasks') },
    left: {},
  };
  const prompts: string[] = [];
  const first = await runStage(
    { specId: SPEC, stage: 'tasks' },
    { workspace: openTest(repo.root), signal: new AbortController().signal, progress: async () => {} },
    parent,
  );
  const asked = { runId: first.runId ?? '', promptVersion: '20261124-tasks-a' };
  let report = first;
  for (let { awaiting } = report; awaiting !== undefined; { awaiting } = report) {
    prompts.push(repo.read(awaiting.promptPath));
    const { agent } = awaiting;
    if (agent === 'gpt_codex') throw new Error('has no part in tasks');
    const output = taskAnswer(agent, asked);
    report = await call({ stage: 'tasks', runId: asked.runId, agent, output });
  }
  expect(report).toMatchObject({ verdict: 'ok', document: { path: 'docs/SPEC-KIT-DEMO/tasks.md' } });
  expect(prompts[0]).toContain('# Plan: demo');
  expect(prompts[2]).toContain('K1: Build what R1 asks for');
  const file = report.document?.preview.split('/').at(-1) ?? '';
  const text = await evidenceFile.read({ specId: SPEC, bundleId: asked.runId, file }, workspace);
  expect(text).toContain('| 1 | K1: Build what R1 asks for (R1) | unassigned | Backlog |');
  await call({ stage: 'tasks', runId: asked.runId, write: true });
  const errors = lintPacket(workspace, { specId: SPEC, directory: `docs/${SPEC}` }, 'Done');
  expect(errors.filter(({ severity }) => severity === 'error')).toEqual([]);
});
