import type { Settings } from '../../schemas/settings.js';
import { SpecError } from '../errors.js';
import { isLoopbackHost } from '../loopback.js';
import { SETTINGS_FILE } from '../settings/load.js';
import type { Operator } from '../workspace/operator.js';
import { HAL_CONFIG_PATH, type HalConfig } from './hal-config.js';

const DEFAULT_BASE_URL = 'http://127.0.0.1:7878';

/** The one place that a run contacts. */
export interface Target {
  /** Scheme, host and port. */
  readonly origin: string;
  /** '' or a path without the slash at its end. */
  readonly basePath: string;
  /** Only a secure one gets to see a secret: https, or this machine. */
  readonly secure: boolean;
  /** A committed file chose it: a person has to trust that first. */
  readonly chosenByFile: string | undefined;
}

/** The base URL that was ordered, configured or built in, in this order. Throws CONFIG_INVALID. */
export function targetOf({ hal }: Operator, settings: Settings['hal'], config: HalConfig): Target {
  const candidates = [
    { text: hal.baseUrl, source: 'SPEC_OPS_HAL_BASE_URL', byFile: undefined },
    { text: settings.base_url, source: `${SETTINGS_FILE} [hal] base_url`, byFile: SETTINGS_FILE },
    { text: config.baseUrl, source: HAL_CONFIG_PATH, byFile: HAL_CONFIG_PATH },
  ];
  const { text, source, byFile } = candidates.find(each => each.text !== undefined) ?? {
    text: DEFAULT_BASE_URL,
    source: '',
    byFile: undefined,
  };
  const url = parseBase(text ?? DEFAULT_BASE_URL, source);
  const local = isLoopbackHost(url.hostname);
  if (!local && !settings.allow_hosts.includes(url.hostname))
    throw new SpecError(
      'CONFIG_INVALID',
      `${source} names the host ${url.hostname.slice(0, 100)}, which is neither this machine nor listed. If it may be contacted, add it to allow_hosts under [hal] in ${SETTINGS_FILE}.`,
    );
  return {
    origin: url.origin,
    basePath: url.pathname.replace(/\/$/, ''),
    secure: local || url.protocol === 'https:',
    chosenByFile: url.origin === DEFAULT_BASE_URL ? undefined : byFile,
  };
}

/** A configured base URL. The text itself is not shown: it may hold a password. Throws CONFIG_INVALID that names `source`. */
export function parseBase(text: string, source: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '')
    throw invalid(source, 'is not an http or https URL such as http://127.0.0.1:7878');
  if (url.username !== '' || url.password !== '')
    throw invalid(source, 'holds a user or password; put the key into an environment variable and name that');
  if (url.search !== '' || url.hash !== '' || text.includes('#') || text.includes('?'))
    throw invalid(source, 'must end with the path, without ? and #');
  return url;
}

function invalid(source: string, what: string): SpecError {
  return new SpecError('CONFIG_INVALID', `${source} ${what}. Mend it and call again.`);
}
