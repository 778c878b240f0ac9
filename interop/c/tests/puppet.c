/* The C client on strings: the conformance suite sends commands as JSON lines and reads what happens. interop/conformance.md has the commands. */

#include "../groupcomm.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "json.h"
#include "bench.h"
#include "typed.h"

enum { LONGEST_TEXT = 256, MAX_ACTORS = 64 };

struct actor;

/* A command, until it is answered. */
struct command {
    struct actor *actor;
    struct json *line;
    struct command *after; /* that waits for the window too */
    int number;
    unsigned until;
    char *answers; /* of a query, as JSON */
    size_t answers_size;
    FILE *answers_to;
};

struct actor {
    char name[32];
    gc_client *client;
    struct command *connecting, *waiting;
    char **state;
    size_t count, capacity;
    bool gives_state, holding, quiet;
    const gc_message *held;
};

static struct actor s_actors[MAX_ACTORS];

/* ---- what is said ---- */

static void begin_event(const struct actor *actor, const char *event) { printf("{\"as\":\"%s\",\"event\":\"%s\"", actor->name, event); }

static void print_text(const char *key, const char *text)
{
    printf(",\"%s\":", key);
    if (text)
        json_print(stdout, text, strlen(text));
    else
        printf("null");
}

static void print_texts(const char *key, const char *const *texts, size_t count)
{
    printf(",\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        printf(i > 0 ? "," : "");
        json_print(stdout, texts[i], strlen(texts[i]));
    }
    printf("]");
}

static void end_line(void)
{
    printf("}\n");
    fflush(stdout);
}

static void free_command(struct command *command)
{
    if (command->answers_to)
        fclose(command->answers_to);
    free(command->answers);
    json_free(command->line);
    free(command);
}

static void answer(struct command *command, const char *key, const char *value)
{
    printf("{\"n\":%d,\"ok\":{", command->number);
    if (key) {
        printf("\"%s\":", key);
        json_print(stdout, value, strlen(value));
    }
    printf("}");
    end_line();
    free_command(command);
}

static void answer_error(struct command *command, const gc_error *error)
{
    printf("{\"n\":%d", command->number);
    print_text("error", error->code);
    print_text("detail", error->detail);
    end_line();
    free_command(command);
}

static void on_done(gc_client *client, const gc_error *error, void *user)
{
    struct command *command = user;
    if (error)
        answer_error(command, error);
    else if (strcmp(json_text_of(command->line, "do"), "join") == 0)
        answer(command, "self", gc_current_view(client)->self);
    else
        answer(command, NULL, NULL);
}

static void on_receipt(gc_client *client, const gc_receipt *receipt, void *user)
{
    (void)client;
    if (receipt->error)
        answer_error(user, receipt->error);
    else
        answer(user, "id", receipt->id);
}

static void on_answer(gc_client *client, const gc_answer *answer, void *user)
{
    (void)client;
    struct command *command = user;
    FILE *to = command->answers_to;
    fprintf(to, "%s{\"member\":", ftell(to) > 0 ? "," : "");
    json_print(to, answer->member, strlen(answer->member));
    fprintf(to, ",\"text\":");
    if (answer->kind == GC_ANSWER_VALUE)
        json_print(to, answer->payload, answer->size);
    else
        fprintf(to, "null");
    fprintf(to, ",\"error\":");
    if (answer->kind == GC_ANSWER_ERROR)
        json_print(to, answer->payload, answer->size);
    else
        fprintf(to, "null");
    fprintf(to, ",\"departed\":%s}", answer->kind == GC_ANSWER_DEPARTED ? "true" : "false");
}

static void on_answered(gc_client *client, const gc_error *error, void *user)
{
    (void)client;
    struct command *command = user;
    if (error) {
        answer_error(command, error);
        return;
    }
    fflush(command->answers_to);
    printf("{\"n\":%d,\"ok\":{\"answers\":[%s]}", command->number, command->answers);
    end_line();
    free_command(command);
}

/* ---- the state: texts ---- */

static void clear_state(struct actor *actor)
{
    for (size_t i = 0; i < actor->count; i++)
        free(actor->state[i]);
    actor->count = 0;
}

static void add_text(struct actor *actor, const char *text, size_t size)
{
    if (actor->count == actor->capacity) {
        actor->capacity = actor->capacity * 2 + 16;
        actor->state = realloc(actor->state, actor->capacity * sizeof *actor->state);
    }
    char *copy = json_new(size + 1);
    memcpy(copy, text, size);
    actor->state[actor->count++] = copy;
}

static void capture(gc_client *client, void *user)
{
    struct actor *actor = user;
    for (size_t i = 0; i < actor->count; i++) {
        if (i > 0)
            gc_state_write(client, "\n", 1);
        gc_state_write(client, actor->state[i], strlen(actor->state[i]));
    }
}

