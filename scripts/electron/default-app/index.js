// What `electron FOLDER` does in Electron's own downloads: it runs the application in the folder that the first
// argument names, after the module that -r names (by which Playwright holds the application until it listens). The older
// Electron comes without it.
const { app } = require('electron');
const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const required = process.argv.indexOf('-r') + 1;
if (required > 0) require(resolve(process.argv[required]));

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const { name, productName, version, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

app.setName(productName ?? name);
app.setVersion(version);
app.setAppPath(folder);
app.setPath('userData', join(app.getPath('appData'), app.name));
require(join(folder, main));
