import { clientCertificateRequired } from '../../../src/core/causes/client-certificate-required.ts';
import {
  type CauseCase,
  checkCause,
  failed,
  GCM,
  none,
  seen,
  selected,
  unseen,
  versions,
} from './evidence.ts';

checkCause(clientCertificateRequired, [
  {
    name: 'asked for one and ended with certificate_required',
    evidence: { 'tls.clientCertificate': seen({ demand: 'required', alert: 116 }) },
    verdict: 'confirmed',
    facts: ['tls.clientCertificate'],
    says: ['alert 116, certificate_required'],
  },
  {
    name: 'the negotiation itself says so',
    evidence: { 'rdp.negotiation': seen([failed(0, 6), failed(1, 6), failed(0xb, 6)]) },
    verdict: 'confirmed',
    facts: ['rdp.negotiation'],
    says: ['SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER'],
  },
  {
    name: 'failure 6 to one offer, while another is taken',
    evidence: {
      'rdp.negotiation': seen([failed(0, 6), selected(1, 1)]),
      'tls.clientCertificate': seen({ demand: 'none' }),
    },
    verdict: 'ruled-out',
    facts: ['tls.clientCertificate'],
  },
  {
    name: 'asked for one, and then hung up',
    evidence: { 'tls.clientCertificate': seen({ demand: 'requested', hungUp: true }) },
    verdict: 'likely',
    facts: ['tls.clientCertificate'],
    says: ['without giving a reason'],
  },
  {
    name: 'asked for one, and went on without',
    evidence: { 'tls.clientCertificate': seen({ demand: 'requested' }) },
    verdict: 'ruled-out',
    facts: ['tls.clientCertificate'],
    remark: /something other than Windows handles TLS/,
  },
  ...[42, 43, 44, 45, 46, 48, 49, 116].map(
    (alert): CauseCase => ({
      name: `alert ${alert}, though nobody saw a request`,
      evidence: {
        'tls.versions': seen(versions(`70 70 70 ${alert}`)),
        'tls.clientCertificate': unseen('no-channel'),
      },
      verdict: 'likely' as const,
      facts: ['tls.versions' as const],
      says: [`alert ${alert}`],
    }),
  ),
  ...[40, 47, 71, 80, 112].map(
    (alert): CauseCase => ({
      name: `alert ${alert} speaks of something else`,
      evidence: {
        'tls.versions': seen(versions(`70 70 ${alert} ${alert}`)),
        'tls.clientCertificate': unseen('no-channel'),
      },
      verdict: 'inconclusive' as const,
      facts: ['tls.clientCertificate' as const],
    }),
  ),
  {
    name: 'a handshake was accepted',
    evidence: { 'tls.versions': seen(versions(`116 116 ${GCM} 116`)) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'no TLS at all',
    evidence: { 'tls.versions': none() },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  {
    name: 'nothing was seen',
    evidence: {},
    verdict: 'inconclusive',
    facts: ['tls.clientCertificate', 'tls.versions'],
  },
]);
