/* A member of a GroupComm group through the daemon `groupcomm serve`. The protocol: interop/spec/gateway.md.

   A client is one connection and at most one membership. It never blocks, starts no thread and has no global state: put its
   descriptor into a loop of your own (gc_fd, gc_wants, gc_timeout, gc_poll), or let gc_run_once wait. Clients are independent of
   each other; one client must not be used by two threads at once.

   Callbacks run inside gc_poll and gc_run_once only, one at a time. They may make every call but gc_poll, gc_run_once and gc_free.

   Ownership: what you pass in is copied before the call returns. What a callback is given belongs to the client and is valid until
   the callback returns (after gc_hold: until gc_release). Every text ends with a zero byte and is UTF-8; payloads are bytes with a size.

   Every call that can fail returns a status: GC_OK, or why it did nothing. gc_error_text says it in words, gc_last_error in detail. */

#ifndef GROUPCOMM_H
#define GROUPCOMM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gc_client gc_client;

/* ---- what can fail ---- */

typedef enum gc_status {
    GC_OK = 0,

    /* At this client; nothing was sent. */
    GC_WINDOW_FULL,   /* the daemon has not taken what was sent before (or is not connected yet): again after on_room */
    GC_NOT_NOW,       /* the call makes no sense here, as gc_last_error says */
    GC_BAD_ARGUMENT,  /* as gc_last_error says */
    GC_BAD_ENDPOINT,  /* an endpoint is unix:PATH or tcp:HOST:PORT */
    GC_NO_MEMORY,

    /* The client has ended; every later call returns the same. */
    GC_CLOSED,        /* gc_close was called */
    GC_UNREACHABLE,   /* no endpoint answered as long as `patience` says */
    GC_BAD_FRAME,     /* one side broke the protocol: a defect to report */
    GC_VERSION,       /* no common version of the protocol */
    GC_TAKEN_OVER,    /* another connection has taken the session over */

    /* The daemon refused; nothing was sent, a repetition is safe. */
    GC_NOT_PRIMARY, GC_VIEW_CLOSED, GC_EXCLUDED, GC_UNKNOWN_GROUP, GC_GROUP_CLOSED, GC_ORDER_NOT_CARRIED, GC_TOO_LARGE,
    GC_NO_MEMBERSHIP, GC_NO_SUCH_MEMBER, GC_RESERVE_FULL, GC_BAD_REQUEST, GC_NOT_POSSIBLE_NOW,

    /* The join failed. */
    GC_NAME_TAKEN, GC_NOT_JOINED, GC_MEMBER_ALREADY, GC_STATE_TRANSFER,

    GC_OUTCOME_UNKNOWN, /* it may have been sent or not */
    GC_UNEXPECTED       /* a code that this version does not know: see `code` */
} gc_status;

typedef struct gc_error {
    gc_status status;
    const char *code;   /* for programs, as in the specification: "not-primary" */
    const char *detail; /* what happened */
    const char *fix;    /* what to do; may be empty */
} gc_error;

/* What a status means, in one line; its code in the specification. Both are constants. */
const char *gc_error_text(gc_status status);
const char *gc_error_code(gc_status status);

/* Of the last call that failed, or why the client has ended. Valid until the next call. Never NULL. */
const gc_error *gc_last_error(const gc_client *client);

/* ---- what comes ---- */

typedef enum gc_order { GC_FIFO = 1, GC_CAUSAL = 2, GC_AGREED = 3, GC_SAFE = 4 } gc_order;

typedef struct gc_view {
    const char *group, *id; /* the id is VIEW.NUMBER */
    const char *self;       /* this member: NODE/NAME */
    const char *const *members, *const *joined, *const *left;
    size_t member_count, joined_count, left_count;
    const char *reason, *token; /* the fencing token grows with every view and compares with strcmp */
} gc_view;

