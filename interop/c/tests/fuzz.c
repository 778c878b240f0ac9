/* fuzz VECTORS SECONDS [ROUND]: frames of the vectors, changed at random, are read by the codec, and sent to a client whose program does
   random things. Whatever comes, the client must go on or end with a reason. A round is repeated by its number. */

#include "../groupcomm.c"

#include <signal.h>

#include "json.h"

enum { MAX_VECTORS = 128, MAX_FRAME = 4096, FRAMES_PER_ROUND = 60 };

/* Read by the sanitizers, if there are any. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);
const char *__asan_default_options(void) { return "abort_on_error=1"; }
const char *__ubsan_default_options(void) { return "abort_on_error=1:print_stacktrace=1"; }

struct vector {
    uint8_t bytes[MAX_FRAME];
    size_t size;
    unsigned kind;
};

static struct vector s_vectors[MAX_VECTORS];
static size_t s_count, s_welcome;
static uint64_t s_random;
static unsigned s_rate; /* per cent of the frames that are changed, in this round */
static volatile sig_atomic_t s_round;
static volatile unsigned s_sum; /* what was read must not be optimised away */
static struct {
    unsigned long frames, accepted, messages, views, ended, lost;
} s_seen;

static void on_crash(int number)
{
    char text[64];
    int size = snprintf(text, sizeof text, "\nfuzz: round %ld\n", (long)s_round);
    if (write(STDERR_FILENO, text, (size_t)size) < 0)
        _exit(3);
    signal(number, SIG_DFL);
    raise(number);
}

