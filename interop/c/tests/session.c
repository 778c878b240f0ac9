/* The client against a daemon of this program, which says what the test tells it to. Includes the source, to have memory fail. */

#include <stddef.h>
#include <stdlib.h>

static size_t s_allocations, s_fails_at;

static void *test_realloc(void *old, size_t size) { return ++s_allocations == s_fails_at ? NULL : realloc(old, size); }

#define GC_REALLOC test_realloc
#define GC_FREE free
#include "../groupcomm.c"

#include <sys/stat.h>

#define CHECK(condition) (s_checks++, (condition) ? (void)0 : failed(#condition, __func__, __LINE__))

enum { PATIENCE = 30000 };

static int s_checks, s_failures;
static char s_folder[] = "/tmp/groupcomm-c-XXXXXX";

static void failed(const char *what, const char *where, int line)
{
    s_failures++;
    fprintf(stderr, "FAILED: %s (line %d): %s\n", where, line, what);
}

/* ---- a daemon ---- */

struct daemon {
    char endpoint[80];
    int listener, fd;
    uint8_t in[1 << 18];
    size_t used;
    struct frame frame; /* the last that came; its texts are in `payload` */
    uint8_t payload[1 << 18];
    uint64_t counted;
};

/* What the client told the program. */
struct told {
    int connected, views, messages, signals, room, closed, done, receipts, answers, captures, restores;
    bool resumed, restored, holds, sends_back, frees, replies;
    unsigned stage;
    gc_status error, sent;
    gc_signal_kind signal;
    char text[64], state[64], members[4096];
    size_t capture_size;
    const gc_message *held;
};

static bool until(gc_client *client, struct daemon *daemon, int64_t end)
{
    struct pollfd ready[] = {{client ? gc_fd(client) : -1, client ? gc_wants(client) : 0, 0}, {daemon->fd >= 0 ? daemon->fd : daemon->listener, POLLIN, 0}};
    int own = client ? gc_timeout(client) : -1;
    poll(ready, 2, own >= 0 && own < 20 ? own : 20);
    if (client)
        gc_poll(client);
    if (daemon->fd < 0) {
        daemon->fd = accept(daemon->listener, NULL, NULL);
        daemon->used = 0;
    }
    return clock_ms() < end;
}

/* The next frame that is no PING; false: the connection ended, or nothing came for long. */
static bool hear(gc_client *client, struct daemon *daemon)
{
    for (int64_t end = clock_ms() + PATIENCE; until(client, daemon, end);) {
        if (daemon->fd < 0)
            continue;
        ssize_t size = recv(daemon->fd, daemon->in + daemon->used, sizeof daemon->in - daemon->used, MSG_DONTWAIT);
        if (size > 0)
            daemon->used += (size_t)size;
        size_t length = daemon->used >= 4 ? (size_t)big_endian(daemon->in, 4) : 0;
        if (daemon->used >= 4 && daemon->used >= length + 4) {
            memcpy(daemon->payload, daemon->in + 4, length);
            memmove(daemon->in, daemon->in + length + 4, daemon->used -= length + 4);
            const char *wrong = decode(&daemon->frame, daemon->payload, length);
            if (wrong)
                failed(wrong, __func__, __LINE__);
            daemon->counted += daemon->frame.kind >= FIRST_COUNTED;
            if (daemon->frame.kind != PING)
                return true;
        } else if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
            return false;
        }
    }
    return false;
}

static bool hears(gc_client *client, struct daemon *daemon, unsigned kind) { return hear(client, daemon) && daemon->frame.kind == kind; }

static void say(struct daemon *daemon, const struct frame *frame)
{
    gc_writer to = {0};
    size_t fails_at = s_fails_at;
    s_fails_at = 0;
    encode(&to, frame);
    s_fails_at = fails_at;
    for (size_t at = 0; at < to.size;) {
        ssize_t size = send(daemon->fd, to.bytes + at, to.size - at, MSG_NOSIGNAL);
        if (size <= 0)
            break;
        at += (size_t)size;
    }
    gc_writer_free(&to);
}

static void hang_up_on(struct daemon *daemon)
{
    if (daemon->fd >= 0)
        close(daemon->fd);
    daemon->fd = -1;
}

