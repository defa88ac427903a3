import type { Case } from './case.ts';
import { RDP, TSPOL } from './settings.ts';

const ARTICLE =
  'Microsoft: Cannot RDP to Azure Virtual Machines because of a static or authentication problem, cause';

const NEGOTIATION = '[MS-RDPBCGR] 2.2.1.2.2 RDP Negotiation Failure';

const LAYERS: readonly Case[] = [
  {
    id: 'half the workaround: layer 0 with NLA',
    base: 'server-2016 member',
    set: { [`${RDP}!SecurityLayer`]: 0 },
    expect: { first: 'listener-inconsistent', verdict: 'confirmed' },
    source: `${ARTICLE} workaround (SecurityLayer 0, UserAuthentication kept); [MS-RDPBCGR] 5.4: NLA runs inside TLS`,
  },
  {
    id: 'layer 0 by policy with NLA',
    base: 'server-2022 member',
    set: { [`${TSPOL}!SecurityLayer`]: 0 },
    expect: { first: 'listener-inconsistent', verdict: 'confirmed' },
    source: 'Policy "Require use of specific security layer for remote (RDP) connections", RDP',
  },
  {
    id: 'negotiation switched off with NLA',
    base: 'server-2012-r2 workgroup',
    set: { [`${RDP}!fAllowSecProtocolNegotiation`]: 0 },
    expect: { first: 'listener-inconsistent' },
    source: `${ARTICLE} workaround (fAllowSecProtocolNegotiation 0)`,
  },
  {
    id: 'standard security without NLA',
    base: 'server-2016 workgroup',
    set: { [`${RDP}!SecurityLayer`]: 0, [`${RDP}!UserAuthentication`]: 0 },
    expect: {},
    source: '[MS-RDPBCGR] 5.3: Windows clients still speak standard RDP security',
  },
  {
    id: 'level 1 beside TLS, which Windows corrects',
    base: 'server-2019 member',
    set: { [`${RDP}!MinEncryptionLevel`]: 1 },
    expect: { never: ['encryption-level-too-high', 'listener-inconsistent'] },
    source:
      'Microsoft: RDS Authentication and Encryption, event 1050: corrected automatically to allow connections',
  },
  {
    id: 'level 4 beside TLS',
    base: 'server-2022 member',
    set: { [`${RDP}!MinEncryptionLevel`]: 4 },
    expect: { never: ['encryption-level-too-high'] },
    source: 'Policy "Set client connection encryption level": does not apply to TLS',
  },
  {
    id: 'level 4 under standard security, no client named',
    base: 'windows-7 workgroup',
    set: { [`${RDP}!SecurityLayer`]: 0, [`${RDP}!UserAuthentication`]: 0, [`${RDP}!MinEncryptionLevel`]: 4 },
    expect: { never: ['encryption-level-too-high'] },
    source: '[MS-RDPBCGR] 4.1.3: the Windows client offers the FIPS method',
  },
  {
    id: 'level 4 under standard security, rdesktop',
    base: 'windows-7 workgroup',
    set: { [`${RDP}!SecurityLayer`]: 0, [`${RDP}!UserAuthentication`]: 0, [`${RDP}!MinEncryptionLevel`]: 4 },
    client: 'rdesktop',
    expect: { first: ['fips-only', 'encryption-level-too-high'] },
    source: '[MS-RDPBCGR] 5.3.1: level FIPS needs the FIPS method, which rdesktop does not offer',
  },
  {
    id: 'level 4 on the wire, rdesktop',
    wire: {
      server: {
        negotiate: (mask) => (mask === 0 ? { selected: 0 } : { failure: 2 }),
        security: [0x10, 4],
      },
    },
    client: 'rdesktop',
    expect: { first: ['fips-only', 'encryption-level-too-high'] },
    source: '[MS-RDPBCGR] 5.3.1: level FIPS needs the FIPS method, which rdesktop does not offer',
  },
  {
    id: 'NLA demanded of a client without it',
    wire: {
      server: {
        negotiate: (mask) =>
          (mask & 2) === 0 ? { failure: 5 } : { selected: (mask & 8) === 0 ? 2 : 8, flags: 0x1f },
      },
    },
    client: 'windows-xp',
    expect: { first: 'nla-required-by-server', verdict: 'confirmed' },
    source: `${NEGOTIATION}: HYBRID_REQUIRED_BY_SERVER (5); KB951608: CredSSP is off in Windows XP SP3`,
  },
  {
    id: 'NLA demanded of rdesktop',
    wire: {
      server: {
        negotiate: (mask) =>
          (mask & 2) === 0 ? { failure: 5 } : { selected: (mask & 8) === 0 ? 2 : 8, flags: 0x1f },
      },
    },
    client: 'rdesktop',
    expect: { first: 'nla-required-by-server', verdict: 'confirmed' },
    source: `${NEGOTIATION}: HYBRID_REQUIRED_BY_SERVER (5); rdesktop README: CredSSP by Kerberos alone`,
  },
  {
    id: 'NLA demanded, no client named',
    wire: {
      server: {
        negotiate: (mask) =>
          (mask & 2) === 0 ? { failure: 5 } : { selected: (mask & 8) === 0 ? 2 : 8, flags: 0x1f },
      },
    },
    expect: {},
    source: `${NEGOTIATION}: every supported client speaks CredSSP`,
  },
  {
    id: 'TLS refused and NLA demanded',
    wire: { server: { negotiate: (mask) => (mask === 0 ? { failure: 5 } : { failure: 2 }) } },
    expect: { first: 'listener-inconsistent' },
    source: `${NEGOTIATION}: SSL_NOT_ALLOWED_BY_SERVER (2) beside HYBRID_REQUIRED_BY_SERVER (5)`,
  },
  {
    id: 'inconsistent flags',
    wire: { server: { negotiate: () => ({ failure: 4 }) } },
    expect: { first: 'listener-inconsistent' },
    source: `${NEGOTIATION}: INCONSISTENT_FLAGS (4)`,
  },
];

export const SECURITY_FAULTS: readonly Case[] = [...LAYERS];
