import { contentFields, outputShape } from '../../schemas/consensus-output.js';
import type { Vocabulary } from '../../schemas/consensus-parts.js';
import type { AgentRole } from '../../schemas/settings.js';
import { type ExtractReason, extractObject, type JsonObject } from './extract.js';
import { isPlaceholder, isTemplateEcho, leavesOf } from './placeholder.js';
import { stageOf } from './roster.js';
import { quoted, shapeProblems } from './shape-problems.js';

/** Why an answer is no answer. */
export type RejectionCode =
  | ExtractReason
  | 'refusal'
  | 'canary'
  | 'error_field'
  | 'wrong_stage'
  | 'wrong_spec'
  | 'wrong_run'
  | 'wrong_agent'
  | 'wrong_prompt_version'
  | 'stub'
  | 'placeholder'
  | 'hidden_text'
  | 'no_content';

/** One question, as far as its answer has to fit it. */
export interface Question extends Vocabulary {
  readonly agent: AgentRole;
  /** The marker in the system prompt; null when there was none. */
  readonly canary: string | null;
}

export interface Accepted {
  readonly accepted: true;
  readonly output: JsonObject;
  /** Its syntax was mended. */
  readonly repaired: boolean;
  /** What it lacks of what was asked beyond the origin's format, at most 5; the synthesis judges it. */
  readonly notes: readonly string[];
}

export interface Rejected {
  readonly accepted: false;
  readonly code: RejectionCode;
  /** At most 5, inert. */
  readonly problems: readonly string[];
  /** What to append to the prompt for the one further try; null when another try is pointless. */
  readonly retryText: string | null;
}

export type Judgement = Accepted | Rejected;

