import * as z from 'zod';
import { AttestedBy, Sha256 } from './evidence.js';
import { Outcome, SpecId, Stage, Verdict } from './ids.js';
import { Counts, Next, Severity, workspaceInput } from './shared.js';

export const EvidenceFile = z.object({ path: z.string(), sha256: Sha256, size: z.int() });
export type EvidenceFile = z.output<typeof EvidenceFile>;

/** Endings of files a caller may write, all text. A `.log` is stored as `_log.txt`, because most repositories ignore `*.log`. */
export const TEXT_ENDINGS = [
  'txt',
  'md',
  'json',
  'jsonl',
  'log',
  'csv',
  'xml',
  'html',
  'yaml',
  'yml',
  'tap',
  'diff',
  'patch',
] as const;

export const MAX_CONTENT_BYTES = 1024 * 1024;

const EvidenceName = z
  .string()
  .regex(
    new RegExp(`^[a-z0-9][a-z0-9_-]{0,40}\\.(${TEXT_ENDINGS.join('|')})$`),
    `must be a bare file name such as review-notes.md: lower-case letters, digits, - and _, at most 41, then one of .${TEXT_ENDINGS.join(' .')}`,
  )
  .refine(name => !/^(con|prn|aux|nul|com\d|lpt\d)\./.test(name), 'is reserved on Windows; choose another')
  .refine(
    name => !/^(spec|baseline|hal)[-_]/.test(name),
    "must not start with spec-, baseline- or hal-: those are the server's own results",
  );

export const WriteEvidenceInput = z
  .strictObject({
    specId: SpecId,
    name: EvidenceName.describe(
      `Bare file name, lower case, e.g. review-notes.md; endings .${TEXT_ENDINGS.join(' .')}`,
    ),
    content: z
      .string()
      .min(1, 'must not be empty: there would be nothing to show')
      .max(MAX_CONTENT_BYTES, 'must be at most 1 MiB; write an extract and name the whole in it')
      .optional()
      .describe('The text, at most 1 MiB. Exactly one of content and json'),
    json: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('A JSON object, at most 1 MiB; the name then ends in .json'),
    kind: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]{0,31}$/,
        'must be a word such as note, log or test-report: lower-case letters, digits, -',
      )
      .default('note')
      .describe('What it is, in a word: note (default), log, test-report ...'),
    ...workspaceInput,
  })
  .refine(({ content, json }) => (content === undefined) !== (json === undefined), {
    path: ['content'],
    error: 'exactly one of content and json must be given',
  });
export type WriteEvidenceInput = z.output<typeof WriteEvidenceInput>;

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

/** `<SPEC-ID>@<seq without zeros>:<sha256 of the record file>`: what the ledger said at a time, kept somewhere else. */
export const EvidenceHead = z
  .string()
  .regex(
    /^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+@[1-9]\d{0,7}:[0-9a-f]{64}$/,
    'must be <SPEC-ID>@<seq>:<sha256>, as verify_evidence reports under heads',
  );

export const VerifyEvidenceInput = z
  .strictObject({
    specId: SpecId.optional().describe('Verify this spec. Default: every spec'),
    all: z.boolean().optional().describe('true: every spec, said plainly; not together with specId'),
    expectHead: EvidenceHead.optional().describe(
      'Anchor <SPEC-ID>@<seq>:<sha256> from an earlier report; without one a removed newest record goes unseen',
    ),
    current: z.boolean().optional().describe('true: also report evidence that no longer fits the work tree'),
    from: z.int().min(0).default(0).describe('Skip this many findings: the next page, at least 0'),
    ...workspaceInput,
  })
  .refine(({ specId, all }) => specId === undefined || all !== true, {
    path: ['all'],
    error: 'cannot be given together with specId',
  })
  .refine(({ specId, expectHead }) => !expectHead || !specId || expectHead.startsWith(`${specId}@`), {
    path: ['expectHead'],
    error: 'must be a head of the spec that is verified',
  });
export type VerifyEvidenceInput = z.output<typeof VerifyEvidenceInput>;

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
  outcome: Outcome.nullable().describe('Recomputed from the checks; null for what has none'),
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
  entries: z.array(EvidenceIndexEntry),
  older: z.string().nullable().describe('URI of the next page; null on the last one'),
});
export type EvidenceIndex = z.output<typeof EvidenceIndex>;
