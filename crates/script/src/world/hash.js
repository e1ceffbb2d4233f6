// `koreUtil.hash`: digests of texts, called as the `crypto` module of Node is.
(function () {
  'use strict';

  const bytesOf = (text) => {
    const bytes = [];
    for (const character of String(text).toWellFormed()) {
      const code = character.codePointAt(0);
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
    return bytes;
  };

  // A bit, zeros, and the length in bits, so that blocks of 64 bytes are full. The words of each block.
  const blocksOf = (bytes, isLittleEndian) => {
    const length = (((bytes.length + 8) >> 6) + 1) * 64;
    const view = new DataView(new ArrayBuffer(length));
    bytes.forEach((byte, at) => view.setUint8(at, byte));
    view.setUint8(bytes.length, 0x80);
    const [high, low] = [Math.floor(bytes.length / 0x20000000), (bytes.length << 3) >>> 0];
    view.setUint32(length - 8, isLittleEndian ? low : high, isLittleEndian);
    view.setUint32(length - 4, isLittleEndian ? high : low, isLittleEndian);
    return Array.from({ length: length / 64 }, (_block, n) =>
      Array.from({ length: 16 }, (_word, at) => view.getInt32(n * 64 + at * 4, isLittleEndian)));
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

  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const fraction = (value) => ((value - Math.floor(value)) * 0x100000000) | 0;
  const sha256 = (bytes) => {
    let state = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
    const added = primes.map((prime) => fraction(Math.cbrt(prime)));
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
    return bytesOfWords(state);
  };

  const algorithms = { md5, sha1, sha256 };
  const algorithm = (name) => {
    const found = algorithms[String(name).toLowerCase().replace('-', '')];
    if (!found) throw new Error(`there is no digest ${name}; there are ${Object.keys(algorithms).join(', ')}`);
    return found;
  };
  const encode = (bytes, encoding) => {
    if (encoding === 'base64') return btoa(String.fromCharCode(...bytes));
    return encoding === undefined ? bytes : bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const digester = (finish) => {
    const bytes = [];
    return {
      update(text) {
        for (const byte of Array.isArray(text) ? text : bytesOf(text)) bytes.push(byte);
        return this;
      },
      digest: (encoding) => encode(finish(bytes), encoding),
    };
  };

  return {
    createHash: (name) => digester(algorithm(name)),
    createHmac(name, key) {
      const digest = algorithm(name);
      const given = Array.isArray(key) ? key : bytesOf(key);
      const full = given.length > 64 ? digest(given) : given;
      const padded = (by) => Array.from({ length: 64 }, (_byte, at) => (full[at] || 0) ^ by);
      return digester((bytes) => digest(padded(0x5c).concat(digest(padded(0x36).concat(bytes)))));
    },
    md5: (text) => encode(md5(bytesOf(text)), 'hex'),
    sha1: (text) => encode(sha1(bytesOf(text)), 'hex'),
    sha256: (text) => encode(sha256(bytesOf(text)), 'hex'),
  };
})
