// The world a bot's script sees. This is run once in every fresh engine, before any text of an author, and gives the
// worker the functions that take out what a run left behind.
//
// Authors can change whatever is global. So all that is needed after their code began is taken into constants here, and
// lists and records of our own have no prototype: no setter, `toJSON` or iterator of an author is in the way.
//
// `input` is what the run was given; `load(name)` gives one of the larger parts, which few scripts need; `zones` knows
// time zones: `at(zone, ms)` how many minutes one is ahead of UTC at a moment, and what its time is called then, `name(zone)`
// the name as it is spelled, both undefined for a name that is none, and all `names()`; `bytesOf(text)` is the size of a text.
(function (input, load, zones, bytesOf) {
  'use strict';

  const MAX_DEPTH = 100;
  const MAX_LOGS = 200;
  const MAX_LOG_LENGTH = 8192;

  const { apply, construct, ownKeys } = Reflect;
  const { create, defineProperty, hasOwn, keys, setPrototypeOf } = Object;
  const { stringify } = JSON;
  const { isArray } = Array;
  const { join } = Array.prototype;
  const { replaceAll, slice, toWellFormed } = String.prototype;
  const objects = Object.prototype;
  const boxes = [String, Number, Boolean];
  const TextOf = String;
  const Failure = Error;
  const EngineDate = Date;

  const list = () => setPrototypeOf([], null);
  const record = (fields) => setPrototypeOf(fields, null);
  const add = (items, item) => { items[items.length] = item; };
  const define = (target, name, value) =>
    defineProperty(target, name, record({ value, writable: true, configurable: true, enumerable: false }));
  // What a file of functions exports, as globals.
  const makeGlobal = (exported) => {
    const names = keys(exported);
    for (let i = 0; i < names.length; i += 1) {
      if (!(names[i] in globalThis)) define(globalThis, names[i], read(exported, names[i]));
    }
  };
  // The `exports` that the file that is evaluated was given.
  let given;
  const wellFormed = (text) => apply(toWellFormed, text, []);

  // ---- values as JSON ----

  // An error that is told by its message alone.
  const refuse = (message) => {
    const failure = new Failure(message);
    define(failure, 'name', '');
    throw failure;
  };

  // Where a value was found, from the outermost one: `context.orders[0].lines`.
  const placeOf = (level) => {
    if (level.above === null) return level.key;
    return placeOf(level.above) + (typeof level.key === 'number' ? `[${level.key}]` : `.${level.key}`);
  };

  const read = (value, key) => {
    try {
      return value[key];
    } catch {
      return undefined;
    }
  };

  // What stands for an object in JSON: dates and boxed values are not taken by their fields.
  const unwrapped = (value, key) => {
    try {
      const { toJSON } = value;
      if (typeof toJSON === 'function' && toJSON !== objects.toJSON) return apply(toJSON, value, [key]);
      for (let i = 0; i < boxes.length; i += 1) {
        if (value instanceof boxes[i]) return value.valueOf();
      }
      return value;
    } catch {
      return undefined;
    }
  };

  // A copy on which JSON.stringify cannot fail and cannot call an author's code. What has no JSON, and properties that
  // throw when read, are left out. A cycle is an error.
  const plain = (value, key, above) => {
    switch (typeof value) {
      case 'string': return wellFormed(value);
      case 'number': case 'boolean': return value;
      case 'bigint': return TextOf(value);
      case 'object': break;
      default: return undefined;
    }
    if (value === null) return null;
    const level = record({ value, key, above, depth: above === null ? 1 : above.depth + 1 });
    for (let outer = above; outer !== null; outer = outer.above) {
      if (outer.value === value) {
        let top = level;
        while (top.above !== null) top = top.above;
        refuse(`${top.key} holds a cycle at ${placeOf(level)}`);
      }
    }
    if (level.depth > MAX_DEPTH) refuse(`more than ${MAX_DEPTH} levels deep: ${placeOf(level)}`);
    let isList;
    try {
      isList = isArray(value);
    } catch {
      return undefined;
    }
    if (isList) {
      const items = list();
      const length = read(value, 'length');
      for (let i = 0; i < length; i += 1) {
        const item = plain(read(value, i), i, level);
        items[i] = item === undefined ? null : item;
      }
      return items;
    }
    const inner = unwrapped(value, key);
    if (inner !== value) return plain(inner, key, level);
    const fields = create(null);
    let names;
    try {
      names = keys(value);
    } catch {
      return undefined;
    }
    for (let i = 0; i < names.length; i += 1) {
      const field = plain(read(value, names[i]), names[i], level);
      if (field !== undefined) fields[wellFormed(names[i])] = field;
    }
    return fields;
  };

  const json = (value, place) => stringify(plain(value, place, null));

  // The one rule by which values become text, in templates, in print and for tags.
  const text = (value) => {
    switch (typeof value) {
      case 'string': return wellFormed(value);
      case 'number': case 'boolean': case 'bigint': return TextOf(value);
      case 'object': break;
      default: return '';
    }
    if (value === null) return '';
    if (isArray(value)) {
      let isFlat = true;
      for (let i = 0; i < value.length && isFlat; i += 1) isFlat = typeof value[i] !== 'object' || value[i] === null;
      if (isFlat) return wellFormed(apply(join, value, [',']));
    }
    const copy = plain(value, 'the value', null);
    if (typeof copy === 'object') return stringify(copy);
    return copy === undefined ? '' : TextOf(copy);
  };

  // Whatever an author has made of errors, or of what looks like one.
  const isFailure = (value) => {
    try {
      return typeof value === 'object' && value !== null && value instanceof Failure;
    } catch {
      return false;
    }
  };

  // The same for people: nothing is left out, and nothing is thrown.
  const shown = (value) => {
    try {
      if (typeof value !== 'object' || value === null) return wellFormed(TextOf(value));
      if (isFailure(value)) return wellFormed(`${value.name}: ${value.message}`);
      return text(value);
    } catch (error) {
      const why = isFailure(error) ? read(error, 'message') : undefined;
      return typeof why === 'string' ? wellFormed(`[${why}]`) : '[a value that cannot be shown]';
    }
  };

  // ---- what a run leaves behind ----

  const { context, now } = input;
  let printed;
  let closesSession = false;
  let clearsAuth = false;
  const puts = list();
  const tagged = list();
  const contextTags = list();
  const logs = list();

  // ---- stores ----

  // A store is the very object in the context: its own keys are the data, the methods come from its prototype.
  const withMethods = (session, name, methodsOf) => {
    if (!hasOwn(session, name) || typeof session[name] !== 'object' || session[name] === null) session[name] = {};
    const data = session[name];
    const methods = create(objects);
    const all = methodsOf(data);
    for (const method in all) define(methods, method, all[method]);
    setPrototypeOf(data, methods);
    define(globalThis, name, data);
  };

  // A store that is full refuses what would make it larger; the author's code sees the error and may go on. The size is
  // taken once and then kept up to date, so that many puts do not measure a large store each.
  const sizes = create(null);
  const sizeOf = (copy) => bytesOf(stringify(copy));
  const makeRoom = (store, name, data, key, copy) => {
    const own = bytesOf(stringify(TextOf(key))) + 2;
    const size = sizeOf(copy) + own;
    if (sizes[store] === undefined) sizes[store] = sizeOf(plain(data, name, null));
    const replaced = hasOwn(data, key) ? sizeOf(plain(data[key], name, null) ?? null) + own : 0;
    const after = sizes[store] - replaced + size;
    if (after > input.storeBytes && after > sizes[store]) {
      refuse(`the store ${name} is full: with the value of ${TextOf(key)} it would have ${after} bytes, at most `
        + `${input.storeBytes} are allowed; delete what is not needed`);
    }
    sizes[store] = after;
  };

  const reader = (data) => (key) => (hasOwn(data, key) ? data[key] : undefined);

  // Keys are looked for in a database, which keeps no NUL.
  const keyOf = (key) => apply(replaceAll, wellFormed(TextOf(key)), ['\0', '\uFFFD']);

  const writer = (store, name) => (data) => {
    const remove = (named) => {
      const key = keyOf(named);
      // What is left is measured when something is put in again.
      sizes[store] = undefined;
      delete data[key];
      add(puts, record({ store, key }));
    };
    const put = (named, value, minutes) => {
      const key = keyOf(named);
      const copy = plain(value, `the value of ${key}`, null);
      if (copy === undefined) return remove(key);
      makeRoom(store, name, data, key, copy);
      defineProperty(data, key, record({ value, writable: true, configurable: true, enumerable: true }));
      const ttl = +minutes;
      const ttlMinutes = ttl > 0 && ttl < Infinity ? ttl : null;
      add(puts, record({ store, key, value: copy, ttlMinutes }));
      return undefined;
    };
    return { get: (named) => reader(data)(keyOf(named)), put, delete: remove };
  };

  if (typeof context.session !== 'object' || context.session === null) context.session = {};
  const { session } = context;
  withMethods(session, 'EnterpriseContext', writer('enterpriseContext', 'EnterpriseContext'));
  withMethods(session, 'BotContext', writer('botContext', 'BotContext'));
  withMethods(session, 'UserSession', writer('userSession', 'UserSession'));
  withMethods(session, 'BotUserSession', writer('botUserSession', 'BotUserSession'));
  withMethods(session, 'UserContext', (data) => ({ get: reader(data) }));
  // What agent nodes collected is a list with one value in each element. Authors also read several names off one element, or
  // off the list: the others are there, too, but are no part of what is kept.
  const agents = context.AI_Assisted_Dialogs;
  if (typeof agents === 'object' && agents !== null) {
    for (const agent of keys(agents)) {
      const { entities } = Object(agents[agent]);
      if (!isArray(entities)) continue;
      const elements = entities.filter((one) => typeof one === 'object' && one !== null && !isArray(one));
      for (const one of elements) {
        for (const name of keys(one)) {
          for (const other of [entities, ...elements]) {
            if (!hasOwn(other, name)) define(other, name, one[name]);
          }
        }
      }
    }
  }
  const contextBefore = stringify(context);

  // ---- globals ----

  define(globalThis, 'context', context);
  define(globalThis, 'env', input.env);
  define(globalThis, 'content', input.content);
  define(globalThis, 'response', { message: input.message, choices: input.choices });
  define(globalThis, 'getChoices', () => input.choices);
  define(globalThis, 'getPiiValue', (value) => value);

  define(globalThis, 'print', (value) => {
    const piece = typeof value === 'object' && value !== null ? text(value) : wellFormed(TextOf(value));
    printed = printed === undefined ? piece : printed + piece;
  });

  const log = (...values) => {
    if (logs.length >= MAX_LOGS) return;
    let line = '';
    for (let i = 0; i < values.length; i += 1) line += (i > 0 ? ' ' : '') + shown(values[i]);
    add(logs, wellFormed(apply(slice, line, [0, MAX_LOG_LENGTH])));
  };
  define(globalThis, 'koreDebugger', { log, info: log, warn: log, error: log, debug: log });
  define(globalThis, 'console', { log, info: log, warn: log, error: log, debug: log });

  const tagger = (level) => (name, value) => {
    const both = typeof name === 'object' && name !== null ? name : { name, value };
    add(tagged, record({ level, name: text(both.name), value: text(both.value) }));
  };
  define(globalThis, 'tags', {
    addMessageLevelTag: tagger('message'),
    addSessionLevelTag: tagger('session'),
    addUserLevelTag: tagger('user'),
    // Shown in reports in place of what was said: texts, or `{name, value}` as for tags, one or a list.
    addAlternateText(texts) {
      const all = isArray(texts) ? texts : [texts];
      for (let i = 0; i < all.length; i += 1) {
        const one = typeof all[i] === 'object' && all[i] !== null ? all[i] : { name: '', value: all[i] };
        add(tagged, record({ level: 'alternateText', name: text(one.name), value: text(one.value) }));
      }
    },
  });
  define(globalThis, 'contextTags', {
    add(names) {
      if (!isArray(names)) return add(contextTags, text(names));
      for (let i = 0; i < names.length; i += 1) add(contextTags, text(names[i]));
      return undefined;
    },
  });

  // ---- the same moment and the same random numbers in every run of the same input ----

  // Dates as text name the time zone, which is UTC.
  const { toString: dateText, toTimeString: timeText } = EngineDate.prototype;
  const named = (written) => (written === 'Invalid Date' ? written : `${written} (Coordinated Universal Time)`);
  function withZone() { return named(apply(dateText, this, [])); }
  define(EngineDate.prototype, 'toString', withZone);
  define(withZone, 'name', 'toString');
  define(EngineDate.prototype, 'toTimeString', function toTimeString() { return named(apply(timeText, this, [])); });

  function FixedDate(...parts) {
    if (new.target === undefined) return apply(withZone, new EngineDate(now), []);
    return construct(EngineDate, parts.length > 0 ? parts : [now], new.target);
  }
  FixedDate.prototype = EngineDate.prototype;
  define(FixedDate, 'name', 'Date');
  define(FixedDate, 'length', 7);
  define(FixedDate, 'now', () => now);
  define(FixedDate, 'parse', EngineDate.parse);
  define(FixedDate, 'UTC', EngineDate.UTC);
  define(EngineDate.prototype, 'constructor', FixedDate);
  define(globalThis, 'Date', FixedDate);
  // A clock.
  delete globalThis.performance;

  // Small fast counter (sfc32).
  let [a, b] = input.seed;
  let [c, counter] = [0, 1];
  const random = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i += 1) random();
  define(Math, 'random', random);

  // ---- the larger parts, each evaluated when it is first asked for ----

  const parts = create(null);
  const part = (name) => {
    if (!(name in parts)) parts[name] = load(name)(world);
    return parts[name];
  };
  const lazily = (target, name, make) =>
    defineProperty(target, name, record({
      configurable: true,
      enumerable: false,
      get: make,
      set: (value) => { define(target, name, value); },
    }));
  const world = { now, language: input.language, zoneAt: zones.at, zoneName: zones.name, zoneNames: zones.names, part, define };

  const koreUtil = {
    getSessionId: () => input.sessionId,
    getLanguage: () => input.language,
    getCurrentOptions: () => input.choices,
    getAmbiguousIntents: () => input.ambiguous,
    closeConversationSession: () => { closesSession = true; },
    clearAuthProfiles: () => { clearsAuth = true; },
    ClearAuthProfiles: () => { clearsAuth = true; },
    autoTranslate: (value) => value,
  };
  define(globalThis, 'koreUtil', koreUtil);
  lazily(koreUtil, '_', () => part('lodash'));
  lazily(koreUtil, 'moment', () => part('moment'));
  lazily(koreUtil, 'momenttz', () => part('moment'));
  lazily(koreUtil, 'hash', () => part('hash'));
  lazily(koreUtil, 'xml2js', () => part('xml'));
  lazily(koreUtil, 'intl', () => part('intl').Intl);
  lazily(globalThis, 'Intl', () => part('intl').Intl);

  // Methods of the language that need the conventions of a country.
  define(Number.prototype, 'toLocaleString', function (...args) { return part('intl').number(this, ...args); });
  define(EngineDate.prototype, 'toLocaleString', function (...args) { return part('intl').dateAndTime(this, ...args); });
  define(EngineDate.prototype, 'toLocaleDateString', function (...args) { return part('intl').date(this, ...args); });
  define(EngineDate.prototype, 'toLocaleTimeString', function (...args) { return part('intl').time(this, ...args); });

  // ---- for the worker ----

  return record({
    text,
    json: (value) => json(value, 'the value'),

    // Some files of functions are written for Node, too, and say what they export. There is a `module` while one is evaluated;
    // it has `exports` only for a file that takes them for granted, as a library that looks for them would not make itself
    // global then. What a file exports is global afterwards, as its functions are.
    beginFile(withExports, ofModule) {
      given = withExports ? {} : undefined;
      const module = {};
      if (ofModule) define(module, 'exports', given);
      if (withExports) define(globalThis, 'exports', given);
      define(globalThis, 'module', module);
    },
    endFile() {
      const own = read(globalThis.module, 'exports');
      delete globalThis.module;
      if (given !== undefined && read(globalThis, 'exports') === given) delete globalThis.exports;
      if (typeof own === 'object' && own !== null) makeGlobal(own);
      if (given !== undefined && given !== own) makeGlobal(given);
    },

    // All that the run left, as the JSON of a `Ran`.
    finish(returned) {
      let contextAfter;
      try {
        // Mostly nothing changed, which the engine's own code sees fastest.
        contextAfter = stringify(context) === contextBefore ? undefined : context;
      } catch {
        contextAfter = context;
      }
      const left = record({ puts, tags: tagged, contextTags, logs, closesSession, clearsAuth });
      left.printed = printed;
      left.returned = plain(returned, 'the returned value', null);
      left.context = plain(contextAfter, 'context', null);
      return stringify(left);
    },

    // Name, message and stack of whatever was thrown.
    explain(thrown) {
      if (!isFailure(thrown)) {
        return record({ name: '', message: shown(thrown), stack: '' });
      }
      const field = (name) => {
        const value = read(thrown, name);
        return typeof value === 'string' ? wellFormed(value) : '';
      };
      return record({ name: field('name'), message: field('message'), stack: field('stack') });
    },
  });
})
