/*
 * Publish and subscribe through one broker: NATS core and Redis. Whatever is queued goes out in one write, whatever has come
 * is parsed in place. A publisher lets a mebibyte of its own be under way: these systems drop a subscriber that falls behind.
 */
#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WINDOW = 1 << 20, BATCH = 64 << 10, SPACE = 24 << 20 };

struct pipe { int fd; uint8_t *out, *in; size_t out_from, out_to, in_from, in_to; };

static bool nats;
static struct pipe publish, subscribe;
static bool subscribed;

static void dial(struct pipe *p, int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int on = 1;
    p->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(p->fd, (struct sockaddr *)&at, sizeof at) != 0)
        bench_fail("the broker does not answer");
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(p->fd, F_SETFL, O_NONBLOCK);
    p->out = malloc(SPACE);
    p->in = malloc(SPACE);
}

static void put(struct pipe *p, const void *bytes, size_t size)
{
    memcpy(p->out + p->out_to, bytes, size);
    p->out_to += size;
}

static void text(struct pipe *p, const char *line) { put(p, line, strlen(line)); }

static void flush(struct pipe *p)
{
    while (p->out_from < p->out_to) {
        ssize_t sent = write(p->fd, p->out + p->out_from, p->out_to - p->out_from);
        if (sent < 0 && errno == EAGAIN) {
            memmove(p->out, p->out + p->out_from, p->out_to - p->out_from);
            p->out_to -= p->out_from;
            p->out_from = 0;
            return;
        }
        if (sent <= 0)
            bench_fail("the broker closed the connection");
        p->out_from += (size_t)sent;
    }
    p->out_from = p->out_to = 0;
}

static bool fill(struct pipe *p)
{
    if (p->in_from == p->in_to || SPACE - p->in_to < (8 << 20)) {
        memmove(p->in, p->in + p->in_from, p->in_to - p->in_from);
        p->in_to -= p->in_from;
        p->in_from = 0;
    }
    size_t room = SPACE - p->in_to < (256 << 10) ? SPACE - p->in_to : (256 << 10);
    ssize_t got = read(p->fd, p->in + p->in_to, room);
    if (got == 0 || (got < 0 && errno != EAGAIN))
        bench_fail("the broker closed the connection");
    if (got > 0)
        p->in_to += (size_t)got;
    return got > 0;
}

/* One line without its end, or NULL when it is not all there; *at moves behind it. */
static char *line(struct pipe *p, size_t *at)
{
    uint8_t *end = memchr(p->in + *at, '\n', p->in_to - *at);
    if (!end)
        return NULL;
    char *start = (char *)p->in + *at;
    *at = (size_t)(end - p->in) + 1;
    end[-1] = 0;
    return start;
}

static bool body(struct pipe *p, size_t *at, size_t size)
{
    if (p->in_to - *at < size + 2)
        return false;
    bench_delivered(p->in + *at, size);
    *at += size + 2;
    return true;
}

static void parse_nats(struct pipe *p)
{
    for (;;) {
        size_t at = p->in_from;
        uint8_t *end = memchr(p->in + at, '\n', p->in_to - at);
        if (!end)
            return;
        char *start = (char *)p->in + at;
        at = (size_t)(end - p->in) + 1;
        if (!strncmp(start, "MSG", 3)) {
            char *length = (char *)end;
            while (length[-1] != ' ')
                length--;
            if (!body(p, &at, (size_t)strtoul(length, NULL, 10)))
                return;
        } else if (!strncmp(start, "PING", 4)) {
            text(p, "PONG\r\n");
        } else if (!strncmp(start, "PONG", 4)) {
            subscribed = true;
        } else if (!strncmp(start, "-ERR", 4)) {
            *end = 0;
            bench_fail(start);
        }
        p->in_from = at;
    }
}

/* *3 $7 message $5 bench $LENGTH payload; the answer to SUBSCRIBE is the same with a number at the end. */
static void parse_redis(struct pipe *p)
{
    for (;;) {
        size_t at = p->in_from;
        static const char head[] = "*3\r\n$7\r\nmessage\r\n$5\r\nbench\r\n$";
        size_t left = p->in_to - at;
        if (left >= sizeof head - 1 && !memcmp(p->in + at, head, sizeof head - 1)) {
            at += sizeof head - 1;
            uint8_t *end = memchr(p->in + at, '\n', p->in_to - at);
            if (!end)
                return;
            size_t size = (size_t)strtoul((char *)p->in + at, NULL, 10);
            at = (size_t)(end - p->in) + 1;
            if (!body(p, &at, size))
                return;
        } else if (left >= 4 && p->in[at + 1] == '3' && !subscribed) {
            for (int i = 0; i < 6; i++)
                if (!line(p, &at))
                    return;
            subscribed = true;
        } else {
            return;
        }
        p->in_from = at;
    }
}

static void queue_one(const uint8_t *payload, size_t size)
{
    char head[96];
    snprintf(head, sizeof head, nats ? "PUB bench %zu\r\n" : "*3\r\n$7\r\nPUBLISH\r\n$5\r\nbench\r\n$%zu\r\n", size);
    struct pipe *p = nats ? &subscribe : &publish;
    text(p, head);
    put(p, payload, size);
    text(p, "\r\n");
}

int main(int argc, char **argv)
{
    if (argc != 4)
        bench_fail("usage: pubsub nats|redis ID PORT");
    nats = !strcmp(argv[1], "nats");
    bench_ordered = !nats; /* one broker thread in Redis; in NATS subscribers may see publishers in different order */
    dial(&subscribe, atoi(argv[3]));
    if (nats) {
        text(&subscribe, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB bench 1\r\nPING\r\n");
        publish.fd = -1;
    } else {
        dial(&publish, atoi(argv[3]));
        text(&subscribe, "*2\r\n$9\r\nSUBSCRIBE\r\n$5\r\nbench\r\n");
    }
    flush(&subscribe);
    bool joined = false;
    for (;;) {
        struct pipe *out = nats ? &subscribe : &publish;
        size_t size;
        const uint8_t *next = NULL;
        bool held = false;
        while (joined && out->out_to - out->out_from < BATCH && (next = bench_next(&size))) {
            held = size > 1 && bench_outstanding() > 0 && bench_outstanding() + size > WINDOW;
            if (held)
                break;
            queue_one(next, size);
            bench_sent();
        }
        flush(out);
        bool more = next && !held && out->out_to == 0;
        struct pollfd fds[3] = {
            { .fd = joined ? STDIN_FILENO : -1, .events = POLLIN },
            { .fd = subscribe.fd, .events = (short)(POLLIN | (nats && out->out_to ? POLLOUT : 0)) },
            { .fd = publish.fd, .events = (short)(POLLIN | (!nats && out->out_to ? POLLOUT : 0)) },
        };
        poll(fds, 3, more ? 0 : -1);
        if (fds[0].revents)
            bench_read();
        if (fds[1].revents & (POLLIN | POLLHUP | POLLERR) && fill(&subscribe)) {
            if (nats)
                parse_nats(&subscribe);
            else
                parse_redis(&subscribe);
        }
        if (publish.fd >= 0 && fds[2].revents & (POLLIN | POLLHUP | POLLERR)) {
            fill(&publish);
            publish.in_from = publish.in_to; /* how many heard it: of no interest */
        }
        if (subscribed && !joined) {
            joined = true;
            bench_joined(atoi(argv[2]));
        }
    }
}
