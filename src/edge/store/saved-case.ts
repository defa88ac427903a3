import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FACT_NAMES } from '../../core/model/facts.ts';
import { UNKNOWN_WHYS } from '../../core/model/observation.ts';
import { type Report, WARNING_CODES } from '../../core/model/report.ts';
import { parseSubject } from '../../core/model/subjects.ts';
import type { TranscriptEntry } from '../network/transcript.ts';
import { READABLE_SCHEMAS, upgradeReport } from './upgrade-report.ts';

/** A report with thousands of events has 2 MB; a transcript of `--full` has 1 MB. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A case as it was saved. */
export interface SavedCase {
  readonly report: Report;
  /** Empty where there is none, as beside a report alone. */
  readonly transcript: readonly TranscriptEntry[];
}

/** Reads a case folder, or the report.json of one. The error is a sentence for the user. */
export async function readCase(place: string): Promise<SavedCase> {
  const isFolder = (await stat(place).catch(() => undefined))?.isDirectory() === true;
  const file = isFolder ? join(place, 'report.json') : place;
  const text = await readText(file);
  if (text === undefined) {
    throw new Error(
      `there is no case in ${place}: expected a folder that --case created, or its report.json`,
    );
  }
  const transcript = isFolder ? await readText(join(place, 'transcript.jsonl')) : undefined;
  return { report: parseReport(text, file), transcript: parseTranscript(transcript ?? '') };
}

/** `undefined`: there is no such file. */
async function readText(path: string): Promise<string | undefined> {
  // A pipe that nobody writes to would wait for ever. Windows has no such flag.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no reason given';
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Error(`${path} cannot be read (${code})`);
  });
  if (file === undefined) return undefined;
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error(`${path} is not a file: expected the report.json of a case`);
    if (stats.size > MOST_BYTES) throw new Error(`${path} is larger than any report (${stats.size} bytes)`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

function parseReport(text: string, file: string): Report {
  const value = parseJson(text);
  if (!isRecord(value) || !('evidence' in value)) {
    throw new Error(`${file} is not a report of rdpdoctor: expected the report.json of a case`);
  }
  if (!READABLE_SCHEMAS.includes(value['schema'])) {
    throw new Error(
      `${file} has schema ${String(value['schema'])}, and this version reads schemas ${READABLE_SCHEMAS.join(' and ')}`,
    );
  }
  const problem = problemOf(value);
  if (problem !== undefined) throw new Error(`${file} is damaged: ${problem}`);
  return upgradeReport(value) as unknown as Report;
}

/** What is wrong with what judging reads of a report; what a fact's value is like, its judges see. */
function problemOf(report: Readonly<Record<string, unknown>>): string | undefined {
  const isText = (value: unknown): boolean => typeof value === 'string';
  const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
  if (!isText(report['target'])) return 'it has no target';
  if (!isText(report['at']) || Number.isNaN(Date.parse(String(report['at'])))) return 'it has no time';
  if (!areTexts(report['looks'])) return 'it does not say what was looked at';
  const areTold = report['schema'] === 1 ? areTexts : areWarnings;
  if (!areTold(report['warnings'])) return 'its warnings are not texts';
  for (const name of ['client', 'symptom']) {
    if (report[name] !== undefined && !isText(report[name])) return `its ${name} is not text`;
  }
  if (report['suspected'] !== undefined && !areTexts(report['suspected'])) {
    return 'what its error points to are no texts';
  }
  const user = report['user'];
  if (user !== undefined && !(isRecord(user) && isText(user['name']) && isText(user['domain'])))
    return 'its user has no name';
  const { evidence } = report;
  if (!isRecord(evidence)) return 'it has no evidence';
  const { subjects = {} } = report;
  if (!isRecord(subjects)) return 'its subjects are none';
  return problemOfEvidence(evidence) ?? firstProblem(Object.entries(subjects), problemOfSubject);
}

function problemOfSubject([name, subject]: readonly [string, unknown]): string | undefined {
  if (parseSubject(name) === undefined) return `"${name}" is not a subject`;
  if (!isRecord(subject) || !isRecord(subject['evidence'])) return `${name} has no evidence`;
  return problemOfEvidence(subject['evidence']);
}

function problemOfEvidence(evidence: Readonly<Record<string, unknown>>): string | undefined {
  const names: readonly string[] = FACT_NAMES;
  return firstProblem(Object.entries(evidence), ([name, observation]) => {
    if (!names.includes(name)) return `"${name}" is not a fact`;
    return isObservation(observation) ? undefined : `${name} is not an observation`;
  });
}

function firstProblem<T>(items: readonly T[], judge: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = judge(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Warnings of schema 2. */
function areWarnings(value: unknown): boolean {
  const codes: readonly unknown[] = WARNING_CODES;
  return (
    Array.isArray(value) &&
    value.every((each) => isRecord(each) && codes.includes(each['code']) && typeof each['text'] === 'string')
  );
}

const WHYS: readonly unknown[] = UNKNOWN_WHYS;

function isObservation(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { others } = value;
  if (others !== undefined && !(Array.isArray(others) && others.every(isObservation))) return false;
  if (value['detail'] !== undefined && typeof value['detail'] !== 'string') return false;
  if (value['state'] === 'unknown') return WHYS.includes(value['why']);
  const { from } = value;
  const hasPlace =
    isRecord(from) &&
    ['gatherer', 'channel', 'locator', 'observedAt'].every((name) => typeof from[name] === 'string');
  if (value['state'] === 'absent') return hasPlace;
  return value['state'] === 'present' && hasPlace && value['value'] !== undefined && value['value'] !== null;
}

function parseTranscript(text: string): readonly TranscriptEntry[] {
  return text.split('\n').flatMap((line) => {
    const value = parseJson(line);
    return isRecord(value) && typeof value['what'] === 'string' ? [value as unknown as TranscriptEntry] : [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
