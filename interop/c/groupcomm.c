/* The client: see groupcomm.h. From bottom to top: MessagePack, frames, the session (connections, what is kept, windows), events and
   their handlers, requests, the loop. Only gc_poll calls handlers; everything else is state that it finds. */

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include "groupcomm.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* May be set when this file is compiled: a program's own allocator, a test's failing one. */
#ifndef GC_REALLOC
#define GC_REALLOC realloc
#define GC_FREE free
#endif

#ifdef MSG_NOSIGNAL
#define SEND_FLAGS MSG_NOSIGNAL
#else
#define SEND_FLAGS 0
#endif

#define MAX_NUMBER ((UINT64_C(1) << 53) - 1)

enum {
    MAX_NESTING = 8,
    MAX_FIELDS = 9,
    MAX_TEXT = 1024,
    MAX_VIEW_FRAME = 16 << 20,
    HEAD = 65536,
    MIN_WINDOW = 65536,
    MAX_WINDOW = 16 << 20,
    MAX_UNDER_WAY = 16384,
    MAX_SMALL = 1 << 20, /* a part, a reply, a message to one member */
    PART_SIZE = 65536,
    SESSION_SIZE = 16,
    READ_SIZE = 65536,
    READ_AT_ONCE = 1 << 20,
    BUCKETS = 1024,
    VECTORS = 64,
    QUIET = 5000,    /* ms without a word after which the daemon is asked whether it is there */
    SILENT = 10000,  /* … after that question until it counts as gone */
    GREETING = 5000,
    LINGER = 1000,
    TURN = 50,       /* ms of handlers after which gc_poll comes back */
    REJOIN = 200,
    MIN_PAUSE = 50,
    MAX_PAUSE = 1000
};

enum kind {
    HELLO = 1, WELCOME, ACK, PING, PONG, CLOSE,
    JOIN = 16, LEAVE, SEND, SEND_TO, QUERY, BARRIER, REPLY, PART, END,
    DONE = 32, FAILED, RECEIPT, ANSWER,
    VIEW = 40, MESSAGE, ASK, CAPTURE, RESTORE, TRANSITIONAL, PRIMARY_LOST, PRIMARY_REGAINED, GROUP_LOST, EXCLUDED, RESET, LEFT, REACHED, CANCEL,
    FIRST_COUNTED = 16, FIRST_SKIPPABLE = 128
};

static void *resize(void *old, size_t size) { return GC_REALLOC(old, size); }

static void *zeroed(size_t size)
{
    void *made = resize(NULL, size);
    return made ? memset(made, 0, size) : NULL;
}

static void copy(void *to, const void *from, size_t size)
{
    if (size > 0)
        memcpy(to, from, size);
}

/* ---- statuses ---- */

static const struct {
    const char *code, *text;
} s_statuses[] = {
    [GC_OK] = {"ok", "it is done"},
    [GC_WINDOW_FULL] = {"window-full", "the daemon has not taken what was sent before; try again when on_room is called"},
    [GC_NOT_NOW] = {"not-now", "the call makes no sense at this moment; gc_last_error says why"},
    [GC_BAD_ARGUMENT] = {"bad-argument", "an argument is not what it must be; gc_last_error says which"},
    [GC_BAD_ENDPOINT] = {"bad-endpoint", "an endpoint is unix:PATH, with a path that fits into a socket address, or tcp:HOST:PORT; at least one is needed"},
    [GC_NO_MEMORY] = {"no-memory", "there is no memory; nothing was sent"},
    [GC_CLOSED] = {"closed", "the client was closed"},
    [GC_UNREACHABLE] = {"unreachable", "no daemon could be reached; start groupcomm serve with --socket or --tcp"},
    [GC_BAD_FRAME] = {"bad-frame", "one side broke the protocol; report it"},
    [GC_VERSION] = {"version", "client and daemon speak no common version of the protocol; update the older one"},
    [GC_TAKEN_OVER] = {"taken-over", "another connection has taken this session over"},
    [GC_NOT_PRIMARY] = {"not-primary", "the daemon hears no quorum; nothing was sent"},
    [GC_VIEW_CLOSED] = {"view-closed", "the view is changing; nothing was sent"},
    [GC_EXCLUDED] = {"excluded", "the others went on without this node; nothing was sent"},
    [GC_UNKNOWN_GROUP] = {"unknown-group", "there is no such group; nothing was sent"},
    [GC_GROUP_CLOSED] = {"group-closed", "the group takes nothing from outside; nothing was sent"},
    [GC_ORDER_NOT_CARRIED] = {"order-not-carried", "the group does not carry this order; nothing was sent"},
    [GC_TOO_LARGE] = {"too-large", "the payload is too large; nothing was sent"},
    [GC_NO_MEMBERSHIP] = {"no-membership", "this client is no member: join first; nothing was sent"},
    [GC_NO_SUCH_MEMBER] = {"no-such-member", "the view has no such member; nothing was sent"},
    [GC_RESERVE_FULL] = {"reserve-full", "the node's reserve for sends inside handlers is full; nothing was sent"},
    [GC_BAD_REQUEST] = {"bad-request", "the daemon takes the request for wrong; nothing was sent"},
    [GC_NOT_POSSIBLE_NOW] = {"not-possible-now", "the daemon cannot do that now; nothing was sent"},
    [GC_NAME_TAKEN] = {"name-taken", "the group has a member of that name on this daemon"},
    [GC_NOT_JOINED] = {"not-joined", "the join failed"},
    [GC_MEMBER_ALREADY] = {"member-already", "this client is a member: open a second one for another group"},
    [GC_STATE_TRANSFER] = {"state-transfer", "the join failed, since the state could not be transferred"},
    [GC_OUTCOME_UNKNOWN] = {"outcome-unknown", "it may have been sent or not; find out from the group, or send again if twice does no harm"},
    [GC_UNEXPECTED] = {"unexpected", "the daemon failed in a way that this client does not know"},
};

const char *gc_error_text(gc_status status)
{
    return s_statuses[(unsigned)status <= GC_UNEXPECTED ? status : GC_UNEXPECTED].text;
}

const char *gc_error_code(gc_status status)
{
    return s_statuses[(unsigned)status <= GC_UNEXPECTED ? status : GC_UNEXPECTED].code;
}

static gc_status status_of(const char *code)
{
    for (unsigned i = GC_CLOSED; i < GC_UNEXPECTED; i++)
        if (strcmp(s_statuses[i].code, code) == 0)
            return (gc_status)i;
    return GC_UNEXPECTED;
}

/* ---- MessagePack: reading ---- */

