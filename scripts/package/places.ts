import { join } from 'node:path';
import { projectFolder } from '../bootstrap/project.mjs';

/** Where packaging works and where it leaves what it has made. */
const out = process.env.DPRUNER_MAKE_FOLDER ?? join(projectFolder, 'out');

export const packagePlaces = {
  out,
  application: join(out, 'stage', 'application'),
  service: join(out, 'stage', 'service'),
  node: join(out, 'stage', 'node'),
  electronZips: join(out, 'stage', 'electron'),
  artefacts: join(out, 'make'),
} as const;
