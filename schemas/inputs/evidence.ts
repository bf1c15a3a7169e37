import * as z from 'zod';
import { SpecId } from '../ids.js';
import { workspaceInput } from './shared.js';

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
