import { rmSync } from 'node:fs';
import path from 'node:path';
import { codesOf, type OriginBundle } from '../../src/origin/bundle.js';
import { type Survey, surveyOrigin, surveySpec } from '../../src/origin/survey.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import type { Repository } from '../support/repository.js';

export const ROOT = 'docs/evidence';
export const SPEC = 'SPEC-OLD-1';
export const SESSION = '2025-03-01T10:00:00Z-1234567';
export const MOMENT = '2025-03-01T10:00:00Z';

export type Given = Readonly<Record<string, unknown>>;

/** Telemetry as the shell scripts wrote it; `over` replaces members, undefined leaves them out. */
export function telemetry(stage: string, over: Given): Given {
  return {
    schemaVersion: 1,
    command: `spec-ops-${stage}`,
    specId: SPEC,
    sessionId: SESSION,
    timestamp: '2025-03-01T10:00:05Z',
    artifacts: [{ path: `${ROOT}/commands/${SPEC}/run.txt` }],
    ...over,
  };
}

export function scenario(status: string): Given {
  return { scenarios: [{ name: 'bootstrap', status }] };
}

/** An answer of an agent with everything that it needs. */
export function answer(role: string, over: Given = {}): Given {
  const models: Given = { gemini: 'gemini-2.5-pro', claude: 'claude-4.5-sonnet', gpt_pro: 'gpt-5' };
  return {
    stage: 'spec-plan',
    prompt_version: '20250301-plan-a',
    agent: role,
    model: models[role],
    model_release: '2025-02-01',
    reasoning_mode: 'auto',
    notes: ['three steps are enough'],
    ...over,
  };
}

export function synthesis(over: Given = {}): Given {
  return {
    stage: 'spec-plan',
    specId: SPEC,
    timestamp: MOMENT,
    prompt_version: '20250301-plan-a',
    agents: [{ agent: 'gemini' }, { agent: 'claude' }, { agent: 'gpt_pro' }],
    consensus: { agreements: ['three steps'], conflicts: [] },
    status: 'ok',
    ...over,
  };
}

/** Three answers and their synthesis; `over` replaces what an agent or the synthesis says. */
export function run(over: Readonly<Record<string, Given>> = {}): Record<string, Given> {
  const roles = ['gemini', 'claude', 'gpt_pro'];
  const files = roles.map(role => [`spec-plan_${MOMENT}_${role}.json`, answer(role, over[role])] as const);
  return {
    ...Object.fromEntries(files),
    [`spec-plan_${MOMENT}_synthesis.json`]: synthesis(over['synthesis']),
  };
}

/** Writes values as JSON and texts as they are, below the evidence root. */
export function write(repo: Repository, folder: string, files: Given): void {
  for (const [name, value] of Object.entries(files))
    repo.write(`${ROOT}/${folder}/${name}`, typeof value === 'string' ? value : JSON.stringify(value));
}

/** One spec's bundles in one repository for many cases: git is asked about none of them. */
export function surveyOf(repo: Repository, workspace: Workspace, folder: string, files: Given): Survey {
  rmSync(path.join(repo.root, ROOT), { recursive: true, force: true });
  write(repo, folder, files);
  return surveySpec(workspace, ROOT, SPEC);
}

export async function survey(workspace: Workspace): Promise<Survey> {
  return surveyOrigin(workspace, ROOT, [SPEC], undefined);
}

/** `verdict: code, code` of each bundle. */
export function inWords(bundles: readonly OriginBundle[]): readonly string[] {
  return bundles.map(bundle => [bundle.verdict, ...codesOf(bundle)].join(' '));
}
