// The Node client on strings: the conformance suite sends commands as JSON lines. interop/conformance.md has the commands.

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { connect, GroupCommError, pack, Tell, unpack } from '../src/index.js'

const text = (bytes) => new TextDecoder().decode(bytes)
const hex = (bytes) => Buffer.from(bytes).toString('hex')
const say = (line) => process.stdout.write(JSON.stringify(line) + '\n')

/** A typed value as JSON: integers and bytes as text, since JSON has neither. */
function show(value) {
  if (typeof value === 'bigint' || Number.isInteger(value)) return `int:${value}`
  if (value instanceof Uint8Array) return `hex:${hex(value)}`
  if (Array.isArray(value)) return value.map(show)
  return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(item)])) : value
}

function unshow(value) {
  if (typeof value === 'string' && value.startsWith('int:')) return BigInt(value.slice(4))
  if (typeof value === 'string' && value.startsWith('hex:')) return new Uint8Array(Buffer.from(value.slice(4), 'hex'))
  if (Array.isArray(value)) return value.map(unshow)
  return value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unshow(item)])) : value
}

class Actor {
  state = []
  free = Promise.resolve()
  release = () => {}
  quiet = false

  constructor(name) {
    this.name = name
  }

  tell(event, fields) {
    say({ as: this.name, event, ...fields })
  }

  async onMessage(message) {
    await this.free
    if (this.quiet) return
    const { id, sender, order, position, type, payload, view } = message
    const fields = { id, from: sender, order, position, type, view: view.id, size: payload.length }
    if (type === 'typed') fields.typed = show(unpack(payload))
    else if (payload.length <= 256) {
      fields.text = text(payload)
      if (position > 0) this.state.push(fields.text)
    }
    if (fields.text?.startsWith('answer me:')) await this.client.group.send(`answered:${fields.text.slice(10)}`)
    this.tell('message', fields)
  }

  onSignal({ name, reason }) {
    if (name === 'reset' && !this.client.group.handlers.restore) this.state = []
    this.tell('signal', { name, reason })
  }

  async bench(messages, size, inFlight, order) {
    this.quiet = true
    const payload = new Uint8Array(size).fill(120)
    const took = []
    const lane = async (share) => {
      for (let i = 0; i < share; i++) {
        const sent = performance.now()
        const receipt = await this.group().send(payload, { order, tell: Tell.DELIVERED })
        await receipt.delivered
        took.push(performance.now() - sent)
      }
    }
    const began = performance.now()
    await Promise.all(Array.from({ length: inFlight }, () => lane(Math.floor(messages / inFlight))))
    const seconds = (performance.now() - began) / 1e3
    took.sort((a, b) => a - b)
    return { messages: took.length, seconds, p50: took[took.length >> 1] * 1e3, p99: took[Math.floor(took.length * 0.99)] * 1e3 }
  }

  async do(what, line) {
    switch (what) {
      case 'connect': {
        const { window, grace, patience, token } = line
        const tls = line.ca && { ca: readFileSync(line.ca) }
        const options = Object.fromEntries(Object.entries({ window, grace, patience, token, tls }).filter(([, value]) => value !== undefined))
        this.client = await connect(line.at, { ...options, onClose: ({ code }) => this.tell('closed', { code }) })
        return { node: this.client.node }
      }
      case 'join': {
        const state = line.state
          ? {
              capture: () => this.state.join('\n'),
              restore: (bytes) => {
                this.state = bytes.length ? text(bytes).split('\n') : []
                this.tell('restored', { size: bytes.length })
              },
            }
          : {}
        const group = await this.client.join(line.group, {
          member: line.member,
          onMessage: (message) => this.onMessage(message),
          onView: ({ id, self, members, joined, left, token }) => this.tell('view', { id, self, members, joined, left, token }),
          onSignal: (signal) => this.onSignal(signal),
          onQuery: {
            echo: ({ payload }) => {
              if (text(payload) === 'fail') throw new Error('told to fail')
              return `${this.client.group.self.split('/')[1]}:${text(payload)}`
            },
          },
          ...state,
          ...line.options,
        })
        return { self: group.self }
      }
      case 'send': {
        const payload = line.typed ? pack(unshow(line.typed)) : (line.text ?? new Uint8Array(line.size).fill(120))
        const options = { order: line.order ?? 3, type: line.typed ? 'typed' : (line.type ?? null) }
        const receipt = await (line.group ? this.client.send(line.group, payload, options) : this.group().send(payload, options))
        return { id: await receipt[line.until ?? 'delivered'] }
      }
      case 'sendTo':
        return this.group().sendTo(line.to, line.text, line.type ?? null)
      case 'query': {
        const answers = []
        for await (const { member, value, error, departed } of this.group().query(line.type, line.text, { target: line.target ?? 0 })) {
          answers.push({ member, text: value && text(value), error, departed })
        }
        return { answers }
      }
      case 'barrier':
        return this.group().barrier()
      case 'leave':
        return this.group().leave()
      case 'close':
        return this.client.close()
      case 'cut':
        return this.client.cut()
      case 'hold':
        this.free = new Promise((resolve) => (this.release = resolve))
        return
      case 'release':
        return this.release()
      case 'state':
        return { state: this.state }
      case 'bench':
        return this.bench(line.messages, line.size, line.inFlight, line.order ?? 3)
      case 'raw':
        return this.client.writeRaw(new Uint8Array(Buffer.from(line.hex, 'hex')))
      default:
        throw new Error(`unknown command ${what}`)
    }
  }

  group() {
    if (!this.client.group) throw new GroupCommError('no-membership', 'this client is no member')
    return this.client.group
  }
}

const actors = new Map()
for await (const input of createInterface({ input: process.stdin })) {
  const line = JSON.parse(input)
  if (!actors.has(line.as)) actors.set(line.as, new Actor(line.as))
  actors.get(line.as).do(line.do, line).then(
    (ok) => say({ n: line.n, ok: ok ?? {} }),
    (error) => say({ n: line.n, error: error.code ?? error.name, detail: error.message }),
  )
}
process.exit(0)