static uint64_t big_endian(const uint8_t *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static bool is_utf8(const uint8_t *at, size_t size)
{
    const uint8_t *end = at + size;
    while (at < end) {
        uint8_t first = *at++;
        if (first < 0x80)
            continue;
        size_t more = first >= 0xc2 && first < 0xe0 ? 1 : (first & 0xf0) == 0xe0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
        if (more == 0 || (size_t)(end - at) < more)
            return false;
        uint8_t second = *at;
        /* Overlong forms, surrogates, and what is above U+10FFFF. */
        if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
            return false;
        while (more-- > 0)
            if ((*at++ & 0xc0) != 0x80)
                return false;
    }
    return true;
}

gc_reader gc_reader_of(const void *bytes, size_t size)
{
    static const uint8_t none[1];
    gc_reader reader = {size > 0 ? bytes : none, NULL, false};
    reader.end = reader.at + size;
    return reader;
}

/* So many bytes; NULL, and bad, when there are fewer. */
static const uint8_t *take(gc_reader *reader, uint64_t size)
{
    if ((uint64_t)(reader->end - reader->at) < size) {
        reader->bad = true;
        return NULL;
    }
    const uint8_t *bytes = reader->at;
    reader->at += size;
    return bytes;
}

static bool take_number(gc_reader *reader, size_t width, uint64_t *number)
{
    const uint8_t *bytes = take(reader, width);
    if (bytes)
        *number = big_endian(bytes, width);
    return bytes != NULL;
}

static bool take_bytes(gc_reader *reader, gc_value *value, gc_type type, uint64_t size)
{
    value->type = type;
    if (type == GC_EXT) {
        const uint8_t *ext = take(reader, 1);
        if (!ext)
            return false;
        value->ext = (int8_t)*ext;
    }
    const uint8_t *bytes = take(reader, size);
    if (!bytes)
        return false;
    value->bytes = (const char *)bytes;
    value->size = (size_t)size;
    if (type == GC_STR && !is_utf8(bytes, value->size))
        reader->bad = true;
    return !reader->bad;
}

static bool take_head(gc_reader *reader, gc_value *value, gc_type type, uint64_t count)
{
    value->type = type;
    value->size = (size_t)count;
    /* Each item has one byte at least: what a head claims is bounded by what is there. */
    if (count * (type == GC_MAP ? 2 : 1) > (uint64_t)(reader->end - reader->at))
        reader->bad = true;
    return !reader->bad;
}

static bool take_int(gc_reader *reader, gc_value *value, size_t width)
{
    uint64_t number;
    if (!take_number(reader, width, &number))
        return false;
    uint64_t sign = UINT64_C(1) << (width * 8 - 1);
    value->type = number & sign ? GC_INT : GC_UINT;
    if (value->type == GC_UINT)
        value->as.uint = number;
    else
        value->as.sint = -(int64_t)(2 * sign - 1 - number) - 1;
    return true;
}

static bool take_float(gc_reader *reader, gc_value *value, size_t width)
{
    uint64_t number;
    if (!take_number(reader, width, &number))
        return false;
    value->type = GC_FLOAT;
    if (width == 8) {
        memcpy(&value->as.real, &number, sizeof value->as.real);
    } else {
        uint32_t bits = (uint32_t)number;
        float single;
        memcpy(&single, &bits, sizeof single);
        value->as.real = single;
    }
    return true;
}

static bool take_sized(gc_reader *reader, gc_value *value, gc_type type, size_t width)
{
    uint64_t size;
    if (!take_number(reader, width, &size))
        return false;
    return type == GC_ARRAY || type == GC_MAP ? take_head(reader, value, type, size) : take_bytes(reader, value, type, size);
}

bool gc_read(gc_reader *reader, gc_value *value)
{
    memset(value, 0, sizeof *value);
    if (reader->bad || reader->at == reader->end)
        return false;
    uint8_t head = *reader->at++;
    if (head < 0x80 || head >= 0xe0) {
        value->type = head < 0x80 ? GC_UINT : GC_INT;
        if (head < 0x80)
            value->as.uint = head;
        else
            value->as.sint = (int64_t)head - 256;
        return true;
    }
    if (head < 0xa0)
        return take_head(reader, value, head < 0x90 ? GC_MAP : GC_ARRAY, head & 0x0f);
    if (head < 0xc0)
        return take_bytes(reader, value, GC_STR, head & 0x1f);
    switch (head) {
    case 0xc0: value->type = GC_NIL; return true;
    case 0xc2: case 0xc3:
        value->type = GC_BOOL;
        value->as.boolean = head == 0xc3;
        return true;
    case 0xc4: case 0xc5: case 0xc6: return take_sized(reader, value, GC_BIN, (size_t)1 << (head - 0xc4));
    case 0xc7: case 0xc8: case 0xc9: return take_sized(reader, value, GC_EXT, (size_t)1 << (head - 0xc7));
    case 0xca: return take_float(reader, value, 4);
    case 0xcb: return take_float(reader, value, 8);
    case 0xcc: case 0xcd: case 0xce: case 0xcf:
        value->type = GC_UINT;
        return take_number(reader, (size_t)1 << (head - 0xcc), &value->as.uint);
    case 0xd0: case 0xd1: case 0xd2: case 0xd3: return take_int(reader, value, (size_t)1 << (head - 0xd0));
    case 0xd4: case 0xd5: case 0xd6: case 0xd7: case 0xd8: return take_bytes(reader, value, GC_EXT, UINT64_C(1) << (head - 0xd4));
    case 0xd9: case 0xda: case 0xdb: return take_sized(reader, value, GC_STR, (size_t)1 << (head - 0xd9));
    case 0xdc: case 0xdd: return take_sized(reader, value, GC_ARRAY, (size_t)2 << (head - 0xdc));
    case 0xde: case 0xdf: return take_sized(reader, value, GC_MAP, (size_t)2 << (head - 0xde));
    default: reader->bad = true; return false;
    }
}

static uint64_t inside(const gc_value *value)
{
    return value->type == GC_ARRAY ? value->size : value->type == GC_MAP ? (uint64_t)value->size * 2 : 0;
}

bool gc_skip(gc_reader *reader)
{
    gc_value value;
    for (uint64_t left = 1; left > 0; left--) {
        if (!gc_read(reader, &value)) {
            reader->bad = true;
            return false;
        }
        left += inside(&value);
    }
    return true;
}

/* The same, for a value that stands inside so many arrays and maps. */
static bool skip_nested(gc_reader *reader, size_t depth)
{
    uint64_t left[MAX_NESTING + 1] = {1};
    size_t level = 0;
    gc_value value;
    while (true) {
        while (left[level] == 0) {
            if (level == 0)
                return true;
            level--;
        }
        left[level]--;
        if (!gc_read(reader, &value))
            return false;
        if (value.type == GC_ARRAY || value.type == GC_MAP) {
            if (++level + depth > MAX_NESTING)
                return false;
            left[level] = inside(&value);
        }
    }
}

bool gc_is_text(const gc_value *value, const char *text)
{
    return value->type == GC_STR && strlen(text) == value->size && (value->size == 0 || memcmp(text, value->bytes, value->size) == 0);
}

bool gc_find(const void *map, size_t size, const char *key, gc_value *value, gc_reader *in)
{
    gc_reader reader = gc_reader_of(map, size);
    gc_value head, name;
    if (!gc_read(&reader, &head) || head.type != GC_MAP)
        return false;
    for (size_t i = 0; i < head.size; i++) {
        gc_reader at_name = reader;
        if (!gc_skip(&reader))
            return false;
        if (gc_read(&at_name, &name) && gc_is_text(&name, key)) {
            if (!gc_read(&reader, value))
                return false;
            if (in)
                *in = reader;
            return true;
        }
        if (!gc_skip(&reader))
            return false;
    }
    return false;
}

bool gc_to_int64(const gc_value *value, int64_t *number)
{
    if (value->type == GC_INT)
        *number = value->as.sint;
    else if (value->type == GC_UINT && value->as.uint <= INT64_MAX)
        *number = (int64_t)value->as.uint;
    else
        return false;
    return true;
}

/* ---- MessagePack: writing ---- */

static uint8_t *room(gc_writer *to, size_t size)
{
    if (to->failed || size > SIZE_MAX - to->size) {
        to->failed = true;
        return NULL;
    }
    size_t needed = to->size + size;
    if (needed > to->capacity) {
        size_t capacity = needed < 64 ? 64 : needed > SIZE_MAX / 2 ? needed : needed + needed / 2;
        uint8_t *bytes = resize(to->bytes, capacity);
        if (!bytes) {
            to->failed = true;
            return NULL;
        }
        to->bytes = bytes;
        to->capacity = capacity;
    }
    uint8_t *at = to->bytes + to->size;
    to->size = needed;
    return at;
}

static void append(gc_writer *to, const void *bytes, size_t size)
{
    uint8_t *at = room(to, size);
    if (at)
        copy(at, bytes, size);
}

static void head(gc_writer *to, uint8_t first, uint64_t number, size_t width)
{
    uint8_t *at = room(to, 1 + width);
    if (!at)
        return;
    *at++ = first;
    for (size_t i = 0; i < width; i++)
        at[i] = (uint8_t)(number >> (8 * (width - 1 - i)));
}

static void sized(gc_writer *to, uint8_t small, size_t smallest, uint8_t first, size_t least_width, uint64_t size)
{
    if (size > UINT32_MAX)
        to->failed = true;
    else if (size < smallest)
        head(to, (uint8_t)(small | size), 0, 0);
    else if (size <= UINT8_MAX && least_width == 1)
        head(to, first, size, 1);
    else if (size <= UINT16_MAX)
        head(to, (uint8_t)(first + (least_width == 1)), size, 2);
    else
        head(to, (uint8_t)(first + (least_width == 1) + 1), size, 4);
}

void gc_write_nil(gc_writer *to) { head(to, 0xc0, 0, 0); }

void gc_write_bool(gc_writer *to, bool value) { head(to, value ? 0xc3 : 0xc2, 0, 0); }

void gc_write_uint(gc_writer *to, uint64_t value)
{
    if (value < 0x80)
        head(to, (uint8_t)value, 0, 0);
    else if (value <= UINT8_MAX)
        head(to, 0xcc, value, 1);
    else if (value <= UINT16_MAX)
        head(to, 0xcd, value, 2);
    else if (value <= UINT32_MAX)
        head(to, 0xce, value, 4);
    else
        head(to, 0xcf, value, 8);
}

void gc_write_int(gc_writer *to, int64_t value)
{
    if (value >= 0)
        gc_write_uint(to, (uint64_t)value);
    else if (value >= -32)
        head(to, (uint8_t)value, 0, 0);
    else if (value >= INT8_MIN)
        head(to, 0xd0, (uint64_t)value, 1);
    else if (value >= INT16_MIN)
        head(to, 0xd1, (uint64_t)value, 2);
    else if (value >= INT32_MIN)
        head(to, 0xd2, (uint64_t)value, 4);
    else
        head(to, 0xd3, (uint64_t)value, 8);
}

void gc_write_double(gc_writer *to, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    head(to, 0xcb, bits, 8);
}

void gc_write_str(gc_writer *to, const void *bytes, size_t size)
{
    sized(to, 0xa0, 32, 0xd9, 1, size);
    append(to, bytes, size);
}

void gc_write_text(gc_writer *to, const char *text) { gc_write_str(to, text, strlen(text)); }

void gc_write_bin(gc_writer *to, const void *bytes, size_t size)
{
    sized(to, 0, 0, 0xc4, 1, size);
    append(to, bytes, size);
}

void gc_write_array(gc_writer *to, uint32_t items) { sized(to, 0x90, 16, 0xdc, 2, items); }

void gc_write_map(gc_writer *to, uint32_t pairs) { sized(to, 0x80, 16, 0xde, 2, pairs); }

void gc_writer_free(gc_writer *writer)
{
    GC_FREE(writer->bytes);
    memset(writer, 0, sizeof *writer);
}

/* ---- frames ---- */

/* u uint, i int, b bool, s str, S str or nil, y bin, Y bin or nil, a array of str, m map. */
static const char *const s_forms[] = {
    [HELLO] = "uusuuYu", [WELCOME] = "uybuuussb", [ACK] = "u", [PING] = "u", [PONG] = "u", [CLOSE] = "sss",
    [JOIN] = "usSm", [LEAVE] = "u", [SEND] = "uSuSyu", [SEND_TO] = "usSy", [QUERY] = "usyui", [BARRIER] = "u",
    [REPLY] = "uby", [PART] = "uy", [END] = "uS",
    [DONE] = "u", [FAILED] = "usss", [RECEIPT] = "uus", [ANSWER] = "usuy",
    [VIEW] = "sssaaass", [MESSAGE] = "sSuuSy", [ASK] = "usSuusy", [CAPTURE] = "u", [RESTORE] = "u",
    [TRANSITIONAL] = "s", [PRIMARY_LOST] = "s", [PRIMARY_REGAINED] = "", [GROUP_LOST] = "", [EXCLUDED] = "s",
    [RESET] = "s", [LEFT] = "s", [REACHED] = "u", [CANCEL] = "u",
};

enum { KINDS = sizeof s_forms / sizeof *s_forms };

struct field {
    uint64_t number;      /* uint and bool; the items of an array */
    int64_t sint;         /* int */
    const uint8_t *bytes; /* str and bin; array and map as they are written, with their head; NULL: nil */
    size_t size;
};

struct frame {
    unsigned kind;
    struct field fields[MAX_FIELDS];
};

static bool array_of_texts(gc_reader *reader, struct field *field)
{
    const uint8_t *begin = reader->at;
    gc_value value;
    if (!gc_read(reader, &value) || value.type != GC_ARRAY)
        return false;
    field->number = value.size;
    for (size_t i = 0; i < field->number; i++)
        if (!gc_read(reader, &value) || value.type != GC_STR)
            return false;
    field->bytes = begin;
    field->size = (size_t)(reader->at - begin);
    return true;
}

static bool map_as_it_is(gc_reader *reader, struct field *field)
{
    gc_reader peek = *reader;
    gc_value value;
    if (!gc_read(&peek, &value) || value.type != GC_MAP)
        return false;
    field->bytes = reader->at;
    bool whole = skip_nested(reader, 1);
    field->size = (size_t)(reader->at - field->bytes);
    return whole;
}

static bool read_field(gc_reader *reader, char form, struct field *field)
{
    if (form == 'a')
        return array_of_texts(reader, field);
    if (form == 'm')
        return map_as_it_is(reader, field);
    gc_value value;
    if (!gc_read(reader, &value))
        return false;
    switch (form) {
    case 'u':
        field->number = value.as.uint;
        return value.type == GC_UINT && value.as.uint <= MAX_NUMBER;
    case 'i':
        return gc_to_int64(&value, &field->sint) && field->sint <= (int64_t)MAX_NUMBER && field->sint >= -(int64_t)MAX_NUMBER;
    case 'b':
        field->number = value.type == GC_BOOL && value.as.boolean;
        return value.type == GC_BOOL;
    default:
        if ((form == 'S' || form == 'Y') && value.type == GC_NIL)
            return true;
        field->bytes = (const uint8_t *)value.bytes;
        field->size = value.size;
        return value.type == (form == 's' || form == 'S' ? GC_STR : GC_BIN);
    }
}

/* NULL, or what is wrong. The kind is 0 for one that a later version may have added. */
static const char *decode(struct frame *frame, const void *payload, size_t size)
{
    memset(frame, 0, sizeof *frame);
    gc_reader reader = gc_reader_of(payload, size);
    gc_value array, kind;
    if (!gc_read(&reader, &array))
        return "the payload is no MessagePack, or an array longer than its frame";
    if (array.type != GC_ARRAY || array.size == 0 || !gc_read(&reader, &kind) || kind.type != GC_UINT || kind.as.uint > MAX_NUMBER)
        return "a frame is an array that begins with its kind";
    const char *form = kind.as.uint < KINDS ? s_forms[kind.as.uint] : NULL;
    if (!form && kind.as.uint < FIRST_SKIPPABLE)
        return "there is no such kind of frame";
    size_t fields = form ? strlen(form) : 0;
    if (array.size <= fields)
        return "the array has too few elements";
    for (size_t i = 0; i < fields; i++)
        if (!read_field(&reader, form[i], &frame->fields[i]))
            return "a field is not what it must be";
    for (size_t i = fields + 1; i < array.size; i++)
        if (!skip_nested(&reader, 1))
            return "what follows the fields is no MessagePack, or nested more than 8 deep";
    if (reader.at != reader.end)
        return "bytes follow the array";
    frame->kind = form ? (unsigned)kind.as.uint : 0;
    return NULL;
}

/* Appends a frame with its length. */
static void encode(gc_writer *to, const struct frame *frame)
{
    const char *form = s_forms[frame->kind];
    size_t begin = to->size;
    room(to, 4);
    gc_write_array(to, (uint32_t)strlen(form) + 1);
    gc_write_uint(to, frame->kind);
    for (const struct field *field = frame->fields; *form; form++, field++) {
        if (*form == 'u')
            gc_write_uint(to, field->number);
        else if (*form == 'i')
            gc_write_int(to, field->sint);
        else if (*form == 'b')
            gc_write_bool(to, field->number != 0);
        else if (*form == 'a' || *form == 'm')
            append(to, field->bytes, field->size);
        else if (!field->bytes)
            gc_write_nil(to);
        else if (*form == 's' || *form == 'S')
            gc_write_str(to, field->bytes, field->size);
        else
            gc_write_bin(to, field->bytes, field->size);
    }
    if (to->failed)
        return;
    size_t size = to->size - begin - 4;
    for (size_t i = 0; i < 4; i++)
        to->bytes[begin + i] = (uint8_t)(size >> (24 - 8 * i));
}

static struct field number(uint64_t value) { return (struct field){.number = value}; }

static struct field bytes(const void *value, size_t size)
{
    static const uint8_t none[1];
    return (struct field){.bytes = size > 0 ? value : none, .size = size};
}

static struct field text(const char *value) { return value ? bytes(value, strlen(value)) : (struct field){.bytes = NULL}; }

/* A str of a frame as a C text: its last byte is followed by one that has been read already. */
static const char *terminated(const struct field *field)
{
    if (!field->bytes)
        return NULL;
    uint8_t *mutable = (uint8_t *)field->bytes;
    mutable[field->size] = 0;
    return (const char *)mutable;
}

/* ---- the client's state ---- */

enum state { IDLE, CONNECTING, GREETING_SENT, READY, ENDING, ENDED };

/* A counted frame that the daemon has not acknowledged. */
struct kept {
    struct kept *after;
    uint8_t *bytes;
    size_t size;
    bool windowed;
};

/* A counted frame of the daemon that is not handled. */
struct event {
    struct event *after;
    uint64_t number;       /* among the counted frames of the session */
    uint64_t bytes_before; /* of counted frames */
    struct frame frame;
    uint8_t payload[];
};

struct request {
    struct request *before, *after, *chain;
    uint64_t ref;
    unsigned kind;
    unsigned pending; /* of a SEND: stages that are to come */
    bool rejoins;     /* a JOIN that the client made by itself */
    bool left;        /* a LEAVE that is done, though the daemon did not say so */
    gc_on_done *done;
    gc_on_receipt *receipt;
    gc_on_answer *answer;
    void *user;
};

struct view {
    gc_view public;
    struct event *event; /* whose payload the texts are in */
    const char **names;
};

/* A state on its way: collected by capture or from the daemon, and sent part by part as the window allows. */
struct transfer {
    bool open;      /* the handler of its event runs, is held, or has sent less than all */
    bool restores;  /* the answer to a RESTORE: END alone */
    bool ready;     /* the handler is over: what remains is to be sent */
    bool cancelled;
    bool failed;
    uint64_t id;
    size_t at;
    gc_writer data;
    char why[256];
};

struct gc_client {
    gc_options options;
    char **endpoints;
    char *name;

    enum state state;
    gc_status end; /* why it ends */
    bool told;     /* the daemon was told that it ends: wait until it has read that */
    bool running;  /* inside gc_poll */
    int fd;
    size_t at, tried;
    struct addrinfo *addresses, *address;
    int64_t now, due, deadline, patience_ends, pause, heard, pinged;
    char reason[192];

    uint8_t *in;
    size_t in_begin, in_end, in_capacity;
    gc_writer control; /* frames that are not counted, for this connection */
    size_t control_at;

    bool known; /* there is a session */
    uint8_t session[SESSION_SIZE];
    struct kept *kept, *last_kept, *unsent;
    size_t offset; /* of `unsent`, so many bytes are written */
    size_t kept_bytes, kept_windowed;
    uint64_t dropped, written; /* counted frames that were acknowledged, that were written or known to have arrived */
    size_t send_window, max_payload;
    uint64_t received, received_bytes, acknowledged, acknowledged_bytes;
    char *node, *cluster;
    bool wants_room, resumes; /* … and has not said yet how much is handled */

    struct event *events, *last_event;
    struct event *orphan; /* held while its session was lost */
    bool in_handler, held, asking;
    struct transfer taking, giving; /* from the daemon, to it */

    uint64_t last_ref;
    struct request *requests, *last_request, *buckets[BUCKETS];

    bool member;  /* it is, or joins, or joins again */
    bool had_view, leaving, rejoining, reset, restored;
    int64_t rejoin_due;
    gc_membership membership;
    char *group, *member_name;
    struct view view;
    gc_message message; /* what the handler of the first event was given, which may hold it */
    gc_signal signal;

    gc_error error;
    char detail[256], fix[256], code[64];
};

static int64_t clock_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static char *duplicate(const char *value)
{
    size_t size = strlen(value) + 1;
    char *made = resize(NULL, size);
    return made ? memcpy(made, value, size) : NULL;
}

/* Cuts a text at a whole character. */
static void clip(char *to, size_t capacity, const char *from)
{
    size_t size = strlen(from);
    if (size >= capacity) {
        size = capacity - 1;
        while (size > 0 && ((uint8_t)from[size] & 0xc0) == 0x80)
            size--;
    }
    copy(to, from, size);
    to[size] = 0;
}

static gc_status fail(gc_client *c, gc_status status, const char *detail)
{
    clip(c->detail, sizeof c->detail, detail);
    c->fix[0] = 0;
    c->error = (gc_error){status, gc_error_code(status), c->detail, c->fix};
    return status;
}

static gc_status plain(gc_client *c, gc_status status) { return fail(c, status, gc_error_text(status)); }

const gc_error *gc_last_error(const gc_client *client) { return &client->error; }

/* ---- ending ---- */

static void hang_up(gc_client *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    c->in_begin = c->in_end = 0;
    c->control.size = c->control_at = c->offset = 0;
    c->control.failed = false;
}

/* Nothing more is sent or received but what is under way. */
static void end_with(gc_client *c, gc_status status, const char *detail)
{
    if (c->state >= ENDING)
        return;
    fail(c, status, detail);
    c->end = status;
    c->told = false;
    if (c->state != READY)
        hang_up(c);
    c->state = ENDING;
    c->deadline = clock_ms() + LINGER;
}

static void end_without_memory(gc_client *c) { end_with(c, GC_NO_MEMORY, "there is no memory to go on"); }

static void say_close(gc_client *c, const char *code, const char *detail, const char *fix)
{
    if (c->state == READY)
        encode(&c->control, &(struct frame){CLOSE, {text(code), text(detail), text(fix)}});
}

static void end_badly(gc_client *c, const char *why)
{
    char detail[256];
    snprintf(detail, sizeof detail, "the daemon sent a bad frame: %s", why);
    if (c->state == GREETING_SENT)
        c->state = READY; /* the greeting is over, and what follows it is said */
    say_close(c, "bad-frame", why, "correct the daemon");
    end_with(c, GC_BAD_FRAME, detail);
}

/* ---- what is kept, and the window ---- */

static bool has_room(const gc_client *c) { return c->kept_bytes < c->send_window && c->kept_windowed < MAX_UNDER_WAY; }

static gc_status keep(gc_client *c, const struct frame *frame, bool windowed)
{
    size_t bound = 16;
    for (size_t i = 0; i < MAX_FIELDS; i++)
        bound += frame->fields[i].size + 9;
    struct kept *kept = zeroed(sizeof *kept);
    gc_writer to = {0};
    room(&to, bound);
    to.size = 0;
    encode(&to, frame);
    if (!kept || to.failed) {
        GC_FREE(kept);
        gc_writer_free(&to);
        return plain(c, GC_NO_MEMORY);
    }
    kept->bytes = to.bytes;
    kept->size = to.size;
    kept->windowed = windowed;
    if (c->last_kept)
        c->last_kept->after = kept;
    else
        c->kept = kept;
    c->last_kept = kept;
    if (!c->unsent)
        c->unsent = kept;
    c->kept_bytes += kept->size;
    c->kept_windowed += windowed;
    return GC_OK;
}

static void drop_first(gc_client *c)
{
    struct kept *kept = c->kept;
    c->kept = kept->after;
    if (!c->kept)
        c->last_kept = NULL;
    c->kept_bytes -= kept->size;
    c->kept_windowed -= kept->windowed;
    GC_FREE(kept->bytes);
    GC_FREE(kept);
}

static void drop_all(gc_client *c)
{
    while (c->kept)
        drop_first(c);
    c->unsent = NULL;
    c->dropped = c->written = 0;
    c->offset = 0;
}

static void acknowledged(gc_client *c, uint64_t count)
{
    if (count < c->dropped || count > c->written) {
        end_badly(c, "an acknowledgement of frames that were not sent, or that were acknowledged before");
        return;
    }
    for (; c->dropped < count; c->dropped++)
        drop_first(c);
}

/* Says how many events are handled: when none is left, a quarter of the window is, or the connection is new. Behind all that is kept,
   since what a handler sent must arrive before its event counts as handled. */
static bool acknowledge(gc_client *c)
{
    uint64_t handled = c->events ? c->events->number - 1 : c->received;
    uint64_t handled_bytes = c->events ? c->events->bytes_before : c->received_bytes;
    bool due = c->resumes || !c->events || handled_bytes - c->acknowledged_bytes >= c->options.window / 4;
    if (c->state != READY || c->unsent || handled <= c->acknowledged || !due)
        return false;
    c->resumes = false;
    c->acknowledged = handled;
    c->acknowledged_bytes = handled_bytes;
    encode(&c->control, &(struct frame){ACK, {number(handled)}});
    return !c->control.failed;
}

/* ---- requests ---- */

static struct request *find(gc_client *c, uint64_t ref)
{
    struct request *request = c->buckets[ref % BUCKETS];
    while (request && request->ref != ref)
        request = request->chain;
    return request;
}

static struct request *add_request(gc_client *c, unsigned kind, void *user)
{
    struct request *request = zeroed(sizeof *request);
    if (!request)
        return NULL;
    request->ref = ++c->last_ref;
    request->kind = kind;
    request->user = user;
    request->before = c->last_request;
    if (c->last_request)
        c->last_request->after = request;
    else
        c->requests = request;
    c->last_request = request;
    request->chain = c->buckets[request->ref % BUCKETS];
    c->buckets[request->ref % BUCKETS] = request;
    return request;
}

static void remove_request(gc_client *c, struct request *request)
{
    struct request **chain = &c->buckets[request->ref % BUCKETS];
    while (*chain != request)
        chain = &(*chain)->chain;
    *chain = request->chain;
    if (request->before)
        request->before->after = request->after;
    else
        c->requests = request->after;
    if (request->after)
        request->after->before = request->before;
    else
        c->last_request = request->before;
    GC_FREE(request);
}

static void forget_membership(gc_client *c)
{
    c->member = c->had_view = c->leaving = c->rejoining = c->reset = c->restored = false;
    GC_FREE(c->group);
    GC_FREE(c->member_name);
    c->group = c->member_name = NULL;
}

static void signal_member(gc_client *c, gc_signal_kind kind, const char *name, const char *reason);

/* The request is over; what is called may make others. */
static void settle_request(gc_client *c, struct request *request, const gc_error *error)
{
    struct request over = *request;
    remove_request(c, request);
    if (over.left)
        error = NULL;
    if (over.rejoins) {
        c->rejoining = error != NULL;
        /* Its old life holds the name until the others have excluded the node it was on. */
        c->rejoin_due = c->now + REJOIN;
        if (error && (error->status == GC_BAD_REQUEST || error->status == GC_MEMBER_ALREADY))
            signal_member(c, GC_SIGNAL_LEFT, "left", error->detail);
        return;
    }
    if (over.kind == JOIN && error)
        forget_membership(c);
    if (over.kind == LEAVE)
        c->leaving = false;
    if (over.kind == SEND) {
        if (over.receipt && error)
            over.receipt(c, &(gc_receipt){0, NULL, error, true}, over.user);
    } else if (over.done) {
        over.done(c, error, over.user);
    }
}

static void reach(gc_client *c, uint64_t ref, unsigned stage, const char *id)
{
    struct request *request = find(c, ref);
    if (!request || !(request->pending & stage))
        return;
    request->pending &= ~stage;
    gc_receipt receipt = {stage, id, NULL, request->pending == 0};
    gc_on_receipt *call = request->receipt;
    void *user = request->user;
    if (receipt.last)
        remove_request(c, request);
    call(c, &receipt, user);
}

static void fail_all(gc_client *c, const gc_error *error)
{
    uint64_t last = c->last_ref; /* not what the callbacks ask for anew */
    while (c->requests && c->requests->ref <= last)
        settle_request(c, c->requests, error);
}

static gc_error error_of(const struct field *fields)
{
    gc_error error = {GC_OK, terminated(&fields[0]), terminated(&fields[1]), terminated(&fields[2])};
    error.status = status_of(error.code);
    return error;
}

/* What has no handler: DONE, FAILED, RECEIPT, ANSWER. */
static void take_answer(gc_client *c, const struct frame *frame)
{
    uint64_t ref = frame->fields[0].number;
    struct request *request = find(c, ref);
    if (!request)
        return;
    if (frame->kind == RECEIPT) {
        reach(c, ref, (unsigned)(frame->fields[1].number & 7), terminated(&frame->fields[2]));
    } else if (frame->kind == DONE) {
        settle_request(c, request, NULL);
    } else if (frame->kind == FAILED) {
        gc_error error = error_of(frame->fields + 1);
        settle_request(c, request, &error);
    } else if (request->answer && frame->fields[2].number <= GC_ANSWER_DEPARTED) {
        const struct field *payload = &frame->fields[3];
        gc_answer answer = {terminated(&frame->fields[1]), (gc_answer_kind)frame->fields[2].number, payload->bytes, payload->size};
        request->answer(c, &answer, request->user);
    }
}

/* ---- events ---- */

static void free_events(gc_client *c)
{
    while (c->events) {
        struct event *event = c->events;
        c->events = event->after;
        if (event != c->view.event)
            GC_FREE(event);
    }
    c->last_event = NULL;
}

static void free_view(struct view *view)
{
    GC_FREE(view->event);
    GC_FREE(view->names);
    memset(view, 0, sizeof *view);
}

static void clear_transfer(struct transfer *transfer)
{
    gc_writer_free(&transfer->data);
    memset(transfer, 0, sizeof *transfer);
}

static struct event *pop_event(gc_client *c)
{
    struct event *event = c->events;
    c->events = event->after;
    if (!c->events)
        c->last_event = NULL;
    return event;
}

static void finish_event(gc_client *c)
{
    struct event *event = pop_event(c);
    if (event != c->view.event)
        GC_FREE(event);
}

/* Sends what the window allows of a state, or the answer to one; then the event is handled. */
static void pump_transfer(gc_client *c)
{
    struct transfer *t = &c->giving;
    gc_status status = GC_OK;
    while (t->ready && !t->cancelled && status == GC_OK) {
        if (!has_room(c))
            return;
        if (!t->restores && !t->failed && t->at < t->data.size) {
            size_t size = t->data.size - t->at < PART_SIZE ? t->data.size - t->at : PART_SIZE;
            status = keep(c, &(struct frame){PART, {number(t->id), bytes(t->data.bytes + t->at, size)}}, true);
            t->at += size;
        } else {
            status = keep(c, &(struct frame){END, {number(t->id), t->failed ? text(t->why) : text(NULL)}}, true);
            t->ready = false;
        }
    }
    if (status != GC_OK) {
        end_without_memory(c);
    } else if (t->open && (!t->ready || t->cancelled)) {
        clear_transfer(t);
        finish_event(c);
    }
}

static gc_status answer_query(gc_client *c, bool ok, const void *payload, size_t size)
{
    if (!c->asking)
        return fail(c, GC_NOT_NOW, "no query waits for a reply of this handler, or it has got one; reply once, inside on_query");
    if (size > MAX_SMALL)
        return fail(c, GC_TOO_LARGE, "a reply has at most 1 MiB");
    gc_status status = keep(c, &(struct frame){REPLY, {number(c->events->frame.fields[0].number), number(ok), bytes(payload, size)}}, false);
    if (status == GC_OK)
        c->asking = false;
    return status;
}

/* The handler of the first event is over. */
static void settle_event(gc_client *c)
{
    if (c->asking) {
        static const char none[] = "the handler gave no answer";
        if (answer_query(c, false, none, sizeof none - 1) != GC_OK) {
            end_without_memory(c);
            return;
        }
    }
    if (!c->taking.open)
        clear_transfer(&c->taking);
    if (c->giving.open) {
        c->giving.ready = true;
        pump_transfer(c);
    } else {
        finish_event(c);
    }
}

static const char **names_of(const struct field *field, const char ***next)
{
    const char **begin = *next;
    gc_reader reader = gc_reader_of(field->bytes, field->size);
    gc_value value;
    gc_read(&reader, &value);
    while (gc_read(&reader, &value))
        *(*next)++ = value.bytes;
    return begin;
}

/* Texts are ended after all heads have been read: the zero byte stands where the next head was. */
static void terminate_names(const struct field *field)
{
    gc_reader reader = gc_reader_of(field->bytes, field->size);
    gc_value value, following;
    gc_read(&reader, &value);
    for (bool more = gc_read(&reader, &value); more; value = following) {
        more = gc_read(&reader, &following);
        ((uint8_t *)value.bytes)[value.size] = 0;
    }
}

static void signal_member(gc_client *c, gc_signal_kind kind, const char *name, const char *reason)
{
    c->signal = (gc_signal){kind, name, reason, kind == GC_SIGNAL_RESET && c->restored};
    gc_membership membership = c->membership;
    if (kind == GC_SIGNAL_LEFT)
        forget_membership(c);
    if (membership.on_signal)
        membership.on_signal(c, &c->signal, membership.user);
}

static void install_view(gc_client *c, struct event *event)
{
    struct field *f = event->frame.fields;
    size_t counts[3] = {(size_t)f[3].number, (size_t)f[4].number, (size_t)f[5].number};
    const char **names = resize(NULL, (counts[0] + counts[1] + counts[2] + 1) * sizeof *names);
    if (!names) {
        end_without_memory(c);
        return;
    }
    const char **next = names;
    struct view view = {.event = event, .names = names};
    view.public.members = names_of(&f[3], &next);
    view.public.joined = names_of(&f[4], &next);
    view.public.left = names_of(&f[5], &next);
    for (int i = 5; i >= 3; i--) /* the head behind the last name is the next array's */
        terminate_names(&f[i]);
    view.public.group = terminated(&f[0]);
    view.public.id = terminated(&f[1]);
    view.public.self = terminated(&f[2]);
    view.public.member_count = counts[0];
    view.public.joined_count = counts[1];
    view.public.left_count = counts[2];
    view.public.reason = terminated(&f[6]);
    view.public.token = terminated(&f[7]);
    struct view before = c->view;
    c->view = view;
    bool reset = c->reset;
    c->had_view = true;
    c->reset = false;
    if (reset)
        signal_member(c, GC_SIGNAL_RESET, "reset", "the daemon no longer knew this session");
    c->restored = false;
    if (c->membership.on_view && c->member)
        c->membership.on_view(c, &c->view.public, c->membership.user);
    free_view(&before);
}

static const gc_message *message_of(gc_client *c, const struct field *f)
{
    c->message = (gc_message){terminated(&f[0]), terminated(&f[1]), (gc_order)f[2].number, f[3].number, terminated(&f[4]), f[5].bytes, f[5].size,
        c->view.event ? &c->view.public : NULL};
    return &c->message;
}

static void open_transfer(struct transfer *transfer, uint64_t id)
{
    clear_transfer(transfer);
    transfer->open = true;
    transfer->id = id;
}

static void say_why(struct transfer *transfer, const char *why)
{
    transfer->failed = true;
    clip(transfer->why, sizeof transfer->why, why);
}

static void take_part(gc_client *c, const struct field *f)
{
    struct transfer *t = &c->taking;
    if (!t->open || t->id != f[0].number)
        return;
    append(&t->data, f[1].bytes, f[1].size);
    if (t->data.failed)
        say_why(t, "the client has no memory for this state");
}

static void take_state(gc_client *c, const struct field *f)
{
    struct transfer *t = &c->taking;
    if (!t->open || t->id != f[0].number)
        return;
    t->open = false;
    if (!f[1].bytes) {
        open_transfer(&c->giving, t->id);
        c->giving.restores = true;
        if (t->failed)
            say_why(&c->giving, t->why);
        else if (c->member && c->membership.restore) {
            c->restored = true;
            c->membership.restore(c, t->data.bytes ? (const void *)t->data.bytes : "", t->data.size, c->membership.user);
        }
    }
}

static void ask(gc_client *c, const struct field *f)
{
    static const char none[] = "no query handler is registered for this type";
    c->asking = true;
    if (c->member && c->membership.on_query) {
        c->membership.on_query(c, message_of(c, f + 1), c->membership.user);
    } else if (answer_query(c, false, none, sizeof none - 1) != GC_OK) {
        end_without_memory(c);
    }
}

static void handle(gc_client *c, struct event *event)
{
    const struct field *f = event->frame.fields;
    switch (event->frame.kind) {
    case REACHED: {
        struct request *request = find(c, f[0].number);
        if (request)
            settle_request(c, request, NULL);
        break;
    }
    case MESSAGE:
        if (c->member && c->membership.on_message)
            c->membership.on_message(c, message_of(c, f), c->membership.user);
        break;
    case VIEW:
        if (c->member)
            install_view(c, event);
        break;
    case ASK: ask(c, f); break;
    case CAPTURE:
        open_transfer(&c->giving, f[0].number);
        if (c->member && c->membership.capture)
            c->membership.capture(c, c->membership.user);
        else
            say_why(&c->giving, "this client gives no state");
        break;
    case RESTORE: open_transfer(&c->taking, f[0].number); break;
    case PART: take_part(c, f); break;
    case END: take_state(c, f); break;
    case CANCEL:
        if (c->taking.id == f[0].number)
            clear_transfer(&c->taking);
        break;
    default: {
        static const char *const names[] = {"transitional", "primary-lost", "primary-regained", "group-lost", "excluded", "reset", "left"};
        if (c->member)
            signal_member(c, (gc_signal_kind)event->frame.kind, names[event->frame.kind - TRANSITIONAL], f[0].bytes ? terminated(&f[0]) : "");
        break;
    }
    }
}

static bool can_dispatch(const gc_client *c) { return c->state < ENDING && c->events && !c->held && !c->giving.open; }

static void dispatch(gc_client *c)
{
    int64_t until = clock_ms() + TURN;
    while (can_dispatch(c)) {
        c->in_handler = true;
        handle(c, c->events);
        c->in_handler = false;
        if (!c->held && c->state < ENDING)
            settle_event(c);
        if (clock_ms() >= until)
            return;
    }
}

/* ---- frames that come ---- */

static void add_event(gc_client *c, const struct frame *frame, const uint8_t *payload, size_t size)
{
    struct event *event = resize(NULL, sizeof *event + size + 1);
    if (!event) {
        end_without_memory(c);
        return;
    }
    memset(event, 0, sizeof *event);
    memcpy(event->payload, payload, size);
    event->payload[size] = 0;
    event->frame = *frame;
    for (size_t i = 0; i < MAX_FIELDS; i++)
        if (frame->fields[i].bytes)
            event->frame.fields[i].bytes = event->payload + (frame->fields[i].bytes - payload);
    event->number = ++c->received;
    event->bytes_before = c->received_bytes;
    c->received_bytes += size + 4;
    if (c->last_event)
        c->last_event->after = event;
    else
        c->events = event;
    c->last_event = event;
}

static void join_anew(gc_client *c);

/* The daemon knows nothing of the session before: nor does the client from here on. */
static void lose_session(gc_client *c)
{
    if (c->held && !c->orphan)
        c->orphan = pop_event(c);
    free_events(c);
    clear_transfer(&c->giving);
    if (!c->held)
        clear_transfer(&c->taking);
    c->taking.open = c->asking = false;
    gc_error error = {GC_OUTCOME_UNKNOWN, gc_error_code(GC_OUTCOME_UNKNOWN), "the daemon no longer knows this session; whether this was done is unknown",
        "find out from the group, or send again if twice does no harm"};
    if (c->leaving) {
        signal_member(c, GC_SIGNAL_LEFT, "left", "the session ended while the member was leaving");
        for (struct request *request = c->requests; request; request = request->after)
            request->left |= request->kind == LEAVE;
    }
    bool was_member = c->member && c->had_view;
    fail_all(c, &error);
    if (!c->member || !was_member || c->state >= ENDING)
        return;
    c->reset = c->rejoining = true;
    c->restored = false;
    join_anew(c);
}

static bool replace(char **text, const struct field *field)
{
    char *made = resize(NULL, field->size + 1);
    if (!made)
        return false;
    copy(made, field->bytes, field->size);
    made[field->size] = 0;
    GC_FREE(*text);
    *text = made;
    return true;
}

static void welcome(gc_client *c, const struct frame *frame)
{
    const struct field *f = frame->fields;
    bool resumed = f[2].number != 0, lost = c->known && !resumed;
    uint64_t arrived = f[3].number;
    if (f[0].number != 1 || f[1].size != SESSION_SIZE || f[4].number < MIN_WINDOW || f[4].number > MAX_WINDOW || (resumed && !c->known)) {
        end_badly(c, "the WELCOME is not what it must be");
        return;
    }
    if (lost)
        drop_all(c);
    if (arrived < c->dropped || arrived > c->written || (!resumed && arrived > 0)) {
        end_badly(c, "the WELCOME tells of frames that were not sent, or forgets some that were acknowledged");
        return;
    }
    if (!replace(&c->node, &f[6]) || !replace(&c->cluster, &f[7])) {
        end_without_memory(c);
        return;
    }
    c->unsent = c->kept;
    for (uint64_t i = c->dropped; i < arrived; i++)
        c->unsent = c->unsent->after;
    c->written = arrived;
    c->send_window = (size_t)f[4].number;
    c->max_payload = f[5].number > SIZE_MAX / 2 ? SIZE_MAX / 2 : (size_t)f[5].number;
    memcpy(c->session, f[1].bytes, SESSION_SIZE);
    c->known = true;
    c->state = READY;
    c->pinged = 0;
    c->acknowledged = c->acknowledged_bytes = 0;
    c->resumes = resumed;
    if (!resumed)
        c->received = c->received_bytes = 0;
    gc_connection connection = {c->node, c->cluster, resumed, f[8].number != 0};
    if (lost)
        lose_session(c);
    if (c->options.on_connected && c->state == READY)
        c->options.on_connected(c, &connection, c->options.user);
}

static void lose_connection(gc_client *c, const char *why);
static void attempt_failed(gc_client *c, const char *why);

static void closed_by_daemon(gc_client *c, const struct field *f)
{
    gc_error error = error_of(f);
    if (error.status == GC_BAD_FRAME || error.status == GC_VERSION || error.status == GC_TAKEN_OVER) {
        hang_up(c);
        end_with(c, error.status, error.detail);
        clip(c->fix, sizeof c->fix, error.fix);
    } else if (c->state == GREETING_SENT) {
        attempt_failed(c, error.detail);
    } else {
        if (strcmp(error.code, "draining") == 0)
            c->at++;
        lose_connection(c, error.detail);
    }
}

static bool is_for_client(const struct frame *frame)
{
    unsigned kind = frame->kind;
    if (kind == MESSAGE || kind == ASK) {
        uint64_t order = frame->fields[kind == MESSAGE ? 2 : 3].number;
        if (order < GC_FIFO || order > GC_SAFE)
            return false;
    }
    return kind >= FIRST_COUNTED && !(kind >= JOIN && kind <= REPLY);
}

/* The byte after the payload is the client's to write to: texts are ended there. */
static void receive(gc_client *c, uint8_t *payload, size_t size)
{
    struct frame frame;
    const char *wrong = decode(&frame, payload, size);
    if (wrong) {
        end_badly(c, wrong);
        return;
    }
    if (frame.kind == 0)
        return;
    uint8_t following = payload[size];
    if (frame.kind == CLOSE) {
        closed_by_daemon(c, frame.fields);
    } else if (c->state == GREETING_SENT) {
        if (frame.kind == WELCOME)
            welcome(c, &frame);
        else
            end_badly(c, "the daemon's first frame is not WELCOME");
    } else if (frame.kind == ACK) {
        acknowledged(c, frame.fields[0].number);
    } else if (frame.kind == PING) {
        encode(&c->control, &(struct frame){PONG, {number(frame.fields[0].number)}});
    } else if (frame.kind >= DONE && frame.kind <= ANSWER) {
        c->received++;
        c->received_bytes += size + 4;
        take_answer(c, &frame);
    } else if (is_for_client(&frame)) {
        if (frame.kind == CANCEL && c->giving.open && c->giving.id == frame.fields[0].number)
            c->giving.cancelled = true;
        add_event(c, &frame, payload, size);
    } else if (frame.kind != PONG) {
        end_badly(c, "a frame that is not for a daemon to send now, or an order that is none");
    }
    if (payload + size < c->in + c->in_end)
        payload[size] = following;
}

static size_t longest(const gc_client *c) { return c->max_payload + HEAD > MAX_VIEW_FRAME ? c->max_payload + HEAD : MAX_VIEW_FRAME; }

/* All whole frames of what was read. */
static void receive_all(gc_client *c)
{
    while ((c->state == READY || c->state == GREETING_SENT) && c->in_end - c->in_begin >= 4) {
        uint64_t size = big_endian(c->in + c->in_begin, 4);
        if (size < 1 || size > longest(c)) {
            end_badly(c, "a frame is announced that is empty or longer than any may be");
            return;
        }
        if (c->in_end - c->in_begin - 4 < size)
            return;
        uint8_t *payload = c->in + c->in_begin + 4;
        c->in_begin += 4 + (size_t)size;
        receive(c, payload, (size_t)size);
    }
}

/* ---- connections ---- */

static bool is_port(const char *text) { return *text && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 5; }

static bool is_endpoint(const char *endpoint)
{
    if (strncmp(endpoint, "unix:", 5) == 0)
        return endpoint[5] && strlen(endpoint + 5) < sizeof ((struct sockaddr_un *)NULL)->sun_path;
    const char *colon = strrchr(endpoint, ':');
    return strncmp(endpoint, "tcp:", 4) == 0 && colon > endpoint + 4 && is_port(colon + 1) && colon - endpoint < 256;
}

static int open_socket(int family)
{
    int fd = socket(family, SOCK_STREAM, 0);
    if (fd < 0)
        return -1;
    int flags = fcntl(fd, F_GETFL, 0), one = 1;
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
        close(fd);
        return -1;
    }
    if (family != AF_UNIX)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
#ifdef SO_NOSIGPIPE
    setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &one, sizeof one);
