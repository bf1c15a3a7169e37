import * as z from 'zod';
import { AttestedBy, Sha256 } from './evidence.js';
import { Outcome, SpecId, Stage, Verdict } from './ids.js';
import { Counts, Next, Severity } from './shared.js';

export const EvidenceFile = z.object({ path: z.string(), sha256: Sha256, size: z.int() });
export type EvidenceFile = z.output<typeof EvidenceFile>;

export const WriteEvidenceResult = z.object({
  workspace: z.string(),
  specId: SpecId,
  bundle: z.string().describe('Session id of the bundle'),
  attestedBy: AttestedBy.describe('caller: shown as such, and never able to satisfy a gate'),
  files: z.array(EvidenceFile).describe('Workspace-relative paths'),
  manifest: z.object({ path: z.string(), sha256: Sha256 }),
  record: z.object({ seq: z.int(), path: z.string(), sha256: Sha256 }),
  resource: z.string().describe('URI of the bundle manifest'),
  next: Next,
});
export type WriteEvidenceResult = z.output<typeof WriteEvidenceResult>;

/** `file` is relative to the workspace, `byte` counts from 0; `record` is the number of a ledger record. */
export const EvidenceFinding = z.object({
  code: z.string(),
  severity: Severity,
  specId: z.string(),
  record: z.int().optional(),
  bundle: z.string().optional(),
  file: z.string().optional(),
  byte: z.int().optional().describe('First byte that is wrong, or where the first wrong 64 KiB start'),
  line: z.int().optional().describe('Line of that byte, from 1'),
  expected: z.string().optional(),
  actual: z.string().optional(),
  message: z.string(),
});
export type EvidenceFinding = z.output<typeof EvidenceFinding>;

/**
 * `false`: evidence without manifests claims what its bytes do not support. `incomplete`: bundles that no record names, as a
 * crash leaves them, or evidence that cannot be checked, and nothing worse.
 */
export const VerifyOutcome = z.enum(['ok', 'tampered', 'false', 'incomplete', 'anchor_mismatch']);
export type VerifyOutcome = z.output<typeof VerifyOutcome>;

/** Bundles without manifests, by what they are worth. */
export const OriginCounts = z.object({
  sound: z.int(),
  honest_failure: z.int(),
  incomplete: z.int(),
  false: z.int(),
  invalid: z.int(),
});
export type OriginCounts = z.output<typeof OriginCounts>;

export const VerifyReport = z.object({
  anchor: z.string().describe('Whether an anchor was used, and what that means'),
  workspace: z.string(),
  outcome: VerifyOutcome,
  summary: z.string(),
  counts: Counts.extend({
    specs: z.int(),
    records: z.int(),
    files: z.int(),
    bytes: z.int(),
    unverifiable: z.int().describe('Files that are no evidence of a run in any known shape'),
    origin: OriginCounts.optional().describe('Bundles without manifests, judged by their bytes'),
  }),
  heads: z.array(z.string()).describe('Newest record of each spec, to be kept as an anchor; the first 10'),
  findings: z
    .array(EvidenceFinding)
    .describe('Errors first, then by record; the first 20 that fit, after `from`'),
  omitted: z.int().describe('Findings left out after these; `next` shows them'),
  next: Next,
});
export type VerifyReport = z.output<typeof VerifyReport>;

export const EvidenceIndexEntry = z.object({
  seq: z.int(),
  bundle: z.string(),
  at: z.string(),
  kind: z
    .string()
    .nullable()
    .describe('guardrail, hal, consensus or caller; null when the manifest is not the recorded one'),
  attestedBy: AttestedBy.nullable(),
  stage: Stage.nullable(),
  outcome: Outcome.nullable().describe(
    'Recomputed from the checks in the manifest; verify_evidence holds it against the files; null for what has none',
  ),
  verdict: Verdict.nullable().describe(
    'Of a consensus, as its manifest claims; verify_evidence holds it against the files',
  ),
  content: z.string().nullable().describe('What a caller said it is'),
  uri: z.string(),
});
export type EvidenceIndexEntry = z.output<typeof EvidenceIndexEntry>;

/** The bundles of a spec, newest first, 100 a page. */
export const EvidenceIndex = z.object({
  specId: SpecId,
  bundles: z.int().describe('Number of the newest record'),
  note: z.string().describe('What outcomes and verdicts are worth here'),
  entries: z.array(EvidenceIndexEntry),
  older: z.string().nullable().describe('URI of the next page; null on the last one'),
});
export type EvidenceIndex = z.output<typeof EvidenceIndex>;
