/** An operation failed; `code` is for programs, `fix` says what to do. Unless the code is `outcome-unknown`, nothing was sent. */
export class GroupCommError extends Error {
  constructor(code, detail, fix = '') {
    super(fix ? `${detail} (${code}); ${fix}` : `${detail} (${code})`)
    this.name = 'GroupCommError'
    this.code = code
    this.detail = detail
    this.fix = fix
  }
}

export const outcomeUnknown = () =>
  new GroupCommError('outcome-unknown', 'the daemon no longer knows this session', 'find out from the group, or send again if twice does no harm')
