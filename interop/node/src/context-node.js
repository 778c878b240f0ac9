export { AsyncLocalStorage } from 'node:async_hooks'

/** A call knows whether it is made inside a handler. */
export const knowsCalls = true
