/* chat ENDPOINT NAME: lines of the keyboard go to everybody. */

#include "../groupcomm.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void on_message(gc_client *client, const gc_message *message, void *user)
{
    (void)client, (void)user;
    printf("%s: %.*s\n", message->from ? message->from : "outside", (int)message->size, (const char *)message->payload);
    fflush(stdout);
}

static void on_view(gc_client *client, const gc_view *view, void *user)
{
    (void)client, (void)user;
    printf("-- here:");
    for (size_t i = 0; i < view->member_count; i++)
        printf("%s %s", i > 0 ? "," : "", view->members[i]);
    printf("\n");
    fflush(stdout);
}

static void on_left(gc_client *client, const gc_error *error, void *user)
{
    (void)error, (void)user;
    gc_close(client);
}

static void on_joined(gc_client *client, const gc_error *error, void *user)
{
    *(bool *)user = true;
    if (error) {
        fprintf(stderr, "chat: %s: %s\n", error->detail, error->fix);
        gc_close(client);
    }
}

/* One loop for the keyboard and the client: neither waits for the other. */
static gc_status run(gc_client *client, const bool *joined)
{
    char line[4096];
    size_t used = 0;
    bool typing = true, leaves = false;
    gc_status status = GC_OK;
    while (status == GC_OK) {
        /* A line that did not fit into the window is still there: the keyboard waits. */
        char *end = memchr(line, '\n', used);
        if (*joined && end && gc_send(client, line, (size_t)(end - line), NULL) == GC_OK) {
            used -= (size_t)(end + 1 - line);
            memmove(line, end + 1, used);
            continue;
        }
        if (*joined && !typing && !end && !leaves)
            leaves = gc_leave(client, on_left, NULL) == GC_OK; /* behind the lines that are under way */
        struct pollfd ready[] = {{gc_fd(client), gc_wants(client), 0}, {typing && !end ? STDIN_FILENO : -1, POLLIN, 0}};
        poll(ready, 2, gc_timeout(client));
        if (ready[1].revents) {
            ssize_t size = read(STDIN_FILENO, line + used, sizeof line - 1 - used);
            typing = size > 0;
            used += size > 0 ? (size_t)size : 0;
            if (used > 0 && !memchr(line, '\n', used) && (!typing || used == sizeof line - 1))
                line[used++] = '\n'; /* the last line, or one that is too long */
        }
        status = gc_poll(client);
    }
    return status;
}

int main(int count, char **arguments)
{
    const char *endpoints[] = {count > 1 ? arguments[1] : "tcp:127.0.0.1:7481", NULL};
    bool joined = false;
    gc_client *client;
    gc_status status = gc_open(&client, &(gc_options){.endpoints = endpoints});
    if (status != GC_OK) {
        fprintf(stderr, "chat: %s\n", gc_error_text(status));
        return 2;
    }
    gc_membership membership = {.group = "chat", .member = count > 2 ? arguments[2] : "c", .on_message = on_message, .on_view = on_view};
    status = gc_join(client, &membership, on_joined, &joined);
    if (status == GC_OK)
        status = run(client, &joined);
    if (status != GC_CLOSED)
        fprintf(stderr, "chat: %s\n", gc_last_error(client)->detail);
    gc_free(client);
    return status == GC_CLOSED ? 0 : 1;
}