#endif
    return fd;
}

static void free_addresses(gc_client *c)
{
    if (c->addresses)
        freeaddrinfo(c->addresses);
    c->addresses = c->address = NULL;
}

/* The addresses of a TCP endpoint; false: none, and `reason` says why. */
static bool look_up(gc_client *c, const char *endpoint)
{
    char host[256];
    const char *begin = endpoint + 4, *colon = strrchr(begin, ':');
    size_t size = (size_t)(colon - begin);
    if (size >= 2 && *begin == '[' && begin[size - 1] == ']') {
        begin++;
        size -= 2;
    }
    memcpy(host, begin, size);
    host[size] = 0;
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    int error = getaddrinfo(host, colon + 1, &hints, &c->addresses);
    if (error != 0) {
        c->addresses = NULL;
        clip(c->reason, sizeof c->reason, gai_strerror(error));
        return false;
    }
    c->address = c->addresses;
    return true;
}

/* Begins to connect to an address; false when that failed at once. */
static bool begin_connect(gc_client *c, const struct sockaddr *address, socklen_t size)
{
    c->fd = open_socket(address->sa_family);
    if (c->fd >= 0 && (connect(c->fd, address, size) == 0 || errno == EINPROGRESS || errno == EINTR)) {
        c->state = CONNECTING;
        c->deadline = c->now + GREETING;
        return true;
    }
    clip(c->reason, sizeof c->reason, strerror(errno));
    hang_up(c);
    return false;
}

