// A worker does not inherit the TypeScript loader, so it registers it before it loads the program.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
