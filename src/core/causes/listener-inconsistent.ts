import { defineCause } from '../model/cause.ts';
import { cannotTell, isSeen, likely, ruledOut } from './_judge.ts';
import {
  asksForTls,
  choseStandard,
  describeRow,
  failedWith,
  HYBRID,
  HYBRID_REQUIRED,
  INCONSISTENT_FLAGS,
  isRdpAnswer,
  SSL,
  SSL_NOT_ALLOWED,
  SSL_REQUIRED,
} from './_negotiation.ts';
import { list } from './_words.ts';

export const listenerInconsistent = defineCause({
  id: 'listener-inconsistent',
  title: "The listener's security settings contradict each other",
  stage: 'negotiate',
  uses: ['rdp.negotiation'],
  prior: 0.01,
  remedies: [],
  advice:
    'Restore SecurityLayer, UserAuthentication and fAllowSecProtocolNegotiation together, to the values recorded before the last change, else to 2, 1 and 1; a half-applied workaround is the usual reason. Look with --disk for the values and for a policy that sets them.',
  judge(evidence) {
    const negotiation = evidence['rdp.negotiation'];
    if (!isSeen(negotiation)) {
      return cannotTell(
        evidence,
        'whether the listener answers coherently',
        ['rdp.negotiation'],
        ['HOST', '--disk'],
      );
    }
    if (negotiation.state === 'absent') {
      return ruledOut(
        ['rdp.negotiation'],
        'There is no listener whose settings could contradict each other.',
      );
    }
    const rows = negotiation.value;
    const answered = rows.filter(isRdpAnswer);
    const contradictions = answered.filter(
      (row) =>
        failedWith(row, INCONSISTENT_FLAGS) ||
        // It demands what it was offered.
        (failedWith(row, SSL_REQUIRED) && (row.requested & SSL) !== 0) ||
        (failedWith(row, HYBRID_REQUIRED) && (row.requested & (SSL | HYBRID)) === (SSL | HYBRID)),
    );
    if (contradictions.length > 0) {
      return likely(
        ['rdp.negotiation'],
        `The listener contradicts itself: ${list(contradictions.map(describeRow))}.`,
      );
    }
    const overTls = answered.filter(asksForTls);
    if (overTls.some((row) => !failedWith(row, SSL_NOT_ALLOWED))) {
      return ruledOut(
        ['rdp.negotiation'],
        `The listener's answers fit together: ${list(answered.map(describeRow))}.`,
      );
    }
    const plain = rows.find((row) => row.requested === 0);
    if (overTls.length === 0) {
      const stranger = rows.find((row) => row.answer === 'foreign');
      return stranger !== undefined && answered.length === 0
        ? ruledOut(['rdp.negotiation'], `No RDP listener answers on the port: ${describeRow(stranger)}.`)
        : cannotTell(
            evidence,
            'whether the listener answers coherently, because no request for TLS was answered',
            ['rdp.negotiation'],
            ['HOST', '--disk'],
          );
    }
    const both = `${list(overTls.map(describeRow))}, while ${
      plain === undefined ? 'standard RDP security (0x0) was not asked for' : describeRow(plain)
    }`;
    if (plain !== undefined && choseStandard(plain)) {
      return ruledOut(
        ['rdp.negotiation'],
        `The listener allows standard RDP security only, which is weak but fits together: ${both}.`,
      );
    }
    if (plain !== undefined && (plain.answer === 'closed' || isRdpAnswer(plain))) {
      return likely(
        ['rdp.negotiation'],
        `The listener allows neither TLS nor standard RDP security: ${both}. NLA required while the security layer is 0 looks like this.`,
      );
    }
    return cannotTell(
      evidence,
      `whether the listener lets anybody in (${both})`,
      ['rdp.negotiation'],
      ['HOST', '--disk'],
    );
  },
});
