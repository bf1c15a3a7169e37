import * as z from 'zod';
import type { LedgerRecord, Manifest, Predicate, Subject } from '../../schemas/evidence.js';
import type { Check, Waiver } from '../../schemas/guardrail.js';
import { HalTelemetry } from '../../schemas/hal.js';
import { Telemetry } from '../../schemas/telemetry.js';
import { decideOutcome } from '../guardrail/outcome.js';
import { type Claiming, compare, deny, denyOutcome } from './claims.js';
import { nameOf } from './layout.js';
import { parsed } from './records.js';
import { stageFieldsDenied } from './stage-claims.js';

const HalResult = HalTelemetry.extend({ timestamp: z.string() });

/**
 * The telemetry of a guardrail or of HAL, whose digest is right: its outcome follows from its checks, its stage fields and
 * waivers too, and it says what the manifest says. Returns its checks.
 */
export function verifyTelemetry(
  claiming: Claiming,
  record: LedgerRecord,
  { predicate, subject }: Manifest,
  bytes: Buffer,
): readonly Check[] | undefined {
  const schema = predicate.kind === 'hal' ? HalResult : Telemetry;
  const { data: telemetry, error } = schema.safeParse(parsed(bytes));
  if (telemetry === undefined) {
    const where = error?.issues[0]?.path.map(String).join('.') ?? '';
    deny(
      claiming,
      `The telemetry is malformed${where === '' ? '' : ` at ${where.replace(/[^\w.-]/g, '?').slice(0, 80)}`}, so its outcome cannot be recomputed.`,
    );
    return undefined;
  }
  const command = predicate.kind === 'hal' ? 'hal-smoke' : `spec-ops-${predicate.stage}`;
  compare(claiming, 'command', command, telemetry.command);
  compare(claiming, 'specId', record.specId, telemetry.specId);
  compare(claiming, 'sessionId', record.bundle, telemetry.sessionId);
  compare(claiming, 'configDigest', predicate.configDigest ?? 'none', telemetry.configDigest ?? 'none');
  denyOutcome(claiming, decideOutcome(telemetry.checks), telemetry.outcome);
  compare(claiming, 'outcome', predicate.outcome ?? 'none', telemetry.outcome);
  compare(claiming, 'checks', inWords(predicate.checks), inWords(telemetry.checks));
  compare(claiming, 'waivers', waived(predicate.waivers), waived(telemetry.waivers));
  if ('git' in telemetry) compareGit(claiming, predicate, telemetry.git);
  denyWaivers(claiming, telemetry.checks, telemetry.waivers);
  verifyArtifacts(claiming, subject, telemetry.artifacts);
  for (const { message, expected, actual } of stageFieldsDenied(telemetry))
    deny(claiming, message, expected, actual);
  return telemetry.checks;
}

/** Name, status and weight of each check: the messages may be redacted on their own in each file. */
function inWords(checks: readonly Check[]): string {
  return checks
    .map(({ name, status, required }) => `${name} ${status}${required ? '' : ' (optional)'}`)
    .join(', ');
}

function waived(waivers: readonly Waiver[]): string {
  return waivers.map(({ check }) => check).join(', ') || 'none';
}

function compareGit(
  claiming: Claiming,
  { source }: Predicate,
  git: { commit: string | null; tree: string | null; dirty: boolean },
): void {
  compare(claiming, 'git.commit', source.commit ?? 'none', git.commit ?? 'none');
  compare(claiming, 'git.tree', source.tree ?? 'none', git.tree ?? 'none');
  compare(claiming, 'git.dirty', String(source.dirty), String(git.dirty));
}

/** Nobody's order excuses a check that calls itself waived, unless the order is there. */
function denyWaivers(claiming: Claiming, checks: readonly Check[], waivers: readonly Waiver[]): void {
  for (const { name, status } of checks)
    if (status === 'waived' && !waivers.some(({ check }) => check === name || name.startsWith(`${check}:`)))
      deny(claiming, `Its check ${name} is waived, and no waiver says by whom and why.`, 'a waiver', 'none');
  for (const { by, check } of waivers)
    if (by.trim() === '') deny(claiming, `Its waiver of ${check} names nobody.`);
}

/** Both list the same files with the same digests. The evidence root may have moved since, so that paths are held by their names. */
function verifyArtifacts(
  claiming: Claiming,
  subjects: readonly Subject[],
  artifacts: readonly { readonly path: string; readonly digest: string }[],
): void {
  const digests = new Map(subjects.map(({ name, digest }) => [nameOf(name), digest.sha256]));
  for (const { path, digest } of artifacts) {
    const recorded = digests.get(nameOf(path));
    if (recorded === undefined)
      deny(claiming, `It lists the artifact ${nameOf(path)}, which its bundle does not have.`);
    else compare(claiming, `digest of ${nameOf(path)}`, recorded, digest);
    if (/^(?:[/\\~]|[A-Za-z]:)|(?:^|\/)\.\.(?:\/|$)/.test(path))
      deny(claiming, `It lists the artifact ${nameOf(path)} by a path that leaves the workspace.`);
  }
}
