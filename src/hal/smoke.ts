import type { HalReport, HalTelemetry } from '../../schemas/hal.js';
import type { HalSmokeInput } from '../../schemas/inputs/checks.js';
import type { BundleFile, Published } from '../evidence/bundle.js';
import { sha256Of } from '../evidence/digest.js';
import { headNow } from '../evidence/head.js';
import { commandPath } from '../evidence/layout.js';
import { publishBundle } from '../evidence/publish.js';
import { redactorOf } from '../evidence/redaction.js';
import { newSessionId } from '../evidence/session.js';
import { discard, openStaging } from '../evidence/staging.js';
import { countChecks } from '../guardrail/outcome.js';
import { findPacket } from '../packet/find.js';
import { type LoadedSettings, loadSettings } from '../settings/load.js';
import type { Call } from '../tool.js';
import { VERSION } from '../version.js';
import type { Workspace } from '../workspace/workspace.js';
import { filesOf, guardrailChecks, type HalRun } from './hal.js';
import { reportOf } from './report.js';
import { runHal } from './run.js';

/** A run that is done and not recorded yet. */
interface Finished {
  readonly loaded: LoadedSettings;
  readonly specId: string;
  readonly sessionId: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly run: HalRun;
}

/**
 * Runs the HAL checks for a spec and records them as a bundle of their own. A failed check is a result; a run that could
 * not be recorded is an error. Throws what `runHal` and publishing throw.
 */
export async function halSmoke(
  input: Omit<HalSmokeInput, 'workspace' | 'waitSeconds'>,
  { workspace, signal, progress }: Call,
): Promise<HalReport> {
  const loaded = await loadSettings(workspace);
  const { docs_root, evidence_root } = loaded.settings.workspace;
  const { specId } = findPacket(workspace, docs_root, input.specId);
  const sessionId = newSessionId(workspace);
  const startedAt = workspace.now();
  const staging = openStaging(workspace, evidence_root, sessionId);
  try {
    const run = await runHal(workspace, loaded.settings, {
      specId,
      sessionId,
      staging,
      configDigest: loaded.digest,
      checks: input.checks,
      signal,
      progress,
    });
    const finished = { loaded, specId, sessionId, startedAt, endedAt: workspace.now(), run };
    const published = await record(workspace, finished);
    return reportOf(workspace, specId, run, summaryOf(specId, run), published);
  } finally {
    discard(workspace.files, staging);
  }
}

async function record(workspace: Workspace, finished: Finished): Promise<Published> {
  const { loaded, specId, sessionId, startedAt, endedAt, run } = finished;
  const telemetry = telemetryOf(finished);
  return publishBundle(workspace, loaded.settings.workspace.evidence_root, {
    specId,
    sessionId,
    prefix: 'hal',
    kind: 'hal',
    attestedBy: 'server',
    stage: null,
    outcome: run.outcome,
    checks: telemetry.checks,
    content: null,
    waivers: telemetry.waivers,
    source: { ...(await headNow(workspace)), dirty: null },
    configDigest: loaded.digest,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt.toISOString(),
    files: [
      {
        name: `hal_${sessionId}.json`,
        bytes: Buffer.from(`${JSON.stringify(redactorOf(workspace).json(telemetry), null, 2)}\n`),
      },
      ...filesOf(run),
    ],
  });
}

function telemetryOf({ loaded, specId, sessionId, startedAt, endedAt, run }: Finished): HalTelemetry {
  const folder = `${loaded.settings.workspace.evidence_root}/${commandPath(specId, '')}`;
  return {
    schemaVersion: 1,
    command: 'hal-smoke',
    specId,
    sessionId,
    timestamp: endedAt.toISOString(),
    artifacts: filesOf(run).map(file => ({ path: `${folder}${file.name}`, digest: digestOf(file) })),
    outcome: run.outcome,
    checks: [...guardrailChecks(run.checks, folder)],
    waivers: run.waiver === undefined ? [] : [run.waiver],
    hal: { summary: run.summary },
    origin: run.origin,
    profile: run.profile,
    configDigest: loaded.digest,
    durationMs: Math.max(0, endedAt.getTime() - startedAt.getTime()),
    tool: { name: 'spec-kit-mcp', version: VERSION },
  };
}

function digestOf(file: BundleFile): string {
  return 'staged' in file ? file.sha256 : sha256Of(file.bytes);
}

function summaryOf(specId: string, { outcome, checks, origin }: HalRun): string {
  const where = origin === null ? '' : ` against ${origin}`;
  return `HAL smoke of ${specId}${where}: ${outcome}. ${countChecks(checks)}.`;
}
