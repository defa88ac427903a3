import type { CauseId } from './cause-catalogue.ts';

/**
 * How often each cause is the reason, roughly: what to look at first when nothing has been seen that
 * tells. Estimates for virtual machines on Azure, not measurements: shares of the groups first
 * (accounts and names 22 %, port and network 15 %, domain controllers and DNS 14 %, secure channel and
 * machine password 12 %, certificates 10 %, rights 6 %, TLS 5 %, Remote Desktop or its service off
 * 5 %, CredSSP 3 %, NTLM 3 %, Entra ID 2 %), then divided inside each group.
 *
 * A cause that can be judged states its own `prior` and has no row here.
 */
export const CAUSE_PRIORS: Readonly<Partial<Record<CauseId, number>>> = {
  // Port and network, and Remote Desktop off: what stands behind `port-unreachable`.
  'target-name-wrong': 0.02,
  // Settings of the listener and its certificate.
  'certificate-untrusted': 0.01,
  // CredSSP, NTLM and Kerberos.
  'spn-missing': 0.01,
  'kerberos-certificate-invalid': 0.005,
  'channel-bindings-mismatch': 0.003,
  'smart-card-required': 0.003,
  'delegation-policy-restricted': 0.003,
  // Domain controllers and DNS, secure channel and machine password.
  'domain-controller-unhealthy': 0.02,
  'computer-account-disabled': 0.005,
  'domain-trust-broken': 0.005,
  'selective-authentication-denied': 0.003,
  'netlogon-hardening-mismatch': 0.003,
  'cached-logon-unavailable': 0.005,
  // Accounts, names and rights.
  'name-form-wrong': 0.04,
  'saved-credential-stale': 0.02,
  'entra-sign-in-refused': 0.02,
  // After the sign-in.
  'license-server-missing': 0.01,
  'connection-broker-failing': 0.005,
};
