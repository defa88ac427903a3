import type { Report } from '../core/model/report.ts';
import { diagnoseTarget } from './diagnose-target.ts';
import type { OutsidePorts, OutsideRequest } from './gather/outside/look.ts';

export interface HostDiagnosisRequest extends OutsideRequest {
  /** As the user wrote it. */
  readonly target: string;
  /** The error that the user sees, where it was given. */
  readonly symptom?: string;
  /** Cause ids that it points to. */
  readonly suspected: readonly string[];
}

/** A diagnosis of a listener from the network alone. */
export function diagnoseHost(ports: OutsidePorts, request: HostDiagnosisRequest): Promise<Report> {
  const { target, symptom, suspected, client, ...outside } = request;
  return diagnoseTarget(ports, {
    target,
    outside,
    timeoutMillis: outside.timeoutMillis,
    client,
    suspected,
    ...(symptom === undefined ? {} : { symptom }),
  });
}