static bool begin_endpoint(gc_client *c, const char *endpoint)
{
    if (endpoint[0] == 'u') {
        struct sockaddr_un path = {.sun_family = AF_UNIX};
        memcpy(path.sun_path, endpoint + 5, strlen(endpoint + 5));
        return begin_connect(c, (struct sockaddr *)&path, sizeof path);
    }
    if (!c->address && !look_up(c, endpoint))
        return false;
    while (c->address) {
        struct addrinfo *address = c->address;
        c->address = address->ai_next;
        if (begin_connect(c, address->ai_addr, address->ai_addrlen))
            return true;
    }
    return false;
}

static size_t endpoint_count(const gc_client *c)
{
    size_t count = 0;
    while (c->endpoints[count])
        count++;
    return count;
}

/* Tries the endpoints in turn, all of them before a pause. */
static void try_endpoints(gc_client *c)
{
    size_t count = endpoint_count(c);
    for (; c->tried < count; c->tried++, c->at++) {
        if (begin_endpoint(c, c->endpoints[c->at % count]))
            return;
        free_addresses(c);
    }
    if (c->now + c->pause > c->patience_ends) {
        char detail[640];
        snprintf(detail, sizeof detail, "no daemon answers at %.120s%s: %.60s; start groupcomm serve with --socket or --tcp", c->endpoints[0],
            count > 1 ? " and the others" : "", c->reason);
        end_with(c, GC_UNREACHABLE, detail);
        return;
    }
    c->state = IDLE;
    c->due = c->now + c->pause;
    c->pause = c->pause * 2 < MAX_PAUSE ? c->pause * 2 : MAX_PAUSE;
    c->tried = 0;
}

