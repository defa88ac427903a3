// Every fault case, in the order of what it breaks.
import type { Case } from './case.ts';
import { DOMAIN_FAULTS } from './faults-domain.ts';
import { FIREWALL_FAULTS } from './faults-firewall.ts';
import { HARMLESS_AND_NOT } from './faults-harmless.ts';
import { IDENTITY_FAULTS } from './faults-identity.ts';
import { LIVE_FAULTS } from './faults-live.ts';
import { LOGON_FAULTS } from './faults-logon.ts';
import { MIXED_FAULTS } from './faults-mixed.ts';
import { REACH_FAULTS } from './faults-reach.ts';
import { RIGHTS_FAULTS } from './faults-rights.ts';
import { SECURITY_FAULTS } from './faults-security.ts';
import { SEVERAL_FAULTS } from './faults-several.ts';
import { TLS_FAULTS } from './faults-tls.ts';
import { WIRE_FAULTS } from './faults-wire.ts';

export const FAULTS: readonly Case[] = [
  ...REACH_FAULTS,
  ...FIREWALL_FAULTS,
  ...TLS_FAULTS,
  ...WIRE_FAULTS,
  ...RIGHTS_FAULTS,
  ...SECURITY_FAULTS,
  ...IDENTITY_FAULTS,
  ...DOMAIN_FAULTS,
  ...LOGON_FAULTS,
  ...MIXED_FAULTS,
  ...SEVERAL_FAULTS,
  ...LIVE_FAULTS,
  ...HARMLESS_AND_NOT,
];
