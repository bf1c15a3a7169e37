import type { Stage } from '../../schemas/ids.js';
import { blamePlaceholders, type FoundFile, type Judging, missingFields, objectIn } from './evidence-file.js';
import { at, type Fields, fieldsOf, listAt, quoted, textAt } from './fields.js';
import type { Blame, Claim } from './reasons.js';

/** What an agent's payload says, read from the payload alone. */
export interface Payload {
  /** The role its file is named after. */
  readonly role: string;
  readonly file: string;
  readonly model: string | undefined;
  readonly promptVersion: string | undefined;
  readonly failed: boolean;
  readonly conflicts: readonly string[];
  /** A decision to hold, in the agent's words. */
  readonly hold: string | undefined;
}

/** Who takes part in a stage; the last one decides. */
export function rosterOf(stage: Stage): readonly string[] {
  return stage === 'implement'
    ? ['gemini', 'claude', 'gpt_codex', 'gpt_pro']
    : ['gemini', 'claude', 'gpt_pro'];
}

const METADATA = ['stage', 'prompt_version', 'agent', 'model', 'model_release', 'reasoning_mode'];
/** The models that each role had, and the family it can only come from. */
const LINEUP: Readonly<Record<string, { readonly family: RegExp; readonly models: readonly string[] }>> = {
  gemini: { family: /gemini/i, models: ['gemini-2.5-pro', 'gemini-2.5-flash'] },
  claude: { family: /claude|sonnet|opus|haiku/i, models: ['claude-4.5-sonnet', 'claude-sonnet-4-5'] },
  gpt_pro: { family: /gpt|codex|^o\d/i, models: ['gpt-5'] },
  gpt_codex: { family: /gpt|codex|^o\d/i, models: ['gpt-5-codex'] },
  code: { family: /gpt|codex|^o\d/i, models: ['gpt-5', 'gpt-5-codex'] },
};

export function judgeAgent(
  file: FoundFile,
  stage: Stage,
  role: string,
  { specId, blame }: Judging,
): { readonly claim: Claim; readonly payload: Payload | undefined } {
  const value = objectIn(file, blame);
  if (value === undefined) return { claim: 'none', payload: undefined };
  const payload = payloadOf(file.name, role, value);
  blamePlaceholders(file.name, value, blame);
  if (payload.failed) {
    blame('agent-failed', file.name, `${role} failed: ${quoted(textAt(value, 'error') ?? 'no answer')}.`);
    return { claim: 'failed', payload };
  }
  blameMetadata(file.name, role, value, blame);
  blamePlace(file.name, stage, specId, value, blame);
  blameContent(file.name, value, blame);
  if (payload.conflicts.length > 0)
    blame(
      'conflicts-present',
      file.name,
      `${role} names ${payload.conflicts.length} conflicts, first ${quoted(payload.conflicts[0] ?? '')}.`,
    );
  if (payload.hold !== undefined)
    blame('decision-hold', file.name, `${role} decided ${quoted(payload.hold)}.`);
  return { claim: payload.conflicts.length > 0 || payload.hold !== undefined ? 'failed' : 'passed', payload };
}

/** Of a file, or of a payload inside a verdict. */
export function payloadOf(file: string, role: string, value: unknown): Payload {
  const error = at(value, 'error');
  return {
    role,
    file,
    model: textAt(value, 'model'),
    promptVersion: textAt(value, 'prompt_version'),
    failed: error !== undefined && error !== null && error !== '' && error !== false,
    conflicts: conflictsIn(value),
    hold: holdIn(value),
  };
}

/** Conflicts stand in any of these places; the origin's two readers saw one each, and neither the last. */
function conflictsIn(value: unknown): readonly string[] {
  const lists = [
    listAt(value, 'consensus', 'conflicts'),
    listAt(value, 'conflicts'),
    listAt(value, 'final_plan', 'conflicts'),
    listAt(value, 'final_plan', 'consensus', 'conflicts'),
  ];
  return lists.flat().map(one => (typeof one === 'string' ? one : JSON.stringify(one)));
}

function holdIn(value: unknown): string | undefined {
  const said = [
    textAt(value, 'decision'),
    textAt(value, 'recommendation'),
    textAt(value, 'decision', 'status'),
  ];
  return said.find(text => text !== undefined && isHold(text));
}

function isHold(text: string): boolean {
  return (
    /^\W*(?:hold|no[-_ ]?go|reject(?:ed)?|block(?:ed)?|do not|not ready|fail(?:ed)?)\b/i.test(text) ||
    /\bNOT ready\b/.test(text)
  );
}

function blameMetadata(name: string, role: string, value: Fields, blame: Blame): void {
  const agent = textAt(value, 'agent');
  const model = textAt(value, 'model');
  const release = textAt(value, 'model_release');
  const stub = [agent, model].find(text => text !== undefined && /^stub\b/i.test(text));
  if (stub !== undefined || release === '1970-01-01') {
    blame(
      'stub-metadata',
      name,
      `It comes from ${quoted(stub ?? model ?? '')}, released ${quoted(release ?? '')}: no model wrote it.`,
    );
    return;
  }
  if (agent !== undefined && agent !== role)
    blame('agent-name-mismatch', name, `It says it is of ${quoted(agent)}; its name says ${role}.`);
  const missing = missingFields(value, METADATA);
  if (missing.length > 0) blame('metadata-missing', name, `It has no ${missing.join(', ')}.`);
  const lineup = Object.hasOwn(LINEUP, role) ? LINEUP[role] : undefined;
  if (model === undefined || lineup === undefined || lineup.models.includes(model)) return;
  if (lineup.family.test(model))
    blame('model-outside-lineup', name, `${role} was ${quoted(model)}, which the line-up does not know.`);
  else blame('model-implausible', name, `${role} claims to be ${quoted(model)}, a model of another family.`);
}

function blamePlace(name: string, stage: Stage, specId: string, value: Fields, blame: Blame): void {
  const said = textAt(value, 'stage') ?? textAt(value, 'stage_name');
  if (said !== undefined && said !== `spec-${stage}` && said !== stage)
    blame('wrong-identity', name, `Its stage is ${quoted(said)}; its name says ${stage}.`);
  const spec = textAt(value, 'spec_id') ?? textAt(value, 'specId');
  if (spec !== undefined && spec.toUpperCase() !== specId.toUpperCase())
    blame('wrong-identity', name, `It is of ${quoted(spec)} and lies among the evidence of ${specId}.`);
}

/** Beside its metadata an answer has to say something. */
function blameContent(name: string, value: Fields, blame: Blame): void {
  const own = Object.entries(value).filter(([key]) => !METADATA.includes(key) && !/^spec_?id$/i.test(key));
  const told = own.filter(([, one]) => one !== null && one !== '' && JSON.stringify(one)?.length > 2);
  if (told.length === 0) blame('content-empty', name, 'It holds metadata and no content.');
  const consensus = value['consensus'];
  if (consensus !== undefined && fieldsOf(consensus) === undefined)
    blame('content-malformed', name, 'Its consensus is not an object with agreements and conflicts.');
}
