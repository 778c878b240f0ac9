// The session layer: counted frames each way, kept until acknowledged, sent again after a cut; windows; who reconnects.

import { GroupCommError } from './errors.js'
import { BadFrame, Kind, Splitter, decode, encode, firstCounted } from './frames.js'
import { open } from './transport.js'

const inHandler = 8
const quiet = 5000
const silent = 15000
const final = new Set(['bad-frame', 'taken-over', 'version', 'too-many', 'no-token', 'wrong-token'])
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

export class Session {
  onFrame = () => {} // (frame, number, size)
  onLost = () => {}
  onEnd = () => {}
  node = ''
  cluster = ''
  received = 0
  #id = null
  #handled = 0
  #acknowledged = 0
  #kept = []
  #keptBytes = 0
  #dropped = 0
  #sendWindow = 65536
  maxPayload = 0
  #waiting = []
  #transport = null
  #heard = 0
  #at = 0
  #closed = null
  #timer = null

  constructor(endpoints, { window = 1 << 20, grace = 10, name = 'groupcomm-node 0.1', patience = 30, token = null, tls = {} } = {}) {
    Object.assign(this, { endpoints, window, grace, name, patience, token, tls })
  }

  async start() {
    await this.#connect()
    this.#timer = setInterval(() => this.#look(), quiet / 2)
    this.#timer.unref?.()
  }

