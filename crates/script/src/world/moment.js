// `koreUtil.moment` and `momenttz`: the widely used part of moment and its time zones, in English. Written anew. Local
// time is UTC, and what scripts call now is the moment of the run.
(function (world) {
  'use strict';

  const { MS, MONTHS, unitOf, spanOf, inWords, withSuffix, Duration } = world.part('momentSpan');
  const text = world.part('momentText');

  const daysInMonth = (year, month) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  // Milliseconds of a wall clock, as if it were that of UTC.
  const wallOf = (year, month, date, hour = 0, minute = 0, second = 0, ms = 0) =>
    new Date(0).setUTCFullYear(year, month, date) + hour * MS.hour + minute * MS.minute + second * MS.second + ms;
  const isObject = (value) => typeof value === 'object' && value !== null;

  class Moment {
    // `zone` is the name of a time zone, or an offset in minutes.
    constructor(at, zone = 0, isUtc = false) {
      this.at = at;
      this.zone = zone;
      this.isUtcMode = isUtc;
    }

    // ---- wall clock ----
    utcOffset(value, keepsTime) {
      if (value === undefined) return typeof this.zone === 'string' ? world.offsetAt(this.zone, this.at) || 0 : this.zone;
      const before = this.wall();
      const minutes = typeof value === 'string' ? text.offset(value) : value;
      this.zone = Math.abs(minutes) < 16 ? minutes * 60 : minutes;
      this.isUtcMode = true;
      return keepsTime ? this.toWall(before) : this;
    }

    wall() { return this.at + this.utcOffset() * MS.minute; }
    toWall(ms) {
      // The offset at that time is known only when the time is: twice is enough but for the hour that a clock skips.
      this.at = ms - this.utcOffset() * MS.minute;
      this.at = ms - this.utcOffset() * MS.minute;
      return this;
    }

    fields() {
      const date = new Date(this.wall());
      return [
        date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes(),
        date.getUTCSeconds(), date.getUTCMilliseconds(),
      ];
    }

    withFields(changed) {
      const fields = this.fields();
      Object.keys(changed).forEach((at) => { fields[at] = Math.trunc(changed[at]); });
      return this.toWall(wallOf(...fields));
    }

    // ---- fields ----
    month(value) {
      if (value === undefined) return this.fields()[1];
      const month = typeof value === 'string' && Number.isNaN(Number(value)) ? text.monthOf(value) : Number(value);
      const [year, , date] = this.fields();
      const target = new Date(Date.UTC(year, month, 1));
      return this.withFields({ 1: month, 2: Math.min(date, daysInMonth(target.getUTCFullYear(), target.getUTCMonth())) });
    }

    year(value) {
      if (value === undefined) return this.fields()[0];
      const [, month, date] = this.fields();
      return this.withFields({ 0: value, 2: Math.min(date, daysInMonth(+value, month)) });
    }

    day(value) {
      const day = new Date(this.wall()).getUTCDay();
      if (value === undefined) return day;
      const wanted = typeof value === 'string' && Number.isNaN(Number(value)) ? text.dayOf(value) : Number(value);
      return this.add(wanted - day, 'day');
    }

    isoWeekday(value) {
      const day = this.day() || 7;
      return value === undefined ? day : this.add((typeof value === 'string' ? text.dayOf(value) || 7 : value) - day, 'day');
    }

    dayOfYear(value) {
      const day = Math.round((this.clone().startOf('day').wall() - this.clone().startOf('year').wall()) / MS.day) + 1;
      return value === undefined ? day : this.add(value - day, 'day');
    }

    quarter(value) {
      const quarter = Math.floor(this.month() / 3) + 1;
      return value === undefined ? quarter : this.month((value - 1) * 3 + (this.month() % 3));
    }

    // Weeks begin on Sunday, and the first one has the 1st of January in it.
    weekYear() { return this.clone().startOf('week').add(6, 'day').year(); }
    week(value) {
      const first = this.clone().year(this.weekYear()).month(0).date(1).startOf('week');
      const week = Math.round((this.clone().startOf('week').wall() - first.wall()) / MS.week) + 1;
      return value === undefined ? week : this.add(value - week, 'week');
    }

    isoWeekYear() { return this.clone().startOf('isoWeek').add(3, 'day').year(); }
    isoWeek(value) {
      const first = this.clone().year(this.isoWeekYear()).month(0).date(4).startOf('isoWeek');
      const week = Math.round((this.clone().startOf('isoWeek').wall() - first.wall()) / MS.week) + 1;
      return value === undefined ? week : this.add(value - week, 'week');
    }

    get(name) { const unit = unitOf(name); return unit ? this[unit]() : undefined; }
    set(name, value) {
      if (isObject(name)) Object.keys(name).forEach((key) => this.set(key, name[key]));
      else if (unitOf(name)) this[unitOf(name)](value);
      return this;
    }

    daysInMonth() { return daysInMonth(this.year(), this.month()); }
    isLeapYear() { return daysInMonth(this.year(), 1) === 29; }

    // ---- arithmetic ----
    add(amount, unit) { return this.shift(spanOf(amount, unit), 1); }
    subtract(amount, unit) { return this.shift(spanOf(amount, unit), -1); }
    // Days keep the time of the clock, hours do not.
    shift({ months, days, ms }, sign) {
      if (months !== 0) this.month(this.month() + sign * months);
      if (days !== 0) this.toWall(this.wall() + sign * Math.round(days) * MS.day);
      this.at += sign * Math.round(ms);
      return this;
    }

    startOf(name) {
      const unit = unitOf(name);
      const [year, month, date, hour, minute, second] = this.fields();
      switch (unit) {
        case 'year': return this.toWall(wallOf(year, 0, 1));
        case 'quarter': return this.toWall(wallOf(year, month - (month % 3), 1));
        case 'month': return this.toWall(wallOf(year, month, 1));
        case 'week': return this.toWall(wallOf(year, month, date - this.day()));
        case 'isoWeek': return this.toWall(wallOf(year, month, date - this.isoWeekday() + 1));
        case 'day': case 'date': return this.toWall(wallOf(year, month, date));
        case 'hour': return this.toWall(wallOf(year, month, date, hour));
        case 'minute': return this.toWall(wallOf(year, month, date, hour, minute));
        case 'second': return this.toWall(wallOf(year, month, date, hour, minute, second));
        default: return this;
      }
    }

    endOf(name) {
      const unit = unitOf(name);
      if (unit === undefined || unit === 'millisecond') return this;
      const step = unit === 'isoWeek' ? 'week' : unit === 'date' ? 'day' : unit;
      return this.startOf(unit).add(1, step).subtract(1, 'millisecond');
    }

    diff(other, name, isPrecise) {
      const that = make(other);
      const unit = unitOf(name) || 'millisecond';
      let result = (this.at - that.at) / (MS[unit] || 1);
      if (MONTHS[unit]) result = this.monthsSince(that) / MONTHS[unit];
      else if (unit === 'day' || unit === 'week') result = (this.wall() - (that.at + this.offsetOf(that) * MS.minute)) / MS[unit];
      return isPrecise ? result : Math.trunc(result) + 0;
    }

    offsetOf(that) { return new Moment(that.at, this.zone).utcOffset(); }
    monthsSince(that) {
      const mine = new Moment(that.at, this.zone);
      if (this.date() < mine.date()) return -mine.monthsSince(this) + 0;
      const whole = (this.year() - mine.year()) * 12 + this.month() - mine.month();
      const anchor = mine.clone().add(whole, 'month');
      const isBefore = this.at < anchor.at;
      const next = mine.clone().add(whole + (isBefore ? -1 : 1), 'month');
      return whole + (this.at - anchor.at) / Math.abs(next.at - anchor.at);
    }

    // ---- comparing ----
    isSame(other, unit) {
      const that = make(other);
      if (!unit) return this.at === that.at;
      return that.at >= this.clone().startOf(unit).at && that.at <= this.clone().endOf(unit).at;
    }

    isBefore(other, unit) { return (unit ? this.clone().endOf(unit) : this).at < make(other).at; }
    isAfter(other, unit) { return (unit ? this.clone().startOf(unit) : this).at > make(other).at; }
    isSameOrBefore(other, unit) { return this.isSame(other, unit) || this.isBefore(other, unit); }
    isSameOrAfter(other, unit) { return this.isSame(other, unit) || this.isAfter(other, unit); }
    isBetween(from, to, unit, bounds = '()') {
      const isIn = bounds[0] === '[' ? this.isSameOrAfter(from, unit) : this.isAfter(from, unit);
      return isIn && (bounds[1] === ']' ? this.isSameOrBefore(to, unit) : this.isBefore(to, unit));
    }

    // ---- zones ----
    utc(keepsTime) { return this.utcOffset(0, keepsTime); }
    local(keepsTime) { this.utcOffset(0, keepsTime); this.isUtcMode = false; return this; }
    tz(zone, keepsTime) {
      if (zone === undefined) return typeof this.zone === 'string' ? this.zone : undefined;
      const before = this.wall();
      if (world.offsetAt(zone, 0) !== undefined) this.zone = zone;
      return keepsTime ? this.toWall(before) : this;
    }

    isUTC() { return this.isUtcMode && this.utcOffset() === 0; }
    isUtc() { return this.isUTC(); }
    zoneAbbr() { return typeof this.zone === 'string' ? text.write(this, 'Z') : this.isUtcMode ? 'UTC' : ''; }

    // ---- as something else ----
    format(format) {
      if (!this.isValid()) return 'Invalid date';
      const usual = this.isUTC() ? 'YYYY-MM-DD[T]HH:mm:ss[Z]' : 'YYYY-MM-DD[T]HH:mm:ssZ';
      return text.write(this, format === undefined ? usual : format);
    }

    from(other, isBare) { const ms = this.at - make(other).at; return isBare ? inWords(ms) : withSuffix(ms); }
    fromNow(isBare) { return this.from(world.now, isBare); }
    to(other, isBare) { return make(other).from(this, isBare); }
    toNow(isBare) { return this.to(world.now, isBare); }
    calendar(other) {
      const days = this.clone().startOf('day').diff(make(other).startOf('day'), 'day');
      if (days < -6 || days > 6) return this.format('L');
      const near = { '-1': '[Yesterday]', 0: '[Today]', 1: '[Tomorrow]' }[days];
      const name = near || (days < 0 ? '[Last] dddd' : 'dddd');
      return this.format(`${name} [at] LT`);
    }

    clone() { return new Moment(this.at, this.zone, this.isUtcMode); }
    isValid() { return !Number.isNaN(this.at); }
    valueOf() { return this.at; }
    unix() { return Math.floor(this.at / 1000); }
    toDate() { return new Date(this.at); }
    toArray() { return this.fields(); }
    toObject() {
      const [years, months, date, hours, minutes, seconds, milliseconds] = this.fields();
      return { years, months, date, hours, minutes, seconds, milliseconds };
    }

    toISOString() { return this.isValid() ? new Date(this.at).toISOString() : null; }
    toJSON() { return this.toISOString(); }
    toString() { return this.format('ddd MMM DD YYYY HH:mm:ss [GMT]ZZ'); }
    locale(name) { return name === undefined ? 'en' : this; }
    lang(name) { return this.locale(name); }
    isDST() {
      return this.utcOffset() > Math.min(this.clone().month(0).utcOffset(), this.clone().month(6).utcOffset());
    }
  }
  [['date', 2], ['hour', 3], ['minute', 4], ['second', 5], ['millisecond', 6]].forEach(([name, at]) => {
    Moment.prototype[name] = function (value) {
      return value === undefined ? this.fields()[at] : this.withFields({ [at]: value });
    };
  });
  Moment.prototype.weekday = Moment.prototype.day;
  ['year', 'quarter', 'month', 'week', 'isoWeek', 'date', 'day', 'hour', 'minute', 'second', 'millisecond'].forEach((name) => {
    Moment.prototype[`${name}s`] = Moment.prototype[name];
  });

  // ---- making moments ----
  const ORDER = ['year', 'month', 'date', 'hour', 'minute', 'second', 'millisecond'];
  const MOST = [Infinity, 11, 31, 24, 59, 59, 999];
  // What is larger than the largest field given is that of now; what is smaller begins anew.
  const fromFields = (fields, zone) => {
    const result = new Moment(world.now, fields.offset === undefined ? zone : fields.offset);
    if (fields.at !== undefined) return new Moment(fields.at, zone);
    const today = result.fields();
    const largest = ORDER.findIndex((name) => fields[name] !== undefined);
    const values = ORDER.map((name, at) => {
      if (fields[name] !== undefined) return fields[name];
      if (at < 3 && (at < largest || largest === -1)) return today[at];
      return at === 2 ? 1 : 0;
    });
    const isIn = values.every((value, at) => value >= (at === 2 ? 1 : 0) && value <= MOST[at]);
    if (!isIn || values[2] > daysInMonth(values[0], values[1])) return new Moment(NaN, zone);
    result.toWall(wallOf(...values));
    if (fields.isoWeek !== undefined) result.month(0).date(4).isoWeek(fields.isoWeek).isoWeekday(fields.isoWeekday || 1);
    if (fields.dayOfYear !== undefined) result.dayOfYear(fields.dayOfYear);
    if (fields.weekday !== undefined && largest === -1) result.day(fields.weekday);
    result.zone = zone;
    return result;
  };

  const make = (input, format, strict, zone = 0) => {
    if (input === undefined) return new Moment(world.now, zone);
    if (input instanceof Moment) return zone === 0 ? input.clone() : new Moment(input.at, zone);
    if (input instanceof Date) return new Moment(input.getTime(), zone);
    if (typeof format !== 'undefined' && format !== null && input !== null) {
      const found = text.read(String(input), format, strict === true);
      return found ? fromFields(found.fields, zone) : new Moment(NaN, zone);
    }
    if (typeof input === 'number') return new Moment(input, zone);
    if (Array.isArray(input)) {
      if (input.length === 0) return new Moment(world.now, zone);
      return fromFields(Object.fromEntries(input.map((value, at) => [ORDER[at], +value])), zone);
    }
    if (isObject(input)) {
      const fields = Object.keys(input).map((name) => [unitOf(name) === 'day' ? 'date' : unitOf(name), +input[name]]);
      return fromFields(Object.fromEntries(fields), zone);
    }
    if (typeof input !== 'string') return new Moment(NaN, zone);
    const found = text.readIso(input);
    if (found) return fromFields(found.fields, zone);
    return new Moment(Date.parse(input), zone);
  };
  // Moments are told the language before, or instead of, whether to be strict.
  const strictness = (rest) => rest.find((one) => typeof one === 'boolean');

  const moment = (input, format, ...rest) => make(input, format, strictness(rest));
  const utc = (input, format, ...rest) => new Moment(make(input, format, strictness(rest)).at, 0, true);
  const among = (sign) => (...all) =>
    all.flat().map((one) => make(one)).reduce((best, one) => ((one.at - best.at) * sign > 0 ? one : best));
  const tz = (...args) => {
    const zone = args.pop();
    const known = world.offsetAt(zone, 0) === undefined ? 0 : zone;
    return make(args[0], args[1], strictness(args.slice(2)), known);
  };
  Object.assign(tz, {
    guess: () => 'UTC',
    zone: (name) => (world.offsetAt(name, 0) === undefined ? null : { name }),
    setDefault: () => moment,
  });
  Object.assign(moment, {
    utc, tz, max: among(1), min: among(-1),
    unix: (seconds) => new Moment(seconds * 1000),
    parseZone: (input) => {
      const found = text.readIso(String(input));
      return make(input).utcOffset((found && found.fields.offset) || 0);
    },
    duration: (amount, unit) => new Duration(amount, unit),
    isMoment: (value) => value instanceof Moment,
    isDuration: (value) => value instanceof Duration,
    isDate: (value) => value instanceof Date,
    now: () => world.now,
    normalizeUnits: unitOf,
    locale: () => 'en', lang: () => 'en', locales: () => ['en'],
    months: (at) => (at === undefined ? text.MONTHS.slice() : text.MONTHS[at]),
    monthsShort: (at) => (at === undefined ? text.MONTHS.map((name) => name.slice(0, 3)) : text.MONTHS[at].slice(0, 3)),
    weekdays: (at) => (at === undefined ? text.DAYS.slice() : text.DAYS[at]),
    weekdaysShort: (at) => (at === undefined ? text.DAYS.map((name) => name.slice(0, 3)) : text.DAYS[at].slice(0, 3)),
    ISO_8601: text.ISO,
    fn: Moment.prototype,
  });
  return moment;
})