typedef struct gc_message {
    const char *id;
    const char *from;     /* member; NULL: from outside the group */
    gc_order order;
    uint64_t position;    /* in its view, from 1; 0: to this member alone */
    const char *type;     /* NULL: raw bytes */
    const void *payload;
    size_t size;
    const gc_view *view;  /* the one in which it is delivered */
} gc_message;

typedef enum gc_signal_kind {
    GC_SIGNAL_TRANSITIONAL = 45, GC_SIGNAL_PRIMARY_LOST, GC_SIGNAL_PRIMARY_REGAINED, GC_SIGNAL_GROUP_LOST,
    GC_SIGNAL_EXCLUDED, /* the others went on without this node; a reset and a view follow when it is back */
    GC_SIGNAL_RESET,    /* what this member knew is void: forget it, unless `restored` */
    GC_SIGNAL_LEFT      /* the membership is over: by gc_leave, or because the member was too slow */
} gc_signal_kind;

typedef struct gc_signal {
    gc_signal_kind kind;
    const char *name;   /* "reset" */
    const char *reason; /* may be empty */
    bool restored;      /* with GC_SIGNAL_RESET: `restore` has been given a state since, which replaces what was known */
} gc_signal;

typedef struct gc_connection {
    const char *node, *cluster; /* the daemon's */
    bool resumed;               /* false: the first one, or the daemon knows nothing of the one before */
    bool primary;
} gc_connection;

typedef struct gc_receipt {
    unsigned stage;        /* GC_TELL_ACCEPTED, …_DELIVERED (here), …_SAFE; 0 when it failed */
    const char *id;        /* of the message; NULL when it failed */
    const gc_error *error; /* NULL unless it failed */
    bool last;             /* no other comes for this send: `user` can be freed */
} gc_receipt;

typedef enum gc_answer_kind { GC_ANSWER_VALUE = 0, GC_ANSWER_ERROR = 1, GC_ANSWER_DEPARTED = 2 } gc_answer_kind;

typedef struct gc_answer {
    const char *member;
    gc_answer_kind kind;
    const void *payload; /* the value, or the error's text in UTF-8 */
    size_t size;
} gc_answer;

/* The request is done (error is NULL) or has failed. Comes exactly once for a request that was accepted with GC_OK, at the latest
   when the client ends; not when gc_free ends it. */
typedef void gc_on_done(gc_client *client, const gc_error *error, void *user);
typedef void gc_on_receipt(gc_client *client, const gc_receipt *receipt, void *user);
typedef void gc_on_answer(gc_client *client, const gc_answer *answer, void *user);

/* ---- a client ---- */

typedef struct gc_options {
    const char *const *endpoints; /* ends with NULL; tried in turn: "unix:/run/groupcomm.sock", "tcp:127.0.0.1:7481", "tcp:[::1]:7481".
                                     A host that is a name is looked up with getaddrinfo, which may block */
    const char *name;             /* for logs; default "groupcomm-c 0.1" */
    uint32_t window;              /* bytes under way towards this client, 65,536 to 16,777,216; default 1 MiB */
    uint32_t grace;               /* ms that the member stays while the connection is cut, at most 600,000; default 10,000 */
    bool no_grace;                /* grace is 0: a cut ends the member */
    uint32_t patience;            /* ms that the client tries to connect before it ends with GC_UNREACHABLE; default 30,000 */

    void (*on_connected)(gc_client *client, const gc_connection *connection, void *user); /* the first time and after each cut */
    void (*on_room)(gc_client *client, void *user);                                       /* after GC_WINDOW_FULL: there is room */
    void (*on_closed)(gc_client *client, const gc_error *error, void *user);              /* the last callback */
    void *user;
} gc_options;

/* Makes a client, which begins to connect with the next gc_poll. Requests may follow at once. *client is NULL unless GC_OK. */
gc_status gc_open(gc_client **client, const gc_options *options);

/* Ends the session; its member leaves. Go on with gc_run_once until it returns GC_CLOSED, so that the daemon is told. What the daemon has
   not carried out by then is dropped: wait for gc_leave to be done, which is behind it, to be sure. */