static void restore(gc_client *client, const void *state, size_t size, void *user)
{
    (void)client;
    struct actor *actor = user;
    clear_state(actor);
    const char *at = state, *end = at + size;
    while (size > 0 && at <= end) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line ? line : end) - at);
        add_text(actor, at, length);
        at += length + 1;
    }
    begin_event(actor, "restored");
    printf(",\"size\":%zu", size);
    end_line();
}

/* ---- what the client is told ---- */

static void tell_message(struct actor *actor, const gc_message *message)
{
    const char *text = message->payload;
    bool typed = message->type && strcmp(message->type, "typed") == 0, has_text = !typed && message->size <= LONGEST_TEXT;
    if (has_text && message->position > 0)
        add_text(actor, text, message->size);
    static const char asked[] = "answer me:";
    const size_t length = sizeof asked - 1;
    if (has_text && message->size >= length && memcmp(text, asked, length) == 0) {
        char reply[LONGEST_TEXT + 16];
        int size = snprintf(reply, sizeof reply, "answered:%.*s", (int)(message->size - length), text + length);
        gc_send(actor->client, reply, (size_t)size, &(gc_send_options){.flags = GC_INSIDE_HANDLER});
    }
    begin_event(actor, "message");
    print_text("id", message->id);
    print_text("from", message->from);
    printf(",\"order\":%d,\"position\":%" PRIu64 ",\"size\":%zu", (int)message->order, message->position, message->size);
    print_text("type", message->type);
    print_text("view", message->view->id);
    if (has_text) {
        printf(",\"text\":");
        json_print(stdout, text, message->size);
    }
    if (typed) {
        gc_reader reader = gc_reader_of(message->payload, message->size);
        printf(",\"typed\":");
        print_typed(stdout, &reader);
    }
    end_line();
}

static void on_message(gc_client *client, const gc_message *message, void *user)
{
    struct actor *actor = user;
    if (actor->quiet)
        return;
    if (actor->holding) {
        gc_hold(client);
        actor->held = message;
        return;
    }
    tell_message(actor, message);
}

static void on_view(gc_client *client, const gc_view *view, void *user)
{
    (void)client;
    begin_event(user, "view");
    print_text("id", view->id);
    print_text("self", view->self);
    print_texts("members", view->members, view->member_count);
    print_texts("joined", view->joined, view->joined_count);
    print_texts("left", view->left, view->left_count);
    print_text("token", view->token);
    end_line();
}

static void on_signal(gc_client *client, const gc_signal *signal, void *user)
{
    (void)client;
    struct actor *actor = user;
    if (signal->kind == GC_SIGNAL_RESET && !signal->restored)
        clear_state(actor);
    begin_event(actor, "signal");
    print_text("name", signal->name);
    print_text("reason", signal->reason);
    end_line();
}

static void on_query(gc_client *client, const gc_message *query, void *user)
{
    (void)user;
    char reply[1024];
    if (strcmp(query->type, "echo") != 0) {
        gc_reply_error(client, "no query handler is registered for this type");
    } else if (query->size == 4 && memcmp(query->payload, "fail", 4) == 0) {
        gc_reply_error(client, "told to fail");
    } else {
        int size = snprintf(reply, sizeof reply, "%s:%.*s", strchr(query->view->self, '/') + 1, (int)query->size, (const char *)query->payload);
        gc_reply(client, reply, (size_t)size);
    }
}

static void on_connected(gc_client *client, const gc_connection *connection, void *user)
{
    (void)client;
    struct actor *actor = user;
    if (actor->connecting)
        answer(actor->connecting, "node", connection->node);
    actor->connecting = NULL;
}

static void on_closed(gc_client *client, const gc_error *error, void *user)
{
    (void)client;
    struct actor *actor = user;
    if (actor->connecting)
        answer_error(actor->connecting, error);
    actor->connecting = NULL;
    begin_event(actor, "closed");
    print_text("code", error->code);
    end_line();
}

/* ---- commands ---- */

static gc_status join(struct command *command)
{
    struct actor *actor = command->actor;
    static const struct json none = {.type = JSON_OBJECT};
    const struct json *options = json_get(command->line, "options"), *state = json_get(command->line, "state");
    options = options ? options : &none;
    const struct json *open = json_get(options, "open"), *agreed = json_get(options, "agreedOnly"), *states = json_get(options, "states");
    gc_membership membership = {
        .group = json_text_of(command->line, "group"), .member = json_text_of(command->line, "member"),
        .on_message = on_message, .on_view = on_view, .on_signal = on_signal, .on_query = on_query, .user = actor,
        .closed = open && !open->truth, .agreed_only = agreed && agreed->truth, .states = states && states->truth,
        .slow_consumer_timeout = (uint32_t)json_number_of(options, "slowConsumerTimeout", 0),
    };
    if (state && state->truth) {
        membership.capture = capture;
        membership.restore = restore;
    }
    return gc_join(actor->client, &membership, on_done, command);
}