static void start(struct daemon *daemon, const char *name)
{
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    memset(daemon, 0, sizeof *daemon);
    snprintf(daemon->endpoint, sizeof daemon->endpoint, "unix:%s/%s", s_folder, name);
    snprintf(path.sun_path, sizeof path.sun_path, "%s", daemon->endpoint + 5);
    unlink(path.sun_path);
    daemon->fd = -1;
    daemon->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    fcntl(daemon->listener, F_SETFL, O_NONBLOCK);
    if (bind(daemon->listener, (struct sockaddr *)&path, sizeof path) < 0 || listen(daemon->listener, 8) < 0) {
        perror(daemon->endpoint);
        exit(2);
    }
}

static void stop(struct daemon *daemon)
{
    hang_up_on(daemon);
    close(daemon->listener);
    unlink(daemon->endpoint + 5);
}

static void welcome_it(struct daemon *daemon, bool resumed, uint64_t arrived, uint64_t window)
{
    static const char session[] = "0123456789abcdef";
    say(daemon, &(struct frame){WELCOME, {number(1), bytes(session, 16), number(resumed), number(arrived), number(window), number(1 << 20), text("n1#17"), text("shop"), number(1)}});
}

static struct field texts(gc_writer *to, size_t count, const char *form)
{
    size_t fails_at = s_fails_at;
    s_fails_at = 0;
    gc_write_array(to, (uint32_t)count);
    for (size_t i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, form, (int)i);
        gc_write_text(to, name);
    }
    s_fails_at = fails_at;
    return (struct field){.number = count, .bytes = to->bytes, .size = to->size};
}

static void say_view(struct daemon *daemon, size_t members)
{
    gc_writer all = {0}, joined = {0}, left = {0};
    struct frame view = {VIEW, {text("stock"), text("4.2"), text("n1#17/alice"), texts(&all, members, "n%d#1/ä"), texts(&joined, 1, "n%d#1/j"),
        texts(&left, members, "n%d#1/l"), text("join"), text("00000000000000010000000000000002")}};
    say(daemon, &view);
    gc_writer_free(&all);
    gc_writer_free(&joined);
    gc_writer_free(&left);
}

static void say_message(struct daemon *daemon, const char *payload)
{
    say(daemon, &(struct frame){MESSAGE, {text("n1#17:4:12"), text("n1#17/alice"), number(3), number(1), text(NULL), bytes(payload, strlen(payload))}});
}

/* ---- a program ---- */

static void on_connected(gc_client *client, const gc_connection *connection, void *user)
{
    struct told *told = user;
    told->connected++;
    told->resumed = connection->resumed;
    CHECK(strcmp(gc_node(client), "n1#17") == 0 && strcmp(connection->cluster, "shop") == 0 && connection->primary);
}

static void on_room(gc_client *client, void *user)
{
    (void)client;
    ((struct told *)user)->room++;
}

static void on_closed(gc_client *client, const gc_error *error, void *user)
{
    (void)client;
    struct told *told = user;
    told->closed++;
    told->error = error->status;
}

static void on_message(gc_client *client, const gc_message *message, void *user)
{
    struct told *told = user;
    told->messages++;
    snprintf(told->text, sizeof told->text, "%.*s", (int)message->size, (const char *)message->payload);
    if (told->holds) {
        told->holds = false;
        told->held = message;
        CHECK(gc_hold(client) == GC_OK && gc_hold(client) == GC_NOT_NOW);
    }
    if (told->sends_back)
        told->sent = gc_send(client, "y", 1, NULL);
    if (told->frees)
        CHECK(gc_free(client) == GC_NOT_NOW && gc_poll(client) == GC_NOT_NOW && gc_run_once(client, 0) == GC_NOT_NOW);
}

static void on_view(gc_client *client, const gc_view *view, void *user)
{
    struct told *told = user;
    told->views++;
    told->members[0] = 0;
    for (size_t i = 0; i < view->member_count; i++)
        strcat(strcat(told->members, view->members[i]), " ");
    CHECK(view->joined_count == 1 && strcmp(view->joined[0], "n0#1/j") == 0 && view->left_count == view->member_count);
    for (size_t i = 0; i < view->left_count; i++)
        CHECK(strstr(view->left[i], "#1/l") && strlen(view->left[i]) < 10);
    CHECK(strcmp(view->self, "n1#17/alice") == 0 && strcmp(view->group, "stock") == 0 && strcmp(view->reason, "join") == 0 && strlen(view->token) == 32);
    CHECK(gc_current_view(client) == view);
}

