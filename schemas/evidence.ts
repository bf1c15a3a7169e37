import * as z from 'zod';
import { Check, Waiver } from './guardrail.js';
import { Outcome, SessionId, SpecId, Stage, Verdict } from './ids.js';

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const GitObject = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);
const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/);

/** A path relative to the evidence root: `commands/<SPEC-ID>/<name>`, `consensus/<SPEC-ID>/<name>` for consensus bundles. */
export const EvidencePath = z
  .string()
  .regex(/^(?:commands|consensus)\/[A-Z0-9-]{3,64}\/[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/);

/** Bytes covered by one entry of `annotations.chunks`. */
export const CHUNK_BYTES = 65_536;

/** One file of a bundle: an in-toto ResourceDescriptor. `chunks` (sha256 of each 64 KiB) only above 64 KiB. */
export const Subject = z.object({
  name: EvidencePath,
  digest: z.object({ sha256: Sha256 }),
  annotations: z.object({
    size: z.int(),
    gitBlob: z
      .string()
      .regex(/^[0-9a-f]{40}$/)
      .describe('Id of the bytes as a git blob (sha1)'),
    chunks: z.array(Sha256).optional(),
  }),
});
export type Subject = z.output<typeof Subject>;

export const ATTESTED_BY = ['server', 'caller'] as const;
export const AttestedBy = z.enum(ATTESTED_BY);
export type AttestedBy = z.output<typeof AttestedBy>;

/** The state of the repository a bundle belongs to. Null: not known, or (dirty) not examined. */
export const Source = z.object({
  commit: GitObject.nullable(),
  tree: GitObject.nullable(),
  branch: z.string().nullable(),
  dirty: z.boolean().nullable(),
});
export type Source = z.output<typeof Source>;

export const PREDICATE_TYPE = 'https://spec-kit-mcp.dev/evidence/v1';

/** What a bundle says of itself. Only one attested by the server can satisfy a gate, and its outcome is recomputed. */
export const Predicate = z.object({
  specId: SpecId,
  bundle: SessionId,
  kind: z.enum(['guardrail', 'hal', 'caller', 'consensus']),
  attestedBy: AttestedBy,
  stage: Stage.nullable(),
  outcome: Outcome.nullable(),
  verdict: Verdict.nullable().default(null).describe('Of a consensus bundle; null for every other kind'),
  checks: z.array(Check).describe('What ran; empty for what a caller wrote'),
  content: z.string().nullable().describe('What a caller said its file is; null for what the server made'),
  waivers: z.array(Waiver),
  source: Source,
  configDigest: Sha256.nullable(),
  tool: z.object({ name: z.string(), version: z.string() }),
  runtime: z.object({ node: z.string(), os: z.string() }),
  startedAt: Instant,
  endedAt: Instant,
  recordedAt: Instant.describe('Equal to `at` of the ledger record'),
});
export type Predicate = z.output<typeof Predicate>;

/** in-toto Statement v1, stored in RFC 8785 form with one newline: `<prefix>_<session>_manifest.json`. */
export const Manifest = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(Subject).min(1),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: Predicate,
});
export type Manifest = z.output<typeof Manifest>;

/**
 * One file `ledger/<SPEC-ID>/<seq, 8 digits>.json`, stored in RFC 8785 form with one newline. `prev` is the sha256 of the
 * exact bytes of the record before, zeros for the first.
 */
export const LedgerRecord = z.strictObject({
  v: z.literal(1),
  seq: z.int().min(1).max(99_999_999),
  prev: Sha256,
  specId: SpecId,
  bundle: SessionId,
  manifest: z.strictObject({ path: EvidencePath, sha256: Sha256 }),
  at: Instant,
  rebasedFrom: z
    .array(z.strictObject({ seq: z.int().min(1).max(99_999_999), prev: Sha256 }))
    .min(1)
    .max(32)
    .optional()
    .describe('Where the record was before a merge of two ledgers, the latest place first'),
});
export type LedgerRecord = z.output<typeof LedgerRecord>;
