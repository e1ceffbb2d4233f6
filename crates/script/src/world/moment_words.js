// The words of moment: how a language names and orders months, days and spans of time. English is here, a few others are
// in `moment_languages.js`, and authors may define their own.
(function (world) {
  'use strict';

  const isFunction = (value) => typeof value === 'function';
  const padded = (value, length) => (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(length, '0');

  const ENGLISH = {
    months: 'January February March April May June July August September October November December'.split(' '),
    monthsShort: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' '),
    weekdays: 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' '),
    weekdaysShort: 'Sun Mon Tue Wed Thu Fri Sat'.split(' '),
    weekdaysMin: 'Su Mo Tu We Th Fr Sa'.split(' '),
    longDateFormat: {
      LTS: 'h:mm:ss A', LT: 'h:mm A', L: 'MM/DD/YYYY', LL: 'MMMM D, YYYY', LLL: 'MMMM D, YYYY h:mm A',
      LLLL: 'dddd, MMMM D, YYYY h:mm A',
    },
    calendar: {
      sameDay: '[Today at] LT', nextDay: '[Tomorrow at] LT', nextWeek: 'dddd [at] LT', lastDay: '[Yesterday at] LT',
      lastWeek: '[Last] dddd [at] LT', sameElse: 'L',
    },
    relativeTime: {
      future: 'in %s', past: '%s ago', s: 'a few seconds', ss: '%d seconds', m: 'a minute', mm: '%d minutes', h: 'an hour',
      hh: '%d hours', d: 'a day', dd: '%d days', w: 'a week', ww: '%d weeks', M: 'a month', MM: '%d months', y: 'a year',
      yy: '%d years',
    },
    invalidDate: 'Invalid date',
    dayOfMonthOrdinalParse: /\d{1,2}(th|st|nd|rd)/,
    meridiemParse: /[ap]\.?m?\.?/i,
    week: { dow: 0, doy: 6 },
    ordinal: (value) => {
      const isTeen = Math.trunc((value % 100) / 10) === 1;
      return value + (isTeen ? 'th' : { 1: 'st', 2: 'nd', 3: 'rd' }[value % 10] || 'th');
    },
  };
  // Of what a language says nothing, and of what authors leave out when they define one.
  const USUAL = {
    ...ENGLISH,
    ordinal: '%d',
    dayOfMonthOrdinalParse: /\d{1,2}/,
  };

  const SYNTAX = '-/|\\(){}[]^$+*?.';
  const escaped = (text) => Array.from(text, (one) => (SYNTAX.includes(one) ? `\\${one}` : one)).join('');

  // A word of a list, or of two lists of which the format decides.
  const wordOf = (words, at, format, isSecond) => {
    if (Array.isArray(words)) return words[at];
    return words[isSecond(words, format) ? 'format' : 'standalone'][at];
  };
  // A month behind a day, with words in brackets between: "5 de mayo".
  const isBehindDay = (format) => /D[Do]?\s+MMM/.test(String(format).replace(/\[[^[\]]*\]/g, ' '));
  const beforeDate = (words, format) => (words.isFormat ? words.isFormat.test(format) : isBehindDay(format));
  const inSentence = (words, format) =>
    format === true || (format !== 'm' && words.isFormat !== undefined && words.isFormat.test(format));

  class Locale {
    constructor(words) {
      this.set(words);
    }

    set(words) {
      this.words = words;
      Object.keys(words).forEach((key) => { if (isFunction(words[key]) && !(key in Locale.prototype)) this[key] = words[key]; });
    }

    // ---- names ----
    months(mom, format) { return this.month('months', mom, format); }
    monthsShort(mom, format) { return this.month('monthsShort', mom, format); }
    month(name, mom, format) {
      const words = this.words[name];
      if (isFunction(words)) return words.call(this, mom, format);
      if (!mom) return Array.isArray(words) ? words : words.standalone;
      return wordOf(words, mom.month(), format, beforeDate);
    }

    weekdays(mom, format) {
      const words = this.words.weekdays;
      if (isFunction(words)) return words.call(this, mom, format);
      if (mom && mom !== true) return wordOf(words, mom.day(), format, inSentence);
      return this.sorted(Array.isArray(words) ? words : words.standalone, mom);
    }

    weekdaysShort(mom) { return this.weekday('weekdaysShort', mom); }
    weekdaysMin(mom) { return this.weekday('weekdaysMin', mom); }
    weekday(name, mom) { return mom && mom !== true ? this.words[name][mom.day()] : this.sorted(this.words[name], mom); }
    sorted(words, isFromFirst) {
      const first = this.words.week.dow;
      return isFromFirst === true ? words.slice(first).concat(words.slice(0, first)) : words;
    }

    // ---- names read ----
    // Which of twelve months, or seven days, a text begins with; null when none.
    monthsParse(text, format, strict) {
      const [long, short] = this.spellings();
      return this.found(text, strict, { MMMM: [long], MMM: [short] }[format], [long, short], this.words.monthsParseExact);
    }

    weekdaysParse(text, format, strict) {
      const names = (name) => this.variants(name, 7);
      const [long, short, least] = [names('weekdays'), names('weekdaysShort'), names('weekdaysMin')];
      const own = { dddd: [long], ddd: [short], dd: [least] }[format];
      return this.found(text, strict, own, [long, short, least], this.words.weekdaysParseExact);
    }

    spellings() { return [this.variants('months', 12), this.variants('monthsShort', 12)]; }
    variants(name, count) {
      const words = this.words[name];
      return Array.from({ length: count }, (_, at) => {
        if (isFunction(words)) return [words.call(this, world.part('moment').utc([2000, 1]).month(at), '')];
        return Array.isArray(words) ? [words[at]] : [words.standalone[at], words.format[at]];
      });
    }

    found(text, strict, own, all, isExact) {
      const lists = strict && own ? own : strict ? all.slice(0, 1) : all;
      const ofAny = (at) => lists.flatMap((list) => list[at]);
      const count = all[0].length;
      const given = text.toLowerCase();
      for (let at = 0; at < count; at += 1) {
        const isIt = ofAny(at).some((word) => {
          if (isExact) return word.toLowerCase() === given;
          if (strict) return new RegExp(`^${escaped(word).replaceAll('\\.', '\\.?')}$`, 'i').test(text);
          return new RegExp(`^${word.replace('.', '')}`, 'i').test(text);
        });
        if (isIt) return at;
      }
      return null;
    }

    // What the names of months and days may look like in a text.
    monthsRegex() { return this.namesRegex('months', 'monthsShort'); }
    monthsShortRegex() { return this.namesRegex('monthsShort', 'months'); }
    weekdaysRegex() { return this.namesRegex('weekdays', 'weekdaysShort', 'weekdaysMin'); }
    weekdaysShortRegex() { return this.weekdaysRegex(); }
    weekdaysMinRegex() { return this.weekdaysRegex(); }
    namesRegex(...names) {
      const isMonth = names[0].startsWith('months');
      if (this.words[isMonth ? 'monthsParseExact' : 'weekdaysParseExact']) {
        const all = names.flatMap((name) => this.variants(name, isMonth ? 12 : 7).flat());
        return new RegExp(`^(${all.sort((a, b) => b.length - a.length).map(escaped).join('|')})`, 'i');
      }
      return names.some((name) => this.variants(name, 1).flat().some((word) => word.includes('.'))) ? ABBREVIATED : WORD;
    }

    // ---- formats ----
    longDateFormat(key) {
      const forms = this.words.longDateFormat;
      const long = forms[key.toUpperCase()];
      if (forms[key] || !long) return forms[key];
      return long.replace(/\[[^[]*\]|MMMM|MM|DD|dddd/g, (token) => (token[0] === '[' ? token : token.slice(1)));
    }

    calendar(key, mom, now) {
      const form = this.words.calendar[key] || this.words.calendar.sameElse;
      return isFunction(form) ? form.call(mom, now) : form;
    }

    invalidDate() { return this.words.invalidDate; }
    ordinal(value, token) {
      const { ordinal } = this.words;
      return isFunction(ordinal) ? ordinal.call(this, value, token) : ordinal.replace('%d', value);
    }

    preparse(text) { return isFunction(this.words.preparse) ? this.words.preparse(text) : text; }
    postformat(text) { return isFunction(this.words.postformat) ? this.words.postformat(text) : text; }
    relativeTime(count, isBare, key, isFuture) {
      const form = this.words.relativeTime[key];
      return isFunction(form) ? form.call(this, count, isBare, key, isFuture) : form.replace(/%d/i, count);
    }

    pastFuture(ms, text) {
      const form = this.words.relativeTime[ms > 0 ? 'future' : 'past'];
      return isFunction(form) ? form(text) : form.replace(/%s/i, text);
    }

    isPM(text) { return isFunction(this.words.isPM) ? this.words.isPM(text) : text.toLowerCase().charAt(0) === 'p'; }
    meridiem(hour, minute, isLower) {
      if (isFunction(this.words.meridiem)) return this.words.meridiem(hour, minute, isLower);
      const text = hour > 11 ? 'PM' : 'AM';
      return isLower ? text.toLowerCase() : text;
    }

    // ---- weeks ----
    firstDayOfWeek() { return this.words.week.dow; }
    firstDayOfYear() { return this.words.week.doy; }
    week(mom) { return mom.week(); }
  }

  // Letters of any script, and digits before them.
  const WORD = /\d{0,256}['\p{L}\p{M}\u00a0-\u00bf]{1,256}/u;

  const ABBREVIATED = new RegExp(`${WORD.source}\\.?`, 'u');

  // ---- the languages there are ----
  const known = Object.assign(Object.create(null), { en: new Locale(ENGLISH) });
  known.en.name = 'en';
  let chosen = known.en;

  const named = (name) => {
    const key = String(name).toLowerCase().replaceAll('_', '-');
    if (!known[key]) {
      const words = world.part('momentLanguages')(key);
      if (words) add(key, { ...USUAL, ...words });
    }
    return known[key];
  };
  const add = (name, words) => {
    known[name] = new Locale(words);
    known[name].name = name;
    return known[name];
  };
  // The language of a name such as `de-AT`, or the first of several that there is; none gives undefined.
  const find = (names) => {
    for (const name of [names].flat()) {
      if (name instanceof Locale) return name;
      if (name && typeof name.locale === 'function') return find(name.locale());
      for (let parts = String(name).split(/[-_]/); parts.length > 0; parts.pop()) {
        const locale = named(parts.join('-'));
        if (locale) return locale;
      }
    }
    return undefined;
  };
  const localeOf = (names) => (names === undefined || names === null || names === '' ? chosen : find(names) || chosen);
  const choose = (name) => {
    chosen = find(name) || chosen;
    return chosen;
  };
  // What an author says of a language stands beside what was known of its parent.
  const mixed = (base, words) => {
    const result = { ...base };
    Object.keys(words).forEach((key) => {
      const isRecord = (value) => Object.prototype.toString.call(value) === '[object Object]';
      result[key] = isRecord(words[key]) && isRecord(base[key]) ? { ...base[key], ...words[key] } : words[key];
    });
    return result;
  };
  const defineLocale = (name, words) => {
    if (words === null) {
      delete known[name];
      return null;
    }
    const parent = words.parentLocale && find(words.parentLocale);
    chosen = add(name, mixed(parent ? parent.words : USUAL, { ...words, abbr: name }));
    return chosen;
  };
  const updateLocale = (name, words) => {
    const before = named(name);
    if (words === null || words === undefined) {
      // Takes the last change back.
      if (before && before.parent) known[name] = before.parent;
      else delete known[name];
      if (chosen === before) chosen = known[name] || known.en;
      return known[name];
    }
    chosen = add(name, mixed(before ? before.words : USUAL, words));
    chosen.parent = before;
    return chosen;
  };

  // What `moment` itself says of languages.
  const addTo = (moment, isNumber) => {
    // Names of months and days: all, one, those in a format, and days from the first of the week.
    const namesOf = (name, count) => (...args) => {
      const isSorted = typeof args[0] === 'boolean' ? args.shift() : false;
      const [format, index] = isNumber(args[0]) ? [undefined, args[0]] : args;
      const locale = localeOf();
      const one = (at) => (name.startsWith('month')
        ? locale[name](moment([2000, at]), format || '')
        : locale[name](moment([2000, 1]).day((at + (isSorted ? locale.firstDayOfWeek() : 0)) % 7), format || ''));
      return index === undefined ? Array.from({ length: count }, (_, at) => one(at)) : one(index);
    };
    Object.assign(moment, {
      locale(name, own) {
        const found = name && (own === undefined ? choose(name) : defineLocale(name, own));
        return (found || localeOf()).name;
      },
      localeData: (name) => localeOf(name), locales: () => Object.keys(known), defineLocale, updateLocale,
      months: namesOf('months', 12), monthsShort: namesOf('monthsShort', 12),
      weekdays: namesOf('weekdays', 7), weekdaysShort: namesOf('weekdaysShort', 7), weekdaysMin: namesOf('weekdaysMin', 7),
    });
    Object.assign(moment, { lang: moment.locale, langData: moment.localeData });
  };

  return { english: known.en, Locale, padded, escaped, WORD, localeOf, find, addTo };
})
