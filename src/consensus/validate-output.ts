import { acceptedShape, askedShape, contentFields, escalationShape } from '../../schemas/consensus-output.js';
import type { Vocabulary } from '../../schemas/consensus-parts.js';
import type { Stage } from '../../schemas/ids.js';
import type { AgentRole } from '../../schemas/settings.js';
import { extractObject, type JsonObject } from './extract.js';
import { isPlaceholder, isTemplateEcho, leavesOf } from './placeholder.js';
import { at } from './read-output.js';
import { type Rejected, type RejectionCode, rejected } from './rejection.js';
import { AGGREGATOR, stageOf } from './roster.js';
import { quoted, shapeProblems } from './shape-problems.js';

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

export type Judgement = Accepted | Rejected;

const REFUSAL =
  /^\W{0,4}(?:(?:i['’]?m|i am) (?:sorry|unable|not able)|sorry\b|i (?:can['’]?t|cannot|won['’]?t|must decline)|as an ai\b)/i;
/** Acts on a terminal or hides from a reader: controls, direction overrides, zero-width and tag characters. */
const HIDDEN =
  /(?![\n\r\t])\p{Cc}|[\u061c\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;
/** Judges the text of an agent, or the JSON value that a client submitted. Pure; never throws. */
export function judgeAnswer(answer: unknown, question: Question): Judgement {
  return judge(answer, question, shapeOfAnswer);
}

/** The same for what the arbiter answers when it is asked once more, about conflicts alone. */
export function judgeEscalation(answer: unknown, question: Question): Judgement {
  return judge(answer, question, (output, asked) => {
    const problems = shapeProblems(escalationShape(asked.agent, undefined), output);
    return problems.length > 0
      ? rejected('wrong_shape', problems)
      : shapeProblems(escalationShape(asked.agent, asked), output);
  });
}

/** Notes on an object whose shape will do, else why it will not. */
type ShapeCheck = (output: JsonObject, question: Question) => Rejected | readonly string[];

function judge(answer: unknown, question: Question, shape: ShapeCheck): Judgement {
  const text = typeof answer === 'string' ? answer : serialised(answer);
  if (text === undefined) return rejected('too_deep', []);
  const found = extractObject(text);
  if ('object' in found) return judgeObject(found.object, found.repaired, question, shape);
  return found.reason === 'no_json' && REFUSAL.test(text.trimStart().slice(0, 200))
    ? rejected('refusal', [])
    : rejected(found.reason, [found.detail]);
}

function serialised(answer: unknown): string | undefined {
  try {
    return JSON.stringify(answer) ?? 'null';
  } catch {
    return undefined;
  }
}

function judgeObject(
  output: JsonObject,
  repaired: boolean,
  question: Question,
  shape: ShapeCheck,
): Judgement {
  for (const check of CHECKS) {
    const wrong = check(output, question);
    if (wrong !== undefined) return wrong;
  }
  const notes = shape(output, question);
  return 'code' in notes ? notes : { accepted: true, output, repaired, notes };
}

function shapeOfAnswer(output: JsonObject, question: Question): Rejected | readonly string[] {
  const { agent } = question;
  const stage = stageOf(question.stage);
  if (stage === undefined) return rejected('wrong_stage', []);
  const problems = shapeProblems(acceptedShape(stage, agent), output);
  if (problems.length > 0) return rejected('wrong_shape', problems);
  const owed = agent === AGGREGATOR ? OWED[stage] : undefined;
  if (owed !== undefined && !saysSomething(at(output, ...owed)))
    return rejected('no_content', [`${owed.join('.')} is empty`]);
  const fields = contentFields(stage, agent);
  if (!fields.some(name => saysSomething(output[name])))
    return rejected('no_content', [`none of ${fields.join(', ')} says anything`]);
  return shapeProblems(askedShape(stage, agent, question), output);
}

/** What the arbiter may not leave empty: it is what the stage is for. */
const OWED: Readonly<Record<Stage, readonly string[]>> = {
  plan: ['final_plan', 'work_breakdown'],
  tasks: ['validated_tasks'],
  implement: ['checklist'],
  validate: ['decision'],
  audit: ['recommendation'],
  unlock: ['decision'],
};

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