static void attempt_failed(gc_client *c, const char *why)
{
    clip(c->reason, sizeof c->reason, why);
    hang_up(c);
    if (!c->address) {
        free_addresses(c);
        c->tried++;
        c->at++;
    }
    try_endpoints(c);
}

static void begin_patience(gc_client *c)
{
    c->state = IDLE;
    c->due = c->now;
    c->pause = MIN_PAUSE;
    c->tried = 0;
    c->patience_ends = c->now + c->options.patience;
}

static void lose_connection(gc_client *c, const char *why)
{
    clip(c->reason, sizeof c->reason, why);
    hang_up(c);
    free_addresses(c);
    begin_patience(c);
}

static void connection_ended(gc_client *c, const char *why)
{
    if (c->state == READY)
        lose_connection(c, why);
    else if (c->state == ENDING)
        hang_up(c);
    else
        attempt_failed(c, why);
}

static void greet(gc_client *c)
{
    struct pollfd ready = {c->fd, POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof error;
    if (poll(&ready, 1, 0) <= 0)
        return;
    if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0) {
        attempt_failed(c, strerror(error ? error : errno));
        return;
    }
    c->state = GREETING_SENT;
    encode(&c->control, &(struct frame){HELLO,
        {number(1), number(1), text(c->name), number(c->options.window), number(c->options.grace),
            c->known ? bytes(c->session, SESSION_SIZE) : text(NULL), number(c->known ? c->received : 0)}});
}

