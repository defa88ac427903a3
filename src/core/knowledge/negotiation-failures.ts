import type { CodeRow } from './row.ts';

const SPEC = { source: '[MS-RDPBCGR] 2.2.1.2.2 RDP Negotiation Failure', sure: 'verified' } as const;

/** failureCode of RDP_NEG_FAILURE: why the listener refused the protocols it was asked for. */
export const NEGOTIATION_FAILURES: readonly CodeRow[] = [
  {
    code: 1,
    name: 'SSL_REQUIRED_BY_SERVER',
    meaning:
      'The listener wants TLS and was asked for standard RDP security only. A current client is not hurt.',
    causes: [],
    look: ['Only a client without TLS stops here'],
    ...SPEC,
  },
  {
    code: 2,
    name: 'SSL_NOT_ALLOWED_BY_SERVER',
    meaning:
      'The listener takes standard RDP security only. If NLA is required at the same time, nobody gets in.',
    causes: ['listener-inconsistent', 'policy-override', 'nla-not-offered'],
    look: ['SecurityLayer and fAllowSecProtocolNegotiation against UserAuthentication of RDP-Tcp'],
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
    meaning: 'The list of protocols asked for contradicts what the listener expects at this point.',
    causes: ['listener-inconsistent'],
    look: ['A proxy or gateway that changes the request'],
    ...SPEC,
  },
  {
    code: 5,
    name: 'HYBRID_REQUIRED_BY_SERVER',
    meaning:
      'The listener requires NLA and was asked for something else. A client with CredSSP is not hurt; others are turned away.',
    causes: ['nla-required-by-server'],
    look: ['Does the client speak CredSSP? Has its .rdp file enablecredsspsupport:i:0?'],
    ...SPEC,
  },
  {
    code: 6,
    name: 'SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER',
    meaning: 'The listener wants TLS together with a certificate of the client.',
    causes: ['client-certificate-required'],
    look: ['Whether a gateway or a virtual machine console answers instead of Windows'],
    ...SPEC,
  },
];

const byCode = new Map(NEGOTIATION_FAILURES.map((row) => [row.code, row]));

/** The row of a failureCode, or undefined. */
export function findNegotiationFailure(code: number): CodeRow | undefined {
  return byCode.get(code);
}
