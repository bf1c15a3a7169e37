import * as z from 'zod';
import { Check, CheckStatus, Waiver } from './guardrail.js';
import { Outcome, SessionId, SpecId } from './ids.js';
import { HalCheckName } from './inputs/checks.js';
import { Next, TelemetryArtifact } from './shared.js';

export const MAX_HAL_CHECKS = 100;

const HttpStatus = z.int().min(100).max(599);

/** Exactly one of the two. `equals` compares JSON values, `exists: false` demands that there is nothing at the path. */
const JsonAssertion = z
  .strictObject({ equals: z.json().optional(), exists: z.boolean().optional() })
  .refine(({ equals, exists }) => (equals === undefined) !== (exists === undefined), {
    error: 'must have exactly one of equals and exists',
  });
export type JsonAssertion = z.output<typeof JsonAssertion>;

const HeaderAssertion = z.union(
  [
    z.string().transform(equals => ({ equals, exists: undefined })),
    z
      .strictObject({ equals: z.string().optional(), exists: z.boolean().optional() })
      .refine(({ equals, exists }) => (equals === undefined) !== (exists === undefined), {
        error: 'must have exactly one of equals and exists',
      }),
  ],
  'must be the value as a text, or an object with exactly one of equals and exists',
);

/** What must hold for a check to pass. Default: a status of 200 to 299 and a body that parses as its content type says. */
export const HalExpectation = z.strictObject({
  status: z
    .union(
      [HttpStatus, z.array(HttpStatus).min(1).max(32)],
      'must be a status from 100 to 599 or a list of them',
    )
    .optional(),
  json: z.record(z.string().min(1).max(256), JsonAssertion).optional(),
  header: z.record(z.string().min(1).max(128), HeaderAssertion).optional(),
  maxMs: z.int().min(1).max(3_600_000).optional(),
});
export type HalExpectation = z.output<typeof HalExpectation>;

/** The same as it is kept in a capture. */
const KeptExpectation = HalExpectation.extend({
  header: z
    .record(z.string(), z.object({ equals: z.string().optional(), exists: z.boolean().optional() }))
    .optional(),
});

/** These belong to the connection or would change where or how a request goes. */
const OURS =
  /^(host|connection|keep-alive|content-length|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|proxy-.*)$/i;

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/, 'is not a header name')
  .refine(name => !OURS.test(name), 'is a header that spec-kit-mcp sets or forbids');

const HeaderValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e]*$/, 'holds a line break or a character that no header can carry');

const QueryValue = z.union(
  [z.string().max(4096), z.number(), z.boolean()],
  'must be a text of at most 4096 characters, a number, true or false',
);

/** One request of the profile. Texts of path, query, headers and body may hold `{secrets.NAME}` and `{env.NAME}`. */
export const HalRequest = z.strictObject({
  method: z
    .string()
    .transform(method => method.toUpperCase())
    .pipe(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])),
  path: z
    .string()
    .max(4096)
    .regex(
      /^\/(?![/\\])[^\\\s#\p{C}]*$/u,
      'must start with one / and hold no backslash, blank or #: the host comes from the base URL alone',
    ),
  headers: z.record(HeaderName, HeaderValue).default({}),
  query: z.record(z.string().min(1).max(256), QueryValue).default({}),
  body: z.json().optional(),
  description: z.string().max(2000).optional(),
  expect: HalExpectation.default({}),
  /** More tries, only while the connection is refused. */
  retry: z.int().min(0).max(20).default(0),
});
export type HalRequest = z.output<typeof HalRequest>;

/** `docs/hal/hal_profile.json`: check name -> request. Unknown keys are errors. */
export const HalProfile = z.record(HalCheckName, HalRequest);
export type HalProfile = z.output<typeof HalProfile>;

/** The same with what only editors and people read. */
export const HalProfileFile = z
  .object({ $schema: z.string().optional(), $comment: z.unknown().optional() })
  .catchall(HalRequest);

/** How the mock API behaves. */
export const MOCK_MODES = [
  'healthy',
  'degraded',
  'unauthorised',
  'graphql-errors',
  'slow',
  'flapping',
  'wrong-json',
] as const;
export const MockMode = z.enum(MOCK_MODES);
export type MockMode = z.output<typeof MockMode>;

