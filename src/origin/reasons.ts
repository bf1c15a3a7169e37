/** What evidence is worth, best first. */
export const VERDICTS = ['sound', 'honest_failure', 'incomplete', 'false', 'invalid'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a file says happened. `none`: it says nothing about success. */
export type Claim = 'passed' | 'failed' | 'skipped' | 'none';

/**
 * How much a reason weighs. `invalid`: it cannot be read. `false`: it says more than its bytes support. `incomplete`: it
 * cannot be checked from the repository. `note`: worth knowing, changes nothing.
 */
export type Weight = 'invalid' | 'false' | 'incomplete' | 'note';

interface Meaning {
  readonly weight: Weight;
  /** What would make the bundle sound; one imperative sentence. */
  readonly remedy: string;
}

const meaning = (weight: Weight, remedy: string): Meaning => ({ weight, remedy });

const RUN_AGAIN = 'Run the stage again with run_guardrail, which executes its checks and keeps their logs.';
const CAPTURE = 'Run hal_smoke: it keeps the status, headers and body of every answer, and judges them.';
const AGENTS = 'Run the stage again with its agents, so that each answer and its provenance are recorded.';
const RECOMPUTE = 'Recompute the verdict from the payloads; a status that they do not support is no verdict.';
const KEEP = 'Keep the file in the bundle, by a relative path, where git does not ignore it.';

/** Why evidence is judged as it is. A code never changes its meaning. */
export const REASONS = {
  'not-json': meaning(
    'invalid',
    'Write it with a JSON writer instead of pasting text, and run the stage again.',
  ),
  unreadable: meaning('invalid', 'Replace it by a regular file of at most 4 MiB that can be read.'),
  'not-an-object': meaning('invalid', 'Write one JSON object, as the schema of the file demands.'),
  'wrong-identity': meaning(
    'false',
    'Make the name of the file and what it says of itself agree: spec, stage, session.',
  ),
  'timestamps-out-of-order': meaning(
    'false',
    'Record the times at which things happened: a result cannot precede its session.',
  ),
  'placeholder-unexpanded': meaning('false', AGENTS),
  'placeholder-baseline': meaning('false', RUN_AGAIN),
  'passed-without-run': meaning('false', RUN_AGAIN),
  'constant-field': meaning('false', RUN_AGAIN),
  'ready-is-no-result': meaning('incomplete', RUN_AGAIN),
  'passed-without-capture': meaning('false', CAPTURE),
  'passed-over-errors': meaning('false', CAPTURE),
  'policy-failure-ignored': meaning(
    'false',
    'Let a failed policy check fail the stage (policy.gate), or record a waiver.',
  ),
  'policy-without-verdict': meaning(
    'false',
    'Let the policy command print a verdict: an exit code of `true` is none.',
  ),
  'baseline-disagrees': meaning('false', RUN_AGAIN),
  'contradicts-itself': meaning('false', RECOMPUTE),
  'all-skipped': meaning('incomplete', 'Run the checks: when all are skipped, nothing was shown.'),
  'unknown-status': meaning('incomplete', 'Use a status of the schema; anything else cannot count.'),
  'field-missing': meaning('incomplete', 'Write every field that the schema requires.'),
  'artifact-missing': meaning('incomplete', KEEP),
  'artifact-absolute': meaning('incomplete', KEEP),
  'artifact-outside': meaning('incomplete', KEEP),
  'artifact-ignored': meaning('incomplete', KEEP),
  'artifact-empty': meaning('incomplete', 'Keep what the run really printed: an empty file shows nothing.'),
  'no-artifacts': meaning('incomplete', KEEP),
  'cause-missing': meaning('note', 'Name the checks that failed.'),
  'status-invented': meaning('false', CAPTURE),
  'status-not-recorded': meaning('incomplete', CAPTURE),
  'answer-is-error': meaning('note', 'Repair what answered with an error, and run hal_smoke again.'),
  'answer-is-stub': meaning(
    'incomplete',
    'Point the check at the real service: this answer calls itself a stub.',
  ),
  'answer-mocked': meaning('incomplete', CAPTURE),
  'stub-metadata': meaning('false', AGENTS),
  'agent-name-mismatch': meaning('false', AGENTS),
  'agent-failed': meaning('note', AGENTS),
  'metadata-missing': meaning('incomplete', AGENTS),
  'model-implausible': meaning('false', AGENTS),
  'model-outside-lineup': meaning('incomplete', AGENTS),
  'content-empty': meaning('false', AGENTS),
  'content-malformed': meaning('incomplete', AGENTS),
  'conflicts-present': meaning('note', 'Resolve the conflicts that the agents name.'),
  'decision-hold': meaning('note', 'Meet what the agents hold the stage for.'),
  'agents-empty': meaning('false', AGENTS),
  'roster-mismatch': meaning('false', AGENTS),
  'payload-missing': meaning('incomplete', AGENTS),
  'errors-under-ok': meaning('false', RECOMPUTE),
  'conflicts-ignored': meaning('false', RECOMPUTE),
  'hold-under-ok': meaning('false', RECOMPUTE),
  'degraded-under-ok': meaning('false', RECOMPUTE),
  'verdict-unsupported': meaning('false', RECOMPUTE),
  'prompt-version-mismatch': meaning(
    'incomplete',
    'Give all agents of a run the same version of the prompts.',
  ),
  'synthesis-missing': meaning('incomplete', 'Run the synthesis: without it there is no verdict.'),
  'metrics-disagree': meaning('false', AGENTS),
  'figures-implausible': meaning(
    'false',
    'Record tokens, latency and cost as the provider reports them; null when unknown.',
  ),
  'figures-missing': meaning('incomplete', 'Record tokens, latency and cost as the provider reports them.'),
  'sums-wrong': meaning('false', 'Compute the totals from the parts.'),
  'budget-exceeded': meaning('note', 'Stop a run at its budget.'),
  'unknown-shape': meaning(
    'incomplete',
    'Record what it shows with write_evidence, as attested by its caller.',
  ),
} as const satisfies Readonly<Record<string, Meaning>>;
export type ReasonCode = keyof typeof REASONS;

export interface Reason {
  readonly code: ReasonCode;
  /** Name of the file that shows it. */
  readonly file: string;
  /** What was seen, a sentence. */
  readonly detail: string;
}

/** Collects the reasons of one judgement. */
export type Blame = (code: ReasonCode, file: string, detail: string) => void;

export function collectReasons(): { readonly reasons: Reason[]; readonly blame: Blame } {
  const reasons: Reason[] = [];
  return { reasons, blame: (code, file, detail) => void reasons.push({ code, file, detail }) };
}

const WEIGHTS: readonly Weight[] = ['invalid', 'false', 'incomplete', 'note'];

/** Heaviest first, otherwise in the order they were found. */
export function byWeight(reasons: readonly Reason[]): readonly Reason[] {
  return WEIGHTS.flatMap(weight => reasons.filter(({ code }) => REASONS[code].weight === weight));
}

/** What a failure claims needs no proof to be believed; a success does. */
export function verdictOf(claim: Claim, reasons: readonly Reason[]): Verdict {
  const weights = new Set(reasons.map(({ code }) => REASONS[code].weight));
  if (weights.has('invalid')) return 'invalid';
  if (claim === 'failed') return 'honest_failure';
  if (weights.has('false')) return 'false';
  return claim === 'passed' && !weights.has('incomplete') ? 'sound' : 'incomplete';
}
