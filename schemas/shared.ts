import * as z from 'zod';

/** The call that continues from a result. */
export const Next = z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()) }).nullable();
export type Next = z.output<typeof Next>;

export const Severity = z.enum(['error', 'warning', 'info']);
export type Severity = z.output<typeof Severity>;

/** Something wrong at a place in a document. Lines and columns count from 1, columns in UTF-16 units. */
export const Finding = z.object({
  code: z.string(),
  severity: Severity,
  file: z.string(),
  line: z.int(),
  column: z.int(),
  message: z.string(),
  fix: z.string().optional(),
});
export type Finding = z.output<typeof Finding>;

export const Counts = z.object({ error: z.int(), warning: z.int(), info: z.int() });
export type Counts = z.output<typeof Counts>;

/** A file that a run left: workspace-relative path and hex sha256. */
export const TelemetryArtifact = z.object({
  path: z.string().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
