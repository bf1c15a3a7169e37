import type { Finding } from '../../schemas/shared.js';
import type { StageReport } from '../../schemas/stage-tools.js';
import type { Prepared } from './begin.js';
import { estimateTokens } from './cut.js';
import type { Question } from './question.js';
import { type Answer, answerOf, type Seat } from './state.js';

/** No result of a tool is larger, as JSON. */
export const MAX_RESULT_BYTES = 8 * 1024;
const ROOM = 7_600;
const SHOWN_FINDINGS = 5;
const SHOWN_CRITERIA = 40;
const SHOWN_TEXT = 300;

export function preflightReport(
  { criteria, findings, receipt }: Pick<Prepared, 'criteria' | 'findings' | 'receipt'>,
  estimate: NonNullable<StageReport['preflight']>['estimate'],
): NonNullable<StageReport['preflight']> {
  const count = (severity: Finding['severity']) =>
    findings.filter(finding => finding.severity === severity).length;
  return {
    criteria: criteria.slice(0, SHOWN_CRITERIA).map(({ id }) => id),
    counts: { error: count('error'), warning: count('warning'), info: count('info') },
    findings: findings.slice(0, SHOWN_FINDINGS).map(short),
    receipt: receipt.map(({ name, sha256, estTokens, linesOmitted, redactions }) => ({
      name,
      sha256,
      estTokens,
      linesOmitted,
      redactions,
    })),
    estimate,
  };
}

/** Tokens of a question, estimated. */
export function promptTokens({ system, prompt, schema }: Question): number {
  return estimateTokens(system) + estimateTokens(prompt) + estimateTokens(JSON.stringify(schema));
}

export function agentLines(
  seats: readonly Seat[],
  answers: readonly Answer[],
): NonNullable<StageReport['agents']> {
  return seats.map(seat => {
    const { role } = seat;
    const answer = answerOf({ answers }, seat);
    const failure = answer?.attempts.at(-1)?.failure;
    const status = answer === undefined || answer.status === 'open' ? 'waiting' : answer.status;
    return {
      agent: role,
      ...whoAnswered(seat, answer),
      status,
      attempts: answer?.attempts.length ?? 0,
      ...(failure ? { error: clip(`${failure.code}: ${failure.message}`) } : {}),
    };
  });
}

/** What a caller names is said to be its word: this server asked no such model. */
function whoAnswered(
  { mode, model }: Seat,
  answer: Answer | undefined,
): Pick<NonNullable<StageReport['agents']>[number], 'mode' | 'model'> {
  if (mode !== 'client' && answer?.provenance.source !== 'client')
    return { mode, model: answer?.provenance.model_served ?? model };
  const said = answer?.output?.['model'];
  return { mode: 'client', model: typeof said === 'string' ? `${clip(said)} (asserted)` : 'not said yet' };
}

type Shorter = (report: StageReport) => StageReport | undefined;

/** From the least important on. */
const shortenings: readonly Shorter[] = [
  ({ preflight, ...rest }) =>
    preflight === undefined || preflight.findings.length === 0
      ? undefined
      : { ...rest, preflight: { ...preflight, findings: preflight.findings.slice(0, -1) } },
  ({ findings, ...rest }) =>
    findings === undefined || findings.length === 0
      ? undefined
      : { ...rest, findings: findings.slice(0, -1) },
  ({ conflicts, ...rest }) =>
    conflicts === undefined || conflicts.length === 0
      ? undefined
      : { ...rest, conflicts: conflicts.slice(0, -1) },
];

/** Leaves out the prompt, which lies in a file, too, and then entries of lists, of what would be too long; says how many. */
export function fitted(report: StageReport): StageReport {
  let fits = isLong(report) ? withoutPrompt(report) : report;
  let omitted = 0;
  for (const shorten of shortenings) {
    for (let next = shorten(fits); next !== undefined && isLong(fits); next = shorten(fits)) {
      fits = next;
      omitted++;
    }
  }
  return omitted === 0
    ? fits
    : {
        ...fits,
        summary: `${fits.summary} ${omitted} entries are left out here; the evidence has them all.`,
      };
}

function isLong(report: StageReport): boolean {
  return Buffer.byteLength(JSON.stringify(report)) > ROOM;
}

function withoutPrompt({ awaiting, ...report }: StageReport): StageReport {
  if (awaiting === undefined) return report;
  const { prompt: _, ...rest } = awaiting;
  return { ...report, awaiting: rest };
}

function short(finding: Finding): Finding {
  return { ...finding, message: clip(finding.message) };
}

export function clip(text: string): string {
  return text.length <= SHOWN_TEXT ? text : `${text.slice(0, SHOWN_TEXT)}...`;
}
