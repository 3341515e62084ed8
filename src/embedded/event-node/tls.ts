// The certificate and key that the node proves itself with.
import { createSecureContext } from 'node:tls';
import { Failure } from '../../platform/failure.js';

/** In PEM; the certificate may be a chain, its own first. */
export interface TlsIdentity {
  certificate: string;
  privateKey: string;
}

/** Throws a Failure if they are not what they should be, or do not belong together. */
export function checkTlsIdentity({ certificate, privateKey }: TlsIdentity): void {
  try {
    createSecureContext({ cert: certificate, key: privateKey });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      'usage',
      `the TLS certificate and key cannot be used (${reason}): ` +
        'both must be PEM files, and belong together',
    );
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Throws a Failure if the node would be open to whoever reaches the machine. */
export function checkExposure(host: string, isSecure: boolean): void {
  if (isSecure || LOOPBACK.test(host)) return;
  throw new Failure(
    'refused',
    `without TLS and users anybody who reaches ${host} could read and write everything: ` +
      'give --tls-cert and --tls-key, or listen on 127.0.0.1',
  );
}
