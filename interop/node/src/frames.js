// Frames of the gateway protocol: arrays of kind and fields. interop/spec/gateway.md has the rules.

import { MsgpackError, pack, unpack } from './msgpack.js'

const firstSkippable = 128

export const firstCounted = 16

export const Kind = Object.freeze({
  HELLO: 1, WELCOME: 2, ACK: 3, PING: 4, PONG: 5, CLOSE: 6,
  JOIN: 16, LEAVE: 17, SEND: 18, SEND_TO: 19, QUERY: 20, BARRIER: 21, REPLY: 22, PART: 23, END: 24,
  DONE: 32, FAILED: 33, RECEIPT: 34, ANSWER: 35,
  VIEW: 40, MESSAGE: 41, ASK: 42, CAPTURE: 43, RESTORE: 44, TRANSITIONAL: 45, PRIMARY_LOST: 46, PRIMARY_REGAINED: 47,
  GROUP_LOST: 48, EXCLUDED: 49, RESET: 50, LEFT: 51, REACHED: 52, CANCEL: 53,
})

// u uint, i int, b bool, s str, S str or nil, y bin, Y bin or nil, a array of str, m map.
const fields = {
  1: 'uusuuYu', 2: 'uybuuussb', 3: 'u', 4: 'u', 5: 'u', 6: 'sss',
  16: 'usSm', 17: 'u', 18: 'uSuSyu', 19: 'usSy', 20: 'usyui', 21: 'u', 22: 'uby', 23: 'uy', 24: 'uS',
  32: 'u', 33: 'usss', 34: 'uus', 35: 'usuy',
  40: 'sssaaass', 41: 'sSuuSy', 42: 'usSuusy', 43: 'u', 44: 'u', 45: 's', 46: 's', 47: '', 48: '', 49: 's', 50: 's', 51: 's', 52: 'u', 53: 'u',
}

const isText = (value) => typeof value === 'string'
const isBytes = (value) => value instanceof Uint8Array
const isUint = (value) => Number.isSafeInteger(value) && value >= 0

const checks = {
  u: isUint,
  i: (value) => Number.isSafeInteger(value),
  b: (value) => typeof value === 'boolean',
  s: isText,
  S: (value) => value === null || isText(value),
  y: isBytes,
  Y: (value) => value === null || isBytes(value),
  a: (value) => Array.isArray(value) && value.every(isText),
  m: (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !isBytes(value),
}

/** The other side broke a rule of the specification. */
export class BadFrame extends Error {}

/** The frame with its length. */
export function encode(frame) {
  const payload = pack(frame)
  const bytes = new Uint8Array(4 + payload.length)
  new DataView(bytes.buffer).setUint32(0, payload.length)
  bytes.set(payload, 4)
  return bytes
}

/** The frame of a payload; null for a kind that a later version may have added. */
export function decode(payload) {
  let frame
  try {
    frame = unpack(payload)
  } catch (error) {
    throw error instanceof MsgpackError ? new BadFrame(error.message) : error
  }
  if (!Array.isArray(frame) || !isUint(frame[0])) throw new BadFrame('a frame is an array that begins with its kind')
  if (frame[0] >= firstSkippable) return null
  const form = fields[frame[0]]
  if (form === undefined) throw new BadFrame(`${frame[0]} is no kind of frame`)
  if (frame.length <= form.length) throw new BadFrame('the array has too few elements')
  for (let i = 0; i < form.length; i++) {
    if (!checks[form[i]](frame[i + 1])) throw new BadFrame(`field ${i + 1} of a frame of kind ${frame[0]} is not what it must be`)
  }
  return frame.slice(0, form.length + 1)
}

/** Cuts a stream of bytes into frames. */
export class Splitter {
  #chunks = []
  #size = 0

  constructor(most) {
    this.most = most
  }

  add(chunk) {
    this.#chunks.push(chunk)
    this.#size += chunk.length
  }

  /** The next payload, or null when more bytes are needed. */
  next() {
    if (this.#size < 4) return null
    if (this.#chunks[0].length < 4) this.#join()
    const head = this.#chunks[0]
    const length = new DataView(head.buffer, head.byteOffset, 4).getUint32(0)
    if (length === 0 || length > this.most()) throw new BadFrame(`a frame of ${length} bytes is announced`)
    if (this.#size < 4 + length) return null
    if (this.#chunks[0].length < 4 + length) this.#join()
    const all = this.#chunks[0]
    this.#chunks[0] = all.subarray(4 + length)
    if (this.#chunks[0].length === 0) this.#chunks.shift()
    this.#size -= 4 + length
    return all.subarray(4, 4 + length)
  }

  #join() {
    const all = new Uint8Array(this.#size)
    let at = 0
    for (const chunk of this.#chunks) {
      all.set(chunk, at)
      at += chunk.length
    }
    this.#chunks = [all]
  }
}
