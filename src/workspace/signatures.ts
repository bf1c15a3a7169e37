/** SSH signatures, made and checked by the `ssh-keygen` of the person who runs the program. */
export interface SshSignatures {
  /** The armoured signature. Throws INVALID_ARGUMENT when the key cannot sign, FILE_UNAVAILABLE without ssh-keygen. */
  sign(keyFile: string, namespace: string, bytes: Uint8Array): Promise<string>;
  /** Whether `signer`, as the file of allowed signers lists them, made the signature for this namespace over these bytes. */
  verifies(
    allowedSigners: string,
    signer: string,
    namespace: string,
    bytes: Uint8Array,
    signature: Uint8Array,
  ): Promise<boolean>;
}
