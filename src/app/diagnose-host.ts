import { diagnose } from '../core/engine/diagnosis.ts';
import { CLIENTS } from '../core/knowledge/clients.ts';
import type { Look } from '../core/model/cause.ts';
import type { Report } from '../core/model/report.ts';
import { lookFromOutside, type OutsidePorts, type OutsideRequest } from './gather/outside/look.ts';

export interface HostDiagnosisRequest extends OutsideRequest {
  /** As the user wrote it. */
  readonly target: string;
  /** The error that the user sees, where it was given. */
  readonly symptom?: string;
  /** Cause ids that it points to. */
  readonly suspected: readonly string[];
}

/** What this version can look at. */
export const AVAILABLE_LOOKS: readonly Look[] = ['HOST', '--user', '--client', '--full'];

/** Looks at a listener from the network and says what follows from what was seen. */
export async function diagnoseHost(ports: OutsidePorts, request: HostDiagnosisRequest): Promise<Report> {
  const at = new Date(ports.clock.now()).toISOString();
  const { evidence, warnings } = await lookFromOutside(ports, request);
  const taken: Look[] = ['HOST'];
  if (request.full) taken.push('--full');
  if (request.client !== undefined) taken.push('--client');
  if (request.credential !== undefined) taken.push('--user');
  return diagnose({
    target: request.target,
    ...(request.symptom === undefined ? {} : { symptom: request.symptom }),
    at,
    evidence,
    context: {
      client: request.client,
      supportedClients: CLIENTS.filter((client) => client.supported),
    },
    warnings,
    taken,
    available: AVAILABLE_LOOKS,
    suspected: request.suspected,
  });
}
