import type * as z from 'zod';
import { AgentEvidence, ConsensusInputs, Synthesis, type Verdict } from '../../schemas/consensus.js';
import { AGENT_ROLES } from '../../schemas/settings.js';
import { AgentMetrics, TelemetryV2 } from '../../schemas/telemetry-v2.js';
import { canonicalJson } from '../evidence/canonical.js';
import { sha256Of } from '../evidence/digest.js';
import type { StoredAnswer } from './panel.js';
import { RULES_VERSION, synthesize } from './synthesize.js';

export interface RecomputeProblem {
  /** Bare name of a file of the bundle. */
  readonly file: string;
  readonly message: string;
}

export interface Recomputed {
  /** What the files come to by today's rules, whatever the synthesis claims; null when they are not enough to tell. */
  readonly verdict: Verdict | null;
  /** Why the bundle is not to be believed; none when it is. */
  readonly problems: readonly RecomputeProblem[];
}

/** Files of one bundle, as far as they were understood. */
interface Bundle {
  readonly inputs: ConsensusInputs;
  readonly claimed: Synthesis;
  readonly answers: readonly StoredAnswer[];
  readonly escalation: StoredAnswer | null;
}

const NEWLINE = 0x0a;
const NAME = /^(spec-[a-z]+)_(\d{8}T\d{6}Z-[0-9a-f]{8})_([a-z_]+)\.(?:json|jsonl|md)$/;

type Report = (file: string, message: string) => void;
type Files = ReadonlyMap<string, Buffer>;

/**
 * Derives the verdict of a consensus bundle from its payload files alone and compares it with what the synthesis claims.
 *
 * `files`: bare names and bytes as stored (digests are the caller's business). Read are `_inputs.json` (criteria, prompt
 * version, which cited paths existed, truncation, budget), every `_<agent>.json` (output and provenance),
 * `_escalation.json`, `_synthesis.json`, and, where they exist, `_<agent>_metrics.json`, `_<agent>_prompt.md` and
 * `_telemetry.jsonl`. The orchestration has to synthesize from what it stores: redacted before, paths in the synthesis being
 * the bare names. The verifier gives a verdict other than the claimed one, or any problem, as a false claim. The repository is not read: that the cited paths existed is a claim of the inputs,
 * whose `repository.sha256` is of the canonical list of all paths then.
 */
export function recomputeVerdict(files: Files): Recomputed {
  const problems: RecomputeProblem[] = [];
  const report: Report = (file, message) => problems.push({ file, message });
  const bundle = bundleOf(files, report);
  if (bundle === undefined) return { verdict: null, problems };
  const { inputs, claimed, answers, escalation } = bundle;
  const { timestamp, acceptance } = claimed;
  const computed = synthesize({ inputs, agents: answers, escalation, timestamp, acceptance });
  compare(files, computed, claimed, report);
  compareMetrics(files, answers, report);
  comparePrompts(files, answers, report);
  compareTelemetry(files, computed, report);
  return { verdict: computed.status, problems };
}

function bundleOf(files: Files, report: Report): Bundle | undefined {
  const inputsName = nameOf(files, 'inputs');
  const synthesisName = nameOf(files, 'synthesis');
  if (inputsName === undefined || synthesisName === undefined) {
    const missing = inputsName === undefined ? '_inputs.json' : '_synthesis.json';
    report(
      missing,
      'The bundle has no such file, or more than one, so its verdict cannot be computed again.',
    );
    return undefined;
  }
  const inputs = parsed(files, inputsName, ConsensusInputs, report);
  const claimed = parsed(files, synthesisName, Synthesis, report);
  if (inputs === undefined || claimed === undefined) return undefined;
  const [, stage, run] = NAME.exec(inputsName) ?? [];
  // A person's acceptance is a bundle of its own: the same answers under another session.
  const own = run === inputs.run_id || claimed.acceptance !== null;
  if (stage !== `spec-${inputs.stage}` || !own)
    report(inputsName, 'Its name and its stage and run do not belong together.');
  const answers = AGENT_ROLES.flatMap(agent => answerIn(files, agent, report));
  return { inputs, claimed, answers, escalation: answerIn(files, 'escalation', report)[0] ?? null };
}

/** Name of the only file of a bundle that is this part of it. */
function nameOf(files: Files, part: string): string | undefined {
  const names = [...files.keys()].filter(name => NAME.exec(name)?.[3] === part);
  return names.length === 1 ? names[0] : undefined;
}

