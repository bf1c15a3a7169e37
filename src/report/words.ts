import { assertedWords } from '../consensus/asserted.js';
import type { CheckStory, StageStory, Story } from './gather.js';

/** A stage is proven when its newest run passed and everything about its evidence verifies. */
export function isProven({ outcome, doubt }: StageStory): boolean {
  return outcome === 'passed' && doubt === undefined;
}

const STATUS = {
  passed: 'passed',
  failed: 'failed',
  not_run: 'did not run',
  waived: 'was waived',
} as const;

export function checkWords({ name, status, message }: CheckStory): string {
  return `${name} ${STATUS[status]}: ${message}`;
}

/** What a reviewer may believe of a stage, in one or two sentences. */
export function stageWords(stage: StageStory): string {
  const { outcome, doubt, checks, waivers, at, commit, outdated } = stage;
  const agents = agentWords(stage);
  if (outcome === undefined) return `Nothing was checked yet.${agents}`;
  if (doubt !== undefined)
    return `Not proven: the evidence of its newest run does not hold. ${doubt}${agents}`;
  const passed = checks.filter(({ status }) => status === 'passed').length;
  const when = `${at?.slice(0, 16).replace('T', ' ')} UTC${commit === null ? '' : `, commit ${commit.slice(0, 12)}`}`;
  const excused = waivers.length === 0 ? '' : ` ${waivers.length} checks were excused by order, not passed.`;
  if (outcome === 'passed')
    return `Proven: ${passed} of ${checks.length} checks ran and passed (${when}).${excused}${outdated === undefined ? '' : ` ${outdated}`}${agents}`;
  const cause = causeOf(checks);
  const first = cause === undefined ? '' : ` First: ${checkWords(cause)}`;
  return outcome === 'failed'
    ? `Not proven: its newest run failed (${when}).${first}${agents}`
    : `Not proven: something in its newest run did not run (${when}).${first}${agents}`;
}

/** What made the outcome what it is: a check that failed, else a required one that did not run. */
function causeOf(checks: readonly CheckStory[]): CheckStory | undefined {
  const idle = checks.filter(({ status }) => status === 'not_run');
  return checks.find(({ status }) => status === 'failed') ?? idle.find(({ required }) => required) ?? idle[0];
}

/** An agreement about another text, or of answers that anybody can have written, is not to be read as one that was proven. */
function agentWords({ agents }: StageStory): string {
  if (agents === undefined) return '';
  const { verdict, outdatedBy, asserted } = agents;
  if (verdict === null) return " The agents' verdict does not hold: its evidence is not what was recorded.";
  const about =
    outdatedBy.length === 0
      ? ''
      : `It does not count: it speaks about another text (${outdatedBy.join(', ')} changed since).`;
  return [` The agents' verdict is ${verdict}.`, about, assertedWords(asserted)]
    .filter(part => part !== '')
    .join(' ');
}

/** The one sentence a reviewer reads first. */
export function headline({ specId, stages, verification }: Story): string {
  const proven = stages.filter(isProven).map(({ stage }) => stage);
  const open = stages.filter(stage => !isProven(stage)).map(({ stage }) => stage);
  const says =
    proven.length === 0
      ? 'no stage is proven'
      : `${proven.join(', ')} ${proven.length === 1 ? 'is' : 'are'} proven`;
  const rest = open.length === 0 ? '' : `; ${open.join(', ')} ${open.length === 1 ? 'is' : 'are'} not`;
  const evidence =
    verification.outcome === 'ok' ? '' : ` The evidence as a whole is ${OUTCOMES[verification.outcome]}.`;
  return `${specId}: ${says}${rest}.${evidence}${ofThePast(stages)}${doubtfulAgents(stages)}`;
}

/** What was proven of another commit or with other settings must not be read as a word about what is here now. */
function ofThePast(stages: readonly StageStory[]): string {
  const past = stages.filter(stage => isProven(stage) && stage.outdated !== undefined);
  if (past.length === 0) return '';
  const names = past.map(({ stage }) => stage).join(', ');
  return ` Not of the work tree of today: ${names}.`;
}

/** Agreements that somebody who reads no further must not take for proven ones about this text. */
function doubtfulAgents(stages: readonly StageStory[]): string {
  const named = (which: (agents: NonNullable<StageStory['agents']>) => boolean) =>
    stages.filter(({ agents }) => agents?.verdict === 'ok' && which(agents)).map(({ stage }) => stage);
  const outdated = named(({ outdatedBy }) => outdatedBy.length > 0);
  const asserted = named(agents => agents.asserted.length > 0);
  return [
    outdated.length === 0 ? '' : ` What agents agreed on for ${outdated.join(', ')} was another text.`,
    asserted.length === 0 ? '' : ` That agents agreed on ${asserted.join(', ')} is asserted, not proven.`,
  ].join('');
}

const OUTCOMES = {
  ok: 'sound',
  tampered: 'not as it was recorded',
  false: 'partly false',
  incomplete: 'incomplete',
  anchor_mismatch: 'not the one that was anchored',
} as const;

/** The report as lines of text. */
export function storyLines(story: Story): readonly string[] {
  const { stages, attested, origin, findings, verification } = story;
  const wrong = findings.filter(({ severity, code }) => severity !== 'info' || code === 'without-git');
  return [
    headline(story),
    '',
    ...stages.flatMap(stage => [
      `${isProven(stage) ? '[x]' : '[ ]'} ${stage.stage}: ${stageWords(stage)}`,
      ...stage.waivers.map(({ check, by, reason }) => `      excused: ${check}, by ${by}: ${reason}`),
    ]),
    '',
    ...(attested.length > 0
      ? [`${attested.length} files were attested by callers; people have to judge them.`]
      : []),
    ...(origin.length > 0 ? [originWords(story)] : []),
    ...wrong
      .slice(0, 20)
      .map(({ code, file, message }) => `- ${code}${file === undefined ? '' : ` (${file})`}: ${message}`),
    ...(wrong.length > 20 ? [`- and ${wrong.length - 20} more: spec-kit-mcp verify ${story.specId}`] : []),
    verification.anchor,
  ];
}

export function originWords({ origin }: Story): string {
  const sound = origin.filter(({ verdict }) => verdict === 'sound').length;
  const honest = origin.filter(({ verdict }) => verdict === 'honest_failure').length;
  return `${origin.length} older bundles have no manifest: ${sound} are sound, ${honest} are honest failures, ${origin.length - sound - honest} prove nothing.`;
}
