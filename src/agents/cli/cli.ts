import type { AgentFailureCode, AgentRequest, Reply } from '../agent.js';
import { failedReply } from '../agent.js';
import type { Endpoint } from '../endpoint.js';
import type { Key } from '../key.js';

/** A question as a program needs it. */
export interface CliAsked extends Pick<AgentRequest, 'system' | 'schema' | 'agent'> {
  /** Absolute path of the folder that it runs in and that has its files. */
  readonly folder: string;
  readonly model: string | undefined;
  /** Undefined: it uses the login of the person. */
  readonly key: Key | undefined;
  /** A configured one, instead of the program's own. */
  readonly endpoint: Endpoint | undefined;
}

export interface Launch {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Text by name in the folder. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
}

export interface Cli {
  readonly name: 'codex' | 'claude' | 'gemini';
  /** Where it looks for a key by itself. */
  readonly keys: readonly string[];
  /** False: it cannot use a login of the person. */
  readonly login: boolean;
  /** True: it can ask a server of this machine without a key. */
  readonly keyless: boolean;
  /** Variables of the person that say where the login is. */
  readonly homes: readonly string[];
  readonly baseUrl: string;
  readonly maxPromptChars: number;
  launch(asked: CliAsked): Launch;
  /** Judges by what was printed, never by the exit code. Undefined: no answer and no reason that is known. */
  read(output: Output): Reply | undefined;
  /** Tells whether the person is logged in, without a call to the provider. Undefined: there is no such command. */
  readonly status: { readonly args: readonly string[]; loggedIn(output: Output): boolean } | undefined;
}

/** A failure of the provider behind a program, by the HTTP status that the program told. */
export function byStatus(name: string, status: number): Reply {
  const [code, next] = meaningOf(status);
  return failedReply(code, `${name} was answered ${status} by its provider. ${next}`);
}

function meaningOf(status: number): readonly [AgentFailureCode, string] {
  if (status === 401 || status === 403)
    return ['auth', 'Log in with it once, or name the variable of a valid key with key_env.'];
  if (status === 404) return ['not_found', 'Check model and base_url.'];
  if (status === 413) return ['too_large', 'Lower context_tokens.'];
  if (status === 429) return ['rate_limited', 'Its limit is reached. Try again later.'];
  if (status === 408 || status === 504) return ['timeout', 'Ask for less, or try again later.'];
  if (status >= 500) return ['server', 'It fails at the moment. Try again later.'];
  return ['config', 'It does not take this request. Check model and reasoning_mode.'];
}

/** The model came to its output limit, and nothing of what it wrote was given out. */
export function cutOff(name: string): Reply {
  const message = `${name} reached the output limit and gave no whole answer. Raise max_output_tokens.`;
  return { ...failedReply('too_large', message), finish: 'length' };
}

/** What programs say in words, most telling first. */
const WORDS: readonly (readonly [RegExp, AgentFailureCode, string])[] = [
  [
    /not logged in|log ?in|api key|oauth|credential|unauthori[sz]ed|auth(?:entication)? (?:method|failed)/i,
    'auth',
    'is not logged in. Log in with it once, or name the variable of a key with key_env.',
  ],
  [
    /rate limit|usage limit|quota|too many requests/i,
    'rate_limited',
    'has reached its limit. Try again later.',
  ],
  [
    /context (?:window|length)|prompt is too long|too (?:large|long)/i,
    'too_large',
    'finds the prompt too long. Lower context_tokens.',
  ],
  [
    /high demand|overloaded|server error|temporar/i,
    'server',
    'was told that its provider fails at the moment. Try again later.',
  ],
  [/timed? ?out|timeout/i, 'timeout', 'waited too long for its provider. Try again later.'],
  [
    /connect|ECONN|ENOTFOUND|fetch failed|network|sending request|disconnected/i,
    'connection',
    'could not reach its provider. Check base_url and the network.',
  ],
  [
    /unexpected argument|unknown option|unrecognized option|unknown argument/i,
    'config',
    'does not know an option that it is started with. Update it.',
  ],
];

/** A failure by what a program said; its words themselves are not passed on. */
export function byWords(name: string, text: string): Reply | undefined {
  const shown = text.slice(0, 4000);
  const found = WORDS.find(([words]) => words.test(shown));
  return found === undefined ? undefined : failedReply(found[1], `${name} ${found[2]}`);
}

/** The JSON of a text; undefined for anything else. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
