/** FIFO 1, CAUSAL 2, AGREED 3, SAFE 4: the order in which members deliver a message. */
export const Order: { readonly FIFO: 1; readonly CAUSAL: 2; readonly AGREED: 3; readonly SAFE: 4 }
export type OrderValue = 1 | 2 | 3 | 4

/** Stages that a receipt is told; add them up. What is not told costs no frame. */
export const Tell: { readonly NOTHING: 0; readonly ACCEPTED: 1; readonly DELIVERED: 2; readonly SAFE: 4; readonly ALL: 7 }

export interface View {
  readonly group: string
  /** `VIEW.NUMBER`. */
  readonly id: string
  /** This member. */
  readonly self: string
  readonly members: readonly string[]
  readonly joined: readonly string[]
  readonly left: readonly string[]
  readonly reason: string
  /** The fencing token: grows with every view, compares as text. */
  readonly token: string
}

export interface Message {
  readonly id: string
  /** null when it came from outside. */
  readonly sender: string | null
  readonly order: OrderValue
  /** Its place in the view, from 1; 0 for a message to this member alone. */
  readonly position: number
  readonly type: string | null
  readonly payload: Uint8Array
  readonly view: View
}

export interface Signal {
  readonly name: 'transitional' | 'primary-lost' | 'primary-regained' | 'group-lost' | 'excluded' | 'reset' | 'left'
  readonly reason: string
}

/** A member's answer to a query: a value, an error in words, or its departure. */
export interface Reply {
  readonly member: string
  readonly value: Uint8Array | null
  readonly error: string | null
  readonly departed: boolean
}

/** Promises of the message's id. They need not be awaited. */
export interface Receipt {
  readonly accepted: Promise<string>
  readonly delivered: Promise<string>
  readonly safe: Promise<string>
}

export interface SendOptions {
  /** Default agreed. */
  order?: OrderValue
  type?: string | null
  /** Default all. */
  tell?: number
}

/** Handlers are called one at a time, in order; the next waits for the promise of the one before. */
export interface JoinOptions {
  member?: string | null
  onMessage?: (message: Message) => void | Promise<void>
  onView?: (view: View) => void | Promise<void>
  onSignal?: (signal: Signal) => void | Promise<void>
  onQuery?: Record<string, (query: Message) => Uint8Array | string | Promise<Uint8Array | string>>
  /** The state as bytes; together with `restore`. */
  capture?: () => Uint8Array | string | Promise<Uint8Array | string>
  restore?: (state: Uint8Array) => void | Promise<void>
  open?: boolean
  agreedOnly?: boolean
  startEmptyWhenStateIsLost?: boolean
  states?: boolean
  /** Milliseconds. */
  slowConsumerTimeout?: number
}

export class Group {
  readonly name: string
  readonly self: string
  readonly view: View | null
  /** Resolves when the window has room; inside a handler it never waits. */
  send(payload: Uint8Array | string, options?: SendOptions): Promise<Receipt>
  /** At most 1 MiB. */
  sendTo(member: string, payload: Uint8Array | string, type?: string | null): Promise<void>
  /** Target: 0 all, -1 more than half, n the first n. */
  query(type: string, payload: Uint8Array | string, options?: { target?: number; order?: OrderValue }): AsyncGenerator<Reply>
  /** Resolves when this member was given all that was safe anywhere before the call. */
  barrier(): Promise<void>
  leave(): Promise<void>
}

export class Client {
  readonly node: string
  readonly group: Group | null
  join(group: string, options?: JoinOptions): Promise<Group>
  /** From outside, to an open group. */
  send(group: string, payload: Uint8Array | string, options?: SendOptions): Promise<Receipt>
  close(): void
}

export interface ConnectOptions {
  /** Bytes under way towards this client, 65,536 to 16,777,216. Default 1 MiB. */
  window?: number
  /** Seconds that the member stays while the connection is cut, up to 600. Default 10. */
  grace?: number
  /** Seconds that the client tries to connect again. Default 30. */
  patience?: number
  name?: string
  /** That of the daemon's `--token-file`, which it asks for over TCP and WebSockets. */
  token?: string
  /** Of Node's `tls.connect`, for endpoints `tls:host:port`: `{ ca: readFileSync('ca.pem') }`. */
  tls?: Record<string, unknown>
  onClose?: (error: GroupCommError) => void
}

/** Connects to the first daemon that answers: `unix:/run/groupcomm.sock`, `tcp:127.0.0.1:7481`, `ws://127.0.0.1:7480/v1/gateway`. */
export function connect(endpoints: string | readonly string[], options?: ConnectOptions): Promise<Client>

/** Unless the code is `outcome-unknown`, nothing was sent. */
export class GroupCommError extends Error {
  readonly code: string
  readonly detail: string
  readonly fix: string
}

/** MessagePack, for typed messages: a map whose keys are the property names. Integers beyond 2^53 are BigInt. */
export function pack(value: unknown): Uint8Array
export function unpack(bytes: Uint8Array): unknown