static void on_signal(gc_client *client, const gc_signal *signal, void *user)
{
    (void)client;
    struct told *told = user;
    told->signals++;
    told->signal = signal->kind;
    told->restored = signal->restored;
}

static void on_query(gc_client *client, const gc_message *query, void *user)
{
    struct told *told = user;
    CHECK(query->view != NULL && strcmp(query->type, "price-of") == 0);
    if (told->holds) {
        told->holds = false;
        gc_hold(client);
    }
    if (told->replies)
        CHECK(gc_reply(client, "12", 2) == GC_OK && gc_reply(client, "13", 2) == GC_NOT_NOW);
}

static void capture(gc_client *client, void *user)
{
    struct told *told = user;
    told->captures++;
    static const char block[4096] = "state";
    for (size_t i = 0; i < told->capture_size; i += sizeof block)
        gc_state_write(client, block, sizeof block);
}

static void restore(gc_client *client, const void *state, size_t size, void *user)
{
    struct told *told = user;
    told->restores++;
    snprintf(told->state, sizeof told->state, "%.*s", (int)size, (const char *)state);
    CHECK(gc_state_write(client, "x", 1) == GC_NOT_NOW);
    if (size == 3)
        CHECK(gc_state_fail(client, "three") == GC_OK);
}

static void on_done(gc_client *client, const gc_error *error, void *user)
{
    (void)client;
    struct told *told = user;
    told->done++;
    told->error = error ? error->status : GC_OK;
}

static void on_receipt(gc_client *client, const gc_receipt *receipt, void *user)
{
    (void)client;
    struct told *told = user;
    told->receipts++;
    told->stage |= receipt->stage;
    told->error = receipt->error ? receipt->error->status : GC_OK;
}

static void on_answer(gc_client *client, const gc_answer *answer, void *user)
{
    (void)client;
    struct told *told = user;
    told->answers++;
    snprintf(told->text, sizeof told->text, "%s=%.*s", answer->member, (int)answer->size, (const char *)answer->payload);
}

static gc_client *open_with(struct told *told, const char *first, const char *second, uint32_t window)
{
    const char *endpoints[] = {first, second, NULL};
    gc_options options = {.endpoints = endpoints, .window = window, .on_connected = on_connected, .on_room = on_room, .on_closed = on_closed, .user = told};
    gc_client *client;
    memset(told, 0, sizeof *told);
    gc_status status = gc_open(&client, &options);
    CHECK(status == GC_OK || s_fails_at > 0);
    return client;
}

static gc_membership membership_of(struct told *told, bool state)
{
    gc_membership membership = {.group = "stock", .member = "alice", .on_message = on_message, .on_view = on_view, .on_signal = on_signal, .on_query = on_query, .user = told};
    if (state) {
        membership.capture = capture;
        membership.restore = restore;
    }
    return membership;
}

/* A client that is a member, with a view of so many. */
static gc_client *member(struct daemon *daemon, struct told *told, uint64_t window, bool state)
{
    hang_up_on(daemon);
    gc_client *client = open_with(told, daemon->endpoint, NULL, 65536);
    gc_membership membership = membership_of(told, state);
    CHECK(gc_join(client, &membership, on_done, told) == GC_OK);
    CHECK(hears(client, daemon, HELLO) && !daemon->frame.fields[5].bytes);
    welcome_it(daemon, false, 0, window);
    CHECK(hears(client, daemon, JOIN));
    say_view(daemon, 2);
    say(daemon, &(struct frame){REACHED, {number(daemon->frame.fields[0].number)}});
    CHECK(hears(client, daemon, ACK));
    say(daemon, &(struct frame){ACK, {number(1)}});
    for (int64_t end = clock_ms() + PATIENCE; client->kept && until(client, daemon, end);)
        ;
    CHECK(told->done == 1 && told->error == GC_OK && told->views == 1);
    return client;
}

static bool wait_for(gc_client *client, struct daemon *daemon, const int *count, int least)
{
    int64_t end = clock_ms() + PATIENCE;
    while (*count < least && until(client, daemon, end))
        ;
    return *count >= least;
}

