// Texts as moments: what moment makes of a text, with a format or without one.
(function (world) {
  'use strict';

  const { escaped, WORD } = world.part('momentWords');
  const { byUnit, integer, isNumber } = world.part('momentSpan');
  const { tokensOf, isToken } = world.part('momentText');

  // ---- the calendar ----
  const MS_PER_DAY = 864e5;
  // Milliseconds of a wall clock, as if it were that of UTC.
  const wallOf = (year, month = 0, date = 1, hour = 0, minute = 0, second = 0, ms = 0) =>
    new Date(0).setUTCFullYear(year, month, date) + hour * 36e5 + minute * 6e4 + second * 1e3 + ms;
  const isLeap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const daysInYear = (year) => (isLeap(year) ? 366 : 365);
  const daysInMonth = (year, month) => {
    if (Number.isNaN(year) || Number.isNaN(month)) return NaN;
    const at = ((month % 12) + 12) % 12;
    return at === 1 ? (isLeap(year + (month - at) / 12) ? 29 : 28) : 31 - ((at % 7) % 2);
  };
  const dayOf = (year, month, date) => new Date(wallOf(year, month, date)).getUTCDay();
  // How far the first week of a year, which begins on the day `dow` and has the day `doy` in it, begins from the new year.
  const firstWeek = (year, dow, doy) => {
    const day = 7 + dow - doy;
    return -((7 + dayOf(year, 0, day) - dow) % 7) + day - 1;
  };
  const weeksInYear = (year, dow, doy) =>
    (daysInYear(year) - firstWeek(year, dow, doy) + firstWeek(year + 1, dow, doy)) / 7;
  const dayOfWeek = (year, week, weekday, dow, doy) => {
    const day = 1 + 7 * (week - 1) + ((7 + weekday - dow) % 7) + firstWeek(year, dow, doy);
    if (day <= 0) return { year: year - 1, dayOfYear: daysInYear(year - 1) + day };
    const length = daysInYear(year);
    return day > length ? { year: year + 1, dayOfYear: day - length } : { year, dayOfYear: day };
  };
  const weekOfYear = (year, dayOfYear, dow, doy) => {
    const week = Math.floor((dayOfYear - firstWeek(year, dow, doy) - 1) / 7) + 1;
    if (week < 1) return { year: year - 1, week: week + weeksInYear(year - 1, dow, doy) };
    const count = weeksInYear(year, dow, doy);
    return week > count ? { year: year + 1, week: week - count } : { year, week };
  };

  // ---- fields ----
  const offsetOf = (text, pattern) => {
    const found = (String(text || '').match(pattern) || []).pop();
    if (found === undefined) return undefined;
    const [sign, hours, minutes] = `${found}`.match(/[-+]|\d\d/g) || ['-', 0, 0];
    const total = integer(hours) * 60 + integer(minutes);
    return total === 0 ? 0 : sign === '+' ? total : -total;
  };
  const OFFSET = /Z|[-+]\d\d:?\d\d/gi;
  const SHORT_OFFSET = /Z|[-+]\d\d(?::?\d\d)?/gi;
  const rules = { twoDigitYear: (text) => integer(text) + (integer(text) > 68 ? 1900 : 2000) };

  // For each token: what it looks like, what when strict, and what its text does to the fields.
  const [ONE, TWO, THREE, FOUR, SIX] = [/\d/, /\d\d/, /\d{3}/, /\d{4}/, /[-+]?\d{6}/];
  const [TO2, TO3, TO4, TO6, MANY, SIGNED] = [/\d\d?/, /\d{1,3}/, /\d{1,4}/, /[-+]?\d{1,6}/, /\d+/, /[-+]?\d+/];
  const put = (at, change = 0) => (text, to) => { to.fields[at] = integer(text) + change; };
  const inWeek = (name, read = integer) => (text, to) => { (to.week ||= {})[name] = read(text); };
  const year2 = (text) => rules.twoDigitYear(text);
  const month = (token) => (text, to, strict, locale) => {
    const found = locale.monthsParse(text, token, strict);
    if (found === null) to.flags.invalidMonth = text;
    else to.fields[1] = found;
  };
  const weekday = (token) => (text, to, strict, locale) => {
    const found = locale.weekdaysParse(text, token, strict);
    if (found === null) to.flags.invalidWeekday = text;
    else (to.week ||= {}).d = found;
  };
  const clock = (...lengths) => (text, to) => {
    let rest = text;
    lengths.forEach((at) => { to.fields[at] = integer(rest.slice(-2)); rest = rest.slice(0, -2); });
    to.fields[3] = integer(rest);
  };
  const halfClock = (...lengths) => (text, to) => { clock(...lengths)(text, to); to.flags.bigHour = true; };
  const halfHour = (text, to) => { to.fields[3] = integer(text); to.flags.bigHour = true; };
  const meridiem = (text, to, strict, locale) => {
    to.isAfternoon = locale.isPM(text);
    to.meridiem = text;
  };
  const fraction = (text, to) => { to.fields[6] = integer(`0.${text}` * 1000); };
  const zone = (text, to) => { to.offset = offsetOf(text, SHORT_OFFSET); };
  const READERS = {
    Y: [SIGNED, , (text, to) => { to.fields[0] = parseInt(text, 10); }],
    YY: [TO2, TWO, (text, to) => { to.fields[0] = rules.twoDigitYear(text); }],
    YYYY: [TO4, FOUR, (text, to) => { to.fields[0] = text.length === 2 ? rules.twoDigitYear(text) : integer(text); }],
    YYYYY: [TO6, SIX, put(0)], YYYYYY: [TO6, SIX, put(0)],
    y: [MANY, , put(0)], yy: [MANY, , put(0)], yyy: [MANY, , put(0)], yyyy: [MANY, , put(0)],
    Q: [ONE, , (text, to) => { to.fields[1] = (integer(text) - 1) * 3; }],
    M: [TO2, , put(1, -1)], MM: [TO2, TWO, put(1, -1)],
    MMM: [(locale) => locale.monthsShortRegex(), , month('MMM')], MMMM: [(locale) => locale.monthsRegex(), , month('MMMM')],
    D: [TO2, , put(2)], DD: [TO2, TWO, put(2)],
    Do: [
      (locale) => new RegExp(`${locale.words.dayOfMonthOrdinalParse.source}|\\d{1,2}`), (locale) =>
      locale.words.dayOfMonthOrdinalParse,
      (text, to) => { to.fields[2] = integer(text.match(TO2)[0]); },
    ],
    DDD: [TO3, , (text, to) => { to.dayOfYear = integer(text); }],
    DDDD: [THREE, , (text, to) => { to.dayOfYear = integer(text); }],
    dd: [(locale) => locale.weekdaysMinRegex(), , weekday('dd')],
    ddd: [(locale) => locale.weekdaysShortRegex(), , weekday('ddd')],
    dddd: [(locale) => locale.weekdaysRegex(), , weekday('dddd')],
    d: [TO2, , inWeek('d')], e: [TO2, , inWeek('e')], E: [TO2, , inWeek('E')],
    w: [TO2, , inWeek('w')], ww: [TO2, TWO, inWeek('w')], W: [TO2, , inWeek('W')], WW: [TO2, TWO, inWeek('W')],
    gg: [TO2, TWO, inWeek('gg', year2)], GG: [TO2, TWO, inWeek('GG', year2)],
    gggg: [TO4, FOUR, inWeek('gg')], GGGG: [TO4, FOUR, inWeek('GG')], ggggg: [TO6, SIX, inWeek('gg')],
    GGGGG: [TO6, SIX, inWeek('GG')],
    H: [TO2, , put(3)], HH: [TO2, TWO, put(3)], h: [TO2, , halfHour], hh: [TO2, TWO, halfHour],
    k: [TO2, , (text, to) => { to.fields[3] = integer(text) % 24; }],
    kk: [TO2, TWO, (text, to) => { to.fields[3] = integer(text) % 24; }],
    hmm: [/\d{3,4}/, , halfClock(4)], Hmm: [/\d{3,4}/, , clock(4)], hmmss: [/\d{5,6}/, , halfClock(5, 4)],
    Hmmss: [/\d{5,6}/, , clock(5, 4)],
    m: [TO2, , put(4)], mm: [TO2, TWO, put(4)], s: [TO2, , put(5)], ss: [TO2, TWO, put(5)],
    S: [TO3, ONE, fraction], SS: [TO3, TWO, fraction], SSS: [TO3, THREE, fraction],
    a: [(locale) => locale.words.meridiemParse, , meridiem], A: [(locale) => locale.words.meridiemParse, , meridiem],
    X: [/[-+]?\d+(\.\d{1,3})?/, , (text, to) => { to.at = parseFloat(text) * 1000; }],
    x: [SIGNED, , (text, to) => { to.at = integer(text); }],
    Z: [/Z|[-+]\d\d(?::?\d\d)?/i, , zone], ZZ: [/Z|[-+]\d\d(?::?\d\d)?/i, , zone],
  };
  for (let length = 4; length <= 9; length += 1) READERS['S'.repeat(length)] = [MANY, , fraction];

  // What stands for itself in a format, without its brackets and backslashes.
  const literal = (token) =>
    escaped(token.replace('\\', '').replace(/\\([[\]])|\[([^\][]*)\]|\\(.)/g, (_all, bracket, text, one) => bracket || text
      || one));
  const patternOf = (token, strict, locale) => {
    if (!Object.hasOwn(READERS, token)) return new RegExp(literal(token));
    const [usual, exact] = READERS[token];
    const wanted = strict && exact ? exact : usual;
    return typeof wanted === 'function' ? wanted(locale) : wanted;
  };

  const blank = (strict) =>
    ({ fields: [], week: undefined, strict, flags: { empty: false, unusedTokens: [], unusedInput: [], charsLeftOver: 0,
      overflow: -2 } });

  // Whatever stands between what the tokens look for is passed over; strict or not decides whether that matters.
  const readIn = (text, format, strict, locale) => {
    const to = blank(strict);
    to.flags.empty = true;
    let left = text;
    let used = 0;
    for (const token of tokensOf(format, locale)) {
      const found = (left.match(patternOf(token, strict, locale)) || [])[0];
      if (found) {
        const at = left.indexOf(found);
        if (at > 0) to.flags.unusedInput.push(left.slice(0, at));
        left = left.slice(at + found.length);
        used += found.length;
      }
      if (isToken(token)) {
        if (found) to.flags.empty = false;
        else to.flags.unusedTokens.push(token);
        if (found && Object.hasOwn(READERS, token)) READERS[token][2](found, to, strict, locale);
      } else if (strict && !found) to.flags.unusedTokens.push(token);
    }
    to.flags.charsLeftOver = text.length - used;
    if (left.length > 0) to.flags.unusedInput.push(left);
    if (to.flags.bigHour && to.fields[3] > 0 && to.fields[3] <= 12) to.flags.bigHour = undefined;
    if (to.meridiem !== undefined && to.fields[3] !== undefined) to.fields[3] = hourOf(locale, to);
    to.format = format;
    return settled(to, locale);
  };
  const hourOf = (locale, { fields, meridiem: written, isAfternoon }) => {
    const hour = fields[3];
    if (typeof locale.words.meridiemHour === 'function') return locale.words.meridiemHour(hour, written);
    if (isAfternoon && hour < 12) return hour + 12;
    return !isAfternoon && hour === 12 ? 0 : hour;
  };

  const today = () => {
    const date = new Date(rules.now());
    return [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  };
  const dayOfYearOf = ([year, at, date]) => Math.round((wallOf(year, at, date) - wallOf(year)) / MS_PER_DAY) + 1;

  const applyWeek = (to, locale) => {
    const { week, fields, flags } = to;
    const isIso = week.GG !== undefined || week.W !== undefined || week.E !== undefined;
    const [dow, doy] = isIso ? [1, 4] : [locale.firstDayOfWeek(), locale.firstDayOfYear()];
    const now = today();
    const current = weekOfYear(now[0], dayOfYearOf(now), dow, doy);
    const weekYear = (isIso ? week.GG : week.gg) ?? fields[0] ?? current.year;
    const number = isIso ? week.W ?? 1 : week.w ?? current.week;
    let day = dow;
    let isIn = true;
    if (isIso) {
      day = week.E ?? 1;
      isIn = day >= 1 && day <= 7;
    } else if (week.d !== undefined) {
      day = week.d;
      isIn = day >= 0 && day <= 6;
    } else if (week.e !== undefined) {
      day = week.e + dow;
      isIn = week.e >= 0 && week.e <= 6;
    }
    if (number < 1 || number > weeksInYear(weekYear, dow, doy)) flags.overflowWeeks = true;
    else if (!isIn) flags.overflowWeekday = true;
    else {
      const found = dayOfWeek(weekYear, number, day, dow, doy);
      fields[0] = found.year;
      to.dayOfYear = found.dayOfYear;
    }
  };

  // The moment that fields are. What is larger than the largest field given is that of now; what is smaller begins anew.
  const settled = (to, locale) => {
    const { fields, flags } = to;
    if (to.at === undefined) {
      if (to.week && fields[2] === undefined && fields[1] === undefined) applyWeek(to, locale);
      const now = today();
      if (to.dayOfYear !== undefined) {
        const year = fields[0] ?? now[0];
        if (to.dayOfYear > daysInYear(year) || to.dayOfYear === 0) flags.overflowDayOfYear = true;
        const date = new Date(wallOf(year, 0, to.dayOfYear));
        [fields[1], fields[2]] = [date.getUTCMonth(), date.getUTCDate()];
      }
      let at = 0;
      for (; at < 3 && (fields[at] === undefined || fields[at] === null); at += 1) fields[at] = now[at];
      for (; at < 7; at += 1) fields[at] = fields[at] ?? (at === 2 ? 1 : 0);
      const isMidnight = fields[3] === 24 && fields[4] === 0 && fields[5] === 0 && fields[6] === 0;
      const wall = wallOf(fields[0], fields[1], fields[2], isMidnight ? 0 : fields[3], fields[4], fields[5], fields[6]);
      if (to.week && to.week.d !== undefined && to.week.d !== new Date(wall).getUTCDay()) flags.weekdayMismatch = true;
      to.at = wall - (to.offset || 0) * 6e4;
      to.isNextDay = isMidnight;
      to.isOfFields = true;
      flags.overflow = overflowOf(fields, flags);
    }
    return to;
  };
  // Which field is more than there can be: 0 the year to 6 the milliseconds, then the week and the day of the week; -1 none.
  const overflowOf = ([year, at, date, hour, minute, second, ms], flags) => {
    let found = -1;
    if (at < 0 || at > 11) found = 1;
    else if (date < 1 || date > daysInMonth(year, at)) found = 2;
    else if (hour < 0 || hour > 24 || (hour === 24 && (minute !== 0 || second !== 0 || ms !== 0))) found = 3;
    else if (minute < 0 || minute > 59) found = 4;
    else if (second < 0 || second > 59) found = 5;
    else if (ms < 0 || ms > 999) found = 6;
    if (flags.overflowDayOfYear && (found < 0 || found > 2)) return 2;
    if (flags.overflowWeeks && found === -1) return 7;
    return flags.overflowWeekday && found === -1 ? 8 : found;
  };
  const HINDRANCES = ['empty', 'nullInput', 'invalidFormat', 'weekdayMismatch', 'userInvalidated'];
  const isGood = (to) => {
    const { flags } = to;
    const isUnknown = (name) => flags[name] === undefined;
    if (Number.isNaN(to.at) || flags.overflow >= 0 || HINDRANCES.some((name) => flags[name])) return false;
    if (!['invalidMonth', 'invalidWeekday'].every(isUnknown)) return false;
    return !to.strict || (flags.charsLeftOver + flags.unusedTokens.length === 0 && isUnknown('bigHour'));
  };

  // ---- without a format ----
  const DATES = [
    [/^[-+]\d{6}-\d\d-\d\d/, 'YYYYYY-MM-DD'], [/^\d{4}-\d\d-\d\d/, 'YYYY-MM-DD'], [/^\d{4}-W\d\d-\d/, 'GGGG-[W]WW-E'],
    [/^\d{4}-W\d\d/, 'GGGG-[W]WW', 'date'], [/^\d{4}-\d{3}/, 'YYYY-DDD'], [/^\d{4}-\d\d/, 'YYYY-MM', 'date'],
    [/^[-+]\d{10}/, 'YYYYYYMMDD'], [/^\d{8}/, 'YYYYMMDD'], [/^\d{4}W\d{3}/, 'GGGG[W]WWE'], [/^\d{4}W\d\d/, 'GGGG[W]WW', 'date'],
    [/^\d{7}/, 'YYYYDDD'], [/^\d{6}/, 'YYYYMM', 'date'], [/^\d{4}/, 'YYYY', 'date'],
  ];
  const TIME = /^([T ])(?:(\d\d)(?:(:?)(\d\d)(?:\3(\d\d)(?:([.,])\d+)?)?)?)(?:\s*(Z)|([-+]\d\d(?::?\d\d)?))?$/;
  // The format of a text of ISO 8601; undefined when it is none.
  const isoFormat = (text) => {
    const found = DATES.find(([pattern]) => pattern.test(text));
    if (!found) return undefined;
    const rest = text.replace(found[0], '');
    if (rest === '') return found[1];
    const time = TIME.exec(rest);
    if (!time || found[2] === 'date') return undefined;
    const [, separator, , colon, minute, second, point, utc, offset] = time;
    // Basic dates go with basic times.
    if (minute !== undefined && (colon === ':') !== /-/.test(found[1])) return undefined;
    const clockForm = ['HH', minute && `${colon}mm`, second && `${colon}ss`, point && `${point}SSSS`].filter(Boolean).join('');
    return `${found[1]}${separator}${clockForm}${utc || offset ? 'Z' : ''}`;
  };
  const readIso = (text, strict, locale) => {
    const format = isoFormat(text.trim());
    return format === undefined ? undefined : readIn(text, format, strict, locale);
  };

  const NAMED_OFFSETS = { UT: 0, GMT: 0, EDT: -240, EST: -300, CDT: -300, CST: -360, MDT: -360, MST: -420, PDT: -420, PST: -480 };
  // What the words of such a date look like, one after the other; the day of the week may be left out.
  const MAIL = [/^[a-z]{3},?$/i, /^\d{1,2}$/, /^[a-z]{3}$/i, /^\d{2,4}$/, /^\d\d:\d\d(:\d\d)?$/];
  // The dates of mail headers, RFC 2822.
  const readMail = (input, strict, locale) => {
    // Remarks stand in brackets.
    const words = input.replace(/\([^()]*\)/g, ' ').split(/\s+/).filter((word) => word !== '');
    if (words.length === MAIL.length) words.unshift(undefined);
    if (words.length !== MAIL.length + 1) return undefined;
    if (!MAIL.every((form, i) => (i === 0 && words[0] === undefined) || form.test(words[i]))) return undefined;
    const [dayWord, date, name, year, time, place] = words;
    const day = dayWord && dayWord.slice(0, 3);
    const [hour, minute, second] = time.split(':');
    const zoneName = place.toUpperCase() in NAMED_OFFSETS ? place : undefined;
    const offset = /^[-+]\d{4}$/.test(place) ? place : undefined;
    if (!zoneName && !offset && place.toUpperCase() !== 'Z') return undefined;
    const { english } = world.part('momentWords');
    const at = english.words.monthsShort.findIndex((one) => one.toLowerCase() === name.toLowerCase());
    const weekdayAt = day ? english.words.weekdaysShort.findIndex((one) => one.toLowerCase() === day.toLowerCase()) : undefined;
    if (at === -1 || weekdayAt === -1) return undefined;
    const full = +year <= 49 ? +year + 2000 : +year <= 999 ? +year + 1900 : +year;
    const to = blank(strict);
    to.fields = [full, at, +date, +hour, +minute, +(second || 0), 0];
    to.offset = zoneName ? NAMED_OFFSETS[zoneName.toUpperCase()] : offset ? offsetOf(offset, OFFSET) : 0;
    if (weekdayAt !== undefined && weekdayAt !== dayOf(full, at, +date)) to.flags.weekdayMismatch = true;
    to.isMail = true;
    return settled(to, locale);
  };

  const ISO_8601 = () => undefined;
  const RFC_2822 = () => undefined;
  const unread = (strict, flag) => {
    const to = blank(strict);
    to.at = NaN;
    to.flags[flag] = true;
    return to;
  };
  const read = (text, format, strict, locale) => {
    if (format === ISO_8601) return readIso(text, strict, locale) || unread(strict, 'invalidFormat');
    if (format === RFC_2822) return readMail(text, strict, locale) || unread(strict, 'invalidFormat');
    return readIn(text, String(format), strict, locale);
  };
  // Of several formats, a valid one that leaves least unread, else one that leaves least unread.
  const readAny = (text, formats, strict, locale) => {
    let best;
    let least;
    let isAnyGood = false;
    for (const format of formats) {
      const found = read(text, format, strict, locale);
      const score = found.flags.charsLeftOver + found.flags.unusedTokens.length * 10;
      if (best === undefined || score < least || (isGood(found) && !isAnyGood)) [best, least] = [found, score];
      isAnyGood ||= isGood(found);
    }
    return best || unread(strict, 'invalidFormat');
  };
  // A text without a format: ISO 8601, else a mail's, else whatever the language makes of it.
  const guess = (text, strict, locale, isUtc) => {
    // `/Date(1700000000000)/`, as some servers write times in JSON.
    const bare = text.startsWith('/') ? text.slice(1) : text;
    const ms = bare.slice(0, 5).toLowerCase() === 'date(' ? parseInt(bare.slice(5), 10) : NaN;
    if (!Number.isNaN(ms) && /^[-\d]/.test(bare.slice(5))) return { ...blank(strict), at: ms };
    const found = readIso(text, strict, locale) || readMail(text, strict, locale);
    if (found) return found;
    return strict ? unread(strict, 'invalidFormat') : { ...blank(strict), at: rules.fallback(text, isUtc) };
  };

  // ---- whatever a moment can be made of ----
  const FIELDS = ['year', 'month', 'date', 'hour', 'minute', 'second', 'millisecond'];
  const isObject = (value) => Object.prototype.toString.call(value) === '[object Object]';
  const isEmpty = (value) => (isObject(value) || Array.isArray(value)) && Object.keys(value).length === 0;
  const readOf = (input, format, strict, locale, isUtc) => {
    const at = (ms) => ({ ...blank(strict), at: ms });
    if (input === null || (format === undefined && input === '')) return unread(strict, 'nullInput');
    if (input instanceof Date) return at(input.valueOf());
    const text = typeof input === 'string' ? locale.preparse(input) : `${input}`;
    if (Array.isArray(format)) return readAny(text, format, strict, locale);
    if (format) return read(text, format, strict, locale);
    if (input === undefined) return at(rules.now());
    if (typeof input === 'string') return guess(text, strict, locale, isUtc);
    const ofFields = (fields) => settled({ ...blank(strict), fields }, locale);
    if (Array.isArray(input)) return ofFields(input.map((value) => parseInt(value, 10)));
    if (isObject(input)) {
      const fields = byUnit(input);
      if (fields.day !== undefined) fields.date = fields.day;
      return ofFields(FIELDS.map((unit) => fields[unit] && parseInt(fields[unit], 10)));
    }
    return at(isNumber(input) ? +input : rules.fallback(text, isUtc));
  };

  return {
    rules, wallOf, daysInMonth, isLeap, weeksInYear, dayOfWeek, weekOfYear, offsetOf, OFFSET, SHORT_OFFSET, ISO_8601, RFC_2822,
    blank, isGood, readOf, isEmpty,
  };
})
