/** What the operator orders for HAL checks. */
export interface HalOrders {
  /** SPEC_OPS_HAL_SKIP: no check runs, which is a recorded waiver. */
  readonly skip: boolean;
  /** SPEC_OPS_TELEMETRY_HAL: false keeps `hal.summary` out of telemetry. */
  readonly telemetry: boolean;
  /** SPEC_OPS_HAL_BASE_URL */
  readonly baseUrl: string | undefined;
  /** SPEC_OPS_HAL_SECRET_ENV: name of the variable that holds the API key. */
  readonly secretEnv: string | undefined;
  /** SPEC_OPS_HAL_EVIDENCE_DIR: a folder of the workspace that gets a copy of every capture. */
  readonly evidenceDir: string | undefined;
}

/** What the person who started the process ordered, read from environment and flags; never from a tool argument. */
export interface Operator {
  /** SPEC_OPS_ALLOW_DIRTY */
  readonly allowDirty: boolean;
  /** SPEC_OPS_BASELINE_ALLOW_FAIL */
  readonly baselineAllowFail: boolean;
  /** SPEC_KIT_TRUST: hex sha256 of the bytes of spec-kit.toml whose commands may run. */
  readonly trust: string | undefined;
  readonly hal: HalOrders;
  /** SPEC_OPS_POLICY_PREFILTER_CMD, SPEC_OPS_POLICY_FINAL_CMD: command lines in place of the configured commands. */
  readonly policy: { readonly prefilter: string | undefined; readonly final: string | undefined };
  /** SPEC_KIT_TELEMETRY_ENABLED: false keeps the telemetry line out of consensus evidence. */
  readonly consensusTelemetry: boolean;
  /** SPEC_OPS_CARGO_MANIFEST */
  readonly cargoManifest: string | undefined;
  /**
   * Values of secret-looking environment variables, and each one that `secret` gave out (8 characters or more): they never
   * enter a result or a file. A longer list is another list.
   */
  readonly secrets: readonly string[];
  /** The value of an environment variable, from now on one of `secrets`. */
  secret(name: string): string | undefined;
  /** The value of an environment variable that is no secret. */
  variable(name: string): string | undefined;
}
