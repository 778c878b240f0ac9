/* counter ENDPOINT NAME TIMES: a counter that all replicas hold; a late one gets it by state transfer. */

#include "../groupcomm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replica {
    int64_t count;
    bool done;
    gc_status failed;
};

static void on_message(gc_client *client, const gc_message *message, void *user)
{
    (void)client;
    struct replica *replica = user;
    char text[24];
    snprintf(text, sizeof text, "%.*s", (int)message->size, (const char *)message->payload);
    replica->count += strtoll(text, NULL, 10);
}

static void capture(gc_client *client, void *user)
{
    struct replica *replica = user;
    char text[24];
    int size = snprintf(text, sizeof text, "%" PRId64, replica->count);
    gc_state_write(client, text, (size_t)size);
}

static void restore(gc_client *client, const void *state, size_t size, void *user)
{
    (void)client;
    struct replica *replica = user;
    char text[24];
    snprintf(text, sizeof text, "%.*s", (int)size, (const char *)state);
    replica->count = strtoll(text, NULL, 10);
}

static void on_signal(gc_client *client, const gc_signal *signal, void *user)
{
    (void)client;
    if (signal->kind == GC_SIGNAL_RESET && !signal->restored)
        ((struct replica *)user)->count = 0;
}

static void on_done(gc_client *client, const gc_error *error, void *user)
{
    (void)client;
    struct replica *replica = user;
    replica->done = true;
    replica->failed = error ? error->status : GC_OK;
}

static void on_receipt(gc_client *client, const gc_receipt *receipt, void *user) { on_done(client, receipt->error, user); }

/* Runs the client until what was asked for is done. A program with more to do has one loop instead. */
static bool done(gc_client *client, struct replica *replica, gc_status asked, const char *what)
{
    gc_status status = asked;
    for (replica->done = false; status == GC_OK && !replica->done;)
        status = gc_run_once(client, -1);
    if (status == GC_OK)
        status = replica->failed;
    if (status != GC_OK)
        fprintf(stderr, "counter: %s: %s\n", what, gc_error_text(status));
    return status == GC_OK;
}

static bool add_one(gc_client *client, struct replica *replica)
{
    gc_send_options options = {.order = GC_AGREED, .flags = GC_TELL_SAFE, .on_receipt = on_receipt, .user = replica};
    gc_status status;
    while ((status = gc_send(client, "1", 1, &options)) == GC_WINDOW_FULL)
        gc_run_once(client, -1);
    return done(client, replica, status, "add one");
}

int main(int count, char **arguments)
{
    const char *endpoints[] = {count > 1 ? arguments[1] : "tcp:127.0.0.1:7481", NULL};
    const char *name = count > 2 ? arguments[2] : "c";
    long times = count > 3 ? strtol(arguments[3], NULL, 10) : 10;
    struct replica replica = {0};
    gc_client *client;
    gc_status status = gc_open(&client, &(gc_options){.endpoints = endpoints});
    if (status != GC_OK) {
        fprintf(stderr, "counter: %s\n", gc_error_text(status));
        return 2;
    }
    gc_membership membership = {.group = "counter", .member = name, .on_message = on_message, .on_signal = on_signal, .capture = capture, .restore = restore, .user = &replica};
    bool good = done(client, &replica, gc_join(client, &membership, on_done, &replica), "join");
    while (good && times-- > 0)
        good = add_one(client, &replica);
    good = good && done(client, &replica, gc_barrier(client, on_done, &replica), "barrier");
    if (good)
        printf("%s: %" PRId64 "\n", name, replica.count);
    good = good && done(client, &replica, gc_leave(client, on_done, &replica), "leave");
    gc_close(client);
    while (gc_run_once(client, -1) == GC_OK)
        ;
    gc_free(client);
    return good ? 0 : 1;
}
