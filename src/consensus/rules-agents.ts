import type { Draft, Panel, Voice } from './panel.js';
import { leavesOf } from './placeholder.js';
import { rejectionReason } from './rejection.js';
import { quoted } from './shape-problems.js';

const EXAMPLES = 3;
/** Forged ends of data blocks, forged roles, and orders to whoever reads next. Hints: what an answer says decides nothing anyway. */
const SUSPICIOUS =
  /<\/?data-[0-9a-z]|<\/?(?:system|assistant|user|instructions)>|\[\/?INST\]|\b(?:ignore|disregard|forget) (?:all |any )?(?:of )?(?:the |your )?(?:previous|prior|above|earlier|preceding) (?:instructions?|prompts?|rules|context)\b|\byou (?:must|should|will) (?:now )?(?:approve|agree|answer ready|report no conflicts?)\b/i;

/** R01 to R04 and R10: whether an agent answered, as itself, and on grounds that exist. */
export function agentRules({ inputs, voices, escalation }: Panel): readonly Draft[] {
  return [
    ...voices.flatMap(voice => [
      ...absent(voice),
      ...misreported(voice),
      ...suspicious(voice),
      ...invented(voice),
    ]),
    ...(escalation === undefined || escalation.judgement.accepted
      ? []
      : [
          {
            rule: 'R02' as const,
            severity: 'warn' as const,
            agents: ['gpt_pro' as const],
            subject: 'escalation',
            detail: `The arbiter was asked again about conflicts of ${inputs.specId}. ${rejectionReason(escalation.judgement)}`,
            how_to_clear: 'Run the stage again, or decide the conflicts yourself.',
          },
        ]),
  ];
}

function absent({ agent, stored, judgement, answer }: Voice): readonly Draft[] {
  if (answer !== undefined) return [];
  const error = stored?.evidence.error ?? null;
  const invalid = judgement !== undefined;
  return [
    {
      rule: invalid ? 'R02' : 'R01',
      severity: 'degrade',
      agents: [agent],
      subject: agent,
      detail: quoted(`${agent}: ${invalid ? invalidity(judgement, error) : absence(error)}`, 400),
      how_to_clear: `Have ${agent} answer again; its answer is not replaced by those of the others.`,
    },
  ];
}

type Failure = { readonly code: string; readonly message: string } | null;

function absence(error: Failure): string {
  return error === null ? 'There is no answer.' : `There is no answer (${error.code}). ${error.message}`;
}

function invalidity(judgement: NonNullable<Voice['judgement']>, error: Failure): string {
  if (!judgement.accepted) return rejectionReason(judgement);
  return error === null
    ? 'There is more than one answer in the run.'
    : `The answer was recorded as failed (${error.code}). ${error.message}`;
}

/** Models misreport themselves; what the provider says counts. Of a client's model nothing else is known. */
function misreported({ agent, stored, answer }: Voice): readonly Draft[] {
  if (stored === undefined || answer === undefined) return [];
  const { provenance, self_reported } = stored.evidence;
  const actual = provenance.model_served ?? provenance.model_requested;
  const said = self_reported.model;
  if (provenance.source === 'client' || actual === null || said === null || said === actual) return [];
  return [
    {
      rule: 'R03',
      severity: 'info',
      agents: [agent],
      subject: agent,
      detail: `${agent} calls itself ${quoted(said, 60)}; the provider served ${quoted(actual, 60)}.`,
      how_to_clear: 'Nothing to do; the provider counts.',
    },
  ];
}

function suspicious({ agent, answer }: Voice): readonly Draft[] {
  const places: string[] = [];
  for (const [path, leaf] of leavesOf(answer?.output ?? {}))
    if (typeof leaf === 'string' && SUSPICIOUS.test(leaf)) places.push(path);
  if (places.length === 0) return [];
  return [
    {
      rule: 'R04',
      severity: 'warn',
      agents: [agent],
      subject: agent,
      detail: `Text of ${agent} reads like orders to whoever comes next or like the end of a data block: ${quoted(places.slice(0, EXAMPLES).join(', '))}`,
      how_to_clear: 'Read these places; look for where the agent took them from.',
    },
  ];
}

function invented({ agent, answer, citations: { checked, missing }, grounded }: Voice): readonly Draft[] {
  if (answer === undefined || missing.length === 0) return [];
  const consequence = grounded ? '' : ' It does not count for the quorum.';
  return [
    {
      rule: 'R10',
      severity: grounded ? 'warn' : 'degrade',
      agents: [agent],
      subject: agent,
      detail: `${missing.length} of ${checked} paths that ${agent} cites do not exist, such as ${quoted(missing.slice(0, EXAMPLES).join(', '))}.${consequence}`,
      how_to_clear: 'Have the agent cite files of the repository, or commit the files it means.',
    },
  ];
}