static uint64_t draw(void)
{
    uint64_t z = s_random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static size_t below(size_t limit) { return limit ? (size_t)(draw() % limit) : 0; }

static bool chance(unsigned percent) { return below(100) < percent; }

static void add_vectors(const struct json *list)
{
    for (const struct json *item = list->items; item && s_count < MAX_VECTORS; item = item->next) {
        size_t size;
        unsigned char *data = json_unhex(json_text_of(item, "hex"), &size);
        if (size <= MAX_FRAME / 2) {
            struct vector *vector = &s_vectors[s_count];
            memcpy(vector->bytes, data, vector->size = size);
            vector->kind = (unsigned)json_number_of(item, "kind", 0);
            if (strcmp(json_text_of(item, "name"), "welcome") == 0)
                s_welcome = s_count;
            s_count++;
        }
        free(data);
    }
}

/* Changes bytes of the payload, mostly keeping the length true. */
static void mutate(struct vector *v)
{
    static const uint8_t interesting[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc4, 0xc6, 0xc7, 0xc9, 0xca, 0xcf, 0xd3, 0xd9, 0xdb, 0xdc, 0xdd, 0xdf, 0xe0, 0xff};
    for (size_t times = 1 + below(4); times > 0; times--) {
        size_t at = v->size > 4 ? 4 + below(v->size - 4) : 0;
        switch (below(6)) {
        case 0: v->bytes[at] ^= (uint8_t)(1u << below(8)); break;
        case 1: v->bytes[at] = interesting[below(sizeof interesting)]; break;
        case 2: v->bytes[at] = (uint8_t)draw(); break;
        case 3: v->size = v->size > 5 ? 5 + below(v->size - 5) : v->size; break;
        case 4:
            for (size_t more = below(8); more > 0 && v->size < MAX_FRAME; more--)
                v->bytes[v->size++] = (uint8_t)draw();
            break;
        default: {
            const struct vector *other = &s_vectors[below(s_count)];
            size_t from = below(other->size), size = below(other->size - from + 1);
            size = size > MAX_FRAME - at ? MAX_FRAME - at : size;
            memcpy(v->bytes + at, other->bytes + from, size);
            v->size = at + size > v->size ? at + size : v->size;
        }
        }
    }
    if (chance(97))
        for (size_t i = 0; i < 4; i++)
            v->bytes[i] = (uint8_t)((v->size - 4) >> (24 - 8 * i));
}

static void touch(const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        s_sum += ((const uint8_t *)bytes)[i];
}

static void touch_text(const char *value)
{
    if (value)
        touch(value, strlen(value) + 1);
}

/* In a block of its own size, so that one byte too far is seen. */
static void read_alone(const struct vector *v)
{
    uint8_t *bytes = malloc(v->size + 1);
    struct frame frame;
    if (!bytes)
        return;
    memcpy(bytes, v->bytes, v->size);
    bytes[v->size] = 0;
    if (!decode(&frame, bytes + 4, v->size - 4)) {
        s_seen.accepted++;
        for (size_t i = 0; i < MAX_FIELDS; i++)
            touch(frame.fields[i].bytes, frame.fields[i].size);
    }
    free(bytes);
    bytes = malloc(v->size - 4 + (v->size == 4));
    if (!bytes)
        return;
    memcpy(bytes, v->bytes + 4, v->size - 4);
    gc_reader reader = gc_reader_of(bytes, v->size - 4);
    gc_value value;
    while (gc_read(&reader, &value))
        if (value.bytes)
            touch(value.bytes, value.size);
    reader = gc_reader_of(bytes, v->size - 4);
    s_sum += gc_skip(&reader);
    s_sum += gc_find(bytes, v->size - 4, "Quantity", &value, &reader);
    free(bytes);
}

/* ---- a program that does random things ---- */

static void something(gc_client *client);

static void on_done(gc_client *client, const gc_error *error, void *user)
{
    (void)user;
    if (error) {
        touch_text(error->code);
        touch_text(error->detail);
        touch_text(error->fix);
    }
    something(client);
}

static void on_receipt(gc_client *client, const gc_receipt *receipt, void *user)
{
    touch_text(receipt->id);
    if (receipt->error)
        on_done(client, receipt->error, user);
}

static void on_answer(gc_client *client, const gc_answer *answer, void *user)
{
    (void)user;
    touch_text(answer->member);
    touch(answer->payload, answer->size);
    something(client);
}

static void on_message(gc_client *client, const gc_message *message, void *user)
{
    (void)user;
    s_seen.messages++;
    touch_text(message->id);
    touch_text(message->from);
    touch_text(message->type);
    touch(message->payload, message->size);
    if (message->view)
        touch_text(message->view->self);
    something(client);
}

static void on_view(gc_client *client, const gc_view *view, void *user)
{
    (void)user;
    s_seen.views++;
    touch_text(view->group);
    touch_text(view->id);
    touch_text(view->self);
    touch_text(view->reason);
    touch_text(view->token);
    for (size_t i = 0; i < view->member_count; i++)
        touch_text(view->members[i]);
    for (size_t i = 0; i < view->joined_count; i++)
        touch_text(view->joined[i]);
    for (size_t i = 0; i < view->left_count; i++)
        touch_text(view->left[i]);
    something(client);
}

static void on_signal(gc_client *client, const gc_signal *signal, void *user)
{
    (void)user;
    touch_text(signal->reason);
    something(client);
}

static void capture(gc_client *client, void *user)
{
    (void)user;
    static const char block[50000];
    gc_state_write(client, block, below(sizeof block));
    gc_state_write(client, block, below(sizeof block));
    something(client);
}

static void restore(gc_client *client, const void *state, size_t size, void *user)
{
    (void)user;
    touch(state, size);
    if (chance(20))
        gc_state_fail(client, "no");
    something(client);
}

static void join(gc_client *client)
{
    gc_membership membership = {.group = "stock", .member = chance(50) ? "alice" : NULL, .on_message = on_message, .on_view = on_view, .on_signal = on_signal, .on_query = on_message};
    if (chance(50)) {
        membership.capture = capture;
        membership.restore = restore;
    }
    gc_join(client, &membership, on_done, NULL);
}

static void something(gc_client *client)
{
    static const char block[30000];
    switch (below(14)) {
    case 0: gc_hold(client); break;
    case 1: gc_release(client); break;
    case 2: gc_send(client, block, below(sizeof block), &(gc_send_options){.flags = GC_TELL_SAFE | GC_TELL_ACCEPTED, .on_receipt = on_receipt}); break;
    case 3: gc_send(client, block, below(100), NULL); break;
    case 4: gc_query(client, "price-of", block, below(100), GC_SAFE, 2, on_answer, on_done, NULL); break;
    case 5: gc_barrier(client, on_done, NULL); break;
    case 6: gc_reply(client, block, below(100)); break;
    case 7: gc_reply_error(client, "no"); break;
    case 8:
        if (chance(10))
            gc_leave(client, on_done, NULL);
        break;
    case 9: join(client); break;
    case 10: gc_send_to(client, "n2#9/b", "note", block, below(100), on_done, NULL); break;
    case 11:
        if (chance(1))
            gc_close(client);
        break;
    case 12: /* inside a callback it does nothing */
        if (client->running && (gc_free(client) != GC_NOT_NOW || gc_poll(client) != GC_NOT_NOW))
            abort();
        break;
    default: break;
    }
}

/* ---- a daemon that says random things ---- */

static void drain(int fd)
{
    uint8_t bytes[65536];
    while (recv(fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        ;
}

static int plug_in(gc_client *client)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0) {
        perror("socketpair");
        exit(2);
    }
    for (int i = 0; i < 2; i++)
        fcntl(pair[i], F_SETFL, O_NONBLOCK);
    client->fd = pair[0];
    client->state = GREETING_SENT;
    client->deadline = clock_ms() + 600000;
    return pair[1];
}

/* A WELCOME that the client can believe, and one that it cannot. */
static void say_welcome(gc_client *client, int fd)
{
    struct frame frame;
    struct vector *v = &s_vectors[s_welcome];
    if (decode(&frame, v->bytes + 4, v->size - 4))
        return;
    bool resumed = client->known && chance(70);
    frame.fields[2] = number(resumed);
    frame.fields[3] = number(resumed ? client->dropped + below((size_t)(client->written - client->dropped) + 1) : 0);
    if (chance(3))
        frame.fields[below(9)] = number(below(100000));
    frame.fields[4] = number(chance(50) ? 65536 : 4194304);
    gc_writer to = {0};
    encode(&to, &frame);
    if (send(fd, to.bytes, to.size, MSG_NOSIGNAL) < 0)
        s_seen.lost++;
    gc_writer_free(&to);
}

static void say_something(gc_client *client, int fd)
{
    struct vector v = s_vectors[below(s_count)];
    bool from_daemon = v.kind == 0 || v.kind >= PART || (v.kind >= ACK && v.kind <= PONG);
    if (!from_daemon && !chance(s_rate))
        return;
    if (chance(s_rate))
        mutate(&v);
    else if (v.kind == ACK) {
        /* One that the client can believe. */
        gc_writer to = {0};
        encode(&to, &(struct frame){ACK, {number(client->dropped + below((size_t)(client->written - client->dropped) + 1))}});
        memcpy(v.bytes, to.bytes, v.size = to.size);
        gc_writer_free(&to);
    } else if (v.kind == 0 && !chance(s_rate)) {
        return;
    } else if (v.kind >= DONE && v.kind <= ANSWER && v.bytes[6] < 0x80) {
        v.bytes[6] = (uint8_t)(1 + below(30)); /* the ref */
    }
    s_seen.frames++;
    for (size_t at = 0; at < v.size;) {
        size_t part = chance(90) ? v.size - at : 1 + below(v.size - at);
        ssize_t size = send(fd, v.bytes + at, part, MSG_NOSIGNAL);
        if (size <= 0)
            break;
        at += (size_t)size;
        if (at < v.size)
            gc_poll(client);
    }
}

static void run_round(uint64_t round)
{
    s_random = round * UINT64_C(0x2545f4914f6cdd1d) + 1;
    s_round = (sig_atomic_t)round;
    s_rate = (unsigned[]){0, 0, 1, 3, 10}[below(5)];
    for (int i = 0; i < 100; i++) {
        struct vector v = s_vectors[below(s_count)];
        mutate(&v);
        read_alone(&v);
    }
    gc_client *client;
    if (gc_open(&client, &(gc_options){.endpoints = (const char *const[]){"unix:/none", NULL}, .window = 65536}) != GC_OK)
        return;
    join(client);
    int fd = plug_in(client);
    say_welcome(client, fd);
    gc_status status = gc_poll(client);
    for (int i = 0; i < FRAMES_PER_ROUND && status == GC_OK; i++) {
        say_something(client, fd);
        if (chance(10))
            something(client);
        if (chance(40))
            drain(fd);
        if (chance(3)) {
            close(fd);
            fd = -1;
        }
        status = gc_poll(client);
        if (status == GC_OK && client->state != READY && client->state != ENDING) {
            if (fd >= 0)
                close(fd);
            hang_up(client);
            free_addresses(client);
            fd = plug_in(client);
            say_welcome(client, fd);
        }
        if (chance(5))
            gc_release(client);
    }
    s_seen.ended += status != GC_OK;
    gc_free(client);
    if (fd >= 0)
        close(fd);
}

int main(int count, char **arguments)
{
    if (count < 3) {
        fprintf(stderr, "usage: fuzz VECTORS SECONDS [ROUND]\n");
        return 2;
    }
    char path[1024];
    snprintf(path, sizeof path, "%s/gateway/index.json", arguments[1]);
    struct json *index = json_file(path);
    add_vectors(json_get(index, "frames"));
    add_vectors(json_get(index, "additive"));
    add_vectors(json_get(index, "bad"));
    json_free(index);
    signal(SIGABRT, on_crash);
    signal(SIGSEGV, on_crash);
    signal(SIGALRM, on_crash);
    uint64_t round = 1;
    if (count > 3) {
        run_round(strtoull(arguments[3], NULL, 10));
    } else {
        for (int64_t end = clock_ms() + (int64_t)(strtod(arguments[2], NULL) * 1000); clock_ms() < end; round++) {
            alarm(60); /* a round that does not end is a failure */
            run_round(round);
        }
    }
    printf("fuzz: %llu rounds, %lu frames to clients, %lu mutated ones accepted, %lu messages and %lu views delivered, %lu clients ended\n",
        (unsigned long long)round, s_seen.frames, s_seen.accepted, s_seen.messages, s_seen.views, s_seen.ended);
    if (count == 3 && (s_seen.messages == 0 || s_seen.views == 0 || s_seen.accepted == 0)) {
        fprintf(stderr, "fuzz: nothing got through, so nothing was tested\n");
        return 1;
    }
    return 0;
}
