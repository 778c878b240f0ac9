/* The codec against interop/vectors. Includes the source, to reach what is not public. Run where ../../vectors is, or give its path. */

#include "../groupcomm.c"

#include "json.h"
#include "typed.h"

#include <math.h>

static int s_checks, s_failures;

static bool check(bool holds, const char *what, const char *name)
{
    s_checks++;
    if (!holds) {
        s_failures++;
        fprintf(stderr, "FAILED: %s: %s\n", name, what);
    }
    return holds;
}

/* Keeps what a frame points to. */
static struct field field_of(char form, const struct json *value)
{
    struct field field = {0};
    if (value->type == JSON_NULL)
        return field;
    switch (form) {
    case 'u': field.number = strtoull(value->text, NULL, 10); break;
    case 'i': field.sint = strtoll(value->text, NULL, 10); break;
    case 'b': field.number = value->truth; break;
    case 's': case 'S': field = text(value->text); break;
    case 'y': case 'Y': field.bytes = json_unhex(value->text + 4, &field.size); break;
    default: {
        gc_writer to = {0};
        uint32_t count = 0;
        static const char *const defaults[] = {"state:f", "states:f", "open:t", "agreedOnly:f", "startEmptyWhenStateIsLost:f"};
        if (form == 'a') {
            gc_write_array(&to, (uint32_t)value->count);
            for (const struct json *item = value->items; item; item = item->next)
                gc_write_text(&to, item->text);
            field.number = value->count;
        }
        for (int pass = 0; form == 'm' && pass < 2; pass++) {
            for (const struct json *item = value->items; item; item = item->next) {
                bool usual = item->type == JSON_NUMBER && item->number == 30000;
                for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
                    usual |= item->type == JSON_BOOL && strncmp(defaults[i], item->key, strlen(item->key)) == 0 && defaults[i][strlen(item->key)] == ':'
                        && (defaults[i][strlen(item->key) + 1] == 't') == item->truth;
                if (usual)
                    continue;
                count++;
                if (pass == 0)
                    continue;
                gc_write_text(&to, item->key);
                if (item->type == JSON_BOOL)
                    gc_write_bool(&to, item->truth);
                else
                    gc_write_uint(&to, (uint64_t)item->number);
            }
            if (pass == 0)
                gc_write_map(&to, count);
        }
        field.bytes = to.bytes;
        field.size = to.size;
    }
    }
    return field;
}

static struct frame frame_of(const struct json *vector)
{
    struct frame frame = {.kind = (unsigned)json_number_of(vector, "kind", 0)};
    const struct json *value = json_get(vector, "fields")->items;
    for (size_t i = 0; s_forms[frame.kind][i]; i++, value = value->next)
        frame.fields[i] = field_of(s_forms[frame.kind][i], value);
    return frame;
}

static void free_frame(struct frame *frame)
{
    for (size_t i = 0; s_forms[frame->kind] && s_forms[frame->kind][i]; i++)
        if (strchr("yYam", s_forms[frame->kind][i]))
            free((void *)(uintptr_t)frame->fields[i].bytes);
}

static bool same(const struct frame *a, const struct frame *b)
{
    if (a->kind != b->kind)
        return false;
    for (size_t i = 0; i < MAX_FIELDS; i++) {
        const struct field *x = &a->fields[i], *y = &b->fields[i];
        if (x->number != y->number || x->sint != y->sint || !x->bytes != !y->bytes || x->size != y->size || (x->size > 0 && memcmp(x->bytes, y->bytes, x->size) != 0))
            return false;
    }
    return true;
}

static const struct json *named(const struct json *list, const char *name)
{
    for (const struct json *item = list->items; item; item = item->next)
        if (strcmp(json_text_of(item, "name"), name) == 0)
            return item;
    return NULL;
}

