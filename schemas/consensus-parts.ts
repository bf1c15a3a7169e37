import * as z from 'zod';

/** What an agent may say about a criterion. */
export const POSITIONS = ['ready', 'needs_change', 'blocked', 'out_of_scope'] as const;
export const Position = z.enum(POSITIONS);
export type Position = z.output<typeof Position>;

/** Asked for as one of these words; an answer in other words is read by `src/consensus/decision.ts`. */
export const DECISIONS = ['approve', 'hold', 'reject'] as const;
export const CHECK_STATUSES = ['passed', 'failed', 'not_run'] as const;

/** More than this is no answer to a question about one spec. */
export const MAX_ITEMS = 500;
export const MAX_TEXT = 100_000;

/** What one question may be answered with. */
export interface Vocabulary {
  /** `spec-<stage>`. */
  readonly stage: string;
  readonly specId: string;
  readonly runId: string;
  readonly promptVersion: string;
  /** Ids of the acceptance criteria of spec.md; may be empty. */
  readonly criteria: readonly string[];
  /** Ids of the steps that the synthesizer proposed; empty for everyone before the arbiter. */
  readonly steps: readonly string[];
}

/** The kinds of things that answers are made of. */
export interface Parts {
  readonly text: z.ZodType;
  readonly texts: z.ZodType;
  readonly status: z.ZodType;
  readonly decision: z.ZodType;
  readonly criterion: z.ZodType;
  readonly steps: z.ZodType;
  readonly dropped: z.ZodType;
  readonly resolutions: z.ZodType;
  readonly positions: z.ZodType;
  readonly consensus: z.ZodType;
  readonly mapping: z.ZodType;
  record(shape: z.ZodRawShape): z.ZodType;
  list(item: z.ZodType): z.ZodType;
  /** An item that older prompts ask for as bare text. */
  orText(item: z.ZodType): z.ZodType;
  /** A property that the origin's format does not have. */
  ours(schema: z.ZodType): z.ZodType;
}

/**
 * With a vocabulary, what is asked for: every property required, nothing else allowed, no bounds. Without one, what is accepted:
 * what only we added to the origin's format may be missing, and an id that nobody gave out is a matter of the synthesis.
 */
export function partsOf(vocabulary: Vocabulary | undefined): Parts {
  const asked = vocabulary !== undefined;
  const { criteria = [], steps = [] } = vocabulary ?? {};
  const text = asked ? z.string() : z.string().max(MAX_TEXT);
  const list = (item: z.ZodType) => (asked ? z.array(item) : z.array(item).max(MAX_ITEMS));
  const record = (shape: z.ZodRawShape) => (asked ? z.strictObject(shape) : z.looseObject(shape));
  const ours = (schema: z.ZodType) => (asked ? schema : schema.optional());
  const oneOf = (ids: readonly string[]) => (asked && ids.length > 0 ? z.enum([...ids]) : text);
  const word = (words: readonly string[]) => (asked ? z.enum([...words]) : text);
  const criterion = oneOf(criteria);
  const step = oneOf(steps);
  const texts = list(text);
  return {
    text,
    texts,
    list,
    record,
    ours,
    criterion,
    orText: item => (asked ? item : z.union([text, item])),
    status: word(CHECK_STATUSES),
    decision: word(DECISIONS),
    steps: list(step),
    dropped: list(record({ id: step, reason: text })),
    resolutions: list(record({ requirement_id: criterion, chosen: Position, reason: text, cites: texts })),
    positions: list(
      record({ requirement_id: criterion, position: Position, because: text, cites: ours(texts) }),
    ),
    consensus: record({ agreements: texts, conflicts: texts }),
    mapping: record(
      asked
        ? { requirement_id: criterion, validation_step: text, artifact: text, artifact_exists: z.boolean() }
        : {
            requirement_id: text.optional(),
            requirement: text.optional(),
            validation_step: text,
            artifact: text.optional(),
            artifact_exists: z.boolean().optional(),
          },
    ),
  };
}
