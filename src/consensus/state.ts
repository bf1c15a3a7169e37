import * as z from 'zod';
import { Provenance } from '../../schemas/consensus.js';
import { Sha256, Source } from '../../schemas/evidence.js';
import { Outcome, SessionId, SpecId, Stage } from '../../schemas/ids.js';
import { AgentRole } from '../../schemas/settings.js';
import { Finding } from '../../schemas/shared.js';
import { SpecError } from '../errors.js';
import { sha256Of } from '../evidence/digest.js';
import { redactorOf } from '../evidence/redaction.js';
import type { Workspace } from '../workspace/workspace.js';

const Tokens = z.int().min(0).nullable();
const Usage = z.object({
  input: Tokens,
  cachedInput: Tokens,
  cacheWrite: Tokens,
  output: Tokens,
  reasoning: Tokens,
});

/** One answer that was given, accepted or not. `failure`: why it was not; null when it was. */
const Attempt = z.object({
  at: z.string(),
  rawSha256: Sha256.nullable(),
  failure: z
    .object({
      code: z.string(),
      message: z.string(),
      errors: z.array(z.string()),
      /** What to add to the question for one more try; null when that is pointless. */
      retry: z.string().nullable(),
    })
    .nullable(),
  usage: Usage.nullable(),
  latencyMs: z.number().nullable(),
});
export type Attempt = z.output<typeof Attempt>;

/** What a role contributed. `open`: it may answer once more. `missing`: nothing came, or nobody was asked. */
const Answer = z.object({
  role: AgentRole,
  again: z.boolean(),
  status: z.enum(['open', 'valid', 'invalid', 'missing']),
  /** As extracted, also from an answer that does not count; null when there is none. */
  output: z.record(z.string(), z.unknown()).nullable(),
  attempts: z.array(Attempt),
  provenance: Provenance,
  reportedCostUsd: z.number().nullable(),
});
export type Answer = z.output<typeof Answer>;

const Seat = z.object({
  role: AgentRole,
  /** The arbiter's second question, about conflicts alone. */
  again: z.boolean(),
  title: z.string(),
  mode: z.enum(['client', 'http', 'cli']),
  model: z.string(),
  release: z.string(),
  reasoning: z.string(),
});
export type Seat = z.output<typeof Seat>;

const Receipt = z.object({
  name: z.string(),
  path: z.string(),
  sha256: Sha256,
  workSha256: Sha256.optional(),
  bytes: z.int(),
  estTokens: z.int(),
  linesOmitted: z.int(),
  redactions: z.int(),
});

/** All that a run needs to go on after a restart: the same state and the same answers end in the same synthesis. */
export const StageState = z.object({
  v: z.literal(1),
  runId: SessionId,
  specId: SpecId,
  stage: Stage,
  packet: z.string(),
  goal: z.string().nullable(),
  startedAt: z.string(),
  nonce: z.string(),
  canary: z.string(),
  promptVersion: z.string(),
  promptSource: z.enum(['workspace', 'built-in']),
  templates: z.partialRecord(AgentRole, z.string()),
  seats: z.array(Seat),
  documents: z.array(z.object({ name: z.string(), text: z.string() })),
  receipt: z.array(Receipt),
  specCut: z.boolean(),
  criteria: z.array(z.object({ id: z.string(), text: z.string(), line: z.int() })),
  findings: z.array(Finding),
  stages: z.record(z.string(), z.string()),
  guardrail: z.object({ outcome: Outcome, bundle: z.string(), resource: z.string() }),
  source: Source,
  configDigest: Sha256.nullable(),
  /** The document that an ok verdict writes, and its bytes when the run began. */
  target: z.object({ path: z.string(), sha256: Sha256.nullable() }).nullable(),
  answers: z.array(Answer),
  /** What the arbiter is asked about again; empty before that. */
  conflicts: z.array(z.string()),
  /** What ran out before all agents were asked. */
  budgetStop: z.enum(['usd', 'seconds', 'tokens']).nullable(),
});
export type StageState = z.output<typeof StageState>;

const MAX_STATE_BYTES = 32 * 1024 * 1024;

/** Working files of a run, ignored by git; never swept, because no session id starts their folder's name. */
export function runFolder(root: string, runId: string): string {
  return `${root}/.staging/run-${runId}`;
}

export interface StoredState {
  readonly state: StageState;
  readonly version: string;
  /** Of the bytes of its file. */
  readonly sha256: string;
}

/** Digests of the states that this process wrote, by run: the files themselves can be edited by anybody. */
const written = new WeakMap<Workspace['files'], Map<string, string>>();

function remember({ files }: Workspace, { runId }: StageState, sha256: string): void {
  const ours = written.get(files) ?? new Map<string, string>();
  written.set(files, ours.set(runId, sha256));
}

/** `another process`: before a restart, or an editor; nobody can tell. */
export function whoWrote(
  { files }: Workspace,
  { state, sha256 }: StoredState,
): 'this process' | 'another process' | 'somebody' {
  const digest = written.get(files)?.get(state.runId);
  if (digest === undefined) return 'another process';
  return digest === sha256 ? 'this process' : 'somebody';
}

/** Throws NOT_FOUND when the run's working files are gone or were never here. */
export function readState({ files }: Workspace, root: string, runId: string): StoredState {
  const path = `${runFolder(root, runId)}/state.json`;
  const file = files.info(path).kind === 'file' ? files.read(path, MAX_STATE_BYTES) : undefined;
  const state = file === undefined ? undefined : parsed(file.bytes);
  if (file !== undefined && state?.runId === runId)
    return { state, version: file.version, sha256: sha256Of(file.bytes) };
  throw new SpecError(
    'NOT_FOUND',
    `The working files of run ${runId} are not here, so it cannot go on: they stay on the machine where it began. Start a new run.`,
  );
}

/** Creates or replaces the state; throws STALE_WRITE when another process was faster. */
export function writeState(
  workspace: Workspace,
  root: string,
  state: StageState,
  version: string | undefined,
): StoredState {
  const path = `${runFolder(root, state.runId)}/state.json`;
  const clean = redactorOf(workspace).json(state);
  const bytes = Buffer.from(JSON.stringify(clean));
  if (version === undefined) workspace.files.create(path, bytes, 0o600);
  else workspace.files.replace(path, bytes, version);
  const sha256 = sha256Of(bytes);
  remember(workspace, clean, sha256);
  return { state: clean, version: workspace.files.info(path).version, sha256 };
}

function parsed(bytes: Buffer): StageState | undefined {
  try {
    return StageState.safeParse(JSON.parse(bytes.toString())).data;
  } catch {
    return undefined;
  }
}

/** What a role answered, when it counts. */
export function validOutput({ answers }: StageState, role: AgentRole): Record<string, unknown> | undefined {
  const answer = answers.find(each => each.role === role && !each.again);
  return answer?.status === 'valid' ? (answer.output ?? undefined) : undefined;
}

export function answerOf(
  { answers }: { readonly answers: readonly Answer[] },
  { role, again }: Pick<Seat, 'role' | 'again'>,
): Answer | undefined {
  return answers.find(each => each.role === role && each.again === again);
}

/** What the files of a seat are called after. */
export function seatName({ role, again }: Pick<Seat, 'role' | 'again'>): string {
  return again ? 'escalation' : role;
}
