import type { CodeRow } from './row.ts';

const SPEC = { source: '[MS-RDPBCGR] 2.2.1.2.2 RDP Negotiation Failure', sure: 'verified' } as const;

/** failureCode of RDP_NEG_FAILURE: why the listener refused the requested protocols. */
export const NEGOTIATION_FAILURES: readonly CodeRow[] = [
  {
    code: 1,
    name: 'SSL_REQUIRED_BY_SERVER',
    meaning:
      'The listener requires TLS, but the client requested only standard RDP security. Current clients are not affected.',
    causes: [],
    look: ['Does the client support TLS? Only one that does not stops here'],
    ...SPEC,
  },
  {
    code: 2,
    name: 'SSL_NOT_ALLOWED_BY_SERVER',
    meaning: 'The listener accepts only standard RDP security. If it also requires NLA, nobody gets in.',
    causes: ['listener-inconsistent', 'policy-override', 'nla-not-offered'],
    look: [
      'SecurityLayer, fAllowSecProtocolNegotiation and UserAuthentication of RDP-Tcp: do they contradict each other?',
    ],
    ...SPEC,
  },
  {
    code: 3,
    name: 'SSL_CERT_NOT_ON_SERVER',
    meaning: 'The listener has no certificate it can use, so neither TLS nor NLA is possible.',
    causes: ['certificate-missing', 'certificate-key-unreadable', 'certificate-binding-orphaned'],
    look: ['Listener events 1057 and 1058, Schannel event 36870 on the target'],
    ...SPEC,
  },
  {
    code: 4,
    name: 'INCONSISTENT_FLAGS',
    meaning: 'The requested protocols contradict what the listener expects at this point.',
    causes: ['listener-inconsistent'],
    look: ['A proxy or gateway that changes the request'],
    ...SPEC,
  },
  {
    code: 5,
    name: 'HYBRID_REQUIRED_BY_SERVER',
    meaning:
      'The listener requires NLA, but the client did not request it. Clients with CredSSP are not affected; others are turned away.',
    causes: ['nla-required-by-server'],
    look: ['Does the client support CredSSP? Does its .rdp file contain enablecredsspsupport:i:0?'],
    ...SPEC,
  },
  {
    code: 6,
    name: 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER',
    meaning: 'The listener requires TLS with a client certificate.',
    causes: ['client-certificate-required'],
    look: ['Does a gateway or a virtual machine console answer instead of Windows?'],
    ...SPEC,
  },
];

const byCode = new Map(NEGOTIATION_FAILURES.map((row) => [row.code, row]));

/** The row of a failureCode, or undefined. */
export function findNegotiationFailure(code: number): CodeRow | undefined {
  return byCode.get(code);
}
