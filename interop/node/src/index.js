import { Client } from './client.js'

export { Client, Group, Order, Tell } from './client.js'
export { GroupCommError } from './errors.js'
export { pack, unpack } from './msgpack.js'

/** Connects to the first daemon that answers: `unix:/run/groupcomm.sock`, `tcp:127.0.0.1:7481`, `ws://127.0.0.1:7480/v1/gateway`. */
export function connect(endpoints, options = {}) {
  return new Client([endpoints].flat(), options).start()
}
