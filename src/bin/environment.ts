import { homedir } from 'node:os';
import path from 'node:path';
import { secretsFrom } from '../redact/secrets.js';
import type { Operator } from '../workspace/operator.js';

/** What the environment says, read once. Nothing else in the product reads it. */
export interface Environment {
  readonly operator: Operator;
  /** The variables that configured commands get to see. */
  readonly commandEnv: Readonly<Record<string, string>>;
  readonly httpToken: string | undefined;
  /** Where trust and the HTTP token are kept, outside every workspace. */
  readonly configFolder: string;
}

const FOR_COMMANDS =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|TMPDIR|TMP|TEMP|CI|NODE_ENV|SYSTEMROOT|COMSPEC|PATHEXT|CARGO_HOME|RUSTUP_HOME|GOPATH|GOCACHE|JAVA_HOME|VIRTUAL_ENV|SPEC_KIT_RUN_ID)$/i;

type Variables = Readonly<Record<string, string | undefined>>;

export function readEnvironment(env: Variables): Environment {
  return {
    operator: readOperator(env),
    commandEnv: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) =>
        value !== undefined && FOR_COMMANDS.test(name) ? [[name, value]] : [],
      ),
    ),
    httpToken: env['SPEC_KIT_HTTP_TOKEN'] || undefined,
    configFolder: path.join(env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config'), 'spec-kit-mcp'),
  };
}

/** `secrets` is a getter, because every value that is asked for as a secret becomes one: pass the object on, not a copy. */
function readOperator(env: Variables): Operator {
  let secrets: readonly string[] = secretsFrom(env);
  return {
    allowDirty: isOn(env['SPEC_OPS_ALLOW_DIRTY']),
    baselineAllowFail: isOn(env['SPEC_OPS_BASELINE_ALLOW_FAIL']),
    trust: env['SPEC_KIT_TRUST']?.trim().toLowerCase() || undefined,
    hal: {
      skip: isOn(env['SPEC_OPS_HAL_SKIP']),
      telemetry: !isOff(env['SPEC_OPS_TELEMETRY_HAL']),
      baseUrl: env['SPEC_OPS_HAL_BASE_URL']?.trim() || undefined,
      secretEnv: env['SPEC_OPS_HAL_SECRET_ENV']?.trim() || undefined,
      evidenceDir: env['SPEC_OPS_HAL_EVIDENCE_DIR']?.trim() || undefined,
    },
    policy: { prefilter: env['SPEC_OPS_POLICY_PREFILTER_CMD'], final: env['SPEC_OPS_POLICY_FINAL_CMD'] },
    consensusTelemetry: !isOff(env['SPEC_KIT_TELEMETRY_ENABLED']),
    cargoManifest: env['SPEC_OPS_CARGO_MANIFEST']?.trim() || undefined,
    get secrets() {
      return secrets;
    },
    secret(name) {
      const value = own(env, name);
      if (value !== undefined && !secrets.includes(value)) secrets = [...secrets, value];
      return value;
    },
    variable: name => own(env, name),
  };
}

function own(env: Variables, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}

/** 1, true, yes and on; anything else, and nothing, is off. */
function isOn(value: string | undefined): boolean {
  return /^(1|true|yes|on)$/i.test(value ?? '');
}

/** 0, false, no and off. */
function isOff(value: string | undefined): boolean {
  return /^(0|false|no|off)$/i.test(value ?? '');
}
