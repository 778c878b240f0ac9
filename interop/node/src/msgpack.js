// MessagePack, as far as frames and typed messages need it. Integers outside of what a number holds exactly are BigInt.
// What is read is untrusted: sizes are checked against the bytes that are there, nesting is bounded.

const maxDepth = 32
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export class MsgpackError extends Error {}

/** One value as bytes. Integers take their shortest form. */
export function pack(value) {
  const writer = new Writer()
  writer.value(value, 0)
  return writer.bytes.slice(0, writer.at)
}

/** The one value that the bytes are. */
export function unpack(bytes) {
  const reader = new Reader(bytes)
  const value = reader.value(0)
  if (reader.at !== bytes.length) throw new MsgpackError('bytes follow the value')
  return value
}

class Writer {
  bytes = new Uint8Array(256)
  at = 0

  room(size) {
    if (this.at + size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + size))
      larger.set(this.bytes.subarray(0, this.at))
      this.bytes = larger
    }
    return new DataView(this.bytes.buffer, this.at)
  }

  byte(value) {
    this.room(1).setUint8(0, value)
    this.at += 1
  }

  sized(code, size, write) {
    const view = this.room(1 + size)
    view.setUint8(0, code)
    write(view)
    this.at += 1 + size
  }

  append(bytes) {
    this.room(bytes.length)
    this.bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  value(value, depth) {
    if (depth > maxDepth) throw new MsgpackError(`nested more than ${maxDepth} deep`)
    if (value === null || value === undefined) this.byte(0xc0)
    else if (typeof value === 'boolean') this.byte(value ? 0xc3 : 0xc2)
    else if (typeof value === 'number' && !Number.isInteger(value)) this.sized(0xcb, 8, (view) => view.setFloat64(1, value))
    else if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new MsgpackError(`${value} is no exact integer: use a BigInt`)
    else if (typeof value === 'number' || typeof value === 'bigint') this.integer(BigInt(value))
    else if (typeof value === 'string') {
      const bytes = encoder.encode(value)
      this.head(bytes.length, 0xa0, 32, 0xd9, 0xda, 0xdb)
      this.append(bytes)
    } else if (value instanceof Uint8Array) {
      this.head(value.length, 0, 0, 0xc4, 0xc5, 0xc6)
      this.append(value)
    } else if (Array.isArray(value)) {
      this.head(value.length, 0x90, 16, 0, 0xdc, 0xdd)
      for (const item of value) this.value(item, depth + 1)
    } else if (typeof value === 'object') {
      const entries = Object.entries(value)
      this.head(entries.length, 0x80, 16, 0, 0xde, 0xdf)
      for (const [key, item] of entries) {
        this.value(key, depth + 1)
        this.value(item, depth + 1)
      }
    } else throw new TypeError(`a ${typeof value} has no form in MessagePack`)
  }

  integer(value) {
    if (value >= 0n) {
      if (value < 128n) this.byte(Number(value))
      else if (value < 1n << 8n) this.sized(0xcc, 1, (view) => view.setUint8(1, Number(value)))
      else if (value < 1n << 16n) this.sized(0xcd, 2, (view) => view.setUint16(1, Number(value)))
      else if (value < 1n << 32n) this.sized(0xce, 4, (view) => view.setUint32(1, Number(value)))
      else if (value < 1n << 64n) this.sized(0xcf, 8, (view) => view.setBigUint64(1, value))
      else throw new MsgpackError('an integer has at most 64 bits')
    } else if (value >= -32n) this.byte(256 + Number(value))
    else if (value >= -(1n << 7n)) this.sized(0xd0, 1, (view) => view.setInt8(1, Number(value)))
    else if (value >= -(1n << 15n)) this.sized(0xd1, 2, (view) => view.setInt16(1, Number(value)))
    else if (value >= -(1n << 31n)) this.sized(0xd2, 4, (view) => view.setInt32(1, Number(value)))
    else if (value >= -(1n << 63n)) this.sized(0xd3, 8, (view) => view.setBigInt64(1, value))
    else throw new MsgpackError('an integer has at most 64 bits')
  }

  head(size, fix, fixLimit, code8, code16, code32) {
    if (size < fixLimit) this.byte(fix | size)
    else if (code8 && size < 1 << 8) this.sized(code8, 1, (view) => view.setUint8(1, size))
    else if (size < 1 << 16) this.sized(code16, 2, (view) => view.setUint16(1, size))
    else this.sized(code32, 4, (view) => view.setUint32(1, size))
  }
}

class Reader {
  at = 0

  constructor(bytes) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  need(size) {
    if (this.at + size > this.bytes.length) throw new MsgpackError('the bytes end before the value does')
    this.at += size
    return this.at - size
  }

  value(depth) {
    if (depth > maxDepth) throw new MsgpackError(`nested more than ${maxDepth} deep`)
    const code = this.view.getUint8(this.need(1))
    if (code < 0x80) return code
    if (code >= 0xe0) return code - 256
    if (code < 0x90) return this.map(code & 0x0f, depth)
    if (code < 0xa0) return this.array(code & 0x0f, depth)
    if (code < 0xc0) return this.text(code & 0x1f)
    switch (code) {
      case 0xc0: return null
      case 0xc2: return false
      case 0xc3: return true
      case 0xc4: return this.binary(this.size(1))
      case 0xc5: return this.binary(this.size(2))
      case 0xc6: return this.binary(this.size(4))
      case 0xca: return this.view.getFloat32(this.need(4))
      case 0xcb: return this.view.getFloat64(this.need(8))
      case 0xcc: return this.size(1)
      case 0xcd: return this.size(2)
      case 0xce: return this.size(4)
      case 0xcf: return exact(this.view.getBigUint64(this.need(8)))
      case 0xd0: return this.view.getInt8(this.need(1))
      case 0xd1: return this.view.getInt16(this.need(2))
      case 0xd2: return this.view.getInt32(this.need(4))
      case 0xd3: return exact(this.view.getBigInt64(this.need(8)))
      case 0xd9: return this.text(this.size(1))
      case 0xda: return this.text(this.size(2))
      case 0xdb: return this.text(this.size(4))
      case 0xdc: return this.array(this.size(2), depth)
      case 0xdd: return this.array(this.size(4), depth)
      case 0xde: return this.map(this.size(2), depth)
      case 0xdf: return this.map(this.size(4), depth)
      default: throw new MsgpackError(`the code 0x${code.toString(16)} is not read here`)
    }
  }

  size(bytes) {
    const at = this.need(bytes)
    return bytes === 1 ? this.view.getUint8(at) : bytes === 2 ? this.view.getUint16(at) : this.view.getUint32(at)
  }

  binary(size) {
    const at = this.need(size)
    return this.bytes.slice(at, at + size)
  }

  text(size) {
    const at = this.need(size)
    try {
      return decoder.decode(this.bytes.subarray(at, at + size))
    } catch {
      throw new MsgpackError('a str is not UTF-8')
    }
  }

  array(size, depth) {
    const items = []
    for (let i = 0; i < size; i++) items.push(this.value(depth + 1))
    return items
  }

  map(size, depth) {
    const items = []
    for (let i = 0; i < size; i++) {
      const key = this.value(depth + 1)
      if (typeof key !== 'string' && typeof key !== 'number') throw new MsgpackError('a key is neither text nor number')
      items.push([key, this.value(depth + 1)])
    }
    return Object.fromEntries(items) // never sets a prototype
  }
}

function exact(value) {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value
}
