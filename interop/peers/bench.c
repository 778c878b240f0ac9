#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SAMPLES = 1 << 20, MARK = 1 };

bool bench_ordered = true;

static int self;
static uint8_t *message;
static size_t size_now, capacity;
static bool sending, marking, probing, prepared;
static long pings;
static bool waits;
static uint64_t until, number;
static size_t own_sent, own_back;

static uint64_t count, hash, first, last;
static long open_senders;
static uint64_t cpu_before;

static uint32_t *samples;
static size_t sampled;

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t cpu_us(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000u + (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    fflush(stdout);
}

_Noreturn void bench_fail(const char *what)
{
    say("failed\t%s\n", what);
    exit(1);
}

void bench_joined(int id)
{
    self = id;
    samples = malloc(SAMPLES * sizeof *samples);
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    say("joined\t%d\t0\n", id);
}

static void need(size_t size)
{
    if (size < 16)
        size = 16;
    if (size > capacity) {
        message = realloc(message, size);
        for (size_t i = capacity; i < size; i++)
            message[i] = (uint8_t)(i * 131 + (size_t)self);
        capacity = size;
    }
}

/* The first eight bytes: a number or a time, and in the lowest one who sent it. */
static void stamp(uint64_t value)
{
    value = (value & ~(uint64_t)0xff) | (uint64_t)self;
    memcpy(message, &value, sizeof value);
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static double percentile(double part)
{
    if (sampled == 0)
        return 0;
    size_t at = (size_t)(part * (double)sampled);
    return samples[at < sampled ? at : sampled - 1] / 1000.0;
}

static void command(char *line)
{
    char *fields[3] = { line, "", "" };
    for (int i = 1; i < 3; i++) {
        char *tab = strchr(fields[i - 1], '\t');
        if (!tab)
            break;
        *tab = 0;
        fields[i] = tab + 1;
    }
    if (!strcmp(line, "count")) {
        count = hash = first = last = 0;
        probing = false;
        open_senders = atol(fields[1]);
        cpu_before = cpu_us();
        say("ready\n");
    } else if (!strcmp(line, "send")) {
        size_now = (size_t)atol(fields[1]);
        need(size_now);
        until = now_ns() + (uint64_t)atol(fields[2]) * 1000000u;
        sending = true;
    } else if (!strcmp(line, "probe")) {
        probing = true;
        sampled = 0;
        say("ready\n");
    } else if (!strcmp(line, "ping")) {
        size_now = (size_t)atol(fields[1]) < 8 ? 8 : (size_t)atol(fields[1]);
        need(size_now);
        pings = atol(fields[2]);
        waits = false;
    } else if (!strcmp(line, "rank")) {
        say("rank\t1\n"); /* no node of these systems orders for the others */
    } else if (!strcmp(line, "times")) {
        qsort(samples, sampled, sizeof *samples, by_value);
        say("times\t%.3f\t%.3f\t%.3f\t0\t0\t0\n", percentile(0.5), percentile(0.99), percentile(0.999));
    }
}

void bench_read(void)
{
    static char buffer[4096];
    static size_t filled;
    ssize_t got = read(STDIN_FILENO, buffer + filled, sizeof buffer - filled - 1);
    if (got == 0 || (got < 0 && errno != EAGAIN))
        exit(0);
    if (got < 0)
        return;
    filled += (size_t)got;
    buffer[filled] = 0;
    char *line = buffer, *end;
    while ((end = strchr(line, '\n'))) {
        *end = 0;
        command(line);
        line = end + 1;
    }
    filled -= (size_t)(line - buffer);
    memmove(buffer, line, filled);
}

const uint8_t *bench_next(size_t *size)
{
    if (pings > 0 && !waits) {
        stamp(now_ns());
        *size = size_now;
        return message;
    }
    if (!sending)
        return NULL;
    if (!prepared) {
        if ((number & 15) == 0 || size_now >= 4096)
            marking = now_ns() >= until;
        stamp(++number << 8);
        prepared = true;
    }
    *size = marking ? MARK : size_now;
    return message;
}

void bench_sent(void)
{
    prepared = false;
    if (pings > 0) {
        waits = true;
        return;
    }
    if (marking)
        sending = marking = false;
    else
        own_sent += size_now;
}

size_t bench_outstanding(void) { return own_sent - own_back; }

static void report(void)
{
    char line[256] = "";
    long pages = 0, resident = 0;
    FILE *memory = fopen("/proc/self/statm", "r");
    if (memory) {
        if (fscanf(memory, "%ld %ld", &pages, &resident) != 2)
            resident = 0;
        fclose(memory);
    }
    snprintf(line, sizeof line, "burst\t%llu\t%.3f\t%016llx\t%llu\t-1\t%lld\n", (unsigned long long)count, (double)(last - first) / 1e6,
        (unsigned long long)hash, (unsigned long long)(cpu_us() - cpu_before), (long long)resident * sysconf(_SC_PAGESIZE));
    say("%s", line);
}

void bench_delivered(const uint8_t *payload, size_t size)
{
    if (size == MARK) {
        last = now_ns();
        if (--open_senders == 0)
            report();
        return;
    }
    uint64_t head;
    memcpy(&head, payload, sizeof head);
    bool own = (int)(head & 0xff) == self;
    if (probing) {
        if (!own)
            return;
        if (sampled < SAMPLES)
            samples[sampled++] = (uint32_t)(now_ns() - (head & ~(uint64_t)0xff));
        waits = false;
        if (--pings == 0)
            say("pinged\n");
        return;
    }
    if (own)
        own_back += size;
    if (count++ == 0)
        first = now_ns();
    uint64_t item = XXH3_64bits(payload, size);
    hash = bench_ordered ? (((hash << 5) | (hash >> 59)) ^ item) * 0x9E3779B97F4A7C15u : hash + item * (item | 1);
}