static void ask_price(struct daemon *daemon, uint64_t query)
{
    say(daemon, &(struct frame){ASK, {number(query), text("n2#9:4:13"), text("n2#9/b"), number(3), number(2), text("price-of"), bytes("apples", 6)}});
}

/* ---- tests ---- */

static void views_have_all_their_names(void)
{
    struct daemon daemon;
    struct told told;
    start(&daemon, "a");
    gc_client *client = member(&daemon, &told, 65536, false);
    for (size_t members = 0; members < 40; members += 13) {
        char expected[4096] = "";
        for (size_t i = 0; i < members; i++)
            snprintf(expected + strlen(expected), 32, "n%d#1/ä ", (int)i);
        say_view(&daemon, members);
        int views = told.views;
        CHECK(wait_for(client, &daemon, &told.views, views + 1) && strcmp(told.members, expected) == 0);
    }
    gc_free(client);
    stop(&daemon);
}

static void a_cut_loses_nothing_and_doubles_nothing(void)
{
    struct daemon daemon;
    struct told told;
    start(&daemon, "a");
    gc_client *client = member(&daemon, &told, 65536, false);
    for (int i = 0; i < 4; i++)
        CHECK(gc_send(client, &"abcd"[i], 1, NULL) == GC_OK);
    for (int i = 0; i < 4; i++)
        CHECK(hears(client, &daemon, SEND));
    say_message(&daemon, "before");
    CHECK(hears(client, &daemon, ACK) && daemon.frame.fields[0].number == 3);
    say(&daemon, &(struct frame){ACK, {number(2)}});
    hang_up_on(&daemon);
    /* JOIN and a are acknowledged; b has arrived; c and d have not. */
    CHECK(hears(client, &daemon, HELLO) && daemon.frame.fields[5].size == SESSION_SIZE && daemon.frame.fields[6].number == 3);
    welcome_it(&daemon, true, 3, 65536);
    CHECK(hears(client, &daemon, SEND) && *daemon.frame.fields[4].bytes == 'c');
    CHECK(hears(client, &daemon, SEND) && *daemon.frame.fields[4].bytes == 'd');
    CHECK(hears(client, &daemon, ACK) && daemon.frame.fields[0].number == 3);
    CHECK(told.connected == 2 && told.resumed && told.signals == 0);
    /* An acknowledgement of what was not sent ends it. */
    say(&daemon, &(struct frame){ACK, {number(6)}});
    CHECK(hears(client, &daemon, CLOSE));
    CHECK(wait_for(client, &daemon, &told.closed, 1) && told.error == GC_BAD_FRAME && gc_send(client, "x", 1, NULL) == GC_BAD_FRAME && gc_poll(client) == GC_BAD_FRAME);
    gc_free(client);
    stop(&daemon);
}

static void a_held_event_is_not_handled_and_answers_pass_it(void)
{
    struct daemon daemon;
    struct told told;
    start(&daemon, "a");
    gc_client *client = member(&daemon, &told, 65536, false);
    told.holds = true;
    say_message(&daemon, "first");
    say_message(&daemon, "second");
    CHECK(wait_for(client, &daemon, &told.messages, 1) && gc_release(client) == GC_OK && told.messages == 1);
    CHECK(wait_for(client, &daemon, &told.messages, 2) && hears(client, &daemon, ACK) && gc_release(client) == GC_NOT_NOW);
    told.holds = true;
    say_message(&daemon, "third");
    say_message(&daemon, "fourth");
    CHECK(wait_for(client, &daemon, &told.messages, 3));
    CHECK(gc_send(client, "x", 1, &(gc_send_options){.flags = GC_TELL_SAFE | GC_TELL_DELIVERED, .on_receipt = on_receipt, .user = &told}) == GC_OK);
    CHECK(hears(client, &daemon, SEND) && daemon.frame.fields[5].number == 6);
    uint64_t ref = daemon.frame.fields[0].number;
    say(&daemon, &(struct frame){RECEIPT, {number(ref), number(2), text("n1#17:4:12")}});
    say(&daemon, &(struct frame){RECEIPT, {number(ref), number(4), text("n1#17:4:12")}});
    CHECK(wait_for(client, &daemon, &told.receipts, 2) && told.stage == 6 && told.messages == 3 && strcmp(told.held->id, "n1#17:4:12") == 0);
    CHECK(gc_release(client) == GC_OK && wait_for(client, &daemon, &told.messages, 4));
    CHECK(hears(client, &daemon, ACK) && daemon.frame.fields[0].number == 8);
    gc_free(client);
    stop(&daemon);
}

