import { createHash } from 'node:crypto';
import { type AutoReport, AutoState } from '../../schemas/auto.js';
import type { SpecAutoInput } from '../../schemas/inputs/stages.js';
import { specAuto } from '../../src/pipeline/auto.js';
import { readRun } from '../../src/pipeline/run-store.js';
import { evidenceRootOf } from '../../src/settings/evidence-root.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { SPEC_ID, TRACKER } from './packet.js';
import { openTest, type Repository } from './repository.js';

const SPEC = `# Spec: demo

## Context

Why.

## Objectives

1. One.

## Acceptance Criteria

- R1: the file src/done exists
`;

const PLAN = `# Plan: demo

## Inputs

- spec.md

## Work Breakdown

1. Make the file.

## Acceptance Mapping

| Requirement (Spec) | Validation Step | Test/Check Artifact |
| --- | --- | --- |
| R1 | e2e looks for the file | its log |

## Risks & Unknowns

- None.

## Consensus & Risks (Multi-AI)

- Agreement: none.

## Exit Criteria (Done)

- The file is there.
`;

const TASKS = `# Tasks: demo

| Order | Task | Owner | Status | Validation |
| --- | --- | --- | --- | --- |
| 1 | Make the file | Ben | Backlog | R1: e2e |
`;

/** `e2e` passes once src/done is there; `more` is added to spec-kit.toml. */
export function writePipeline(repo: Repository, more = ''): void {
  const command = (name: string, script: string) =>
    `[commands.${name}]\nargv = [${JSON.stringify(process.execPath)}, "-e", ${JSON.stringify(script)}]\n`;
  repo.write('SPEC.md', TRACKER);
  repo.write(`docs/${SPEC_ID}/spec.md`, SPEC);
  repo.write(`docs/${SPEC_ID}/plan.md`, PLAN);
  repo.write(`docs/${SPEC_ID}/tasks.md`, TASKS);
  const toml = [
    command('build', '0'),
    command('e2e', "process.exit(require('fs').existsSync('src/done') ? 0 : 1)"),
    '[guardrail.plan]\nbaseline = ["build"]\n',
    '[guardrail.validate]\nscenarios = ["e2e"]\n',
    more,
  ];
  repo.write('spec-kit.toml', toml.join(''));
  repo.commit('packet');
}

/** As an agent or a person would: the work, committed with the evidence so far. */
export function implement(repo: Repository): void {
  repo.write('src/done', 'yes');
  repo.commit('implemented');
}

/** The workspace with its commands trusted, and a clock that goes. */
export function openTrusted(repo: Pick<Repository, 'root' | 'read'>): Workspace {
  const trust = createHash('sha256').update(repo.read('spec-kit.toml')).digest('hex');
  return { ...openTest(repo.root, { trust }), now: () => new Date() };
}

export function auto(
  workspace: Workspace,
  input: Partial<SpecAutoInput> = {},
  signal = new AbortController().signal,
): Promise<AutoReport> {
  return specAuto(
    { specId: SPEC_ID, skipConsensus: true, ...input },
    { workspace, signal, progress: async () => {} },
  );
}

/** Every try of a run, as its record has it. */
export async function attemptsOf(workspace: Workspace, runId: string): Promise<AutoState['attempts']> {
  const { state } = readRun(workspace, await evidenceRootOf(workspace), runId);
  return AutoState.parse(state).attempts;
}