/* ---- reading and writing ---- */

static bool make_room_to_read(gc_client *c)
{
    if (c->in_begin > 0) {
        memmove(c->in, c->in + c->in_begin, c->in_end - c->in_begin);
        c->in_end -= c->in_begin;
        c->in_begin = 0;
    }
    if (c->in_end == 0 && c->in_capacity > MAX_SMALL) {
        GC_FREE(c->in);
        c->in = NULL;
        c->in_capacity = 0;
    }
    /* Grows with what has come, not with what is announced. One byte is spare, for the end of a text. */
    if (c->in_capacity - c->in_end >= READ_SIZE + 1)
        return true;
    size_t capacity = c->in_end * 2 + READ_SIZE + 1;
    uint8_t *in = resize(c->in, capacity);
    if (!in)
        return false;
    c->in = in;
    c->in_capacity = capacity;
    return true;
}

static void read_all(gc_client *c)
{
    size_t before = c->in_end, sum = 0;
    while ((c->state == READY || c->state == GREETING_SENT) && sum < READ_AT_ONCE) {
        if (!make_room_to_read(c)) {
            end_without_memory(c);
            return;
        }
        before = c->in_end;
        ssize_t size = recv(c->fd, c->in + c->in_end, c->in_capacity - c->in_end - 1, 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (size <= 0) {
            connection_ended(c, size == 0 ? "the daemon ended the connection" : strerror(errno));
            return;
        }
        c->in_end = before + (size_t)size;
        sum += (size_t)size;
        c->heard = c->now;
        c->pinged = 0;
        receive_all(c);
    }
}

/* What is to be written, in order: the rest of a frame, control frames, frames. */
static int gather(gc_client *c, struct iovec *to)
{
    int count = 0;
    struct kept *next = c->state == READY || c->offset > 0 ? c->unsent : NULL;
    if (c->offset > 0) {
        to[count++] = (struct iovec){next->bytes + c->offset, next->size - c->offset};
        next = next->after;
    }
    if (c->control.size > c->control_at)
        to[count++] = (struct iovec){c->control.bytes + c->control_at, c->control.size - c->control_at};
    if (c->state == READY)
        for (; next && count < VECTORS; next = next->after)
            to[count++] = (struct iovec){next->bytes, next->size};
    return count;
}

/* Of a kept frame: returns what is left of `size`. */
static size_t frame_written(gc_client *c, size_t size)
{
    size_t rest = c->unsent->size - c->offset;
    if (size < rest) {
        c->offset += size;
        return 0;
    }
    c->offset = 0;
    c->unsent = c->unsent->after;
    c->written++;
    return size - rest;
}

static void count_written(gc_client *c, size_t size)
{
    if (c->offset > 0)
        size = frame_written(c, size);
    size_t control = c->control.size - c->control_at;
    if (size < control) {
        c->control_at += size;
        return;
    }
    size -= control;
    if (c->offset == 0)
        c->control.size = c->control_at = 0;
    while (size > 0)
        size = frame_written(c, size);
}

static void write_all(gc_client *c)
{
    if (c->control.failed) {
        end_without_memory(c);
        return;
    }
    struct iovec vectors[VECTORS + 2];
    int count;
    while (c->fd >= 0 && c->state != CONNECTING) {
        count = gather(c, vectors);
        if (count == 0 && acknowledge(c))
            continue;
        if (count == 0)
            return;
        struct msghdr message = {.msg_iov = vectors};
        message.msg_iovlen = (size_t)count;
        ssize_t size = sendmsg(c->fd, &message, SEND_FLAGS);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (size < 0) {
            /* What the daemon said last, it may be why, is read first. */
            if (c->state != READY || errno != EPIPE)
                connection_ended(c, strerror(errno));
            return;
        }
        count_written(c, (size_t)size);
    }
}

/* Writes what is left, waits until the daemon has read it, and is over. */
static void finish_ending(gc_client *c)
{
    char drained[4096];
    write_all(c);
    bool wrote = c->fd < 0 || (c->offset == 0 && c->control.size == c->control_at);
    if (c->fd >= 0 && wrote) {
        shutdown(c->fd, SHUT_WR);
        ssize_t size;
        do
            size = recv(c->fd, drained, sizeof drained, 0);
        while (size > 0 || (size < 0 && errno == EINTR));
        if (size == 0 || (errno != EAGAIN && errno != EWOULDBLOCK) || !c->told)
            hang_up(c);
    }
    if (c->fd >= 0 && c->now < c->deadline)
        return;
    hang_up(c);
    c->state = ENDED;
    gc_error error = {c->end, gc_error_code(c->end), c->detail, c->fix};
    char detail[sizeof c->detail], fix[sizeof c->fix];
    memcpy(detail, c->detail, sizeof detail);
    memcpy(fix, c->fix, sizeof fix);
    error.detail = detail;
    error.fix = fix;
    fail_all(c, &error);
    if (c->options.on_closed)
        c->options.on_closed(c, &error, c->options.user);
    fail(c, c->end, detail);
    memcpy(c->fix, fix, sizeof fix);
}

/* ---- the loop ---- */

static void watch(gc_client *c)
{
    if (c->state == IDLE && c->now >= c->due)
        try_endpoints(c);
    else if ((c->state == CONNECTING || c->state == GREETING_SENT) && c->now >= c->deadline)
        attempt_failed(c, "the daemon does not answer");
    if (c->state != READY)
        return;
    if (c->pinged > 0 && c->now - c->pinged >= SILENT) {
        lose_connection(c, "the daemon is silent");
        return;
    }
    if (c->pinged == 0 && c->now - c->heard >= QUIET) {
        c->pinged = c->now;
        encode(&c->control, &(struct frame){PING, {number(0)}});
    }
    if (c->rejoining && c->rejoin_due > 0 && c->now >= c->rejoin_due)
        join_anew(c);
}

gc_status gc_poll(gc_client *c)
{
    if (c->running)
        return fail(c, GC_NOT_NOW, "gc_poll and gc_run_once must not be called inside a callback");
    if (c->state == ENDED)
        return c->end;
    c->running = true;
    c->now = clock_ms();
    if (c->state == CONNECTING)
        greet(c);
    read_all(c);
    watch(c);
    if (c->state == CONNECTING)
        greet(c); /* to a unix socket, at once */
    if (c->giving.ready)
        pump_transfer(c);
    dispatch(c);
    if (c->wants_room && c->state == READY && has_room(c)) {
        c->wants_room = false;
        if (c->options.on_room)
            c->options.on_room(c, c->options.user);
    }
    write_all(c);
    if (c->state == ENDING)
        finish_ending(c);
    c->running = false;
    return c->state == ENDED ? c->end : GC_OK;
}

int gc_fd(const gc_client *c) { return c->fd; }

short gc_wants(const gc_client *c)
{
    if (c->fd < 0)
        return 0;
    if (c->state == CONNECTING)
        return POLLOUT;
    bool writes = c->offset > 0 || c->control.size > c->control_at || (c->state == READY && c->unsent);
    return (short)(POLLIN | (writes ? POLLOUT : 0));
}

static int64_t next_time(const gc_client *c)
{
    switch (c->state) {
    case IDLE: return c->due;
    case READY: {
        int64_t at = c->pinged > 0 ? c->pinged + SILENT : c->heard + QUIET;
        return c->rejoining && c->rejoin_due > 0 && c->rejoin_due < at ? c->rejoin_due : at;
    }
    case ENDING: return c->fd < 0 ? 0 : c->deadline;
    default: return c->deadline;
    }
}

int gc_timeout(const gc_client *c)
{
    if (c->state == ENDED)
        return -1;
    if (can_dispatch(c) || (c->state < ENDING && c->giving.ready && has_room(c)) || (c->wants_room && c->state == READY && has_room(c)))
        return 0;
    int64_t left = next_time(c) - clock_ms();
    return left < 0 ? 0 : (int)left;
}

gc_status gc_run_once(gc_client *c, int timeout)
{
    if (!c->running && c->state != ENDED) {
        int own = gc_timeout(c);
        struct pollfd ready = {c->fd, gc_wants(c), 0}; /* a descriptor of -1 is passed over */
        poll(&ready, 1, timeout < 0 || (own >= 0 && own < timeout) ? own : timeout);
    }
    return gc_poll(c);
}

/* ---- what a program asks for ---- */

static gc_status refused(gc_client *c) { return c->state >= ENDING ? c->end : GC_OK; }

static gc_status wait_for_room(gc_client *c)
{
    if (has_room(c))
        return GC_OK;
    c->wants_room = true;
    return plain(c, GC_WINDOW_FULL);
}

/* Characters of a text in UTF-8; SIZE_MAX when it is none. */
static size_t characters(const char *value)
{
    size_t size = strlen(value), count = 0;
    if (!is_utf8((const uint8_t *)value, size))
        return SIZE_MAX;
    for (size_t i = 0; i < size; i++)
        count += ((uint8_t)value[i] & 0xc0) != 0x80;
    return count;
}

static bool is_named(const char *value) { return value && *value && characters(value) <= 256 && strlen(value) <= MAX_TEXT; }

static bool is_type(const char *value) { return !value || (characters(value) <= 256 && strlen(value) <= MAX_TEXT); }

static gc_status check_payload(gc_client *c, const void *payload, size_t size, size_t most)
{
    if (!payload && size > 0)
        return fail(c, GC_BAD_ARGUMENT, "the payload is NULL, its size is not 0");
    if (size <= most)
        return GC_OK;
    char detail[128];
    snprintf(detail, sizeof detail, "the payload has %zu bytes, the maximum is %zu; nothing was sent: split it", size, most);
    return fail(c, GC_TOO_LARGE, detail);
}

/* Makes the request known, then sends it with its ref in the first field. */
static gc_status request(gc_client *c, struct frame *frame, const struct request *with)
{
    struct request *made = add_request(c, frame->kind, with->user);
    if (!made)
        return plain(c, GC_NO_MEMORY);
    made->pending = with->pending;
    made->rejoins = with->rejoins;
    made->done = with->done;
    made->receipt = with->receipt;
    made->answer = with->answer;
    frame->fields[0] = number(made->ref);
    gc_status status = keep(c, frame, true);
    if (status != GC_OK)
        remove_request(c, made);
    return status;
}

static gc_status copy_membership(gc_client *c, const gc_membership *from)
{
    c->group = duplicate(from->group);
    c->member_name = from->member ? duplicate(from->member) : NULL;
    if (!c->group || (from->member && !c->member_name)) {
        forget_membership(c);
        return plain(c, GC_NO_MEMORY);
    }
    c->membership = *from;
    c->membership.group = c->group;
    c->membership.member = c->member_name;
    return GC_OK;
}

static gc_status send_join(gc_client *c, const struct request *with)
{
    const gc_membership *m = &c->membership;
    const struct {
        const char *name;
        bool stated, value;
    } flags[] = {
        {"state", m->capture != NULL, true},
        {"states", m->states, true},
        {"open", m->closed, false},
        {"agreedOnly", m->agreed_only, true},
        {"startEmptyWhenStateIsLost", m->start_empty_when_state_is_lost, true},
    };
    uint32_t count = m->slow_consumer_timeout > 0;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        count += flags[i].stated;
    gc_writer options = {0};
    gc_write_map(&options, count);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (flags[i].stated) {
            gc_write_text(&options, flags[i].name);
            gc_write_bool(&options, flags[i].value);
        }
    }
    if (m->slow_consumer_timeout > 0) {
        gc_write_text(&options, "slowConsumerTimeout");
        gc_write_uint(&options, m->slow_consumer_timeout);
    }
    gc_status status = options.failed ? plain(c, GC_NO_MEMORY)
        : request(c, &(struct frame){JOIN, {number(0), text(m->group), text(m->member), bytes(options.bytes, options.size)}}, with);
    gc_writer_free(&options);
    return status;
}

