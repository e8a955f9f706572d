/**
 * Raw DEFLATE (RFC 1951) undone at once. The browser's own is an optional power and answers later, when newer messages
 * have come; a frame has a few thousand symbols, which take a fraction of a millisecond here.
 */

const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LENGTHS = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131];
LENGTHS.push(163, 195, 227, 258);
/** Bits behind a length: none, then one more after every four. @param {number} n */
const lengthBits = (n) => (n < 8 || n === 28 ? 0 : (n >> 2) - 1);
/** Bits behind a distance, and the least distance with so many. @param {number} n */
const distanceBits = (n) => (n < 4 ? 0 : (n >> 1) - 1);
const DISTANCES = Array.from({ length: 30 }, (_, n) => (n < 4 ? n + 1 : 1 + ((2 + (n & 1)) << ((n >> 1) - 1))));
const BROKEN = "a packed message is broken";

/**
 * A canonical code: how many symbols have each length, the symbols in their order, and what the next nine bits say if a
 * code is no longer (symbol · 16 + length).
 * @typedef {{counts: Uint16Array, symbols: Uint16Array, table: Uint16Array}} Code
 */
const NEXT = 9;

/** @param {ArrayLike<number>} lengths of the code of each symbol; 0: it has none @returns {Code} */
function codeOf(lengths) {
  const counts = new Uint16Array(16);
  for (let i = 0; i < lengths.length; i++) counts[lengths[i]]++;
  counts[0] = 0;
  const places = new Uint16Array(16);
  for (let i = 1; i < 15; i++) places[i + 1] = places[i] + counts[i];
  const symbols = new Uint16Array(lengths.length);
  for (let i = 0; i < lengths.length; i++) if (lengths[i]) symbols[places[lengths[i]]++] = i;
  return { counts, symbols, table: tableOf(counts, symbols) };
}

/** @param {Uint16Array} counts @param {Uint16Array} symbols */
function tableOf(counts, symbols) {
  const table = new Uint16Array(1 << NEXT);
  let [word, index] = [0, 0];
  for (let length = 1; length <= NEXT; length++, word <<= 1)
    for (let k = 0; k < counts[length]; k++, word++) {
      let mirrored = 0; // a code comes with its highest bit first
      for (let i = 0; i < length; i++) mirrored |= ((word >> i) & 1) << (length - 1 - i);
      const entry = (symbols[index++] << 4) | length;
      for (let at = mirrored; at < table.length; at += 1 << length) table[at] = entry;
    }
  return table;
}

const FIXED = {
  literals: codeOf(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
  distances: codeOf(new Uint8Array(30).fill(5)),
};

class Inflater {
  /** @param {Uint8Array} from @param {Uint8Array} to */
  constructor(from, to) {
    this.from = from;
    this.to = to;
    this.at = 0;
    this.filled = 0;
    this.held = 0;
    this.count = 0;
  }

  /** @param {number} n how many bits, the lowest first */
  bits(n) {
    while (this.count < n) {
      if (this.at >= this.from.length) throw new Error(BROKEN);
      this.held |= this.from[this.at++] << this.count;
      this.count += 8;
    }
    const value = this.held & ((1 << n) - 1);
    this.held >>>= n;
    this.count -= n;
    return value;
  }

  /** @param {Code} code */
  symbol({ counts, symbols, table }) {
    while (this.count < 15 && this.at < this.from.length) {
      this.held |= this.from[this.at++] << this.count;
      this.count += 8;
    }
    const entry = table[this.held & ((1 << NEXT) - 1)];
    const short = entry & 15;
    if (short && short <= this.count) {
      this.held >>>= short;
      this.count -= short;
      return entry >> 4;
    }
    let [word, first, index] = [0, 0, 0];
    for (let length = 1; length < 16; length++) {
      word |= this.bits(1);
      const count = counts[length];
      if (word - count < first) return symbols[index + word - first];
      index += count;
      first = (first + count) << 1;
      word <<= 1;
    }
    throw new Error(BROKEN);
  }

  stored() {
    this.at -= this.count >> 3; // whole bytes that were taken ahead
    this.held = this.count = 0;
    const size = this.from[this.at] | (this.from[this.at + 1] << 8);
    this.at += 4;
    if (this.at + size > this.from.length || this.filled + size > this.to.length) throw new Error(BROKEN);
    this.to.set(this.from.subarray(this.at, this.at + size), this.filled);
    this.at += size;
    this.filled += size;
  }

  /** The codes of a block that brings its own. */
  codes() {
    const [literals, distances, known] = [this.bits(5) + 257, this.bits(5) + 1, this.bits(4) + 4];
    const lengths = new Uint8Array(19);
    for (let i = 0; i < known; i++) lengths[ORDER[i]] = this.bits(3);
    const code = codeOf(lengths);
    const all = new Uint8Array(literals + distances);
    for (let i = 0; i < all.length;) {
      const symbol = this.symbol(code);
      if (symbol < 16) all[i++] = symbol;
      else {
        const value = symbol === 16 ? all[i - 1] : 0;
        const times = symbol === 16 ? 3 + this.bits(2) : symbol === 17 ? 3 + this.bits(3) : 11 + this.bits(7);
        all.fill(value, i, i + times);
        i += times;
      }
    }
    return { literals: codeOf(all.subarray(0, literals)), distances: codeOf(all.subarray(literals)) };
  }

  /** @param {{literals: Code, distances: Code}} codes */
  block({ literals, distances }) {
    const { to } = this;
    for (;;) {
      const symbol = this.symbol(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        if (this.filled >= to.length) throw new Error(BROKEN);
        to[this.filled++] = symbol;
        continue;
      }
      const n = symbol - 257;
      const length = LENGTHS[n] + this.bits(lengthBits(n));
      const far = this.symbol(distances);
      const distance = DISTANCES[far] + this.bits(distanceBits(far));
      if (!(distance <= this.filled && this.filled + length <= to.length)) throw new Error(BROKEN);
      for (const end = this.filled + length; this.filled < end; this.filled++)
        to[this.filled] = to[this.filled - distance];
    }
  }

  all() {
    for (let last = 0; !last;) {
      last = this.bits(1);
      const kind = this.bits(2);
      if (kind === 0) this.stored();
      else if (kind === 1) this.block(FIXED);
      else if (kind === 2) this.block(this.codes());
      else throw new Error(BROKEN);
    }
    return this.filled;
  }
}

/** No byte of deflated text says more bytes than so many. */
const MOST_FROM_ONE = 1032;

/** @param {Uint8Array} from @param {number} length of what was deflated */
export function inflate(from, length) {
  const to = new Uint8Array(length);
  if (new Inflater(from, to).all() !== length) throw new Error(BROKEN);
  return to;
}

/** The same where nobody knows how much it will be. @param {Uint8Array} from */
export function inflateAll(from) {
  const to = new Uint8Array(MOST_FROM_ONE * (from.length + 1));
  return to.subarray(0, new Inflater(from, to).all());
}
