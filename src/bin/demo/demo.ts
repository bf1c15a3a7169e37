import { Manifest } from '../../../schemas/evidence.js';
import { VerifyReport } from '../../../schemas/evidence-tools.js';
import type { GuardrailReport } from '../../../schemas/guardrail.js';
import { LintReport, UpdateTaskResult } from '../../../schemas/tracker.js';
import { consult } from './agents.js';
import { pipelineDemo } from './pipeline.js';
import { openSession, type Session } from './session.js';
import { type Api, stage, startApi } from './six-stages.js';
import { createDemoWorkspace, type DemoWorkspace } from './workspace.js';

const SPEC = 'SPEC-KIT-DEMO';

/** A line of the transcript. */
export type Say = (line?: string) => void;

/**
 * The main job on real input: a client works through a small repository with the server, from lint to verified evidence.
 * Throws when a step does not come out as it should.
 */
export async function demo(say: Say): Promise<void> {
  const workspace = createDemoWorkspace();
  const api = await startApi();
  try {
    say(`A small repository with one spec, ${SPEC}, was copied to a temporary folder.`);
    say('An MCP client starts `spec-kit-mcp serve` there over stdio and calls its tools.');
    say(
      'The person has read spec-kit.toml and trusts its two commands (SPEC_KIT_TRUST). The API is a mock on loopback.',
    );
    const session = await openSession(workspace.root, {
      SPEC_KIT_TRUST: workspace.settingsDigest,
      SPEC_OPS_HAL_BASE_URL: api.url,
      HAL_SECRET_KAVEDARR_API_KEY: 'a-key-for-the-mock',
    });
    try {
      await walk(say, session, workspace, api);
    } finally {
      await session.close();
    }
    await api.become('healthy');
    await pipelineDemo(say, SPEC, api.url);
  } finally {
    await api.close();
    workspace.remove();
  }
  say();
  say('Done; the temporary folder is gone.');
}

async function walk(say: Say, session: Session, workspace: DemoWorkspace, api: Api): Promise<void> {
  say();
  say(`tools: ${(await session.tools()).join(', ')}`);
  await lint(say, session);
  await update(say, session);
  await refused(say, session);
  workspace.commit('T2 is in review');
  await healthy(say, session);
  await degraded(say, session, api);
  const report = await healed(say, session, api);
  await readBack(say, session, report);
  await consult(say, session);
  await verified(say, session, workspace, report);
}

async function lint(say: Say, session: Session): Promise<void> {
  step(say, '1. lint_tasks: what is wrong with SPEC.md?');
  const { summary, findings } = LintReport.parse(await session.call('lint_tasks', { limit: 4 }));
  say(`   ${summary}`);
  for (const { file, line, severity, message } of findings) say(`   ${file}:${line} ${severity}: ${message}`);
  expect(findings.length > 0, 'the example has problems that lint should find');
}

async function update(say: Say, session: Session): Promise<void> {
  step(say, '2. update_task: T2 goes to In Review, and no other byte of SPEC.md changes.');
  const args = { taskId: 'T2', status: 'In Review', note: 'both answers are implemented' };
  const { changed, after } = UpdateTaskResult.parse(await session.call('update_task', args));
  for (const name of changed) say(`   ${name}: ${after.cells[name] ?? ''}`);
}

async function refused(say: Say, session: Session): Promise<void> {
  step(say, '3. run_guardrail plan: refused, because SPEC.md is not committed.');
  const { outcome } = await stage(say, session, SPEC, 'plan');
  expect(outcome === 'failed', 'a dirty tree fails the guardrail');
}

async function healthy(say: Say, session: Session): Promise<void> {
  step(say, '4. SPEC.md is committed, and the API is healthy: the stages one after the other.');
  for (const name of ['plan', 'tasks', 'implement', 'validate', 'audit'] as const) {
    const { outcome } = await stage(say, session, SPEC, name);
    expect(outcome === 'passed', `${name} passes on a clean tree with a healthy API`);
  }
}

async function degraded(say: Say, session: Session, api: Api): Promise<void> {
  await api.become('degraded');
  step(say, '5. The API is degraded. Its /health still answers 200; nothing else has changed.');
  for (const name of ['validate', 'audit', 'unlock'] as const) {
    const { outcome } = await stage(say, session, SPEC, name);
    expect(outcome === 'failed', `${name} fails while the API is degraded`);
  }
}

async function healed(say: Say, session: Session, api: Api): Promise<GuardrailReport> {
  await api.become('healthy');
  step(say, '6. The API is healthy again.');
  const reports = [];
  for (const name of ['validate', 'audit', 'unlock'] as const) {
    const report = await stage(say, session, SPEC, name);
    expect(report.outcome === 'passed', `${name} passes again`);
    reports.push(report);
  }
  const [, audit] = reports;
  if (audit === undefined) throw new Error('There is no audit to show.');
  return audit;
}

async function readBack(say: Say, session: Session, { resource }: GuardrailReport): Promise<void> {
  step(say, `7. The evidence of the audit, read back as ${resource}`);
  const { subject, predicate } = Manifest.parse(JSON.parse(await session.read(resource)));
  say(
    `   outcome ${predicate.outcome ?? 'none'} at commit ${predicate.source.commit?.slice(0, 12) ?? 'none'}, ${subject.length} files:`,
  );
  for (const { name, digest } of subject) say(`   ${digest.sha256.slice(0, 12)}  ${name}`);
}

async function verified(
  say: Say,
  session: Session,
  workspace: DemoWorkspace,
  { telemetry }: GuardrailReport,
): Promise<void> {
  step(say, '8. verify_evidence: every digest and the chain are recomputed.');
  const before = VerifyReport.parse(await session.call('verify_evidence', { specId: SPEC }));
  say(`   ${before.summary}`);
  expect(before.outcome === 'ok', 'untouched evidence verifies');
  step(say, `9. One byte of ${telemetry.split('/').at(-1) ?? ''} is changed behind its back.`);
  workspace.spoil(telemetry);
  const after = VerifyReport.parse(await session.call('verify_evidence', { specId: SPEC }));
  say(`   ${after.summary}`);
  for (const { code, file, message } of after.findings) say(`   ${code} ${file ?? ''}: ${message}`);
  expect(after.outcome === 'tampered', 'one changed byte is found');
}

function step(say: Say, title: string): void {
  say();
  say(title);
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The demo did not come out as it should: ${what}.`);
}