gc_status gc_close(gc_client *client);

/* Frees the client; closes it first as far as that goes without waiting. GC_NOT_NOW inside a callback. */
gc_status gc_free(gc_client *client);

/* Does all that can be done without waiting. GC_OK, or why the client has ended. */
gc_status gc_poll(gc_client *client);

/* Waits until there is something to do, at most so many milliseconds (-1: without end), and does it. */
gc_status gc_run_once(gc_client *client, int timeout);

/* For a loop of your own. Ask again after every call: the descriptor changes with each connection, and is -1 between two. */
int gc_fd(const gc_client *client);
short gc_wants(const gc_client *client);  /* POLLIN and POLLOUT of poll(2) */
int gc_timeout(const gc_client *client);  /* ms until gc_poll must be called anyway; -1: only when the descriptor is ready */

/* ---- a membership ---- */

typedef struct gc_membership {
    const char *group;  /* 1 to 256 characters */
    const char *member; /* 1 to 64 of A-Z a-z 0-9 . _ -, unique in the group on that daemon; NULL: the daemon makes one */

    void (*on_message)(gc_client *client, const gc_message *message, void *user);
    void (*on_view)(gc_client *client, const gc_view *view, void *user);
    void (*on_signal)(gc_client *client, const gc_signal *signal, void *user);
    /* Must call gc_reply or gc_reply_error before it returns (after gc_hold: before gc_release); otherwise the client says so. */
    void (*on_query)(gc_client *client, const gc_message *query, void *user);
    /* Both or none. capture hands over the state with gc_state_write; restore takes one. gc_state_fail says that it cannot. */
    void (*capture)(gc_client *client, void *user);
    void (*restore)(gc_client *client, const void *state, size_t size, void *user);
    void *user;

    /* Of the group; whoever creates it says. */
    bool closed;                        /* no sends from outside */
    bool agreed_only;
    bool start_empty_when_state_is_lost;
    bool states;                        /* the three above must be the group's own, or the join fails */
    uint32_t slow_consumer_timeout;     /* ms, 200 to 86,400,000; default 30,000 */
} gc_membership;

/* Joins. done may be NULL. Events may come before done. When the daemon is lost, the client joins again by itself through the next
   endpoint: state is restored, GC_SIGNAL_RESET, then a view in which self is another. */
gc_status gc_join(gc_client *client, const gc_membership *membership, gc_on_done *done, void *user);
gc_status gc_leave(gc_client *client, gc_on_done *done, void *user);

/* The view that was delivered last; NULL before the first. Valid until the handler of the next view has returned. */
const gc_view *gc_current_view(const gc_client *client);

/* The next event is not delivered, and this one counts as not handled, until gc_release: also after the handler has returned. For a
   handler that needs other events of the program. Who holds for long holds up the senders of the group. Only inside a handler. */
gc_status gc_hold(gc_client *client);
gc_status gc_release(gc_client *client);

enum {
    GC_TELL_ACCEPTED = 1,
    GC_TELL_DELIVERED = 2, /* here */
    GC_TELL_SAFE = 4,      /* it survives */
    GC_INSIDE_HANDLER = 8  /* does not wait for the window; set by itself inside a handler, set it for a send on behalf of a held event */
};

typedef struct gc_send_options {
    gc_order order;            /* default GC_AGREED */
    const char *type;          /* at most 256 characters; NULL: raw bytes */
    const char *group;         /* NULL: the own group; else from outside to that open group, also without a membership */
    unsigned flags;            /* GC_TELL_…: what on_receipt is to be told, each once, or one failure */
    gc_on_receipt *on_receipt; /* with a GC_TELL_… and only then */
    void *user;
} gc_send_options;

/* Multicasts. options NULL: agreed, nothing told. GC_TOO_LARGE above gc_max_payload. */
gc_status gc_send(gc_client *client, const void *payload, size_t size, const gc_send_options *options);