static gc_status send_message(struct command *command)
{
    const struct json *line = command->line, *typed = json_get(line, "typed");
    const char *text = json_text_of(line, "text"), *until = json_text_of(line, "until");
    gc_send_options options = {
        .order = (gc_order)json_number_of(line, "order", GC_AGREED), .type = typed ? "typed" : json_text_of(line, "type"), .group = json_text_of(line, "group"),
        .flags = !until || strcmp(until, "delivered") == 0 ? GC_TELL_DELIVERED : strcmp(until, "safe") == 0 ? GC_TELL_SAFE : GC_TELL_ACCEPTED,
        .on_receipt = on_receipt, .user = command,
    };
    gc_status status;
    if (typed) {
        gc_writer writer = {0};
        write_typed(&writer, typed);
        status = gc_send(command->actor->client, writer.bytes, writer.size, &options);
        gc_writer_free(&writer);
    } else if (text) {
        status = gc_send(command->actor->client, text, strlen(text), &options);
    } else {
        size_t size = (size_t)json_number_of(line, "size", 0);
        char *payload = json_new(size + 1);
        memset(payload, 'x', size);
        status = gc_send(command->actor->client, payload, size, &options);
        free(payload);
    }
    return status;
}

static gc_status query(struct command *command)
{
    const char *text = json_text_of(command->line, "text");
    if (!command->answers_to)
        command->answers_to = open_memstream(&command->answers, &command->answers_size);
    return gc_query(command->actor->client, json_text_of(command->line, "type"), text, strlen(text), GC_AGREED,
        (int)json_number_of(command->line, "target", 0), on_answer, on_answered, command);
}

static gc_status open_client(struct command *command)
{
    const char *endpoints[9] = {NULL};
    size_t count = 0;
    for (const struct json *at = json_get(command->line, "at")->items; at && count < 8; at = at->next)
        endpoints[count++] = at->text;
    double grace = json_number_of(command->line, "grace", 10);
    gc_options options = {
        .endpoints = endpoints, .window = (uint32_t)json_number_of(command->line, "window", 0), .grace = (uint32_t)(grace * 1000), .no_grace = grace <= 0,
        .patience = (uint32_t)(json_number_of(command->line, "patience", 30) * 1000),
        .on_connected = on_connected, .on_closed = on_closed, .user = command->actor,
    };
    gc_free(command->actor->client);
    command->actor->connecting = command;
    gc_status status = gc_open(&command->actor->client, &options);
    if (status != GC_OK)
        command->actor->connecting = NULL;
    return status;
}

static void on_bench(struct bench *bench, const gc_error *error)
{
    struct command *command = bench->user;
    if (error) {
        answer_error(command, error);
        return;
    }
    printf("{\"n\":%d,\"ok\":{\"messages\":%d,\"seconds\":%.6f,\"p50\":%.1f,\"p99\":%.1f}", command->number, bench->count, bench->seconds,
        bench->took[bench->count / 2] * 1e6, bench->took[(size_t)bench->count * 99 / 100] * 1e6);
    end_line();
    free_command(command);
}

static gc_status start_bench(struct command *command)
{
    const struct json *line = command->line;
    command->actor->quiet = true;
    bench_start(command->actor->client, (int)json_number_of(line, "messages", 0), (size_t)json_number_of(line, "size", 0),
        (int)json_number_of(line, "inFlight", 1), (gc_order)json_number_of(line, "order", GC_AGREED), on_bench, command);
    return GC_OK;
}

/* The commands that wait for the daemon; GC_OK: the answer comes by itself. */
static gc_status ask_for(struct command *command, const char *what)
{
    const struct json *line = command->line;
    const char *text = json_text_of(line, "text");
    if (strcmp(what, "join") == 0)
        return join(command);
    if (strcmp(what, "send") == 0)
        return send_message(command);
    if (strcmp(what, "sendTo") == 0)
        return gc_send_to(command->actor->client, json_text_of(line, "to"), json_text_of(line, "type"), text, strlen(text), on_done, command);
    if (strcmp(what, "query") == 0)
        return query(command);
    if (strcmp(what, "bench") == 0)
        return start_bench(command);
    if (strcmp(what, "barrier") == 0)
        return gc_barrier(command->actor->client, on_done, command);
    return gc_leave(command->actor->client, on_done, command);
}

static void refuse(struct command *command, gc_status status)
{
    gc_error error = {status, gc_error_code(status), gc_error_text(status), ""};
    if (command->actor->client)
        error.detail = gc_last_error(command->actor->client)->detail;
    answer_error(command, &error);
}

