import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AutoReport } from '../../../schemas/auto.js';
import { VerifyReport } from '../../../schemas/evidence-tools.js';
import { RunningReport } from '../../../schemas/run.js';
import { SpecStatusReport } from '../../../schemas/status.js';
import { openSession, type Session } from './session.js';
import { createDemoWorkspace, type DemoWorkspace } from './workspace.js';

type Say = (line?: string) => void;

const LONG_ENOUGH = 600;
const LOOKS = 3000;
const LOOK_MS = 10;

/** In a repository of its own: the pipeline to its end, then a run whose server is killed in the middle. */
export async function pipelineDemo(say: Say, specId: string, apiUrl: string): Promise<void> {
  const workspace = createDemoWorkspace();
  const open = () =>
    openSession(workspace.root, {
      SPEC_KIT_TRUST: workspace.settingsDigest,
      SPEC_OPS_HAL_BASE_URL: apiUrl,
      HAL_SECRET_KAVEDARR_API_KEY: 'a-key-for-the-mock',
    });
  try {
    await pipeline(say, specId, workspace, open);
  } finally {
    workspace.remove();
  }
}

async function pipeline(
  say: Say,
  specId: string,
  workspace: DemoWorkspace,
  open: () => Promise<Session>,
): Promise<void> {
  let session = await open();
  try {
    say();
    say('spec_auto: all six stages in order; in between it stops for the work itself.');
    const first = await auto(say, session, { specId, skipConsensus: true });
    expect(first.needs === 'implementation', 'the run stops for the implementation');
    appendFileSync(path.join(workspace.root, 'src/health.mjs'), '// reviewed\n');
    workspace.commit('the implementation');
    say('   The work is committed, with the evidence so far; the run is resumed.');
    const last = await auto(say, session, { specId, resume: first.runId });
    expect(last.outcome === 'passed', 'the resumed run passes to the end');

    say();
    say('Another run, whose server is killed with SIGKILL in the validate stage.');
    const second = await auto(say, session, { specId, skipConsensus: true });
    const args = { specId, resume: second.runId, waitSeconds: 0 };
    const { runId } = RunningReport.parse(await session.call('spec_auto', args));
    say(`   spec_auto answers "running" at once; run ${runId} goes on in the server.`);
    await reaches(session, runId, 'validate');
    session.kill();
    session = await open();
    const dead = SpecStatusReport.parse(await session.call('spec_status', { runId }));
    say(`   A new server says of it: ${dead.status ?? ''}.`);
    expect(dead.status === 'interrupted', 'the run of the killed server is interrupted');
    const resumed = await auto(say, session, { specId, resume: runId });
    expect(resumed.outcome === 'passed', `the interrupted run resumes to its end${haltOf(resumed)}`);
    const tries = resumed.stages.map(({ stage, tries: count }) => `${stage} ${count}`).join(', ');
    say(`   tries on record: ${tries}; no completed stage ran again.`);
    const report = VerifyReport.parse(await session.call('verify_evidence', { specId }));
    say(`   ${report.summary}`);
    expect(report.outcome === 'ok', 'the evidence of both runs verifies');
  } finally {
    await session.close();
  }
}

function haltOf({ halt }: AutoReport): string {
  return halt === null ? '' : ` (${halt.stage}: ${halt.reason})`;
}

async function auto(say: Say, session: Session, args: object): Promise<AutoReport> {
  const report = AutoReport.parse(await session.call('spec_auto', { waitSeconds: LONG_ENOUGH, ...args }));
  const line = report.stages.map(({ stage, outcome }) => `${stage} ${outcome ?? '-'}`).join(', ');
  say(`   ${line}`);
  say(`   ${report.summary}`);
  for (const { name, message } of report.halt?.findings ?? []) say(`   ${name}: ${message}`);
  return report;
}

async function reaches(session: Session, runId: string, stage: string): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    const { status, stage: at } = SpecStatusReport.parse(await session.call('spec_status', { runId }));
    if (at === stage) return;
    expect(status === 'running', `the run reaches ${stage} while it is watched`);
    await delay(LOOK_MS);
  }
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`The demo did not come out as it should: ${what}.`);
}
