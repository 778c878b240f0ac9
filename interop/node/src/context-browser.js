// Browsers do not know which call an await goes on in: there a send counts as one inside a handler while a handler runs.

export class AsyncLocalStorage {
  #store

  getStore() {
    return this.#store
  }

  async run(store, work) {
    this.#store = store
    try {
      return await work()
    } finally {
      this.#store = undefined
    }
  }
}

/** A call does not know whether it is made inside a handler. */
export const knowsCalls = false