/* In the order in which they came; what finds the window full waits, and all behind it. */
static void ask_waiting(struct actor *actor)
{
    while (actor->waiting) {
        struct command *command = actor->waiting;
        gc_status status = ask_for(command, json_text_of(command->line, "do"));
        if (status == GC_WINDOW_FULL)
            return;
        actor->waiting = command->after;
        if (status != GC_OK)
            refuse(command, status);
    }
}

static void wait_in_line(struct actor *actor, struct command *command)
{
    struct command **last = &actor->waiting;
    while (*last)
        last = &(*last)->after;
    *last = command;
    ask_waiting(actor);
}

static void tell_state(struct command *command)
{
    printf("{\"n\":%d,\"ok\":{\"state\":[", command->number);
    for (size_t i = 0; i < command->actor->count; i++) {
        printf(i > 0 ? "," : "");
        json_print(stdout, command->actor->state[i], strlen(command->actor->state[i]));
    }
    printf("]}");
    end_line();
    free_command(command);
}

static void let_go(struct actor *actor)
{
    const gc_message *held = actor->held;
    actor->holding = false;
    actor->held = NULL;
    if (held) {
        tell_message(actor, held);
        gc_release(actor->client);
    }
}

static void obey(struct command *command)
{
    struct actor *actor = command->actor;
    const char *what = json_text_of(command->line, "do");
    if (strcmp(what, "connect") == 0) {
        gc_status status = open_client(command);
        if (status != GC_OK)
            refuse(command, status);
        return;
    }
    if (strcmp(what, "state") == 0) {
        tell_state(command);
        return;
    }
    if (strcmp(what, "close") == 0) {
        gc_close(actor->client);
    } else if (strcmp(what, "cut") == 0) {
        gc_cut(actor->client);
    } else if (strcmp(what, "hold") == 0) {
        actor->holding = true;
    } else if (strcmp(what, "release") == 0) {
        let_go(actor);
    } else if (strcmp(what, "raw") == 0) {
        size_t size;
        unsigned char *bytes = json_unhex(json_text_of(command->line, "hex"), &size);
        if (write(gc_fd(actor->client), bytes, size) != (ssize_t)size)
            perror("raw");
        free(bytes);
    } else {
        wait_in_line(actor, command);
        return;
    }
    answer(command, NULL, NULL);
}

static struct actor *actor_of(const char *name)
{
    size_t i = 0;
    while (s_actors[i].name[0] && strcmp(s_actors[i].name, name) != 0)
        if (++i == MAX_ACTORS)
            json_fail("too many actors");
    snprintf(s_actors[i].name, sizeof s_actors[i].name, "%s", name);
    return &s_actors[i];
}

/* ---- the loop: standard input and all clients ---- */

static void take_line(const char *text)
{
    struct command *command = json_new(sizeof *command);
    command->line = json_parse(text);
    command->actor = actor_of(json_text_of(command->line, "as"));
    command->number = (int)json_number_of(command->line, "n", 0);
    obey(command);
}

static char *s_input;
static size_t s_used, s_room;

/* False at the end of the input. */
static bool take_input(void)
{
    if (s_room - s_used < 65536 && !(s_input = realloc(s_input, s_room += 1 << 20)))
        json_fail("no memory");
    ssize_t size = read(STDIN_FILENO, s_input + s_used, s_room - s_used - 1);
    if (size <= 0)
        return size < 0 && errno == EINTR;
    s_used += (size_t)size;
    char *begin = s_input, *end;
    while ((end = memchr(begin, '\n', s_used - (size_t)(begin - s_input)))) {
        *end = 0;
        take_line(begin);
        begin = end + 1;
    }
    s_used -= (size_t)(begin - s_input);
    memmove(s_input, begin, s_used);
    return true;
}

int main(void)
{
    for (bool more = true; more;) {
        struct pollfd ready[MAX_ACTORS + 1] = {{STDIN_FILENO, POLLIN, 0}};
        nfds_t count = 1;
        int timeout = -1;
        for (struct actor *actor = s_actors; actor->name[0]; actor++) {
            if (!actor->client)
                continue;
            ready[count++] = (struct pollfd){gc_fd(actor->client), gc_wants(actor->client), 0};
            int own = gc_timeout(actor->client);
            if (own >= 0 && (timeout < 0 || own < timeout))
                timeout = own;
        }
        poll(ready, count, timeout);
        if (ready[0].revents)
            more = take_input();
        for (struct actor *actor = s_actors; actor->name[0]; actor++) {
            if (actor->client) {
                gc_poll(actor->client);
                ask_waiting(actor);
            }
        }
    }
    for (struct actor *actor = s_actors; actor->name[0]; actor++) {
        gc_free(actor->client);
        clear_state(actor);
        free(actor->state);
    }
    free(s_input);
    return 0;
}
