import { defineCause } from '../model/cause.ts';
import { describeEvent, isEvent, PROVIDER, weighEvents } from './_events.ts';
import { INSIDE } from './_inside.ts';
import { cannotTell, citing, likely, ruledOut, seenValue } from './_judge.ts';

/** LsaSrv: the machine identity in a ticket does not match. */
const IDENTITY_MISMATCH = 6167;
/** Windows 11 24H2 and Server 2025: older builds do not compare. */
const FIRST_BUILD = 26100;

export const duplicateMachineIdentity = defineCause({
  id: 'duplicate-machine-identity',
  title: 'Two machines have the same machine identity',
  stage: 'credssp',
  uses: ['os.version', 'machine.sid', 'events.relevant'],
  ruledOutBy: [['os.version'], ['events.relevant']],
  prior: 0.005,
  remedies: [],
  advice:
    'Rebuild one of the two machines from an image that was generalised with Sysprep. Until then, connect from a machine that is not a clone of this one.',
  judge(evidence) {
    const build = seenValue(evidence['os.version'])?.build;
    const timeline = seenValue(evidence['events.relevant']);
    const sid = seenValue(evidence['machine.sid']);
    const proving =
      timeline === undefined
        ? undefined
        : weighEvents(timeline, 'duplicate-machine-identity', {
            proves: (event) => isEvent(event, PROVIDER.lsa, IDENTITY_MISMATCH),
          }).proving;
    if (proving !== undefined) {
      return likely(
        citing(evidence, 'events.relevant', 'machine.sid'),
        `Windows refused a sign-in because the two machines carry the same identity: ${describeEvent(proving)}.${
          sid === undefined ? '' : ` This machine's SID is ${sid}; compare it with the client's.`
        } Clients that are not clones of it can sign in.`,
      );
    }
    if (build !== undefined && build < FIRST_BUILD) {
      return ruledOut(
        ['os.version'],
        `This Windows (build ${build}) does not compare machine identities; Windows does so from build ${FIRST_BUILD} on.`,
      );
    }
    const system = timeline?.spans.find(
      ({ channel, oldest }) => channel === 'System' && oldest !== undefined,
    );
    if (system !== undefined) {
      return ruledOut(
        ['events.relevant'],
        `The System log, which reaches back to ${system.oldest}, holds no LsaSrv event ${IDENTITY_MISMATCH}, with which Windows reports such a clone.`,
      );
    }
    return cannotTell(
      evidence,
      'whether the client and this machine have the same identity',
      ['events.relevant'],
      INSIDE,
    );
  },
});
