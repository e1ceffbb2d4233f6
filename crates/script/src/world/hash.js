// `koreUtil.hash`: digests, called as the `crypto` module of Node is, whose `createHash` it is itself, too.
(function (world) {
  'use strict';

  const { bytesOf, encodingOf, Bytes } = world.part('bytes');

  // A bit, zeros, and the length in bits, so that blocks are full. The numbers of each block, 16 of them.
  const blocksOf = (bytes, isLittleEndian, size = 64) => {
    const tail = size / 8;
    const length = (Math.floor((bytes.length + tail) / size) + 1) * size;
    const view = new DataView(new ArrayBuffer(length));
    bytes.forEach((byte, at) => view.setUint8(at, byte));
    view.setUint8(bytes.length, 0x80);
    const [high, low] = [Math.floor(bytes.length / 0x20000000), (bytes.length << 3) >>> 0];
    view.setUint32(length - 8, isLittleEndian ? low : high, isLittleEndian);
    view.setUint32(length - 4, isLittleEndian ? high : low, isLittleEndian);
    return Array.from({ length: length / size }, (_block, n) => Array.from({ length: 16 }, (_number, at) =>
      (size === 64 ? view.getInt32(n * 64 + at * 4, isLittleEndian) : view.getBigUint64(n * 128 + at * 8))));
  };
  const bytesOfWords = (words, isLittleEndian) => words.flatMap((word) => {
    const bytes = [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255];
    return isLittleEndian ? bytes.reverse() : bytes;
  });
  const left = (word, by) => (word << by) | (word >>> (32 - by));
  const right = (word, by) => (word >>> by) | (word << (32 - by));

  const md5 = (bytes) => {
    const turns = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476].map((word) => word | 0);
    blocksOf(bytes, true).forEach((block) => {
      let [a, b, c, d] = state;
      for (let i = 0; i < 64; i += 1) {
        const round = i >> 4;
        const mixed = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
        const word = block[[i, 5 * i + 1, 3 * i + 5, 7 * i][round] & 15];
        const sum = (a + mixed + Math.floor(Math.abs(Math.sin(i + 1)) * 0x100000000) + word) | 0;
        [a, d, c, b] = [d, c, b, (b + left(sum, turns[round][i & 3])) | 0];
      }
      state = [a, b, c, d].map((word, i) => (word + state[i]) | 0);
    });
    return bytesOfWords(state, true);
  };

  const sha1 = (bytes) => {
    const added = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];
    let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0].map((word) => word | 0);
    blocksOf(bytes).forEach((words) => {
      for (let i = 16; i < 80; i += 1) words.push(left(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1));
      let [a, b, c, d, e] = state;
      for (let i = 0; i < 80; i += 1) {
        const round = Math.floor(i / 20);
        const mixed = [(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d][round];
        [a, b, c, d, e] = [(left(a, 5) + mixed + e + words[i] + added[round]) | 0, a, left(b, 30), c, d];
      }
      state = [a, b, c, d, e].map((word, i) => (word + state[i]) | 0);
    });
    return bytesOfWords(state);
  };

  // The first 64 bits behind the point of square and cube roots of primes, from which the numbers of SHA-2 are taken.
  const primes = [];
  for (let n = 2; primes.length < 80; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const root = (value, degree) => {
    let found = 1n << 80n;
    for (;;) {
      const next = ((degree - 1n) * found + value / found ** (degree - 1n)) / degree;
      if (next >= found) return BigInt.asUintN(64, found);
      found = next;
    }
  };
  const square = (prime) => root(BigInt(prime) << 128n, 2n);
  const cube = (prime) => root(BigInt(prime) << 192n, 3n);
  const once = (make) => {
    let made;
    return () => { made ||= make(); return made; };
  };
  const cubes = once(() => primes.map(cube));
  const highs = once(() => cubes().map((number) => Number(number >> 32n) | 0));

  const sha2 = (begin, length) => (bytes) => {
    const added = highs();
    let state = begin();
    blocksOf(bytes).forEach((words) => {
      for (let i = 16; i < 64; i += 1) {
        const [x, y] = [words[i - 15], words[i - 2]];
        const [before, after] = [right(x, 7) ^ right(x, 18) ^ (x >>> 3), right(y, 17) ^ right(y, 19) ^ (y >>> 10)];
        words.push((words[i - 16] + before + words[i - 7] + after) | 0);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 64; i += 1) {
        const one = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + added[i] + words[i]) | 0;
        const two = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
      }
      state = [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) | 0);
    });
    return bytesOfWords(state).slice(0, length);
  };
  const sha256 = sha2(() => primes.slice(0, 8).map((prime) => Number(square(prime) >> 32n) | 0), 32);
  const sha224 = sha2(() => primes.slice(8, 16).map((prime) => Number(BigInt.asUintN(32, square(prime))) | 0), 28);

  const wide = (number) => BigInt.asUintN(64, number);
  const turned = (number, by) => (number >> by) | wide(number << (64n - by));
  const sha2Wide = (begin, length) => (bytes) => {
    const added = cubes();
    let state = begin();
    blocksOf(bytes, false, 128).forEach((words) => {
      for (let i = 16; i < 80; i += 1) {
        const [x, y] = [words[i - 15], words[i - 2]];
        words.push(wide(words[i - 16] + (turned(x, 1n) ^ turned(x, 8n) ^ (x >> 7n)) + words[i - 7] + (turned(y, 19n) ^ turned(y,
          61n) ^ (y >> 6n))));
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < 80; i += 1) {
        const one = h + (turned(e, 14n) ^ turned(e, 18n) ^ turned(e, 41n)) + ((e & f) ^ (wide(~e) & g)) + added[i] + words[i];
        const two = (turned(a, 28n) ^ turned(a, 34n) ^ turned(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
        [a, b, c, d, e, f, g, h] = [wide(one + two), a, b, c, wide(d + one), e, f, g];
      }
      state = [a, b, c, d, e, f, g, h].map((number, i) => wide(number + state[i]));
    });
    const view = new DataView(new ArrayBuffer(64));
    state.forEach((number, at) => view.setBigUint64(at * 8, number));
    return Array.from(new Uint8Array(view.buffer, 0, length));
  };
  const sha512 = sha2Wide(() => primes.slice(0, 8).map(square), 64);
  const sha384 = sha2Wide(() => primes.slice(8, 16).map(square), 48);

  const ALGORITHMS = { md5: [md5, 64], sha1: [sha1, 64], sha224: [sha224, 64], sha256: [sha256, 64], sha384: [sha384, 128],
    sha512: [sha512, 128] };
  const algorithm = (name) => {
    const key = String(name).toLowerCase().replace(/^rsa-/, '').replace(/^sha2-/, 'sha').replace('-', '');
    if (!Object.hasOwn(ALGORITHMS,
      key)) throw new Error(`there is no digest ${name}; there are ${Object.keys(ALGORITHMS).join(', ')}`);
    return ALGORITHMS[key];
  };
  const given = (data, encoding) => {
    const bytes = bytesOf(data, encoding);
    if (bytes === undefined) throw new TypeError('what is digested must be a text or bytes');
    return bytes;
  };

  class Digester {
    constructor(finish, bytes = []) {
      this.finish = finish;
      this.bytes = bytes;
    }

    open() {
      if (this.bytes === undefined) throw new Error('Digest already called');
      return this.bytes;
    }

    update(data, encoding) {
      const bytes = this.open();
      for (const byte of given(data, encoding)) bytes.push(byte);
      return this;
    }

    copy() { return new Digester(this.finish, this.open().slice()); }
    // As bytes, or as text in an encoding.
    digest(encoding) {
      const result = Bytes.from(this.finish(this.open()));
      this.bytes = undefined;
      return encoding === undefined || encoding === null || encodingOf(encoding) === undefined ? result
        : result.toString(encoding);
    }
  }
  const createHash = (name) => new Digester(algorithm(name)[0]);
  const hmac = (name, key, encoding) => {
    const [digest, size] = algorithm(name);
    const bytes = given(key, encoding);
    const full = bytes.length > size ? digest(bytes) : bytes;
    const padded = (by) => Array.from({ length: size }, (_byte, at) => (full[at] || 0) ^ by);
    return (message) => digest(padded(0x5c).concat(digest(padded(0x36).concat(message))));
  };
  const pbkdf2Sync = (password, salt, rounds, length, name) => {
    const mac = hmac(name, password);
    const blocks = [];
    for (let block = 1; blocks.length < length; block += 1) {
      let last = mac([...given(salt), block >>> 24, (block >>> 16) & 255, (block >>> 8) & 255, block & 255]);
      const sum = last.slice();
      for (let i = 1; i < rounds; i += 1) {
        last = mac(last);
        for (let at = 0; at < sum.length; at += 1) sum[at] ^= last[at];
      }
      blocks.push(...sum);
    }
    return Bytes.from(blocks.slice(0, length));
  };
  const randomBytes = (length) => Bytes.from({ length }, () => Math.floor(Math.random() * 256));
  const randomUUID = () => {
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6] & 15) | 0x40;
    bytes[8] = (bytes[8] & 63) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  };
  const hexOf = (name) => (text) => createHash(name).update(String(text)).digest('hex');

  return Object.assign((name) => createHash(name), {
    createHash,
    createHmac: (name, key, options) => new Digester(hmac(name, key, options && options.encoding)),
    hash: (name, data, encoding = 'hex') => createHash(name).update(data).digest(encoding === 'buffer' ? undefined : encoding),
    getHashes: () => Object.keys(ALGORITHMS),
    pbkdf2Sync, randomBytes, randomUUID,
    randomInt: (low, high) => { const [from, to] = high === undefined ? [0, low]
      : [low, high]; return from + Math.floor(Math.random() * (to - from)); },
    timingSafeEqual: (a, b) => Bytes.from(given(a)).equals(given(b)),
    md5: hexOf('md5'), sha1: hexOf('sha1'), sha256: hexOf('sha256'), sha512: hexOf('sha512'),
  });
})
