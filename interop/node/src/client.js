// A client of the gateway: one connection, at most one membership.

import { AsyncLocalStorage, knowsCalls } from '#context'
import { GroupCommError, outcomeUnknown } from './errors.js'
import { Kind } from './frames.js'
import { Session } from './session.js'

export const Order = Object.freeze({ FIFO: 1, CAUSAL: 2, AGREED: 3, SAFE: 4 })
export const Tell = Object.freeze({ NOTHING: 0, ACCEPTED: 1, DELIVERED: 2, SAFE: 4, ALL: 7 })

const signals = {
  [Kind.TRANSITIONAL]: 'transitional', [Kind.PRIMARY_LOST]: 'primary-lost', [Kind.PRIMARY_REGAINED]: 'primary-regained',
  [Kind.GROUP_LOST]: 'group-lost', [Kind.EXCLUDED]: 'excluded', [Kind.RESET]: 'reset', [Kind.LEFT]: 'left',
}
const encoder = new TextEncoder()
const decoder = new TextDecoder()
const inHandler = new AsyncLocalStorage()
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const isEvent = (kind) => kind >= Kind.VIEW || kind === Kind.PART || kind === Kind.END
const bytesOf = (payload) => (typeof payload === 'string' ? encoder.encode(payload) : payload)

/** How far a sent message is: promises of its id. */
class Receipt {
  #stages = new Map()

  constructor(tell) {
    for (const stage of [1, 2, 4]) {
      if (!(tell & stage)) continue
      const each = {}
      each.promise = new Promise((resolve, reject) => Object.assign(each, { resolve, reject }))
      each.promise.catch(() => {}) // never an unhandled rejection
      this.#stages.set(stage, each)
    }
  }

