import { tlsHandshakeRefused } from '../../../src/core/causes/tls-handshake-refused.ts';
import { checkCause, GCM, none, seen, unseen, versions } from './evidence.ts';

checkCause(tlsHandshakeRefused, [
  {
    name: 'alert 47: the hello is objected to',
    evidence: { 'tls.versions': seen(versions('47 47 47 47')) },
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['alert 47, illegal_parameter', 'form of an ordinary hello'],
    advice: /inspects TLS/,
  },
  {
    name: 'alert 86: a fallback that nobody made',
    evidence: { 'tls.versions': seen(versions('86 86 86 86')) },
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['alert 86, inappropriate_fallback', 'older version'],
    advice: /lowers the TLS version/,
  },
  {
    name: 'alert 50 of the newest version alone',
    evidence: { 'tls.versions': seen(versions('70 70 70 50')) },
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['alert 50, decode_error'],
  },
  {
    name: 'a polite end',
    evidence: { 'tls.versions': seen(versions('0 0 0 0')) },
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['alert 0, close_notify'],
    advice: /gives no reason/,
  },
  {
    name: 'an alert that nobody knows',
    evidence: { 'tls.versions': seen(versions('200 200 200 200')) },
    verdict: 'likely',
    facts: ['tls.versions'],
    says: ['alert 200', 'not known'],
  },
  ...[40, 42, 46, 48, 70, 71, 80, 112, 116].map((alert) => ({
    name: `alert ${alert} has a cause of its own`,
    evidence: { 'tls.versions': seen(versions(`${alert} ${alert} ${alert} ${alert}`)) },
    verdict: 'ruled-out' as const,
    facts: ['tls.versions' as const],
  })),
  {
    name: 'a version is accepted',
    evidence: { 'tls.versions': seen(versions(`47 47 ${GCM} 47`)) },
    verdict: 'ruled-out',
    facts: ['tls.versions'],
  },
  { name: 'no TLS', evidence: { 'tls.versions': none() }, verdict: 'ruled-out', facts: ['tls.versions'] },
  {
    name: 'one version was not answered',
    evidence: { 'tls.versions': seen(versions('70 70 70 timeout')) },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
  {
    name: 'TLS was not reached',
    evidence: { 'tls.versions': unseen() },
    verdict: 'inconclusive',
    facts: ['tls.versions'],
  },
]);