static void join_anew(gc_client *c)
{
    c->rejoin_due = 0;
    c->restored = false;
    if (send_join(c, &(struct request){.rejoins = true}) != GC_OK)
        end_without_memory(c);
}

gc_status gc_join(gc_client *c, const gc_membership *membership, gc_on_done *done, void *user)
{
    gc_status status = refused(c);
    if (status != GC_OK)
        return status;
    if (c->member)
        return fail(c, GC_MEMBER_ALREADY, gc_error_text(GC_MEMBER_ALREADY));
    if (!membership || !is_named(membership->group))
        return fail(c, GC_BAD_ARGUMENT, "a group is a text of 1 to 256 characters in UTF-8");
    const char *name = membership->member;
    if (name && (!*name || strlen(name) > 64 || strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") != strlen(name)))
        return fail(c, GC_BAD_ARGUMENT, "a member has 1 to 64 of A-Z a-z 0-9 . _ -");
    if (!membership->capture != !membership->restore)
        return fail(c, GC_BAD_ARGUMENT, "capture and restore go together: give both or none");
    if (membership->slow_consumer_timeout > 0 && (membership->slow_consumer_timeout < 200 || membership->slow_consumer_timeout > 86400000))
        return fail(c, GC_BAD_ARGUMENT, "slow_consumer_timeout is 200 to 86,400,000 ms, or 0 for the default");
    if ((status = wait_for_room(c)) != GC_OK || (status = copy_membership(c, membership)) != GC_OK)
        return status;
    c->member = true;
    status = send_join(c, &(struct request){.done = done, .user = user});
    if (status != GC_OK)
        forget_membership(c);
    return status;
}

static gc_status simple(gc_client *c, unsigned kind, gc_on_done *done, void *user)
{
    gc_status status = refused(c);
    if (status == GC_OK)
        status = wait_for_room(c);
    return status == GC_OK ? request(c, &(struct frame){.kind = kind}, &(struct request){.done = done, .user = user}) : status;
}

gc_status gc_leave(gc_client *c, gc_on_done *done, void *user)
{
    gc_status status = simple(c, LEAVE, done, user);
    if (status == GC_OK && c->member)
        c->leaving = true;
    return status;
}

gc_status gc_barrier(gc_client *c, gc_on_done *done, void *user) { return simple(c, BARRIER, done, user); }

const gc_view *gc_current_view(const gc_client *c) { return c->view.event ? &c->view.public : NULL; }

gc_status gc_hold(gc_client *c)
{
    if (!c->in_handler || c->held)
        return fail(c, GC_NOT_NOW, "gc_hold is for the handler of an event, once");
    c->held = true;
    return GC_OK;
}

gc_status gc_release(gc_client *c)
{
    if (!c->held)
        return fail(c, GC_NOT_NOW, "no event is held");
    c->held = false;
    if (c->orphan) {
        if (c->orphan != c->view.event)
            GC_FREE(c->orphan);
        c->orphan = NULL;
        if (!c->taking.open)
            clear_transfer(&c->taking);
    } else if (!c->in_handler && c->state < ENDING) {
        settle_event(c);
    }
    return GC_OK;
}

gc_status gc_send(gc_client *c, const void *payload, size_t size, const gc_send_options *options)
{
    static const gc_send_options defaults;
    const gc_send_options *o = options ? options : &defaults;
    gc_order order = o->order ? o->order : GC_AGREED;
    unsigned tell = o->flags & (GC_TELL_ACCEPTED | GC_TELL_DELIVERED | GC_TELL_SAFE);
    gc_status status = refused(c);
    if (status != GC_OK)
        return status;
    if (order < GC_FIFO || order > GC_SAFE || o->flags > 15)
        return fail(c, GC_BAD_ARGUMENT, "an order is GC_FIFO to GC_SAFE, flags are GC_TELL_… and GC_INSIDE_HANDLER");
    if (!is_type(o->type) || (o->group && !is_named(o->group)))
        return fail(c, GC_BAD_ARGUMENT, "type and group have at most 256 characters in UTF-8");
    if ((tell != 0) != (o->on_receipt != NULL))
        return fail(c, GC_BAD_ARGUMENT, "on_receipt goes with at least one GC_TELL_…, and the other way round");
    if (c->max_payload == 0) {
        c->wants_room = true;
        return fail(c, GC_WINDOW_FULL, "the client is not connected yet; try again when on_room is called");
    }
    if ((status = check_payload(c, payload, size, c->max_payload)) != GC_OK)
        return status;
    bool from_handler = c->in_handler || (o->flags & GC_INSIDE_HANDLER);
    if (!from_handler && (status = wait_for_room(c)) != GC_OK)
        return status;
    struct frame frame = {SEND, {number(++c->last_ref), text(o->group), number(order), text(o->type), bytes(payload, size), number(tell | (from_handler ? GC_INSIDE_HANDLER : 0))}};
    if (!tell)
        return keep(c, &frame, !from_handler);
    struct request with = {.pending = tell, .receipt = o->on_receipt, .user = o->user};
    return request(c, &frame, &with);
}

gc_status gc_send_to(gc_client *c, const char *member, const char *type, const void *payload, size_t size, gc_on_done *done, void *user)
{
    gc_status status = refused(c);
    if (status != GC_OK)
        return status;
    if (!member || characters(member) > MAX_TEXT || strlen(member) > MAX_TEXT || !is_type(type))
        return fail(c, GC_BAD_ARGUMENT, "a member is NODE/NAME as views have it, a type has at most 256 characters");
    if ((status = check_payload(c, payload, size, MAX_SMALL)) != GC_OK || (status = wait_for_room(c)) != GC_OK)
        return status;
    return request(c, &(struct frame){SEND_TO, {number(0), text(member), text(type), bytes(payload, size)}}, &(struct request){.done = done, .user = user});
}

gc_status gc_query(gc_client *c, const char *type, const void *payload, size_t size, gc_order order, int target, gc_on_answer *on_answer,
    gc_on_done *done, void *user)
{
    gc_status status = refused(c);
    if (status != GC_OK)
        return status;
    if (!type || !is_type(type) || order < GC_FIFO || order > GC_SAFE || target < GC_TARGET_MAJORITY)
        return fail(c, GC_BAD_ARGUMENT, "a type has at most 256 characters, an order is GC_FIFO to GC_SAFE, a target GC_TARGET_… or a count");
    if ((status = wait_for_room(c)) != GC_OK || (status = check_payload(c, payload, size, c->max_payload)) != GC_OK)
        return status;
    struct request with = {.done = done, .answer = on_answer, .user = user};
    struct frame frame = {QUERY, {number(0), text(type), bytes(payload, size), number(order), {.sint = target}}};
    return request(c, &frame, &with);
}

gc_status gc_reply(gc_client *c, const void *payload, size_t size)
{
    if (!payload && size > 0)
        return fail(c, GC_BAD_ARGUMENT, "the payload is NULL, its size is not 0");
    return answer_query(c, true, payload, size);
}

gc_status gc_reply_error(gc_client *c, const char *why)
{
    if (!why || characters(why) == SIZE_MAX)
        return fail(c, GC_BAD_ARGUMENT, "why is a text in UTF-8");
    return answer_query(c, false, why, strlen(why));
}

gc_status gc_state_write(gc_client *c, const void *data, size_t size)
{
    struct transfer *t = &c->giving;
    if (!t->open || t->ready || t->restores)
        return fail(c, GC_NOT_NOW, "gc_state_write is for capture");
    append(&t->data, data, size);
    if (t->data.failed) {
        say_why(t, "the client has no memory for its state");
        return plain(c, GC_NO_MEMORY);
    }
    return GC_OK;
}

gc_status gc_state_fail(gc_client *c, const char *why)
{
    if (!c->giving.open || c->giving.ready)
        return fail(c, GC_NOT_NOW, "gc_state_fail is for capture and restore");
    if (!why || characters(why) == SIZE_MAX)
        return fail(c, GC_BAD_ARGUMENT, "why is a text in UTF-8");
    say_why(&c->giving, why);
    c->restored = false;
    return GC_OK;
}

const char *gc_node(const gc_client *c) { return c->node ? c->node : ""; }

size_t gc_max_payload(const gc_client *c) { return c->max_payload; }

gc_status gc_cut(gc_client *c)
{
    if (c->state != READY)
        return fail(c, GC_NOT_NOW, "there is no connection");
    shutdown(c->fd, SHUT_RDWR);
    return GC_OK;
}

/* ---- making and freeing ---- */

static bool copy_endpoints(gc_client *c, const char *const *from)
{
    size_t count = 0;
    while (from[count])
        count++;
    c->endpoints = zeroed((count + 1) * sizeof *c->endpoints);
    for (size_t i = 0; c->endpoints && i < count; i++)
        if (!(c->endpoints[i] = duplicate(from[i])))
            return false;
    return c->endpoints != NULL;
}

static void release(gc_client *c)
{
    hang_up(c);
    free_addresses(c);
    if (c->orphan != c->view.event)
        GC_FREE(c->orphan);
    free_events(c);
    free_view(&c->view);
    drop_all(c);
    while (c->requests)
        remove_request(c, c->requests);
    clear_transfer(&c->taking);
    clear_transfer(&c->giving);
    forget_membership(c);
    for (size_t i = 0; c->endpoints && c->endpoints[i]; i++)
        GC_FREE(c->endpoints[i]);
    GC_FREE(c->endpoints);
    GC_FREE(c->name);
    GC_FREE(c->node);
    GC_FREE(c->cluster);
    GC_FREE(c->in);
    gc_writer_free(&c->control);
    GC_FREE(c);
}

gc_status gc_open(gc_client **client, const gc_options *options)
{
    *client = NULL;
    if (!options || !options->endpoints || !options->endpoints[0])
        return GC_BAD_ENDPOINT;
    for (size_t i = 0; options->endpoints[i]; i++)
        if (!is_endpoint(options->endpoints[i]))
            return GC_BAD_ENDPOINT;
    const char *name = options->name ? options->name : "groupcomm-c 0.1";
    uint32_t window = options->window ? options->window : 1 << 20;
    if (window < MIN_WINDOW || window > MAX_WINDOW || options->grace > 600000 || characters(name) > 256)
        return GC_BAD_ARGUMENT;
    gc_client *c = zeroed(sizeof *c);
    if (!c)
        return GC_NO_MEMORY;
    c->fd = -1;
    c->options = *options;
    c->options.window = window;
    c->options.grace = options->no_grace ? 0 : options->grace ? options->grace : 10000;
    c->options.patience = options->patience ? options->patience : 30000;
    c->send_window = MIN_WINDOW;
    c->name = duplicate(name);
    if (!c->name || !copy_endpoints(c, options->endpoints)) {
        release(c);
        return GC_NO_MEMORY;
    }
    c->options.endpoints = NULL;
    c->options.name = NULL;
    fail(c, GC_OK, gc_error_text(GC_OK));
    c->now = clock_ms();
    begin_patience(c);
    *client = c;
    return GC_OK;
}

gc_status gc_close(gc_client *c)
{
    if (c->state >= ENDING)
        return c->end;
    say_close(c, "bye", "", "");
    end_with(c, GC_CLOSED, gc_error_text(GC_CLOSED));
    c->told = true;
    return GC_OK;
}

gc_status gc_free(gc_client *c)
{
    if (!c)
        return GC_OK;
    if (c->running)
        return fail(c, GC_NOT_NOW, "gc_free must not be called inside a callback");
    gc_close(c);
    c->options.on_closed = NULL;
    if (c->fd >= 0) {
        write_all(c);
        if (c->fd >= 0)
            shutdown(c->fd, SHUT_WR);
    }
    release(c);
    return GC_OK;
}