const REFUSAL =
  /^\W{0,4}(?:(?:i['’]?m|i am) (?:sorry|unable|not able)|sorry\b|i (?:can['’]?t|cannot|won['’]?t|must decline)|as an ai\b)/i;
/** Acts on a terminal or hides from a reader: controls, direction overrides, zero-width and tag characters. */
const HIDDEN =
  /(?![\n\r\t])\p{Cc}|[\u061c\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
const POINTLESS: ReadonlySet<RejectionCode> = new Set(['refusal', 'canary', 'error_field']);

const reasons: Readonly<Record<RejectionCode, string>> = {
  empty: 'it was empty',
  no_json: 'there was no JSON object in it',
  invalid_json: 'it was no valid JSON',
  truncated: 'it was cut off before its end',
  wrong_shape: 'it has not the shape that was asked for',
  template_echo: 'it repeats the template instead of an answer',
  too_large: 'it was too large',
  too_deep: 'it was nested too deeply',
  refusal: 'it refused to answer',
  canary: 'it repeats a part of its instructions that belongs in no answer',
  error_field: 'it reports an error instead of an answer',
  wrong_stage: 'it belongs to another stage',
  wrong_spec: 'it belongs to another spec',
  wrong_run: 'it belongs to another run',
  wrong_agent: 'it speaks for another agent',
  wrong_prompt_version: 'it answers another version of the prompt',
  stub: 'it is a stub',
  placeholder: 'placeholders are left in it',
  hidden_text: 'it contains control or hidden characters',
  no_content: 'it has no content',
};

/** Judges the text of an agent, or the JSON value that a client submitted. Pure; never throws. */
export function judgeAnswer(answer: unknown, question: Question): Judgement {
  const text = typeof answer === 'string' ? answer : serialised(answer);
  if (text === undefined) return rejected('too_deep', []);
  const found = extractObject(text);
  if ('object' in found) return judgeObject(found.object, found.repaired, question);
  return found.reason === 'no_json' && REFUSAL.test(text.trimStart().slice(0, 200))
    ? rejected('refusal', [])
    : rejected(found.reason, [found.detail]);
}

/** What a person or an agent reads about a rejection: one sentence. */
export function rejectionReason({ code, problems }: Rejected): string {
  return `The answer was rejected: ${reasons[code]}${problems.length === 0 ? '' : ` (${problems.join('; ')})`}.`;
}

function serialised(answer: unknown): string | undefined {
  try {
    return JSON.stringify(answer) ?? 'null';
  } catch {
    return undefined;
  }
}

function judgeObject(output: JsonObject, repaired: boolean, question: Question): Judgement {
  const stage = stageOf(question.stage);
  if (stage === undefined) return rejected('wrong_stage', []);
  for (const check of CHECKS) {
    const wrong = check(output, question);
    if (wrong !== undefined) return wrong;
  }
  const { agent } = question;
  const problems = shapeProblems(outputShape(stage, agent, question, 'accepted'), output);
  if (problems.length > 0) return rejected('wrong_shape', problems);
  if (!contentFields(stage, agent).some(name => saysSomething(output[name])))
    return rejected('no_content', [`none of ${contentFields(stage, agent).join(', ')} says anything`]);
  return {
    accepted: true,
    output,
    repaired,
    notes: shapeProblems(outputShape(stage, agent, question, 'asked'), output),
  };
}

type Check = (output: JsonObject, question: Question) => Rejected | undefined;

const CHECKS: readonly Check[] = [
  (output, { canary }) => {
    if (canary === null || canary === '') return undefined;
    return pathOf(output, (text, path) => text.includes(canary) || path.includes(canary)) === undefined
      ? undefined
      : rejected('canary', []);
  },
  ({ error }) =>
    saysSomething(error) ? rejected('error_field', [quoted(JSON.stringify(error), 120)]) : undefined,
  output => (isTemplateEcho(output) ? rejected('template_echo', []) : undefined),
  stubOf,
  (output, { stage }) => named(output, ['stage'], stage, 'wrong_stage'),
  (output, { agent }) => named(output, ['agent'], agent, 'wrong_agent'),
  (output, { specId }) => named(output, ['spec_id', 'specId', 'spec'], specId, 'wrong_spec'),
  (output, { runId }) => named(output, ['run_id', 'runId', 'session_id', 'sessionId'], runId, 'wrong_run'),
  (output, { promptVersion }) =>
    named(output, ['prompt_version', 'promptVersion'], promptVersion, 'wrong_prompt_version'),
  output => leftover(output, isPlaceholderHere, 'placeholder', 'is a placeholder'),
  output =>
    leftover(
      output,
      (text, path) => HIDDEN.test(text) || HIDDEN.test(path),
      'hidden_text',
      'contains hidden characters',
    ),
];

/** An answer that names another stage, spec, run or agent belongs elsewhere, whatever else it says. */
function named(
  output: JsonObject,
  names: readonly string[],
  expected: string,
  code: RejectionCode,
): Rejected | undefined {
  for (const name of names) {
    const value = output[name];
    if (value === undefined || value === null || value === expected) continue;
    const actual = typeof value === 'string' ? `"${quoted(value, 60)}"` : 'no text';
    return rejected(code, [`${name} must be "${expected}", not ${actual}`]);
  }
  return undefined;
}

/** What test programs answer: an agent or model named stub, a release of the year 1970, a text that is "stub". */
function stubOf(output: JsonObject): Rejected | undefined {
  const header = [output['agent'], output['model']].some(
    value => typeof value === 'string' && /^stub\b/i.test(value),
  );
  const release = output['model_release'];
  const old = typeof release === 'string' && release.startsWith('1970-01-01');
  const text = pathOf(output, leaf => /^stub$/i.test(leaf.trim()));
  if (!header && !old && text === undefined) return undefined;
  return rejected('stub', [
    text === undefined ? 'its agent, model or release is a stub' : `${text} is "stub"`,
  ]);
}

/** In the header a placeholder is wrong anywhere: it says who answered. */
function isPlaceholderHere(text: string, path: string): boolean {
  return (
    isPlaceholder(text) || (/^(?:model|model_release|reasoning_mode)$/.test(path) && text.includes('${'))
  );
}

function leftover(
  output: JsonObject,
  isWrong: (text: string, path: string) => boolean,
  code: RejectionCode,
  what: string,
): Rejected | undefined {
  const path = pathOf(output, isWrong);
  return path === undefined ? undefined : rejected(code, [`${quoted(path, 120)} ${what}`]);
}

/** Path of the first text that is so. */
function pathOf(value: unknown, is: (text: string, path: string) => boolean): string | undefined {
  for (const [path, leaf] of leavesOf(value)) if (typeof leaf === 'string' && is(leaf, path)) return path;
  return undefined;
}

function saysSomething(value: unknown): boolean {
  for (const [, leaf] of leavesOf(value)) {
    if (typeof leaf === 'string' ? leaf.trim() !== '' : leaf !== null && leaf !== undefined) return true;
  }
  return false;
}

function rejected(code: RejectionCode, problems: readonly string[]): Rejected {
  return {
    accepted: false,
    code,
    problems,
    retryText: POINTLESS.has(code) ? null : retryText(code, problems),
  };
}

function retryText(code: RejectionCode, problems: readonly string[]): string {
  const wish = code === 'truncated' || code === 'too_large' ? ' Be brief: keep every text short.' : '';
  return [
    `Your last reply was rejected: ${reasons[code]}.`,
    ...problems.map(problem => `- ${problem}`),
    `Reply with the JSON object only.${wish}`,
  ].join('\n');
}