static void every_frame_is_written_as_its_vector_and_read_from_it(const struct json *index)
{
    for (const struct json *vector = json_get(index, "frames")->items; vector; vector = vector->next) {
        const char *name = json_text_of(vector, "name");
        size_t size;
        unsigned char *data = json_unhex(json_text_of(vector, "hex"), &size);
        struct frame meant = frame_of(vector), read;
        gc_writer to = {0};
        encode(&to, &meant);
        check(to.size == size && memcmp(to.bytes, data, size) == 0, "is written in other bytes", name);
        const char *wrong = decode(&read, data + 4, size - 4);
        if (check(!wrong, wrong ? wrong : "", name))
            check(same(&meant, &read), "is read with other fields", name);
        gc_writer_free(&to);
        free_frame(&meant);
        free(data);
    }
}

static void bad_frames_are_refused(const struct json *index)
{
    /* Ranges of fields that only a client sends are the daemon's to check. */
    static const char *const lenient = " order-0 order-5 flags-16 session-of-3-bytes option-not-bool ";
    for (const struct json *vector = json_get(index, "bad")->items; vector; vector = vector->next) {
        const char *name = json_text_of(vector, "name");
        size_t size;
        unsigned char *data = json_unhex(json_text_of(vector, "hex"), &size);
        struct frame read;
        char padded[64];
        snprintf(padded, sizeof padded, " %s ", name);
        check((decode(&read, data + 4, size - 4) != NULL) == !strstr(lenient, padded), "is accepted or refused against the rule", name);
        free(data);
    }
}

static void what_a_later_version_adds_is_passed_over(const struct json *index)
{
    for (const struct json *vector = json_get(index, "additive")->items; vector; vector = vector->next) {
        const char *name = json_text_of(vector, "name"), *as = json_text_of(vector, "readAs");
        size_t size;
        unsigned char *data = json_unhex(json_text_of(vector, "hex"), &size);
        struct frame read, meant = {0};
        check(!decode(&read, data + 4, size - 4), "is refused", name);
        if (*as)
            meant = frame_of(named(json_get(index, "frames"), as));
        if (meant.kind == JOIN)
            read.fields[3] = meant.fields[3];
        check(same(&meant, &read), "is read as something else", name);
        if (meant.kind != 0)
            free_frame(&meant);
        free(data);
    }
}

static void numbers_and_sizes_survive(void)
{
    static const int64_t numbers[] = {0, 127, 128, 255, 256, 65535, 65536, 4294967295, 4294967296, INT64_MAX, -1, -32, -33, -128, -129, -32768, -32769, -2147483648, -2147483649, INT64_MIN};
    static const size_t widths[] = {1, 1, 2, 2, 3, 3, 5, 5, 9, 9, 1, 1, 2, 2, 3, 3, 5, 5, 9, 9};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        gc_writer to = {0};
        gc_write_int(&to, numbers[i]);
        gc_reader from = gc_reader_of(to.bytes, to.size);
        gc_value value;
        int64_t read = 0;
        check(gc_read(&from, &value) && gc_to_int64(&value, &read) && read == numbers[i] && to.size == widths[i] && from.at == from.end, "an integer changes or is not shortest", "integers");
        gc_writer_free(&to);
    }
    static const uint32_t sizes[] = {0, 15, 16, 31, 32, 255, 256, 65535, 65536};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint32_t size = sizes[i];
        char *x = json_new(size + 1);
        memset(x, 'x', size);
        gc_writer to = {0};
        gc_write_array(&to, 4);
        gc_write_text(&to, x);
        gc_write_bin(&to, x, size);
        gc_write_array(&to, size);
        for (uint32_t j = 0; j < size; j++)
            gc_write_nil(&to);
        gc_write_map(&to, size);
        for (uint32_t j = 0; j < 2 * size; j++)
            gc_write_bool(&to, true);
        gc_reader from = gc_reader_of(to.bytes, to.size), whole = from;
        gc_value head, text, data, list, map;
        check(gc_read(&from, &head) && gc_read(&from, &text) && gc_is_text(&text, x) && gc_read(&from, &data) && data.type == GC_BIN && data.size == size, "a str or bin changes", "sizes");
        check(gc_read(&from, &list) && list.type == GC_ARRAY && list.size == size, "an array changes", "sizes");
        for (uint32_t j = 0; j < size; j++)
            gc_skip(&from);
        check(gc_read(&from, &map) && map.type == GC_MAP && map.size == size, "a map changes", "sizes");
        check(gc_skip(&whole) && whole.at == whole.end && !whole.bad, "a value is not passed over", "sizes");
        for (size_t cut = 0; cut < to.size && cut < 2000; cut++) {
            gc_reader part = gc_reader_of(to.bytes, cut);
            check(!gc_skip(&part) && part.bad, "a value that is cut off is taken for whole", "sizes");
        }
        gc_writer_free(&to);
        free(x);
    }
}

