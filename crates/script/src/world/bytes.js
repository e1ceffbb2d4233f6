// Bytes as Node has them: what digests give and take, and how bytes are written as text.
(function () {
  'use strict';

  const utf8 = (text) => {
    const bytes = [];
    for (const character of text.toWellFormed()) {
      const code = character.codePointAt(0);
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
    return bytes;
  };
  // What is no UTF-8 is replaced, as many bytes at a time as could have been the beginning of a character.
  const fromUtf8 = (bytes) => {
    let text = '';
    for (let at = 0; at < bytes.length;) {
      const first = bytes[at];
      const length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0
        && first < 0xf5 ? 4 : 0;
      let code = length < 2 ? first : first & (0x7f >> length);
      let read = 1;
      for (; read < length; read += 1) {
        const next = bytes[at + read];
        const least = read > 1 ? 0x80 : { 0xe0: 0xa0, 0xf0: 0x90 }[first] || 0x80;
        const most = read > 1 ? 0xbf : { 0xed: 0x9f, 0xf4: 0x8f }[first] || 0xbf;
        if (next === undefined || next < least || next > most) break;
        code = (code << 6) | (next & 63);
      }
      text += length > 0 && read === length ? String.fromCodePoint(code) : '\ufffd';
      at += read;
    }
    return text;
  };
  const binary = (bytes, mask = 255) => Array.from(bytes, (byte) => String.fromCharCode(byte & mask)).join('');
  const WRITERS = {
    hex: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    base64: (bytes) => btoa(binary(bytes)),
    base64url: (bytes) => btoa(binary(bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
    latin1: (bytes) => binary(bytes),
    ascii: (bytes) => binary(bytes, 127),
    utf8: fromUtf8,
    utf16le: (bytes) => {
      let text = '';
      for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8));
      return text;
    },
  };
  const codes = (text) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const fromBase64 = (text) => {
    const digits = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=[\s\S]*$/, '').replace(/[^A-Za-z0-9+/]/g, '');
    return codes(atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits));
  };
  const READERS = {
    hex: (text) => (/^(?:[0-9a-f]{2})*/i.exec(text)[0].match(/../g) || []).map((pair) => parseInt(pair, 16)),
    base64: fromBase64, base64url: fromBase64,
    latin1: (text) => codes(text).map((code) => code & 255), ascii: (text) => codes(text).map((code) => code & 255),
    utf8,
    utf16le: (text) => codes(text).flatMap((code) => [code & 255, code >> 8]),
  };
  const ALIASES = { binary: 'latin1', 'utf-8': 'utf8', ucs2: 'utf16le', 'ucs-2': 'utf16le', 'utf-16le': 'utf16le' };
  const encodingOf = (name) => {
    const key = String(name).toLowerCase();
    const found = ALIASES[key] || key;
    return Object.hasOwn(WRITERS, found) ? found : undefined;
  };

  class Bytes extends Uint8Array {
    toString(encoding = 'utf8', from = 0, to = this.length) {
      const known = encodingOf(encoding);
      if (known === undefined) throw new TypeError(`Unknown encoding: ${encoding}`);
      return WRITERS[known](this.subarray(from, to));
    }

    toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
    equals(other) { return this.length === other.length && this.every((byte, at) => byte === other[at]); }
    slice(from, to) { return this.subarray(from, to); }
  }
  // The bytes of a text, or of what has bytes; undefined when it has none.
  const bytesOf = (value, encoding) => {
    if (typeof value === 'string') return (READERS[encodingOf(encoding)] || utf8)(value);
    if (Array.isArray(value)) return value.map((byte) => byte & 255);
    if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value));
    return ArrayBuffer.isView(value) ? Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) : undefined;
  };

  return { bytesOf, encodingOf, Bytes };
})
