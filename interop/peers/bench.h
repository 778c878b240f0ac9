/* What every driver in C has in common: the lines it speaks with `groupcomm bench`, and what it counts. See README.md. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether all receivers get one order: a hash of the sequence; else a hash of the set. */
extern bool bench_ordered;

/* Says that the driver listens and has met the others; commands are read from then on. */
void bench_joined(int id);

/* Reads the commands that are there; ends the process when standard input is closed. */
void bench_read(void);

/* The next message to send, or NULL while there is none. It stays the next one until bench_sent. */
const uint8_t *bench_next(size_t *size);
void bench_sent(void);

/* Every message that the peer's library hands over, the own ones included. */
void bench_delivered(const uint8_t *payload, size_t size);

/* Own bytes sent and not yet delivered here: the window of systems that have none of their own. */
size_t bench_outstanding(void);

/* Says why and ends the process. */
_Noreturn void bench_fail(const char *what);