static void a_lost_session_is_told_and_joined_anew(bool state, bool held)
{
    struct daemon daemon;
    struct told told;
    start(&daemon, "a");
    gc_client *client = member(&daemon, &told, 65536, state);
    CHECK(gc_send(client, "x", 1, &(gc_send_options){.flags = GC_TELL_SAFE, .on_receipt = on_receipt, .user = &told}) == GC_OK);
    CHECK(hears(client, &daemon, SEND));
    told.holds = held;
    say_message(&daemon, "held");
    say_message(&daemon, "dropped when the first is held");
    CHECK(wait_for(client, &daemon, &told.messages, held ? 1 : 2));
    int messages = told.messages;
    hang_up_on(&daemon);
    CHECK(hears(client, &daemon, HELLO));
    welcome_it(&daemon, false, 0, 65536);
    CHECK(hears(client, &daemon, JOIN) && told.receipts == 1 && told.error == GC_OUTCOME_UNKNOWN && told.messages == messages);
    if (held)
        CHECK(strcmp(told.held->from, "n1#17/alice") == 0 && gc_release(client) == GC_OK);
    /* The name is taken until the old life is out of the view. */
    say(&daemon, &(struct frame){FAILED, {number(daemon.frame.fields[0].number), text("name-taken"), text("there is one"), text("wait")}});
    bool again = hear(client, &daemon);
    while (again && daemon.frame.kind == ACK)
        again = hear(client, &daemon);
    CHECK(again && daemon.frame.kind == JOIN && told.signals == 0);
    uint64_t ref = daemon.frame.fields[0].number;
    if (state) {
        say(&daemon, &(struct frame){RESTORE, {number(1)}});
        say(&daemon, &(struct frame){PART, {number(1), bytes("ab", 2)}});
        say(&daemon, &(struct frame){PART, {number(1), bytes("cd", 2)}});
        say(&daemon, &(struct frame){END, {number(1), text(NULL)}});
        do
            again = hear(client, &daemon);
        while (again && daemon.frame.kind == ACK);
        CHECK(again && daemon.frame.kind == END && !daemon.frame.fields[1].bytes && strcmp(told.state, "abcd") == 0);
    }
    say_view(&daemon, 3);
    say(&daemon, &(struct frame){REACHED, {number(ref)}});
    CHECK(wait_for(client, &daemon, &told.views, 2) && told.signals == 1 && told.signal == GC_SIGNAL_RESET && told.restored == state && told.done == 1);
    gc_free(client);
    stop(&daemon);
}

static void a_leave_is_done_when_the_session_is_lost(void)
{
    struct daemon daemon;
    struct told told;
    start(&daemon, "a");
    gc_client *client = member(&daemon, &told, 65536, false);
    CHECK(gc_leave(client, on_done, &told) == GC_OK && hears(client, &daemon, LEAVE));
    hang_up_on(&daemon);
    CHECK(hears(client, &daemon, HELLO));
    welcome_it(&daemon, false, 0, 65536);
    CHECK(wait_for(client, &daemon, &told.done, 2) && told.error == GC_OK && told.signal == GC_SIGNAL_LEFT);
    gc_membership membership = membership_of(&told, false);
    CHECK(gc_join(client, &membership, on_done, &told) == GC_OK && hears(client, &daemon, JOIN));
    gc_free(client);
    stop(&daemon);
}

static void the_window_holds_back_what_is_windowed(void)
{
    struct daemon daemon;
    struct told told;
    static const char block[20000];
    start(&daemon, "a");
    gc_client *client = member(&daemon, &told, 65536, false);
    int sent = 0;
    while (gc_send(client, block, sizeof block, NULL) == GC_OK)
        sent++;
    CHECK(sent == 4 && gc_barrier(client, NULL, NULL) == GC_WINDOW_FULL && gc_last_error(client)->status == GC_WINDOW_FULL);
    told.sends_back = told.frees = true;
    say_message(&daemon, "answer");
    CHECK(wait_for(client, &daemon, &told.messages, 1) && told.sent == GC_OK);
    bool inside = false;
    for (int i = 0; i < 6; i++)
        inside |= hear(client, &daemon) && daemon.frame.kind == SEND && daemon.frame.fields[5].number == GC_INSIDE_HANDLER;
    CHECK(inside && told.room == 0);
    say(&daemon, &(struct frame){ACK, {number(3)}});
    CHECK(wait_for(client, &daemon, &told.room, 1) && gc_barrier(client, NULL, NULL) == GC_OK);
    CHECK(gc_send(client, block, (1 << 20) + 1, NULL) == GC_TOO_LARGE);
    gc_free(client);

    client = member(&daemon, &told, 16 << 20, false);
    for (sent = 0; gc_send(client, "x", 1, NULL) == GC_OK; sent++)
        ;
    CHECK(sent == MAX_UNDER_WAY);
    gc_free(client);
    stop(&daemon);
}

