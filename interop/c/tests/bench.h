/* Messages a second, and how long each takes from the send to its delivery: lanes that send one message after the other's delivery. */

#ifndef BENCH_H
#define BENCH_H

#include <time.h>

#include "../groupcomm.h"

struct bench;

struct lane {
    struct bench *bench;
    double sent; /* s */
    int left;    /* messages */
};

struct bench {
    void (*on_end)(struct bench *bench, const gc_error *error);
    void *user;
    gc_order order;
    char *payload;
    size_t size;
    double began, seconds;
    double *took; /* s */
    int count, messages, lanes, busy;
    struct lane *lane;
    bool failed;
};

static double bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int bench_compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void bench_on_receipt(gc_client *client, const gc_receipt *receipt, void *user);

static void bench_end_lane(struct bench *bench, const gc_error *error)
{
    bench->failed = bench->failed || error;
    if (error && bench->on_end)
        bench->on_end(bench, error);
    if (error)
        bench->on_end = NULL; /* told once */
    if (--bench->busy > 0)
        return;
    bench->seconds = bench_now() - bench->began;
    qsort(bench->took, (size_t)bench->count, sizeof *bench->took, bench_compare);
    if (bench->on_end)
        bench->on_end(bench, NULL);
    free(bench->payload);
    free(bench->took);
    free(bench->lane);
    free(bench);
}

static void bench_next(gc_client *client, struct lane *lane)
{
    struct bench *bench = lane->bench;
    if (bench->failed || lane->left-- == 0) {
        bench_end_lane(bench, NULL);
        return;
    }
    lane->sent = bench_now();
    gc_status status = gc_send(client, bench->payload, bench->size,
        &(gc_send_options){.order = bench->order, .flags = GC_TELL_DELIVERED, .on_receipt = bench_on_receipt, .user = lane});
    if (status != GC_OK)
        bench_end_lane(bench, &(gc_error){status, gc_error_code(status), gc_error_text(status), ""});
}

static void bench_on_receipt(gc_client *client, const gc_receipt *receipt, void *user)
{
    struct lane *lane = user;
    struct bench *bench = lane->bench;
    if (receipt->error) {
        bench_end_lane(bench, receipt->error);
        return;
    }
    bench->took[bench->count++] = bench_now() - lane->sent;
    bench_next(client, lane);
}

/* on_end is called once; the bench is freed by itself. */
static void bench_start(gc_client *client, int messages, size_t size, int lanes, gc_order order, void (*on_end)(struct bench *, const gc_error *), void *user)
{
    struct bench *bench = json_new(sizeof *bench);
    *bench = (struct bench){.on_end = on_end, .user = user, .order = order, .size = size, .messages = messages / lanes * lanes, .lanes = lanes, .busy = lanes};
    bench->payload = json_new(size + 1);
    memset(bench->payload, 'x', size);
    bench->took = json_new(((size_t)bench->messages + 1) * sizeof *bench->took);
    bench->lane = json_new((size_t)lanes * sizeof *bench->lane);
    bench->began = bench_now();
    bench->busy++; /* none ends it while lanes are begun */
    for (int i = 0; i < lanes; i++) {
        bench->lane[i] = (struct lane){.bench = bench, .left = messages / lanes};
        bench_next(client, &bench->lane[i]);
    }
    bench_end_lane(bench, NULL);
}

#endif
