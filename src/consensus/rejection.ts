import type { ExtractReason } from './extract.js';

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

export interface Rejected {
  readonly accepted: false;
  readonly code: RejectionCode;
  /** At most 5, inert. */
  readonly problems: readonly string[];
  /** What to append to the prompt for the one further try; null when another try is pointless. */
  readonly retryText: string | null;
}

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

/** What a person or an agent reads about a rejection: one sentence. */
export function rejectionReason({ code, problems }: Rejected): string {
  return `The answer was rejected: ${reasons[code]}${problems.length === 0 ? '' : ` (${problems.join('; ')})`}.`;
}

/** A rejection with the text that asks for a better answer. */
export function rejected(code: RejectionCode, problems: readonly string[]): Rejected {
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
