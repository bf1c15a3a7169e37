import { SpecError } from '../errors.js';
import type { Workspace } from '../workspace/workspace.js';

export const HAL_CONFIG_PATH = 'docs/hal/hal_config.toml';
const MAX_BYTES = 64 * 1024;

/** What an existing hal_config.toml says: the environment that it gives to its MCP servers. */
export interface HalConfig {
  readonly baseUrl: string | undefined;
  /** Names of variables, as HAL_SECRET_KAVEDARR_API_KEY. */
  readonly secretNames: readonly string[];
}

/** Reads docs/hal/hal_config.toml of the origin; a value that is a placeholder says nothing. Throws CONFIG_INVALID. */
export async function loadHalConfig({ files }: Workspace): Promise<HalConfig> {
  const file = files.read(HAL_CONFIG_PATH, MAX_BYTES);
  if (file === undefined) return { baseUrl: undefined, secretNames: [] };
  const variables = new Map(environments(await parse(file.bytes)).flatMap(Object.entries));
  const baseUrl = ['HAL_BASE_URL', 'HAL_API_BASE_URL']
    .map(name => variables.get(name))
    .find(value => typeof value === 'string' && !/[{}]/.test(value));
  return {
    baseUrl: typeof baseUrl === 'string' ? baseUrl : undefined,
    secretNames: [...variables.keys()].filter(name => /^HAL_SECRET_[A-Z0-9_]{1,100}$/.test(name)),
  };
}

async function parse(bytes: Buffer): Promise<unknown> {
  const { parse: parseToml, TomlError } = await import('smol-toml');
  try {
    return parseToml(bytes.toString());
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new SpecError(
      'CONFIG_INVALID',
      `${HAL_CONFIG_PATH}: line ${error.line}, column ${error.column}: it is not valid TOML. Mend it, or move it away and set [hal] base_url in spec-kit.toml.`,
      { cause: error },
    );
  }
}

/** The file itself, and `env` of every [mcp_servers.<name>]. */
function environments(config: unknown): readonly object[] {
  if (!isTable(config)) return [];
  const servers = isTable(config['mcp_servers']) ? Object.values(config['mcp_servers']) : [];
  return [
    config,
    config['env'],
    ...servers.map(server => (isTable(server) ? server['env'] : undefined)),
  ].filter(isTable);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
