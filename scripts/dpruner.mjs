#!/usr/bin/env node
// The `dpruner` command of an installed or linked package: the same as `npm run -s dpruner --`.
process.argv.splice(2, 0, 'dpruner');
await import('./bootstrap.mjs');
