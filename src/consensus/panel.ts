import type { AgentEvidence, ConsensusInputs, FindingSeverity, RuleId } from '../../schemas/consensus.js';
import type { AgentRole } from '../../schemas/settings.js';
import { type Agreements, agreementsOf } from './agreements.js';
import { citationsIn } from './citations.js';
import type { JsonObject } from './extract.js';
import { type Chosen, choicesOf, type Stance, stancesOf } from './read-output.js';
import { rejected } from './rejection.js';
import { AGGREGATOR, rosterOf, SYNTHESIZER } from './roster.js';
import { proposedSteps } from './steps.js';
import { type Judgement, judgeAnswer, judgeEscalation, type Question } from './validate-output.js';

/** An agent's file as it is stored: its name, the digest of its bytes, what it says. */
export interface StoredAnswer {
  readonly path: string;
  readonly sha256: string;
  readonly evidence: AgentEvidence;
}

/** An answer that counts. */
export interface Answer {
  readonly output: JsonObject;
  readonly stances: readonly Stance[];
}

export interface Voice {
  readonly agent: AgentRole;
  readonly stored: StoredAnswer | undefined;
  /** Undefined when there was no output to judge. */
  readonly judgement: Judgement | undefined;
  /** Undefined when it is missing or invalid. */
  readonly answer: Answer | undefined;
  readonly citations: { readonly checked: number; readonly missing: readonly string[] };
  /** More than 30 % of three or more citations do not exist: it does not count for the quorum. */
  readonly grounded: boolean;
}

/** All that the rules look at. */
export interface Panel {
  readonly inputs: ConsensusInputs;
  /** One for each agent of the stage, in its order. */
  readonly voices: readonly Voice[];
  readonly arbiter: Voice | undefined;
  readonly synthesizer: Voice | undefined;
  readonly choices: readonly Chosen[];
  readonly agreements: Agreements;
  readonly escalation: { readonly stored: StoredAnswer; readonly judgement: Judgement } | undefined;
}

/** A finding before it has its place and id. */
export interface Draft {
  readonly rule: RuleId;
  readonly severity: FindingSeverity;
  readonly agents: readonly AgentRole[];
  readonly subject: string;
  readonly detail: string;
  readonly how_to_clear: string;
}

/** One group of rules: pure, in no order. */
export type Rules = (panel: Panel) => readonly Draft[];

const MIN_CHECKED = 3;
const MAX_MISSING_PERCENT = 30;

export function panelOf(
  inputs: ConsensusInputs,
  stored: readonly StoredAnswer[],
  escalation: StoredAnswer | null,
): Panel {
  const cited = new Set(inputs.repository.cited);
  const judged = (agent: AgentRole, steps: readonly string[]) =>
    voiceOf(
      agent,
      stored.filter(({ evidence }) => evidence.agent === agent).sort(byDigest),
      questionOf(inputs, agent, steps),
      cited,
    );
  const synthesizer = judged(SYNTHESIZER, []);
  const steps = proposedSteps(inputs.stage, synthesizer.answer?.output).map(({ id }) => id);
  const voices = rosterOf(inputs.stage).map(agent =>
    agent === SYNTHESIZER ? synthesizer : judged(agent, agent === AGGREGATOR ? steps : []),
  );
  const again = escalation === null ? undefined : escalated(inputs, escalation, steps);
  const arbiter = voices.find(({ agent }) => agent === AGGREGATOR);
  return {
    inputs,
    voices,
    arbiter,
    synthesizer,
    choices: [
      arbiter?.answer?.output,
      again?.judgement.accepted ? again.judgement.output : undefined,
    ].flatMap(output => (output === undefined ? [] : choicesOf(output))),
    agreements: agreementsOf(
      arbiter?.answer?.output,
      voices
        .filter(voice => voice !== arbiter)
        .flatMap(({ answer }) => (answer === undefined ? [] : [answer.output])),
    ),
    escalation: again,
  };
}

/** What an agent of a run was asked, as far as its answer has to fit it. `steps`: ids that the synthesizer gave, for the arbiter. */
export function questionOf(
  { stage, specId, run_id, prompt_version, criteria, canary }: ConsensusInputs,
  agent: AgentRole,
  steps: readonly string[],
): Question {
  return {
    stage: `spec-${stage}`,
    specId,
    runId: run_id,
    promptVersion: prompt_version,
    criteria: criteria.map(({ id }) => id),
    steps,
    agent,
    canary,
  };
}

function voiceOf(
  agent: AgentRole,
  stored: readonly StoredAnswer[],
  question: Question,
  cited: ReadonlySet<string>,
): Voice {
  const [first] = stored;
  const judgement = first === undefined ? undefined : judgementOf(first.evidence, question);
  const counts = judgement?.accepted && stored.length === 1 && first?.evidence.error === null;
  const answer = counts ? { output: judgement.output, stances: stancesOf(judgement.output) } : undefined;
  const paths = answer === undefined ? [] : citationsIn(answer.output);
  const missing = paths.filter(path => !cited.has(path));
  const invented = paths.length >= MIN_CHECKED && missing.length * 100 > paths.length * MAX_MISSING_PERCENT;
  return {
    agent,
    stored: first,
    judgement,
    answer,
    citations: { checked: paths.length, missing },
    grounded: answer !== undefined && !invented,
  };
}

/** Of two answers of one agent neither counts; which one is shown does not depend on their order. */
function byDigest(one: StoredAnswer, other: StoredAnswer): number {
  return one.sha256 < other.sha256 ? -1 : 1;
}

/** What the file says counts, too: it may be one of another stage, spec or run. */
function judgementOf(
  { stage, specId, run_id, output }: AgentEvidence,
  question: Question,
): Judgement | undefined {
  if (output === null) return undefined;
  if (stage !== question.stage) return rejected('wrong_stage', []);
  if (specId !== question.specId) return rejected('wrong_spec', []);
  return run_id === question.runId ? judgeAnswer(output, question) : rejected('wrong_run', []);
}

function escalated(
  inputs: ConsensusInputs,
  stored: StoredAnswer,
  steps: readonly string[],
): Panel['escalation'] {
  const question = questionOf(inputs, AGGREGATOR, steps);
  const { output, error, agent, run_id } = stored.evidence;
  const foreign = agent !== AGGREGATOR || run_id !== inputs.run_id || error !== null;
  return { stored, judgement: judgeEscalation(foreign ? null : output, question) };
}