  get accepted() { return this.#promise(1) }
  get delivered() { return this.#promise(2) }
  get safe() { return this.#promise(4) }

  #promise(stage) {
    if (!this.#stages.has(stage)) throw new Error('this send did not ask to be told that: see Tell')
    return this.#stages.get(stage).promise
  }

  reach(stage, id) {
    const each = this.#stages.get(stage)
    if (each) [each.done] = [true, each.resolve(id)]
    return [...this.#stages.values()].every(({ done }) => done)
  }

  fail(error) {
    for (const { reject } of this.#stages.values()) reject(error)
  }
}

export class Client {
  #session
  #nextRef = 1
  #receipts = new Map()
  #requests = new Map()
  #answers = new Map()
  #events = []
  #busy = false
  #unacknowledged = 0
  #life = 0
  #closed = null
  #onClose

  constructor(endpoints, options) {
    this.#onClose = options.onClose ?? (() => {})
    this.#session = new Session(endpoints, options)
    this.#session.onFrame = (frame, number, size) => this.#onFrame(frame, number, size)
    this.#session.onLost = () => this.#onLost()
    this.#session.onEnd = (error) => {
      this.#closed = error
      this.#failAll(error)
      this.#onClose(error)
    }
    this.group = null
  }

  get node() { return this.#session.node }

  async start() {
    await this.#session.start()
    return this
  }

  async join(group, { member = null, onMessage, onView, onSignal, onQuery = {}, capture, restore, ...options } = {}) {
    if (!capture !== !restore) throw new TypeError('capture and restore go together: give both or none')
    if (this.group) throw new Error('this client is a member already: connect a second one for another group')
    if (capture) options.state = true
    const joined = new Group(this, group, member, options, { onMessage, onView, onSignal, onQuery, capture, restore })
    this.group = joined
    try {
      await this.request(Kind.JOIN, group, member, options)
    } catch (error) {
      this.group = null
      throw error
    }
    return joined
  }

  send(group, payload, options) { return this.sendFrame(group, payload, options) }

  close() { this.#session.close() }

  cut() { this.#session.cut() }

  /** Writes bytes past the codec. For tests. */
  writeRaw(bytes) { this.#session.write(bytes) }

  async sendFrame(group, payload, { order = Order.AGREED, type = null, tell = Tell.ALL } = {}) {
    if (this.#closed) throw this.#closed
    const bytes = bytesOf(payload)
    if (bytes.length > this.#session.maxPayload) throw new GroupCommError('too-large', `the message has ${bytes.length} bytes, the maximum is ${this.#session.maxPayload}; nothing was sent`, 'split it')
    const ref = this.#nextRef++
    const receipt = new Receipt(tell)
    if (tell) this.#receipts.set(ref, receipt)
    try {
      await this.#session.send([Kind.SEND, ref, group, order, type, bytes, tell | (group === null && inHandler.getStore() ? 8 : 0)])
    } catch (error) {
      this.#receipts.delete(ref)
      throw error
    }
    return receipt
  }

  counted(frame) { return this.#session.send(frame) }

  async request(kind, ...fields) {
    if (knowsCalls && inHandler.getStore() && (kind === Kind.BARRIER || kind === Kind.LEAVE || kind === Kind.JOIN)) throw new Error('that would wait for this very handler to end: call it outside of handlers')
    const ref = this.#nextRef++
    const done = new Promise((resolve, reject) => this.#requests.set(ref, { resolve, reject }))
    done.catch(() => {})
    try {
      await this.#session.send([kind, ref, ...fields])
      await done
    } finally {
      this.#requests.delete(ref)
    }
  }

  async *query(type, payload, { target = 0, order = Order.AGREED } = {}) {
    if (knowsCalls && inHandler.getStore()) throw new Error('a query would wait for this very handler to end: ask outside of handlers')
    const ref = this.#nextRef++
    const answers = { items: [], wake: () => {} }
    this.#answers.set(ref, answers)
    try {
      await this.#session.send([Kind.QUERY, ref, type, bytesOf(payload), order, target])
      while (true) {
        while (answers.items.length === 0) await new Promise((resolve) => (answers.wake = resolve))
        const { reply, error } = answers.items.shift()
        if (error) throw error
        if (!reply) return
        yield reply
      }
    } finally {
      this.#answers.delete(ref)
    }
  }

  #onFrame(frame, number, size) {
    this.#unacknowledged += size
    const [kind, ref] = frame
    if (isEvent(kind)) {
      this.#events.push([frame, number])
      if (!this.#busy) this.#dispatch()
      return
    }
    if (kind === Kind.RECEIPT) {
      if (this.#receipts.get(ref)?.reach(frame[2], frame[3])) this.#receipts.delete(ref)
    } else if (kind === Kind.ANSWER) this.#answer(ref, { reply: { member: frame[2], value: frame[3] === 0 ? frame[4] : null, error: frame[3] === 1 ? decoder.decode(frame[4]) : null, departed: frame[3] === 2 } })
    else if (kind === Kind.DONE) this.#done(ref)
    else if (kind === Kind.FAILED) this.#failed(ref, new GroupCommError(frame[2], frame[3], frame[4]))
    if (!this.#busy && this.#events.length === 0) this.#acknowledge(number)
  }

  #answer(ref, item) {
    const answers = this.#answers.get(ref)
    answers?.items.push(item)
    answers?.wake()
  }

  #done(ref) {
    this.#requests.get(ref)?.resolve()
    this.#answer(ref, {})
  }

  #failed(ref, error) {
    this.#receipts.get(ref)?.fail(error)
    this.#receipts.delete(ref)
    this.#requests.get(ref)?.reject(error)
    this.#answer(ref, { error })
  }

  #failAll(error) {
    for (const ref of [...this.#receipts.keys(), ...this.#requests.keys(), ...this.#answers.keys()]) this.#failed(ref, error)
  }

  #acknowledge(number) {
    const idle = this.#events.length === 0
    const now = idle || this.#unacknowledged > this.#session.window / 4
    this.#session.handled(idle ? this.#session.received : number, now)
    if (now) this.#unacknowledged = 0
  }

  async #dispatch() {
    this.#busy = true
    while (this.#events.length > 0 && !this.#closed) {
      const [frame, number] = this.#events.shift()
      const life = this.#life
      try {
        if (frame[0] === Kind.REACHED) this.#done(frame[1])
        else if (this.group) await inHandler.run(true, () => this.group.handle(frame))
      } catch {
        continue // the client was closed meanwhile
      }
      if (life === this.#life) this.#acknowledge(number)
    }
    this.#busy = false
  }

  #onLost() {
    this.#life++
    this.#events = []
    this.#failAll(outcomeUnknown())
    if (this.group?.view) this.#rejoin(this.group)
  }

  async #rejoin(group) {
    const life = this.#life
    while (life === this.#life && !this.#closed) {
      if (!group.handlers.restore) this.#onLocal([Kind.RESET, 'the daemon no longer knows this session'])
      try {
        return await this.request(Kind.JOIN, group.name, group.member, group.options)
      } catch (error) {
        if (error.code === 'outcome-unknown') return
        await pause(200) // the old life of this member may not be out of the view yet
      }
    }
  }

  #onLocal(frame) {
    this.#events.push([frame, 0])
    if (!this.#busy) this.#dispatch()
  }
}

export class Group {
  #parts = null

  constructor(client, name, member, options, handlers) {
    Object.assign(this, { client, name, member, options, handlers, view: null })
  }

  /** This member, as views name it. */
  get self() {
    if (!this.view) throw new Error('the member has no view yet')
    return this.view.self
  }

  send(payload, options) { return this.client.sendFrame(null, payload, options) }
  sendTo(member, payload, type = null) { return this.client.request(Kind.SEND_TO, member, type, bytesOf(payload)) }
  query(type, payload, options) { return this.client.query(type, payload, options) }
  barrier() { return this.client.request(Kind.BARRIER) }

  async leave() {
    await this.client.request(Kind.LEAVE)
    this.client.group = null
  }

  async handle(frame) {
    const [kind, first] = frame
    const { onMessage, onView, onSignal, capture } = this.handlers
    switch (kind) {
      case Kind.MESSAGE:
        return this.#call(onMessage, message(frame, this.view))
      case Kind.VIEW:
        this.view = Object.fromEntries(['group', 'id', 'self', 'members', 'joined', 'left', 'reason', 'token'].map((name, i) => [name, frame[i + 1]]))
        return this.#call(onView, this.view)
      case Kind.ASK:
        return this.client.counted([Kind.REPLY, first, ...(await this.#ask(frame))])
      case Kind.CAPTURE:
        return this.#give(first, capture)
      case Kind.RESTORE:
        this.#parts = { transfer: first, chunks: [] }
        return
      case Kind.CANCEL:
        if (this.#parts?.transfer === first) this.#parts = null
        return
      case Kind.PART:
        if (this.#parts?.transfer === first) this.#parts.chunks.push(frame[2])
        return
      case Kind.END:
        return this.#take(first, frame[2])
      default:
        return this.#call(onSignal, { name: signals[kind], reason: frame[1] ?? '' })
    }
  }

  async #call(handler, argument) {
    try {
      await handler?.(argument)
    } catch (error) {
      console.error('a GroupComm handler failed:', error) // a handler never ends the client
    }
  }

  async #ask(frame) {
    try {
      const handler = Object.hasOwn(this.handlers.onQuery, frame[6]) ? this.handlers.onQuery[frame[6]] : null
      if (!handler) throw new Error('no query handler is registered for this type')
      return [true, bytesOf(await handler(message([frame[0], ...frame.slice(2)], this.view)))]
    } catch (error) {
      return [false, encoder.encode(String(error.message).slice(0, 1024))]
    }
  }

  async #give(transfer, capture) {
    let state
    try {
      state = bytesOf(await capture())
    } catch (error) {
      return this.client.counted([Kind.END, transfer, String(error.message).slice(0, 250)])
    }
    for (let at = 0; at < state.length; at += 65536) await this.client.counted([Kind.PART, transfer, state.subarray(at, at + 65536)])
    return this.client.counted([Kind.END, transfer, null])
  }

  async #take(transfer, error) {
    const parts = this.#parts
    this.#parts = null
    if (parts?.transfer !== transfer || error !== null) return
    const state = new Uint8Array(parts.chunks.reduce((size, chunk) => size + chunk.length, 0))
    let at = 0
    for (const chunk of parts.chunks) {
      state.set(chunk, at)
      at += chunk.length
    }
    let failure = null
    try {
      await this.handlers.restore(state)
    } catch (thrown) {
      failure = String(thrown.message).slice(0, 250)
    }
    return this.client.counted([Kind.END, transfer, failure])
  }
}

function message([, id, sender, order, position, type, payload], view) {
  return { id, sender, order, position, type, payload, view }
}
