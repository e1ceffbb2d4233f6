// `koreUtil.moment` and `momenttz`: moment and its time zones, written anew. Local time is UTC, and what scripts call now is
// the moment of the run.
(function (world) {
  'use strict';

  const words = world.part('momentWords');
  const span = world.part('momentSpan');
  const { write, HTML5_FMT } = world.part('momentText');
  const reading = world.part('momentReading');
  const { MS, UNITS, unitOf, byUnit, whole, rounded, integer, Duration } = span;
  const { wallOf, daysInMonth, isLeap, weekOfYear, weeksInYear, dayOfWeek } = reading;

  const isObject = (value) => Object.prototype.toString.call(value) === '[object Object]';
  const clipped = (ms) => new Date(ms).getTime();
  const isGiven = (value) => value !== undefined && value !== null;

  class Moment {
    // `wall` is the time of its own clock in milliseconds, as if it were that of UTC, and `shift` how far that clock is ahead, in
    // minutes. A zone of null is none; undefined is the default one. `from` is what was read, or another moment.
    constructor(wall, from = {}) {
      this.wall = clipped(wall);
      this.shift = from.shift || 0;
      this.isUtcMode = from.isUtcMode || false;
      this.timeZone = from.timeZone;
      this.words = from.words || words.localeOf();
      this.flags = from.flags;
      this.source = from.source;
      this.settle();
    }

    // ---- its clock ----
    // Whether it was read from the fields of a clock that has no zone.
    needsZone() { return Boolean(this.source && this.source.isOfFields && this.source.offset === undefined); }
    // Sets the clock by the zone, after the moment has changed, or after its clock has.
    settle(keepsTime) {
      const usual = moment.defaultZone;
      if (this.timeZone === undefined && usual) {
        if (this.needsZone() && !this.isUtcMode && this.isValid()) this.wall += usual.parse(this.wall) * MS.minute;
        this.timeZone = usual;
      }
      if (this.timeZone && this.isValid()) this.turnTo(0 - this.timeZone.utcOffset(this.valueOf()), keepsTime);
      return this;
    }

    turnTo(minutes, keepsTime) {
      const before = this.shift;
      this.shift = minutes;
      this.isUtcMode = true;
      if (before === minutes) return this;
      if (!keepsTime || this.isTurning) this.wall = clipped(this.wall + (minutes - before) * MS.minute);
      else {
        this.isTurning = true;
        this.settle(true);
        this.isTurning = false;
      }
      return this;
    }

    utcOffset(value, keepsTime) {
      if (!isGiven(value)) return this.isValid() ? this.shift : NaN;
      this.timeZone = null;
      if (!this.isValid()) return this;
      const inMinutes = Math.abs(value) < 16 ? value * 60 : value;
      const given = typeof value === 'string' ? reading.offsetOf(value, reading.SHORT_OFFSET) : inMinutes;
      return given === undefined ? this : this.turnTo(given, keepsTime);
    }

    utc(keepsTime) { return this.utcOffset(0, keepsTime); }
    local(keepsTime) {
      if (this.isUtcMode) this.utcOffset(0, keepsTime);
      this.timeZone = null;
      this.isUtcMode = false;
      return this;
    }

    parseZone() {
      const { offset, input } = this.source || {};
      if (offset !== undefined) return this.utcOffset(offset);
      if (typeof input !== 'string') return this;
      const read = reading.offsetOf(input, reading.OFFSET);
      return read === undefined ? this.utcOffset(0, true) : this.utcOffset(read);
    }

    // An older name of the offset, which counted the other way.
    zone(value, keepsTime) {
      if (!isGiven(value)) return -this.utcOffset();
      return this.utcOffset(typeof value === 'string' ? value : -value, keepsTime);
    }

    zoneAbbr() { return this.timeZone ? this.timeZone.abbr(this) : this.isUtcMode ? 'UTC' : ''; }
    zoneName() { return this.timeZone ? this.timeZone.abbr(this) : this.isUtcMode ? 'Coordinated Universal Time' : ''; }
    isUTC() { return this.isValid() && this.isUtcMode && this.shift === 0; }
    isUtc() { return this.isUTC(); }
    isLocal() { return this.isValid() && !this.isUtcMode; }
    isUtcOffset() { return this.isValid() && this.isUtcMode; }
    isDST() { return [0, 5].some((month) => this.utcOffset() > this.clone().month(month).utcOffset()); }
    isDSTShifted() { return false; }
    hasAlignedHourOffset(other) {
      return this.isValid() && (this.utcOffset() - (other ? make(other).utcOffset() : 0)) % 60 === 0;
    }


    // ---- fields ----
    put(name, value, keepsTime) {
      if (this.isValid() && !Number.isNaN(Number(value))) this.wall = clipped(new Date(this.wall)[`setUTC${name}`](value));
      return this.settle(keepsTime);
    }

    month(value) {
      if (!isGiven(value)) return new Date(this.wall).getUTCMonth();
      const month = typeof value === 'string' ? (/^\d+$/.test(value) ? integer(value) : this.words.monthsParse(value)) : value;
      if (!this.isValid() || typeof month !== 'number') return this.settle(true);
      const date = Math.min(this.date(), daysInMonth(this.year(), month));
      this.wall = clipped(new Date(this.wall).setUTCMonth(month, date));
      return this.settle(true);
    }

    year(value) {
      if (!isGiven(value)) return new Date(this.wall).getUTCFullYear();
      if (!this.isValid() || Number.isNaN(Number(value))) return this.settle(true);
      const isLeapDay = this.month() === 1 && this.date() === 29;
      const year = isLeapDay ? integer(value) : value;
      const date = isLeapDay ? daysInMonth(year, 1) : this.date();
      this.wall = clipped(new Date(this.wall).setUTCFullYear(year, this.month(), date));
      return this.settle(true);
    }

    day(value) {
      const day = new Date(this.wall).getUTCDay();
      if (!isGiven(value)) return day;
      const isName = typeof value === 'string' && Number.isNaN(Number(value));
      return this.isValid() ? this.add((isName ? this.words.weekdaysParse(value) : parseInt(value, 10)) - day, 'd') : this;
    }

    weekday(value) {
      const day = (this.day() + 7 - this.words.firstDayOfWeek()) % 7;
      return isGiven(value) ? this.add(value - day, 'd') : day;
    }

    isoWeekday(value) {
      if (!isGiven(value)) return this.isValid() ? this.day() || 7 : NaN;
      const day = typeof value === 'string' && Number.isNaN(Number(value)) ? this.words.weekdaysParse(value) % 7 || 7 : +value;
      return this.day(this.day() % 7 ? day : day - 7);
    }

    dayOfYear(value) {
      const day = Math.floor((this.wall - wallOf(this.year())) / MS.day) + 1;
      return isGiven(value) ? this.add(value - day, 'd') : day;
    }

    quarter(value) {
      const month = this.month();
      return isGiven(value) ? this.month((value - 1) * 3 + (month % 3)) : Math.ceil((month + 1) / 3);
    }

    weekIn(dow, doy) { return this.isValid() ? weekOfYear(this.year(), this.dayOfYear(), dow, doy) : { year: NaN, week: NaN }; }
    ownWeeks() { return [this.words.firstDayOfWeek(), this.words.firstDayOfYear()]; }
    week(value) {
      const { week } = this.weekIn(...this.ownWeeks());
      return isGiven(value) ? this.add((value - week) * 7, 'd') : week;
    }

    isoWeek(value) {
      const { week } = this.weekIn(1, 4);
      return isGiven(value) ? this.add((value - week) * 7, 'd') : week;
    }

    weekYear(value) { return this.yearOfWeek(value, this.weekday() + this.words.firstDayOfWeek(), ...this.ownWeeks()); }
    isoWeekYear(value) { return this.yearOfWeek(value, this.isoWeekday(), 1, 4); }
    yearOfWeek(value, weekday, dow, doy) {
      const { year, week } = this.weekIn(dow, doy);
      if (!isGiven(value)) return year;
      const found = dayOfWeek(value, Math.min(week, weeksInYear(value, dow, doy)), weekday, dow, doy);
      const date = new Date(wallOf(found.year, 0, found.dayOfYear));
      return this.year(date.getUTCFullYear()).month(date.getUTCMonth()).date(date.getUTCDate());
    }

    weeksInYear() { return weeksInYear(this.year(), ...this.ownWeeks()); }
    weeksInWeekYear() { return weeksInYear(this.weekYear(), ...this.ownWeeks()); }
    isoWeeksInYear() { return weeksInYear(this.year(), 1, 4); }
    isoWeeksInISOWeekYear() { return weeksInYear(this.isoWeekYear(), 1, 4); }
    daysInMonth() { return daysInMonth(this.year(), this.month()); }
    isLeapYear() { return isLeap(this.year()); }
    eraYear() { return this.year() > 0 ? this.year() : 1 - this.year(); }
    eraAbbr() { return this.year() > 0 ? 'AD' : 'BC'; }
    eraNarrow() { return this.eraAbbr(); }
    eraName() { return this.year() > 0 ? 'Anno Domini' : 'Before Christ'; }

    get(name) {
      const unit = unitOf(name);
      return typeof this[unit] === 'function' ? this[unit]() : this;
    }

    set(name, value) {
      if (typeof name === 'object' && name !== null) {
        const fields = byUnit(name);
        UNITS.filter((unit) => unit in fields).forEach((unit) => this[unit](fields[unit]));
        return this;
      }
      const unit = unitOf(name);
      return typeof this[unit] === 'function' ? this[unit](value) : this;
    }

    // ---- arithmetic ----
    add(amount, unit) { return this.shiftBy(amount, unit, 1); }
    subtract(amount, unit) { return this.shiftBy(amount, unit, -1); }
    shiftBy(amount, unit, sign) {
      // The order of the arguments was once the other one.
      const isTurned = unit !== null && !Number.isNaN(+unit);
      return this.move(isTurned ? new Duration(unit, amount) : new Duration(amount, unit), sign);
    }

    // Days keep the time of the clock, hours do not.
    move(duration, sign) {
      if (!this.isValid()) return this;
      const [days, months] = [rounded(duration.dayCount), rounded(duration.monthCount)];
      if (months) {
        const month = this.month() + months * sign;
        this.wall = clipped(new Date(this.wall).setUTCMonth(month, Math.min(this.date(), daysInMonth(this.year(), month))));
      }
      if (days) this.wall = clipped(this.wall + days * sign * MS.day);
      if (duration.ms) this.wall = clipped(this.wall + duration.ms * sign);
      return this.settle(Boolean(days || months));
    }

    bounds(unit) {
      const [year, month, date] = this.toArray();
      const from = (start, end) => [start, end];
      switch (unit) {
        case 'year': return from(wallOf(year), wallOf(year + 1));
        case 'quarter': return from(wallOf(year, month - (month % 3)), wallOf(year, month - (month % 3) + 3));
        case 'month': return from(wallOf(year, month), wallOf(year, month + 1));
        case 'week': return from(wallOf(year, month, date - this.weekday()), wallOf(year, month, date - this.weekday() + 7));
        case 'isoWeek': {
          const first = date - (this.isoWeekday() - 1);
          return from(wallOf(year, month, first), wallOf(year, month, first + 7));
        }
        case 'day': case 'date': return from(wallOf(year, month, date), wallOf(year, month, date + 1));
        case 'hour': case 'minute': case 'second': {
          const start = Math.floor(this.wall / MS[unit]) * MS[unit];
          return from(start, start + MS[unit]);
        }
        default: return from(this.wall, this.wall + 1);
      }
    }

    startOf(name) {
      const unit = unitOf(name);
      if (unit === undefined || unit === 'millisecond' || !this.isValid()) return this;
      [this.wall] = this.bounds(unit);
      return this.settle(true);
    }

    endOf(name) {
      const unit = unitOf(name);
      if (unit === undefined || unit === 'millisecond' || !this.isValid()) return this;
      this.wall = this.bounds(unit)[1] - 1;
      return this.settle(true);
    }

    // Another moment on this one's clock.
    alike(other) {
      if (!this.isUtcMode) return make(other).local();
      const result = this.clone();
      const at = other instanceof Moment || other instanceof Date ? other.valueOf() : make(other).valueOf();
      result.wall = clipped(result.wall + at - result.valueOf());
      return result.settle(false);
    }

    diff(other, name, isPrecise) {
      if (!this.isValid()) return NaN;
      const that = this.alike(other);
      if (!this.isUtcMode && !that.isValid()) return NaN;
      const unit = unitOf(name);
      const months = { month: 1, quarter: 3, year: 12 }[unit];
      const turned = (that.utcOffset() - this.utcOffset()) * MS.minute;
      let result = (this - that) / (MS[unit] || 1);
      if (months) result = monthsBetween(this, that) / months;
      else if (unit === 'day' || unit === 'week') result = (this - that - turned) / MS[unit];
      return isPrecise ? result : whole(result);
    }

    // ---- comparing ----
    compared(other, name, judge) {
      const that = other instanceof Moment ? other : make(other);
      if (!this.isValid() || !that.isValid()) return false;
      const unit = unitOf(name) || 'millisecond';
      const at = this.valueOf();
      if (unit === 'millisecond') return judge(at, at, that.valueOf());
      return judge(this.clone().startOf(unit).valueOf(), this.clone().endOf(unit).valueOf(), that.valueOf());
    }

    isSame(other, unit) { return this.compared(other, unit, (start, end, at) => start <= at && at <= end); }
    isBefore(other, unit) { return this.compared(other, unit, (_start, end, at) => end < at); }
    isAfter(other, unit) { return this.compared(other, unit, (start, _end, at) => at < start); }
    isSameOrBefore(other, unit) { return this.isSame(other, unit) || this.isBefore(other, unit); }
    isSameOrAfter(other, unit) { return this.isSame(other, unit) || this.isAfter(other, unit); }
    isBetween(from, to, unit, bounds) {
      const [first, last] = [from, to].map((one) => (one instanceof Moment ? one : make(one)));
      if (!this.isValid() || !first.isValid() || !last.isValid()) return false;
      const [open, , close] = [(bounds || '()')[0], '', (bounds || '()')[1]];
      return (open === '(' ? this.isAfter(first, unit) : !this.isBefore(first, unit))
        && (close === ')' ? this.isBefore(last, unit) : !this.isAfter(last, unit));
    }

    // What they give is the other one of the two that their names say; so it has always been.
    max(other) { return this.ofTwo(other, (that) => that > this); }
    min(other) { return this.ofTwo(other, (that) => that < this); }
    ofTwo(other, isPast) {
      const that = make(other);
      if (!this.isValid() || !that.isValid()) return moment.invalid();
      return isPast(that) ? this : that;
    }

    // ---- as something else ----
    format(format) {
      if (!this.isValid()) return this.words.invalidDate();
      const usual = this.isUTC() ? moment.defaultFormatUtc : moment.defaultFormat;
      return this.words.postformat(write(this, format ? String(format) : usual));
    }

    from(other, isBare) {
      const that = make(other);
      if (!this.isValid() || !that.isValid()) return this.words.invalidDate();
      return new Duration({ to: this, from: other }).locale(this.words).humanize(!isBare);
    }

    to(other, isBare) {
      const that = make(other);
      if (!this.isValid() || !that.isValid()) return this.words.invalidDate();
      return new Duration({ from: this, to: other }).locale(this.words).humanize(!isBare);
    }

    fromNow(isBare) { return this.from(make(), isBare); }
    toNow(isBare) { return this.to(make(), isBare); }
    calendar(...args) {
      let [time, forms] = args;
      const isForms = (value) => isObject(value) && CALENDAR.some((key) => Object.hasOwn(value, key));
      if (args.length === 1) [time, forms] = isForms(time) ? [undefined, time] : [time || undefined, undefined];
      const now = time || make();
      const key = moment.calendarFormat(this, this.alike(now).startOf('day')) || 'sameElse';
      const own = forms && (typeof forms[key] === 'function' ? forms[key].call(this, now) : forms[key]);
      return this.format(own || this.words.calendar(key, this, make(now)));
    }

    clone() { return new Moment(this.wall, this); }
    isValid() { return !Number.isNaN(this.wall); }
    valueOf() { return this.wall - this.shift * MS.minute; }
    unix() { return Math.floor(this.valueOf() / 1000); }
    toDate() { return new Date(this.valueOf()); }
    toArray() {
      return [this.year(), this.month(), this.date(), this.hour(), this.minute(), this.second(), this.millisecond()];
    }

    toObject() {
      const [years, months, date, hours, minutes, seconds, milliseconds] = this.toArray();
      return { years, months, date, hours, minutes, seconds, milliseconds };
    }

    toISOString(keepsOffset) {
      if (!this.isValid()) return null;
      const keeps = keepsOffset === true;
      const shown = keeps ? this : this.clone().utc();
      const isUsual = shown.year() >= 0 && shown.year() <= 9999;
      if (!isUsual) return shown.english(`YYYYYY-MM-DD[T]HH:mm:ss.SSS${keeps ? 'Z' : '[Z]'}`);
      return keeps ? new Date(this.wall).toISOString().replace('Z', this.english('Z')) : this.toDate().toISOString();
    }

    english(format) { return this.clone().locale('en').format(format); }
    toJSON() { return this.isValid() ? this.toISOString() : null; }
    toString() { return this.english('ddd MMM DD YYYY HH:mm:ss [GMT]ZZ'); }
    inspect() {
      if (!this.isValid()) return `moment.invalid(/* ${this.source ? this.source.input : NaN} */)`;
      const [name, zone] = this.isLocal() ? ['moment', ''] : [this.utcOffset() === 0 ? 'moment.utc' : 'moment.parseZone', 'Z'];
      const year = this.year() >= 0 && this.year() <= 9999 ? 'YYYY' : 'YYYYYY';
      return this.format(`[${name}("]${year}-MM-DD[T]HH:mm:ss.SSS${zone}[")]`);
    }

    // ---- language ----
    locale(name) {
      if (name === undefined) return this.words.name;
      this.words = words.find(name) || this.words;
      return this;
    }

    localeData() { return this.words; }
    lang(name) { return name === undefined ? this.words : this.locale(name); }

    // ---- how it was made ----
    parsingFlags() { return { ...this.flags }; }
    invalidAt() { return this.flags ? this.flags.overflow : -2; }
    creationData() {
      const { input, format, strict } = this.source || {};
      return { input, format, locale: this.words, isUTC: this.isUtcMode, strict };
    }

    get _isAMomentObject() { return true; }
    get _isUTC() { return this.isUtcMode; }
    get _d() { return new Date(this.wall); }
    get _i() { return this.source && this.source.input; }
    get _f() { return this.source && this.source.format; }
  }
  [['date', 'Date', true], ['hour', 'Hours', true], ['minute', 'Minutes'], ['second', 'Seconds'], ['millisecond', 'Milliseconds']]
    .forEach(([name, field, keepsTime]) => {
      world.define(Moment.prototype, name, function (value) {
        return isGiven(value) ? this.put(field, value, keepsTime) : new Date(this.wall)[`getUTC${field}`]();
      });
    });
  ['year', 'quarter', 'month', 'week', 'isoWeek', 'date', 'day', 'hour', 'minute', 'second', 'millisecond'].forEach((name) => {
    world.define(Moment.prototype, `${name}s`, Moment.prototype[name]);
  });
  const CALENDAR = ['sameDay', 'nextDay', 'lastDay', 'nextWeek', 'lastWeek', 'sameElse'];
  const monthsBetween = (a, b) => {
    if (a.date() < b.date()) return -monthsBetween(b, a);
    const months = (b.year() - a.year()) * 12 + (b.month() - a.month());
    const anchor = a.clone().add(months, 'months');
    const next = a.clone().add(months + (b - anchor < 0 ? -1 : 1), 'months');
    return -(months + (b - anchor) / Math.abs(next - anchor)) || 0;
  };
  // From one moment to another, as months and milliseconds.
  span.links.between = (from, to) => {
    const base = make(from);
    const other = base.alike(to);
    if (!base.isValid() || !other.isValid()) return { millisecond: 0, month: 0 };
    const forward = (start, end) => {
      let months = end.month() - start.month() + (end.year() - start.year()) * 12;
      if (start.clone().add(months, 'M').isAfter(end)) months -= 1;
      return { month: months, millisecond: end - start.clone().add(months, 'M') };
    };
    if (base.isBefore(other)) return forward(base, other);
    const back = forward(other, base);
    return { month: -back.month || 0, millisecond: -back.millisecond || 0 };
  };

  // ---- making moments ----
  const made = (args, isUtc) => {
    let [input, format, locale, strict] = args;
    if (typeof format === 'boolean') [strict, format] = [format, undefined];
    if (typeof locale === 'boolean') [strict, locale] = [locale, undefined];
    if (input instanceof Moment) return new Moment(input.wall, input);
    if (reading.isEmpty(input)) input = undefined;
    const own = words.localeOf(locale);
    const read = reading.readOf(input, format, strict, own, isUtc);
    const at = reading.isGood(read) ? read.at : NaN;
    const source = { input, format: read.format || format, strict, isOfFields: read.isOfFields, offset: read.offset };
    const result = new Moment(at, { words: own, flags: read.flags, source, isUtcMode: isUtc });
    return read.isNextDay ? result.add(1, 'd') : result;
  };
  const make = (...args) => made(args, false);

  const moment = (...args) => made(args, false);
  const pick = (name) => (...all) => {
    const moments = all.length === 1 && Array.isArray(all[0]) ? all[0] : all;
    if (moments.length === 0) return make();
    return moments.reduce((best, one) => (!one.isValid() || one[name](best) ? one : best));
  };
  Object.assign(moment, {
    utc: (...args) => made(args, true).utc(),
    unix: (seconds) => make(seconds * 1000),
    parseZone: (...args) => make(...args).parseZone(),
    invalid: (flags) => new Moment(NaN, { flags: { ...reading.blank(false).flags, ...(flags || { userInvalidated: true }) } }),
    max: pick('isAfter'), min: pick('isBefore'),
    duration: (amount, unit) => new Duration(amount, unit),
    isMoment: (value) => value instanceof Moment,
    isDuration: (value) => value instanceof Duration,
    isDate: (value) => value instanceof Date || Object.prototype.toString.call(value) === '[object Date]',
    now: () => world.now,
    normalizeUnits: unitOf,
    relativeTimeThreshold: span.relativeTimeThreshold, relativeTimeRounding: span.relativeTimeRounding,
    ISO_8601: reading.ISO_8601, RFC_2822: reading.RFC_2822,
    parseTwoDigitYear: reading.rules.twoDigitYear,
    calendarFormat(one, now) {
      const days = one.diff(now, 'days', true);
      const found = [[-6, 'sameElse'], [-1, 'lastWeek'], [0, 'lastDay'], [1, 'sameDay'], [2, 'nextDay'], [7, 'nextWeek']];
      return (found.find(([below]) => days < below) || [, 'sameElse'])[1];
    },
    // What a text is that no rule knows: authors may set one of their own.
    createFromInputFallback(config) {
      const zone = config._useUTC ? ' UTC' : '';
      config._d = new Date(`${config._i}${zone}`);
    },
    // Set by `tz.setDefault`.
    defaultZone: null,
    defaultFormat: 'YYYY-MM-DDTHH:mm:ssZ', defaultFormatUtc: 'YYYY-MM-DDTHH:mm:ss[Z]',
    HTML5_FMT,
    suppressDeprecationWarnings: false, deprecationHandler: null, version: '2.29.4', fn: Moment.prototype,
    updateOffset() {}, momentProperties: [],
  });
  words.addTo(moment, span.isNumber);
  moment.duration.fn = Duration.prototype;
  moment.prototype = Moment.prototype;
  reading.rules.now = () => moment.now();
  reading.rules.fallback = (text, isUtc) => {
    const config = { _i: text, _useUTC: isUtc };
    moment.createFromInputFallback(config);
    return config._d instanceof Date ? config._d.valueOf() : NaN;
  };
  reading.rules.twoDigitYear = (text) => moment.parseTwoDigitYear(text);
  world.part('momentZones').addTo(moment, Moment);
  return moment;
})
