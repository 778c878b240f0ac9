/* Typed values as the vectors and the conformance suite write them in JSON: integers are "int:12", bytes "hex:00ff". */

#ifndef TYPED_H
#define TYPED_H

#include "../groupcomm.h"

#include <inttypes.h>

#include "json.h"

static inline void write_typed(gc_writer *to, const struct json *value)
{
    if (value->type == JSON_NULL) {
        gc_write_nil(to);
    } else if (value->type == JSON_BOOL) {
        gc_write_bool(to, value->truth);
    } else if (value->type == JSON_NUMBER) {
        gc_write_double(to, value->number);
    } else if (value->type == JSON_ARRAY || value->type == JSON_OBJECT) {
        if (value->type == JSON_ARRAY)
            gc_write_array(to, (uint32_t)value->count);
        else
            gc_write_map(to, (uint32_t)value->count);
        for (const struct json *item = value->items; item; item = item->next) {
            if (item->key)
                gc_write_text(to, item->key);
            write_typed(to, item);
        }
    } else if (strncmp(value->text, "int:-", 5) == 0) {
        gc_write_int(to, strtoll(value->text + 4, NULL, 10));
    } else if (strncmp(value->text, "int:", 4) == 0) {
        gc_write_uint(to, strtoull(value->text + 4, NULL, 10));
    } else if (strncmp(value->text, "hex:", 4) == 0) {
        size_t size;
        unsigned char *data = json_unhex(value->text + 4, &size);
        gc_write_bin(to, data, size);
        free(data);
    } else {
        gc_write_text(to, value->text);
    }
}

static inline void print_typed(FILE *to, gc_reader *from)
{
    gc_value value;
    if (!gc_read(from, &value))
        return;
    switch (value.type) {
    case GC_NIL: fprintf(to, "null"); break;
    case GC_BOOL: fprintf(to, "%s", value.as.boolean ? "true" : "false"); break;
    case GC_UINT: fprintf(to, "\"int:%" PRIu64 "\"", value.as.uint); break;
    case GC_INT: fprintf(to, "\"int:%" PRId64 "\"", value.as.sint); break;
    case GC_FLOAT: fprintf(to, "%.17g", value.as.real); break;
    case GC_STR: json_print(to, value.bytes, value.size); break;
    case GC_BIN: case GC_EXT:
        fprintf(to, "\"hex:");
        for (size_t i = 0; i < value.size; i++)
            fprintf(to, "%02x", (unsigned char)value.bytes[i]);
        fputc('"', to);
        break;
    case GC_ARRAY: case GC_MAP:
        fputc(value.type == GC_ARRAY ? '[' : '{', to);
        for (size_t i = 0; i < value.size; i++) {
            if (i > 0)
                fputc(',', to);
            if (value.type == GC_MAP) {
                print_typed(to, from);
                fputc(':', to);
            }
            print_typed(to, from);
        }
        fputc(value.type == GC_ARRAY ? ']' : '}', to);
        break;
    }
}

#endif
