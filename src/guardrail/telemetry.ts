import type { Check, Waiver } from '../../schemas/guardrail.js';
import type { Outcome } from '../../schemas/ids.js';
import { Telemetry } from '../../schemas/telemetry.js';
import type { BundleFile } from '../evidence/bundle.js';
import { sha256Of } from '../evidence/digest.js';
import { commandPath } from '../evidence/layout.js';
import { redactorOf } from '../evidence/redaction.js';
import { VERSION } from '../version.js';
import type { Checked, Guardrail, StagePlan } from './guardrail.js';
import { countChecks } from './outcome.js';

/** A run whose checks are done and whose outcome is decided. */
export interface Finished {
  readonly guardrail: Guardrail;
  readonly done: readonly (Checked & { readonly check: Check })[];
  readonly waivers: readonly Waiver[];
  readonly outcome: Outcome;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** The telemetry v1 file of a run, its log, and the logs of its commands: the files of its bundle. */
export function telemetryFiles(finished: Finished, fields: StagePlan['fields']): readonly BundleFile[] {
  const { guardrail, done } = finished;
  const { stage, sessionId } = guardrail;
  const log = {
    name: `spec-${stage}_${sessionId}_log.txt`,
    bytes: Buffer.from(redactorOf(guardrail.workspace).text(runLog(finished))),
  };
  const logs = [log, ...done.flatMap(({ files }) => files ?? [])];
  const artifacts = logs.map(file => ({
    path: pathOf(guardrail, file.name),
    digest: 'staged' in file ? file.sha256 : sha256Of(file.bytes),
  }));
  const stageFields = fields(done, pathOf(guardrail, log.name));
  const telemetry = Telemetry.parse({ ...commonFields(finished), ...stageFields, artifacts });
  const bytes = Buffer.from(`${JSON.stringify(telemetry, null, 2)}\n`);
  return [{ name: `spec-${stage}_${sessionId}.json`, bytes }, ...logs];
}

function commonFields({ guardrail, done, waivers, outcome, startedAt, endedAt }: Finished) {
  return {
    schemaVersion: 1,
    specId: guardrail.packet.specId,
    sessionId: guardrail.sessionId,
    timestamp: endedAt.toISOString(),
    outcome,
    checks: done.map(({ check }) => check),
    waivers,
    git: { ...guardrail.source.head, dirty: guardrail.source.changes.length > 0 },
    configDigest: guardrail.configDigest,
    durationMs: Math.max(0, endedAt.getTime() - startedAt.getTime()),
    tool: { name: 'spec-kit-mcp', version: VERSION },
  };
}

function pathOf({ settings, packet }: Guardrail, name: string): string {
  return `${settings.workspace.evidence_root}/${commandPath(packet.specId, name)}`;
}

/** What a person reads first: one line a check, in the order they ran. */
function runLog({ guardrail, done, waivers, outcome, startedAt, endedAt }: Finished): string {
  const { packet, stage, sessionId, configDigest, source } = guardrail;
  const { commit, branch } = source.head;
  const checks = done.map(({ check }) => check);
  return [
    `${stage} guardrail of ${packet.specId}, session ${sessionId}`,
    `started ${startedAt.toISOString()}, ended ${endedAt.toISOString()}`,
    `commit ${commit ?? 'none'} on ${branch ?? 'a detached HEAD'}, settings ${configDigest ?? 'none'}`,
    '',
    ...checks.map(
      ({ name, status, durationMs, message }) => `${status.padEnd(8)} ${name} (${durationMs} ms): ${message}`,
    ),
    ...waivers.map(({ check, by, reason }) => `waiver   ${check} by ${by}: ${reason}`),
    '',
    `outcome: ${outcome} (${countChecks(checks)})`,
    '',
  ].join('\n');
}
