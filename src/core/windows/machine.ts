import { together } from '../bytes/batched.ts';
import type { Evidence } from '../model/facts.ts';
import type { OsVersion } from '../model/windows-facts.ts';
import type { InquiryContext } from './answers.ts';
import { inquireCredsspFile } from './credssp-file.ts';
import { inquireFirewall } from './firewall.ts';
import { inquireIdentity } from './identity.ts';
import type { Inquiry } from './inquiry.ts';
import { inquireListener } from './listener.ts';
import { inquireListenerCertificate } from './listener-certificate.ts';
import { inquireListenerOwner } from './live/listener-owner.ts';
import { inquireMoment } from './live/moment.ts';
import { inquireSecureChannel } from './live/secure-channel.ts';
import { inquireTimeSource } from './live/time-source.ts';
import { inquireUnfinished } from './live/unfinished.ts';
import { inquireLocalPolicy } from './local-policy.ts';
import { inquireLocalSecurity } from './local-security.ts';
import { inquireLogons } from './logons.ts';
import { inquireMachinePassword } from './machine-password.ts';
import { inquireNameServers } from './name-servers.ts';
import { inquireRdsUpdate } from './rds-update.ts';
import { inquireSchannel } from './schannel.ts';
import { inquireServiceProgram } from './service-program.ts';
import { inquireServices } from './services.ts';
import { inquireTimeline } from './timeline.ts';
import { inquireUserRights } from './user-rights.ts';

/**
 * Everything that rdpdoctor asks a Windows machine. What the defaults depend on (which Windows it is)
 * is one chain; all the rest goes out beside it. The longest chain, the certificate's key, takes
 * three rounds.
 */
export function* inquireMachine(context: InquiryContext): Inquiry<Evidence> {
  return Object.assign({}, ...(yield* together(machineInquiries(context))));
}

/**
 * The parts of `inquireMachine`, none of which waits for another: for whoever answers them side by
 * side, so that a chain of questions goes on while another part's long answer is still being read.
 */
export function machineInquiries(context: InquiryContext): readonly Inquiry<Evidence>[] {
  return [
    inquireVersioned(context),
    inquireListenerCertificate(context),
    inquireUserRights(context),
    inquireNameServers(context),
    inquireLocalSecurity(context),
    inquireServices(context),
    inquireServiceProgram(context),
    inquireMachinePassword(context),
    inquireFirewall(context),
    inquireLocalPolicy(context),
    inquireCredsspFile(context),
    inquireTimeline(context),
    inquireLogons(context),
    inquireUnfinished(context),
    inquireTimeSource(context),
    inquireMoment(context),
    inquireListenerOwner(context),
    inquireSecureChannel(context),
  ];
}

/** The settings whose default depends on the version, after the version. */
function* inquireVersioned(context: InquiryContext): Inquiry<Evidence> {
  const identity = yield* inquireIdentity(context);
  const version = identity['os.version'];
  const os = version?.state === 'present' ? version.value : undefined;
  const parts = yield* together([
    inquireListener(context, os),
    inquireSchannel(context, os),
    inquireRdsUpdateFact(context, os),
  ]);
  return Object.assign({}, identity, ...parts);
}

function* inquireRdsUpdateFact(context: InquiryContext, os: OsVersion | undefined): Inquiry<Evidence> {
  return { 'schannel.rdsUpdate': yield* inquireRdsUpdate(context, os) };
}