/** Why a check is not passed. The last four never sent a request. */
export const HAL_CAUSES = [
  'dns',
  'refused',
  'timeout',
  'tls',
  'connection',
  'status',
  'body',
  'assertion',
  'start',
  'cancelled',
  'untrusted',
  'not asked for',
  'secret missing',
  'secret unusable',
  'variable missing',
] as const;
export const HalCause = z.enum(HAL_CAUSES);
export type HalCause = z.output<typeof HalCause>;

export const HalCheck = z.object({
  name: z.string(),
  status: CheckStatus,
  cause: HalCause.optional().describe('Absent when it passed or is waived'),
  message: z.string(),
  durationMs: z.int(),
  httpStatus: z.int().optional(),
});
export type HalCheck = z.output<typeof HalCheck>;

/** `hal.summary` of telemetry v1. Paths are relative to the workspace. */
export const HalSummary = z.object({
  status: z.enum(['passed', 'failed', 'skipped']),
  failed_checks: z.array(z.string()),
  artifacts: z.array(z.string()),
});
export type HalSummary = z.output<typeof HalSummary>;

/** Where the checks came from: null for the built-in ones. */
export const HalProfileDigest = z.object({ path: z.string().nullable(), sha256: z.string().nullable() });

const Headers = z.record(z.string(), z.array(z.string()));

/** `<session>-hal-<check>.json`: what was sent and what came over the wire, redacted; or why nothing came. */
export const HalCapture = z.object({
  schemaVersion: z.literal(1),
  check: z.string(),
  specId: SpecId,
  sessionId: SessionId,
  timestamp: z.string(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().nullable(),
  }),
  expect: KeptExpectation.optional().describe('What had to hold beside the defaults; absent: nothing'),
  address: z.string().nullable().describe('The IP address that was connected to'),
  response: z
    .object({
      status: z.int(),
      headers: Headers,
      body: z.object({
        text: z.string().nullable().describe('Redacted, at most 256 KiB; null when it was not read'),
        bytes: z.int().nullable().describe('True size; null when it was not read to its end'),
        bytesRead: z.int(),
        sha256: z.string().nullable().describe('Of the true bytes; null when they were not all read'),
        truncated: z.boolean().describe('The text is shorter than what came'),
        utf8: z.boolean().describe('False: the text is a lossy rendering of other bytes'),
      }),
    })
    .nullable(),
  error: z.object({ cause: HalCause, message: z.string() }).nullable(),
  attempts: z.int(),
  durationMs: z.int(),
  result: z.object({ status: CheckStatus, cause: HalCause.nullable(), message: z.string() }),
});
export type HalCapture = z.output<typeof HalCapture>;

/** `hal_<session>.json`: the result of a run of its own, beside its captures. */
export const HalTelemetry = z.object({
  schemaVersion: z.literal(1),
  command: z.literal('hal-smoke'),
  specId: SpecId,
  sessionId: SessionId,
  timestamp: z.string(),
  artifacts: z.array(TelemetryArtifact),
  outcome: Outcome,
  checks: z.array(Check),
  waivers: z.array(Waiver),
  hal: z.object({ summary: HalSummary }),
  origin: z.string().nullable().describe('Scheme, host and port that were contacted'),
  profile: HalProfileDigest,
  configDigest: z.string().nullable(),
  durationMs: z.int(),
  tool: z.object({ name: z.string(), version: z.string() }),
});
export type HalTelemetry = z.output<typeof HalTelemetry>;

export const HalReport = z.object({
  workspace: z.string(),
  specId: SpecId,
  outcome: Outcome,
  summary: z.string(),
  checks: z.array(HalCheck).describe('Not passed first, as many as fit'),
  omitted: z.int().describe('Checks left out of this list; the evidence has all'),
  hal: z.object({ summary: HalSummary }),
  waivers: z.array(Waiver),
  bundle: z.string().describe('Session id of the evidence bundle'),
  resource: z.string().describe('URI of the bundle manifest'),
  next: Next,
});
export type HalReport = z.output<typeof HalReport>;