static void a_state_goes_in_parts_as_the_window_allows(void)
{
    struct daemon daemon;
    struct told told;
    start(&daemon, "a");
    gc_client *client = member(&daemon, &told, 65536, true);
    told.capture_size = 5 * PART_SIZE;
    say(&daemon, &(struct frame){CAPTURE, {number(7)}});
    say_message(&daemon, "after the capture");
    uint64_t received = 1, parts = 0;
    while (hear(client, &daemon) && daemon.frame.kind != END) {
        if (daemon.frame.kind != PART)
            continue;
        parts++;
        CHECK(told.messages == 0 && daemon.frame.fields[0].number == 7);
        say(&daemon, &(struct frame){ACK, {number(++received)}});
    }
    CHECK(daemon.frame.kind == END && !daemon.frame.fields[1].bytes && parts == 5 && wait_for(client, &daemon, &told.messages, 1));
    say(&daemon, &(struct frame){ACK, {number(++received)}});
    say(&daemon, &(struct frame){CAPTURE, {number(8)}});
    do
        CHECK(hear(client, &daemon));
    while (daemon.frame.kind == ACK);
    CHECK(daemon.frame.kind == PART && told.captures == 2);
    say(&daemon, &(struct frame){CANCEL, {number(8)}});
    say_message(&daemon, "after the cancel");
    CHECK(wait_for(client, &daemon, &told.messages, 2));
    say(&daemon, &(struct frame){RESTORE, {number(9)}});
    say(&daemon, &(struct frame){PART, {number(9), bytes("abc", 3)}});
    say(&daemon, &(struct frame){END, {number(9), text(NULL)}});
    say(&daemon, &(struct frame){ACK, {number(++received)}});
    do
        CHECK(hear(client, &daemon));
    while (daemon.frame.kind != END);
    CHECK(daemon.frame.fields[1].size == 5 && told.restores == 1);
    gc_free(client);
    stop(&daemon);
}

static void each_query_gets_one_reply(void)
{
    struct daemon daemon;
    struct told told;
    start(&daemon, "a");
    gc_client *client = member(&daemon, &told, 65536, false);
    told.replies = true;
    ask_price(&daemon, 1);
    CHECK(hears(client, &daemon, REPLY) && daemon.frame.fields[0].number == 1 && daemon.frame.fields[1].number && daemon.frame.fields[2].size == 2);
    CHECK(hears(client, &daemon, ACK));
    told.replies = false;
    ask_price(&daemon, 2);
    CHECK(hears(client, &daemon, REPLY) && daemon.frame.fields[0].number == 2 && !daemon.frame.fields[1].number && hears(client, &daemon, ACK));
    told.holds = true;
    ask_price(&daemon, 3);
    int64_t end = clock_ms() + PATIENCE;
    while (told.holds && until(client, &daemon, end))
        ;
    CHECK(gc_reply_error(client, "no such fruit") == GC_OK && gc_release(client) == GC_OK && gc_reply(client, "", 0) == GC_NOT_NOW);
    CHECK(hears(client, &daemon, REPLY) && daemon.frame.fields[0].number == 3 && daemon.frame.fields[2].size == 13 && hears(client, &daemon, ACK));

    CHECK(gc_query(client, "price-of", "pears", 5, GC_AGREED, GC_TARGET_MAJORITY, on_answer, on_done, &told) == GC_OK && hears(client, &daemon, QUERY) && daemon.frame.fields[4].sint == -1);
    uint64_t ref = daemon.frame.fields[0].number;
    say(&daemon, &(struct frame){ANSWER, {number(ref), text("n2#9/b"), number(0), bytes("12", 2)}});
    say(&daemon, &(struct frame){FAILED, {number(ref), text("from-a-later-version"), text("?"), text("")}});
    CHECK(wait_for(client, &daemon, &told.done, 2) && told.answers == 1 && strcmp(told.text, "n2#9/b=12") == 0 && told.error == GC_UNEXPECTED);
    gc_free(client);
    stop(&daemon);
}