  /** Sends a counted frame; waits for the daemon's window. Sent again after a cut, so it arrives exactly once. */
  async send(frame) {
    const exempt = frame[0] === Kind.REPLY || (frame[0] === Kind.SEND && (frame[6] & inHandler) !== 0)
    if (!exempt && !this.#closed && (this.#keptBytes >= this.#sendWindow || this.#waiting.length > 0)) {
      await new Promise((resolve) => this.#waiting.push(resolve))
    }
    if (this.#closed) throw this.#closed
    const bytes = encode(frame)
    this.#kept.push(bytes)
    this.#keptBytes += bytes.length
    this.write(bytes)
  }

  /** So many counted frames were handled; tells the daemon now or later. */
  handled(count, now) {
    this.#handled = count
    if (!now || this.#handled <= this.#acknowledged || !this.#transport) return
    this.#acknowledged = this.#handled
    this.write(encode([Kind.ACK, this.#acknowledged]))
  }

  write(bytes) {
    this.#transport?.write(bytes)
  }

  /** Breaks the connection without a word, as a network does. For tests. */
  cut() {
    this.#transport?.abort()
  }

  /** Ends the session: the member leaves. */
  close() {
    this.write(encode([Kind.CLOSE, 'bye', '', '']))
    this.#end(new GroupCommError('closed', 'the client was closed'))
  }

  #end(error) {
    if (this.#closed) return
    this.#closed = error
    clearInterval(this.#timer)
    this.#transport?.close()
    this.#transport = null
    for (const go of this.#waiting.splice(0)) go()
    this.onEnd(error)
  }

  async #connect() {
    const end = Date.now() + this.patience * 1000
    for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
      let reason = 'no endpoint'
      for (let i = 0; i < this.endpoints.length; i++) {
        try {
          return await this.#greet(this.endpoints[this.#at % this.endpoints.length])
        } catch (error) {
          if (error instanceof BadFrame || final.has(error.code)) throw error instanceof BadFrame ? new GroupCommError('bad-frame', error.message) : error
          reason = error.message
          this.#at++
        }
      }
      if (this.#closed) throw this.#closed
      if (Date.now() + wait > end) throw new GroupCommError('unreachable', `no daemon at ${this.endpoints.join(', ')}: ${reason}`, 'start groupcomm serve with --socket or --tcp')
      await pause(wait)
    }
  }

  async #greet(endpoint) {
    const transport = await open(endpoint, this.tls)
    const splitter = new Splitter(() => Math.max(1 << 24, this.maxPayload + 65536))
    await new Promise((resolve, reject) => {
      let ended = false
      let greeted = false
      const fail = (error) => {
        if (ended) return
        ended = true
        clearTimeout(late)
        if (greeted) this.#broken(transport, error)
        else reject(error)
        transport.close()
      }
      const late = setTimeout(() => fail(new Error('the daemon does not answer')), 5000)
      transport.onEnd = () => fail(new Error('the connection ended'))
      transport.onData = (bytes) => {
        if (ended) return
        this.#heard = Date.now()
        splitter.add(bytes)
        try {
          for (let payload; !ended && (payload = splitter.next()) !== null; ) {
            const frame = decode(payload)
            if (frame === null) continue
            if (frame[0] === Kind.CLOSE) throw new GroupCommError(frame[1], frame[2], frame[3])
            if (greeted) this.#receive(frame, payload.length + 4)
            else {
              if (frame[0] !== Kind.WELCOME) throw new BadFrame("the daemon's first frame is not WELCOME")
              greeted = true
              clearTimeout(late)
              this.#welcome(frame, transport)
              resolve()
            }
          }
        } catch (error) {
          fail(error)
        }
      }
      const hello = [Kind.HELLO, 1, 1, this.name, this.window, Math.round(this.grace * 1000), this.#id, this.#id ? this.received : 0]
      transport.write(encode(this.token === null ? hello : [...hello, this.token]))
    })
  }

  #welcome([, , session, resumed, received, window, maxPayload, node, cluster], transport) {
    const lost = this.#id !== null && !resumed
    if (!resumed) {
      this.#kept = []
      this.#keptBytes = this.#dropped = this.received = this.#handled = 0
    }
    if (received < this.#dropped || received > this.#dropped + this.#kept.length) throw new BadFrame(`${received} frames were received, ${this.#dropped + this.#kept.length} were sent`)
    this.#id = session
    Object.assign(this, { node, cluster })
    this.#sendWindow = window
    this.maxPayload = maxPayload
    this.#acknowledged = 0
    this.#transport = transport
    this.handled(this.#handled, true)
    for (const bytes of this.#kept.slice(received - this.#dropped)) transport.write(bytes)
    if (lost) this.onLost()
    this.#release()
  }

  #receive(frame, size) {
    const kind = frame[0]
    if (kind === Kind.ACK) this.#drop(frame[1])
    else if (kind === Kind.PING) this.write(encode([Kind.PONG, frame[1]]))
    else if (kind === Kind.PONG) return
    else if (kind < firstCounted || (kind >= Kind.JOIN && kind <= Kind.REPLY)) throw new BadFrame(`a frame of kind ${kind} is not for a daemon to send now`)
    else this.onFrame(frame, ++this.received, size)
  }

  #broken(transport, error) {
    if (this.#transport !== transport || this.#closed) return
    if (error instanceof BadFrame) {
      this.write(encode([Kind.CLOSE, 'bad-frame', error.message.slice(0, 250), 'correct the daemon']))
      this.#end(new GroupCommError('bad-frame', `the daemon sent a bad frame: ${error.message}`))
      return
    }
    if (final.has(error.code)) {
      this.#end(error)
      return
    }
    if (error.code === 'draining') this.#at++
    this.#transport = null
    this.#connect().catch((failure) => this.#end(failure))
  }

  #drop(count) {
    if (count < this.#dropped || count > this.#dropped + this.#kept.length) throw new BadFrame(`${count} frames are acknowledged, ${this.#dropped + this.#kept.length} were sent`)
    for (const bytes of this.#kept.splice(0, count - this.#dropped)) this.#keptBytes -= bytes.length
    this.#dropped = count
    this.#release()
  }

  // One after the other, so that each finds the window as the one before left it.
  #release() {
    if (this.#waiting.length === 0 || this.#keptBytes >= this.#sendWindow) return
    this.#waiting.shift()()
    queueMicrotask(() => queueMicrotask(() => this.#release()))
  }

  #look() {
    if (!this.#transport) return
    const since = Date.now() - this.#heard
    if (since > silent) this.cut()
    else if (since > quiet) this.write(encode([Kind.PING, 0]))
  }
}
