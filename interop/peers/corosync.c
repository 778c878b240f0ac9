/* Corosync's closed process groups: agreed order. One client of the daemon of its node. */
#define _GNU_SOURCE
#include "bench.h"

#include <corosync/cpg.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* The library sends what is larger in fragments, with sleeps of 10 ms between them; parts of our own are four times as fast. */
enum { PART = 256 << 10, NODES = 16 };

/* How long a sender whom the daemon told to try again waits when nothing is delivered: 50 µs. */
enum { AGAIN = 50000 };

static size_t members;
static struct { uint8_t *bytes; size_t size, got; } whole[NODES];

/* A part begins with the size of the whole, where it has parts; one that has none is of at most PART bytes. */

static void deliver(cpg_handle_t h, const struct cpg_name *group, uint32_t node, uint32_t pid, void *payload, size_t size)
{
    (void)h, (void)group, (void)pid;
    uint32_t all;
    memcpy(&all, payload, sizeof all);
    payload = (uint8_t *)payload + sizeof all;
    size -= sizeof all;
    if (all == size) {
        bench_delivered(payload, size);
        return;
    }
    if (node >= NODES)
        bench_fail("more nodes than this driver knows");
    if (whole[node].size < all) {
        whole[node].bytes = realloc(whole[node].bytes, all);
        whole[node].size = all;
    }
    memcpy(whole[node].bytes + whole[node].got, payload, size);
    whole[node].got += size;
    if (whole[node].got == all) {
        whole[node].got = 0;
        bench_delivered(whole[node].bytes, all);
    }
}

static void changed(cpg_handle_t h, const struct cpg_name *group, const struct cpg_address *all, size_t count,
    const struct cpg_address *left, size_t left_count, const struct cpg_address *joined, size_t joined_count)
{
    (void)h, (void)group, (void)all, (void)left, (void)left_count, (void)joined, (void)joined_count;
    members = count;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        bench_fail("usage: corosync ID NODES");
    cpg_handle_t handle;
    cpg_callbacks_t callbacks = { .cpg_deliver_fn = deliver, .cpg_confchg_fn = changed };
    struct cpg_name group = { .length = 5, .value = "bench" };
    int fd;
    if (cpg_initialize(&handle, &callbacks) != CS_OK || cpg_join(handle, &group) != CS_OK || cpg_fd_get(handle, &fd) != CS_OK)
        bench_fail("no corosync daemon answers on this node");
    while (members < (size_t)atoi(argv[2]))
        if (cpg_dispatch(handle, CS_DISPATCH_ONE) != CS_OK)
            bench_fail("the corosync daemon has ended");
    bench_joined(atoi(argv[1]));

    struct pollfd fds[2] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = fd, .events = POLLIN } };
    size_t sent = 0;
    for (;;) {
        size_t size;
        const uint8_t *next;
        cs_error_t said = CS_OK;
        for (int i = 0; i < 64 && (next = bench_next(&size)); i++) {
            uint32_t all = (uint32_t)size;
            size_t length = size - sent < PART ? size - sent : PART;
            struct iovec parts[2] = { { &all, sizeof all }, { (void *)(next + sent), length } };
            said = cpg_mcast_joined(handle, CPG_TYPE_AGREED, parts, 2);
            if (said != CS_OK)
                break;
            sent += length;
            if (sent == size) {
                sent = 0;
                bench_sent();
            }
        }
        if (said != CS_OK && said != CS_ERR_TRY_AGAIN)
            bench_fail("cpg_mcast_joined was refused");
        struct timespec soon = { .tv_nsec = said == CS_ERR_TRY_AGAIN ? AGAIN : 0 };
        ppoll(fds, 2, bench_next(&size) ? &soon : NULL, NULL);
        if (fds[0].revents)
            bench_read();
        if (fds[1].revents && cpg_dispatch(handle, CS_DISPATCH_ALL) != CS_OK)
            bench_fail("the corosync daemon has ended");
    }
}