static void what_is_no_argument_is_refused(void)
{
    gc_client *client;
    static const char *const wrong[] = {"", "unix:", "tcp:", "tcp:host", "tcp:host:", "tcp::1", "tcp:host:port", "http://host:1", "tcp:host:123456"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(gc_open(&client, &(gc_options){.endpoints = (const char *const[]){wrong[i], NULL}}) == GC_BAD_ENDPOINT && !client);
    char longest[300] = "unix:";
    memset(longest + 5, 'x', 200);
    CHECK(gc_open(&client, &(gc_options){.endpoints = (const char *const[]){longest, NULL}}) == GC_BAD_ENDPOINT);
    CHECK(gc_open(&client, &(gc_options){.endpoints = (const char *const[]){NULL}}) == GC_BAD_ENDPOINT && gc_open(&client, NULL) == GC_BAD_ENDPOINT);
    CHECK(gc_open(&client, &(gc_options){.endpoints = (const char *const[]){"unix:/x", NULL}, .window = 1}) == GC_BAD_ARGUMENT);
    struct told told;
    client = open_with(&told, "tcp:[::1]:1", "unix:/nowhere", 0);
    gc_membership membership = membership_of(&told, false);
    membership.member = "a/b";
    CHECK(gc_join(client, &membership, NULL, NULL) == GC_BAD_ARGUMENT && strstr(gc_last_error(client)->detail, "1 to 64"));
    membership.member = NULL;
    membership.group = "\xff";
    CHECK(gc_join(client, &membership, NULL, NULL) == GC_BAD_ARGUMENT);
    membership.group = "g";
    membership.capture = capture;
    CHECK(gc_join(client, &membership, NULL, NULL) == GC_BAD_ARGUMENT);
    CHECK(gc_send(client, "x", 1, NULL) == GC_WINDOW_FULL && gc_send(client, "x", 1, &(gc_send_options){.order = (gc_order)5}) == GC_BAD_ARGUMENT);
    CHECK(gc_send(client, "x", 1, &(gc_send_options){.flags = GC_TELL_SAFE}) == GC_BAD_ARGUMENT && gc_send(client, "x", 1, &(gc_send_options){.on_receipt = on_receipt}) == GC_BAD_ARGUMENT);
    CHECK(gc_query(client, NULL, "", 0, GC_AGREED, 0, NULL, NULL, NULL) == GC_BAD_ARGUMENT && gc_send_to(client, NULL, NULL, "", 0, NULL, NULL) == GC_BAD_ARGUMENT);
    CHECK(gc_hold(client) == GC_NOT_NOW && gc_cut(client) == GC_NOT_NOW && gc_state_fail(client, "x") == GC_NOT_NOW && gc_current_view(client) == NULL);
    CHECK(gc_free(client) == GC_OK && gc_free(NULL) == GC_OK);
    for (int i = 0; i <= GC_UNEXPECTED; i++)
        CHECK(*gc_error_text((gc_status)i) && *gc_error_code((gc_status)i));
    CHECK(gc_error_text((gc_status)999) == gc_error_text(GC_UNEXPECTED));
}

static void without_a_daemon_patience_ends(void)
{
    char missing[80];
    snprintf(missing, sizeof missing, "unix:%s/missing", s_folder);
    struct told told = {0};
    gc_client *client;
    gc_options options = {.endpoints = (const char *const[]){missing, NULL}, .patience = 120, .on_closed = on_closed, .user = &told};
    CHECK(gc_open(&client, &options) == GC_OK);
    gc_membership membership = membership_of(&told, false);
    CHECK(gc_join(client, &membership, on_done, &told) == GC_OK);
    gc_status status;
    while ((status = gc_run_once(client, -1)) == GC_OK)
        ;
    CHECK(status == GC_UNREACHABLE && told.closed == 1 && told.done == 1 && told.error == GC_UNREACHABLE && strstr(gc_last_error(client)->detail, missing));
    CHECK(gc_timeout(client) == -1 && gc_fd(client) == -1);
    gc_free(client);
}

static void a_close_is_told_and_a_draining_daemon_left(void)
{
    struct daemon first, second;
    struct told told;
    start(&first, "a");
    start(&second, "b");
    gc_client *client = open_with(&told, first.endpoint, second.endpoint, 0);
    CHECK(hears(client, &first, HELLO));
    welcome_it(&first, false, 0, 65536);
    CHECK(wait_for(client, &first, &told.connected, 1));
    say(&first, &(struct frame){CLOSE, {text("draining"), text("it stops"), text("")}});
    CHECK(hears(client, &second, HELLO));
    welcome_it(&second, false, 0, 65536);
    CHECK(wait_for(client, &second, &told.connected, 2));
    say(&second, &(struct frame){PING, {number(9)}});
    CHECK(hears(client, &second, PONG) && second.frame.fields[0].number == 9);
    CHECK(gc_barrier(client, on_done, &told) == GC_OK && gc_close(client) == GC_OK && gc_barrier(client, on_done, &told) == GC_CLOSED);
    CHECK(hears(client, &second, CLOSE) && told.closed == 0);
    hang_up_on(&second);
    CHECK(wait_for(client, &second, &told.closed, 1) && told.done == 1 && told.error == GC_CLOSED && gc_run_once(client, -1) == GC_CLOSED);
    gc_free(client);
    stop(&first);
    stop(&second);
}

/* Each allocation in turn fails: the client ends, or refuses the call, and nothing leaks. */
static void memory_may_fail_anywhere(void)
{
    for (size_t at = 1; at < 400; at++) {
        struct daemon daemon;
        struct told told;
        start(&daemon, "a");
        s_allocations = 0;
        s_fails_at = at;
        gc_client *client = open_with(&told, daemon.endpoint, NULL, 65536);
        if (client) {
            told.replies = false;
            gc_membership membership = membership_of(&told, true);
            gc_status status = gc_join(client, &membership, on_done, &told);
            int64_t end = clock_ms() + PATIENCE;
            while (daemon.fd < 0 && gc_poll(client) == GC_OK && until(client, &daemon, end))
                ;
            if (daemon.fd >= 0) {
                told.capture_size = 8192;
                welcome_it(&daemon, false, 0, 65536);
                say_view(&daemon, 20);
                say_message(&daemon, "x");
                say(&daemon, &(struct frame){CAPTURE, {number(1)}});
                ask_price(&daemon, 1);
                say(&daemon, &(struct frame){RESTORE, {number(2)}});
                say(&daemon, &(struct frame){PART, {number(2), bytes("abcd", 4)}});
                say(&daemon, &(struct frame){END, {number(2), text(NULL)}});
                say_message(&daemon, "last");
                while (told.messages < 2 && told.closed == 0 && status == GC_OK && until(client, &daemon, end))
                    gc_send(client, "x", 1, NULL);
                CHECK(told.closed == 0 || told.error == GC_NO_MEMORY);
                CHECK(told.closed == 1 || told.messages == 2 || status == GC_NO_MEMORY);
            }
            gc_free(client);
        }
        size_t used = s_allocations;
        s_fails_at = 0;
        stop(&daemon);
        if (used < at)
            return;
    }
}

int main(void)
{
    if (!mkdtemp(s_folder)) {
        perror(s_folder);
        return 2;
    }
    views_have_all_their_names();
    a_cut_loses_nothing_and_doubles_nothing();
    a_held_event_is_not_handled_and_answers_pass_it();
    a_lost_session_is_told_and_joined_anew(false, false);
    a_lost_session_is_told_and_joined_anew(true, false);
    a_lost_session_is_told_and_joined_anew(false, true);
    a_lost_session_is_told_and_joined_anew(true, true);
    a_leave_is_done_when_the_session_is_lost();
    the_window_holds_back_what_is_windowed();
    a_state_goes_in_parts_as_the_window_allows();
    each_query_gets_one_reply();
    what_is_no_argument_is_refused();
    without_a_daemon_patience_ends();
    a_close_is_told_and_a_draining_daemon_left();
    memory_may_fail_anywhere();
    rmdir(s_folder);
    printf("session: %d checks, %d failed\n", s_checks, s_failures);
    return s_failures > 0;
}
