/** A member of a GroupComm group through the daemon {@code groupcomm serve}. */
module groupcomm {
    exports groupcomm;
}