static bool equal(const struct json *meant, gc_reader *from, const gc_value *value)
{
    int64_t number;
    size_t size;
    switch (meant->type) {
    case JSON_NULL: return value->type == GC_NIL;
    case JSON_BOOL: return value->type == GC_BOOL && value->as.boolean == meant->truth;
    case JSON_NUMBER: return value->type == GC_FLOAT && fabs(value->as.real - meant->number) <= 0;
    case JSON_TEXT:
        if (strncmp(meant->text, "int:-", 5) == 0)
            return gc_to_int64(value, &number) && number == strtoll(meant->text + 4, NULL, 10);
        if (strncmp(meant->text, "int:", 4) == 0)
            return value->type == GC_UINT && value->as.uint == strtoull(meant->text + 4, NULL, 10);
        if (strncmp(meant->text, "hex:", 4) == 0) {
            unsigned char *data = json_unhex(meant->text + 4, &size);
            bool holds = value->type == GC_BIN && value->size == size && memcmp(value->bytes, data, size) == 0;
            free(data);
            return holds;
        }
        return gc_is_text(value, meant->text);
    default:
        if (value->type != GC_ARRAY || value->size != meant->count)
            return false;
        for (const struct json *item = meant->items; item; item = item->next) {
            gc_value each;
            if (!gc_read(from, &each) || !equal(item, from, &each))
                return false;
        }
        return true;
    }
}

static void typed_messages_are_written_as_their_vectors_and_read_from_them(const struct json *index)
{
    for (const struct json *vector = json_get(index, "messages")->items; vector; vector = vector->next) {
        const char *name = json_text_of(vector, "name");
        const struct json *fields = json_get(vector, "fields");
        size_t size;
        unsigned char *data = json_unhex(json_text_of(vector, "hex"), &size);
        gc_writer to = {0};
        gc_write_map(&to, (uint32_t)fields->count);
        for (const struct json *field = fields->items; field; field = field->next) {
            gc_value value;
            gc_reader inside;
            check(gc_find(data, size, field->key, &value, &inside) && equal(field, &inside, &value), field->key, name);
            gc_write_text(&to, field->key);
            write_typed(&to, field);
        }
        check(to.size == size && memcmp(to.bytes, data, size) == 0, "is written in other bytes", name);
        gc_value none;
        check(!gc_find(data, size, "Nothing", &none, NULL), "has a property that it has not", name);
        gc_writer_free(&to);
        free(data);
    }
}

int main(int count, char **arguments)
{
    const char *folder = count > 1 ? arguments[1] : "../../vectors";
    char path[1024];
    snprintf(path, sizeof path, "%s/gateway/index.json", folder);
    struct json *gateway = json_file(path);
    snprintf(path, sizeof path, "%s/typed/index.json", folder);
    struct json *typed = json_file(path);
    every_frame_is_written_as_its_vector_and_read_from_it(gateway);
    bad_frames_are_refused(gateway);
    what_a_later_version_adds_is_passed_over(gateway);
    numbers_and_sizes_survive();
    typed_messages_are_written_as_their_vectors_and_read_from_them(typed);
    json_free(gateway);
    json_free(typed);
    printf("vectors: %d checks, %d failed\n", s_checks, s_failures);
    return s_failures > 0;
}