/* To one member, fifo, at most 1 MiB. Done when it is on its way. */
gc_status gc_send_to(gc_client *client, const char *member, const char *type, const void *payload, size_t size, gc_on_done *done, void *user);

enum { GC_TARGET_ALL = 0, GC_TARGET_MAJORITY = -1 }; /* or n: the first n answers */

/* Asks all members, this one too. on_answer for each answer, then done. */
gc_status gc_query(gc_client *client, const char *type, const void *payload, size_t size, gc_order order, int target, gc_on_answer *on_answer,
    gc_on_done *done, void *user);

/* Done when this member was given all that was safe anywhere before the call. */
gc_status gc_barrier(gc_client *client, gc_on_done *done, void *user);

/* The answer to the query whose handler runs or is held; at most 1 MiB. */
gc_status gc_reply(gc_client *client, const void *payload, size_t size);
gc_status gc_reply_error(gc_client *client, const char *why);

/* Adds to the state, in capture; says why not, in capture and restore. */
gc_status gc_state_write(gc_client *client, const void *bytes, size_t size);
gc_status gc_state_fail(gc_client *client, const char *why);

const char *gc_node(const gc_client *client);      /* the daemon's node; "" before the first connection */
size_t gc_max_payload(const gc_client *client);    /* of gc_send; 0 before the first connection */

/* Breaks the connection as a network does; the client resumes. For tests. */
gc_status gc_cut(gc_client *client);

/* ---- MessagePack, for typed messages: a map of property names to values ---- */

typedef enum gc_type { GC_NIL, GC_BOOL, GC_UINT, GC_INT, GC_FLOAT, GC_STR, GC_BIN, GC_ARRAY, GC_MAP, GC_EXT } gc_type;

typedef struct gc_value {
    gc_type type;       /* an integer from 0 on is GC_UINT, one below is GC_INT, whatever its width */
    union {
        bool boolean;
        uint64_t uint;
        int64_t sint;
        double real;
    } as;
    const char *bytes;  /* GC_STR (UTF-8, no zero byte at its end), GC_BIN, GC_EXT: inside what is read */
    size_t size;        /* of bytes; GC_ARRAY: items that follow; GC_MAP: pairs that follow */
    int8_t ext;         /* the type of GC_EXT */
} gc_value;

typedef struct gc_reader {
    const uint8_t *at, *end;
    bool bad; /* what was read is no MessagePack, or ends too early */
} gc_reader;

gc_reader gc_reader_of(const void *bytes, size_t size);
/* The next value, or the head of an array or map. False at the end and when it is bad. Needs no memory. */
bool gc_read(gc_reader *reader, gc_value *value);
/* Passes over the next value with all that is in it. */
bool gc_skip(gc_reader *reader);
/* A property of a typed message: its value, or the head of its array or map, behind which `inside` (may be NULL) stands. False when there is none. */
bool gc_find(const void *map, size_t size, const char *key, gc_value *value, gc_reader *inside);
bool gc_to_int64(const gc_value *value, int64_t *number);
bool gc_is_text(const gc_value *value, const char *text);

typedef struct gc_writer {
    uint8_t *bytes;
    size_t size, capacity;
    bool failed; /* no memory; nothing was written from then on */
} gc_writer;

/* Begin with gc_writer w = {0}, end with gc_writer_free. Integers and sizes take their shortest form. */
void gc_write_nil(gc_writer *to);
void gc_write_bool(gc_writer *to, bool value);
void gc_write_uint(gc_writer *to, uint64_t value);
void gc_write_int(gc_writer *to, int64_t value);
void gc_write_double(gc_writer *to, double value);
void gc_write_text(gc_writer *to, const char *text);
void gc_write_str(gc_writer *to, const void *bytes, size_t size);
void gc_write_bin(gc_writer *to, const void *bytes, size_t size);
void gc_write_array(gc_writer *to, uint32_t items);
void gc_write_map(gc_writer *to, uint32_t pairs);
void gc_writer_free(gc_writer *writer);

#ifdef __cplusplus
}
#endif
#endif
