// Run by Node: evaluates the calls with the packages of a folder and prints, a line each, `[library, null, names]` with the
// names that a library has, and `[library, call, value]`. Arguments: the folder, and the moment that it is.
'use strict';

const fs = require('fs');
const path = require('path');
const vm = require('vm');

const [folder, now] = process.argv.slice(2);
const from = require('module').createRequire(path.join(path.resolve(folder), 'package.json'));
const EngineDate = Date;
global.Date = class extends EngineDate {
  constructor(...parts) { super(...(parts.length > 0 ? parts : [+now])); }
  static now() { return +now; }
};
console.warn = () => {};
console.error = () => {};
vm.runInThisContext(fs.readFileSync(path.join(__dirname, 'shown.js'), 'utf8'));
const moment = from('moment-timezone');
const [three, four, crypto] = [from('lodash3'), from('lodash'), require('crypto')];
moment.suppressDeprecationWarnings = true;

const { ofMoment, ofLodash } = require('./generated.js');
const lines = (name) => fs.readFileSync(path.join(__dirname, name), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
const print = (...row) => process.stdout.write(`${JSON.stringify(row)}\n`);
const evaluate = (library, name, value, calls) => calls.forEach((call) => {
  const made = new Function(name, `return (${call})`);
  print(library, call, global.told(() => made(value)));
  if (name === 'moment') { moment.tz.setDefault(); moment.locale('en'); }
});
const publicNames = (object) => Object.keys(object).filter((name) => !name.startsWith('_'));
print('moment', null, publicNames(moment));
print('moment.fn', null, publicNames(moment.fn));
print('moment.duration.fn', null, publicNames(moment.duration.fn));
print('moment.tz', null, publicNames(moment.tz));
print('moment.tz.zone("UTC")', null, [...publicNames(moment.tz.zone('UTC')), ...publicNames(moment.tz.Zone.prototype)]);
print('moment.localeData()', null, publicNames(Object.getPrototypeOf(moment.localeData())));
print('_', null, [...new Set([...publicNames(three), ...publicNames(four)])]);
print('_([])', null, [...new Set([three, four].flatMap((one) => Object.getOwnPropertyNames(one.prototype)))].filter((name) => /^[a-z]/.test(name)));

evaluate('moment', 'moment', moment, [...lines('moment.txt'), ...lines('languages.txt'), ...ofMoment(4000, 7)]);
evaluate('hash', 'hash', crypto, lines('hash.txt'));
evaluate('lodash', '_', three, lines('lodash3.txt'));
evaluate('lodash', '_', four, lines('lodash4.txt'));
// Where both versions have a name it means what it does in version 3, but for maps and sets, which only version 4 knows.
const isOfThree = (call) => Object.hasOwn(three, /^_\.(\w+)/.exec(call)[1]) && !/new (?:Map|Set)\(/.test(call);
const calls = ofLodash();
evaluate('lodash', '_', three, calls.filter(isOfThree));
evaluate('lodash', '_', four, calls.filter((call) => !isOfThree(call)));
