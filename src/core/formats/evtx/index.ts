/** Windows event logs ("EVTX"), read-only: query the newest events of a log, or read all of it, damaged or not. */
export * from '../walker.ts';
export type { StoredRecord } from './chunk.ts';
export { decodeEvent, type EventRecordData, type ReadEvent } from './event.ts';
export type { EventField } from './event-field.ts';
export { decodeFileHeader, type FileHeader } from './file-header.ts';
export { type EventLog, openLog } from './log.ts';
export { type EventAnswer, type EventQuery, type EventVisitor, type Moment, queryEvents } from './query.ts';
export { type LogSummary, readAllEvents } from './read-all.ts';
export { eventToXml } from './render-xml.ts';
export type { EventSelector } from './select.ts';
export { filetimeText } from './value-text.ts';