function answerIn(files: Files, part: string, report: Report): StoredAnswer[] {
  const name = nameOf(files, part);
  const bytes = name === undefined ? undefined : files.get(name);
  if (name === undefined || bytes === undefined) return [];
  const evidence = parsed(files, name, AgentEvidence, report);
  if (evidence === undefined) return [];
  const own = part === 'escalation' ? 'gpt_pro' : part;
  if (evidence.agent !== own)
    report(name, `It is the file of ${own} and holds an answer of ${evidence.agent}.`);
  return [{ path: name, sha256: sha256Of(bytes), evidence }];
}

function parsed<T>(files: Files, name: string, schema: z.ZodType<T>, report: Report): T | undefined {
  const value = schema.safeParse(json(files.get(name)?.toString() ?? '')).data;
  if (value === undefined) report(name, 'It is not JSON of the published schema.');
  return value;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function compare(files: Files, computed: Synthesis, claimed: Synthesis, report: Report): void {
  const file = nameOf(files, 'synthesis') ?? '_synthesis.json';
  if (claimed.status !== computed.status) {
    const old = claimed.rules === RULES_VERSION ? '' : ` It was computed by rules ${claimed.rules}.`;
    const { status, status_reasons } = computed;
    const why = status_reasons.length === 0 ? '' : ` (${status_reasons.join(', ')})`;
    report(file, `It claims ${claimed.status}; its own files make it ${status}${why}.${old}`);
    return;
  }
  if (claimed.rules !== RULES_VERSION) return;
  const stored = new Map<string, unknown>(Object.entries(claimed));
  const differing = Object.entries(computed)
    .filter(([name, value]) => canonicalJson(value) !== canonicalJson(stored.get(name)))
    .map(([name]) => name);
  if (differing.length > 0) report(file, `Its own files make other values of: ${differing.join(', ')}.`);
}

/** Who is said to have answered has to be the same in the answer and in its metrics. */
function compareMetrics(files: Files, answers: readonly StoredAnswer[], report: Report): void {
  for (const { evidence } of answers) {
    const name = nameOf(files, `${evidence.agent}_metrics`);
    if (name === undefined) continue;
    const metrics = parsed(files, name, AgentMetrics, report);
    if (metrics === undefined) continue;
    const { source, provider, model_requested, model_served } = evidence.provenance;
    const same =
      metrics.agent === evidence.agent &&
      metrics.run_id === evidence.run_id &&
      metrics.source === source &&
      metrics.provider === provider &&
      metrics.model_requested === model_requested &&
      metrics.model_served === model_served;
    if (!same)
      report(name, `It names another agent, run, provider or model than the file of ${evidence.agent}.`);
    if (metrics.status === 'ok' && (evidence.error !== null || evidence.output === null))
      report(name, `It claims ok; ${evidence.agent} gave no answer that was accepted.`);
  }
}

function comparePrompts(files: Files, answers: readonly StoredAnswer[], report: Report): void {
  for (const { evidence } of answers) {
    const name = nameOf(files, `${evidence.agent}_prompt`);
    const bytes = name === undefined ? undefined : files.get(name);
    const { prompt_sha256, attempt } = evidence.provenance;
    if (name === undefined || bytes === undefined || prompt_sha256 === null || attempt > 1) continue;
    const withoutEnd = bytes.at(-1) === NEWLINE ? bytes.subarray(0, -1) : bytes;
    if (sha256Of(bytes) !== prompt_sha256 && sha256Of(withoutEnd) !== prompt_sha256)
      report(name, `It is not the prompt that ${evidence.agent} is said to have answered.`);
  }
}

function compareTelemetry(files: Files, computed: Synthesis, report: Report): void {
  const name = nameOf(files, 'telemetry');
  if (name === undefined) return;
  const lines = (files.get(name)?.toString() ?? '').split('\n').filter(line => line !== '');
  const line = lines.length === 1 ? TelemetryV2.safeParse(json(lines[0] ?? '')).data : undefined;
  if (line === undefined) {
    report(name, 'It is not one line of telemetry schema v2.');
    return;
  }
  const { specId, run_id, stage, status } = computed;
  if (line.specId !== specId || line.sessionId !== run_id || line.command !== stage)
    report(name, 'It belongs to another spec, run or stage.');
  if (line.consensus.synthesis_status !== status)
    report(name, `It claims ${line.consensus.synthesis_status}; the files make it ${status}.`);
}
