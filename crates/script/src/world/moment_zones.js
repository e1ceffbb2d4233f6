// Time zones for moment, by the names of the zone data: `moment.tz` and what a zone tells.
(function (world) {
  'use strict';

  const MINUTE = 6e4;
  const DAY = 864e5;

  class Zone {
    constructor(name) {
      this.name = name;
    }

    // Minutes that are missing to UTC: New York has 240 or 300.
    utcOffset(at) { return 0 - world.zoneAt(this.name, +at)[0]; }
    offset(at) { return this.utcOffset(at); }
    abbr(at) { return world.zoneAt(this.name, +at)[1]; }
    // The same for a time of its own clock, given as if it were that of UTC. Of a time that there is twice the first one is
    // meant, and a time that a clock skips is one of before.
    parse(wall) {
      const before = this.utcOffset(+wall - DAY);
      const after = this.utcOffset(+wall + DAY);
      if (before === after || this.utcOffset(+wall + before * MINUTE) === before) return before;
      return this.utcOffset(+wall + after * MINUTE) === after ? after : before;
    }
  }

  const zones = Object.create(null);
  const links = Object.create(null);
  const zoneOf = (given) => {
    const key = String(given).toLowerCase();
    const wanted = links[key] || given;
    const name = world.zoneName(String(wanted));
    if (name === undefined) return null;
    zones[name] ||= new Zone(name);
    return zones[name];
  };

  // Adds `tz` to moments and to what makes them.
  const addTo = (moment, Moment) => {
    const tz = (...args) => {
      const name = args.pop();
      const out = moment.utc(...args);
      const zone = zoneOf(name);
      if (!moment.isMoment(args[0]) && zone && out.needsZone()) out.add(zone.parse(out), 'minutes');
      out.tz(name);
      return out;
    };
    Object.assign(tz, {
      zone: (name) => zoneOf(name),
      zoneExists: (name) => zoneOf(name) !== null,
      names: () => world.zoneNames(),
      // The server's own clock is that of UTC.
      guess: () => 'UTC',
      setDefault(name) {
        moment.defaultZone = name ? zoneOf(name) : null;
        return tz;
      },
      link(pairs) { [pairs].flat().forEach((pair) => { const [name,
        other] = pair.split('|'); links[other.toLowerCase()] = name; }); },
      needsOffset: (one) => one.needsZone(),
      moveInvalidForward: true, moveAmbiguousForward: false, version: '0.5.45', dataVersion: 'bundled', Zone,
    });
    world.define(Moment.prototype, 'tz', function (name, keepsTime) {
      if (!name) return this.timeZone ? this.timeZone.name : undefined;
      if (typeof name !== 'string') throw new Error(`Time zone name must be a string, got ${name} [${typeof name}]`);
      this.timeZone = zoneOf(name);
      if (this.timeZone) this.settle(keepsTime);
      return this;
    });
    moment.tz = tz;
  };

  return { addTo };
})
