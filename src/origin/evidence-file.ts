import { at, type Fields, fieldsOf, jsonOf, quoted, textAt, textsIn } from './fields.js';
import type { OriginFile } from './names.js';
import { momentOf, timeOf } from './names.js';
import type { Blame, Claim } from './reasons.js';

/** A file as it lies in the repository; `text` is undefined when it could not be read, `why` then says so. */
export interface FoundFile {
  /** Name in its folder. */
  readonly name: string;
  /** Relative to the workspace. */
  readonly path: string;
  readonly is: OriginFile;
  readonly text: string | undefined;
  readonly why: string;
}

/** What is known when a file is judged. */
export interface Judging {
  readonly specId: string;
  readonly blame: Blame;
}

/** Reads a file as a JSON object, or says why it is none. */
export function objectIn({ name, text, why }: FoundFile, blame: Blame): Fields | undefined {
  if (text === undefined) {
    blame('unreadable', name, `It is ${why}.`);
    return undefined;
  }
  const value = jsonOf(text);
  const fields = fieldsOf(value);
  if (value === undefined) blame('not-json', name, `It is not JSON${breaksAt(text)}.`);
  else if (fields === undefined) blame('not-an-object', name, 'It is JSON, but not an object.');
  return fields;
}

function breaksAt(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch (error) {
    const position = error instanceof SyntaxError ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    if (position === undefined) return ': it ends too early';
    const line = text.slice(0, Number(position)).split('\n').length;
    return ` (line ${line}, byte ${Buffer.byteLength(text.slice(0, Number(position)))})`;
  }
}

/** Templates that nobody filled in: `${stage}`, `[PLACEHOLDER]`. */
export function blamePlaceholders(name: string, value: unknown, blame: Blame): void {
  for (const [member, text] of textsIn(value)) {
    if (!/^\$\{\w{1,64}\}|^\[?(?:PLACEHOLDER|TODO|TBD)\]?$/i.test(text)) continue;
    blame(
      'placeholder-unexpanded',
      name,
      `Its ${quoted(member)} is still the template text ${quoted(text)}.`,
    );
    return;
  }
}

/** Spec, session and time in a file against the place and the name it has. */
export function blameIdentity(file: FoundFile, value: Fields, { specId, blame }: Judging): void {
  const said = textAt(value, 'specId') ?? textAt(value, 'spec_id');
  if (said !== undefined && !said.startsWith('${') && said.toUpperCase() !== specId.toUpperCase())
    blame('wrong-identity', file.name, `It is of ${quoted(said)} and lies among the evidence of ${specId}.`);
  const session = 'session' in file.is ? file.is.session : '';
  const own = textAt(value, 'sessionId');
  if (own !== undefined && session !== '' && own !== session && momentOf(own) !== momentOf(session))
    blame('wrong-identity', file.name, `Its session is ${quoted(own)}; its name says ${session}.`);
  const written = timeOf(textAt(value, 'timestamp') ?? '');
  const started = timeOf(session);
  if (written < started)
    blame(
      'timestamps-out-of-order',
      file.name,
      `It was written at ${quoted(textAt(value, 'timestamp') ?? '')}, before its session began.`,
    );
}

/** Which of the words for success and failure a status is. */
export function claimOf(status: unknown): Claim {
  if (typeof status !== 'string') return 'none';
  if (/^(?:passed|ok|locked|unlocked)$/.test(status)) return 'passed';
  if (/^(?:failed|conflict|degraded|error)$/.test(status)) return 'failed';
  return status === 'skipped' ? 'skipped' : 'none';
}

/** The worst of several claims: one failure fails all, nothing but skips is a skip. */
export function together(claims: readonly Claim[]): Claim {
  if (claims.includes('failed')) return 'failed';
  if (claims.length === 0 || claims.includes('none')) return 'none';
  return claims.every(claim => claim === 'skipped') ? 'skipped' : 'passed';
}

export function missingFields(value: Fields, names: readonly string[]): readonly string[] {
  return names.filter(name => {
    const found = at(value, name);
    return found === undefined || found === null || found === '';
  });
}
