/* Just enough JSON for the tests: the vectors' index and the commands of the conformance suite. What is read lives until the program ends. */

#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct json {
    enum { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT } type;
    bool truth;
    double number;
    char *text;         /* of a text; numbers as they are written */
    char *key;          /* when it stands in an object */
    struct json *items; /* of an array or object */
    struct json *next;
    size_t count;
};

static inline void json_fail(const char *at)
{
    fprintf(stderr, "no JSON: %.60s\n", at);
    exit(2);
}

static inline void *json_new(size_t size)
{
    void *made = calloc(1, size);
    if (!made)
        json_fail("no memory");
    return made;
}

static inline const char *json_space(const char *at) { return at + strspn(at, " \t\r\n"); }

static inline char *json_utf8(char *to, unsigned code)
{
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    } else {
        *to++ = (char)(0xf0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    }
    return to;
}

static inline unsigned json_hex4(const char *at)
{
    char digits[5] = {0};
    memcpy(digits, at, strnlen(at, 4));
    return (unsigned)strtoul(digits, NULL, 16);
}

static inline char *json_text(const char **at)
{
    const char *from = *at + 1;
    size_t room = strcspn(from, "\"") + 64;
    char *text = json_new(room), *to = text;
    for (; *from != '"'; from++) {
        if ((size_t)(to - text) + 8 > room) {
            size_t used = (size_t)(to - text);
            room *= 2;
            if (!(text = realloc(text, room)))
                json_fail("no memory");
            to = text + used;
        }
        if (!*from)
            json_fail(*at);
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        static const char plain[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
        const char *found = strchr(plain, *++from);
        if (*from && found) {
            *to++ = meant[found - plain];
            continue;
        }
        unsigned code = json_hex4(from + 1);
        from += 4;
        if (code >= 0xd800 && code < 0xdc00 && from[1] == '\\') {
            code = 0x10000 + ((code & 0x3ff) << 10 | (json_hex4(from + 3) & 0x3ff));
            from += 6;
        }
        to = json_utf8(to, code);
    }
    *to = 0;
    *at = from + 1;
    return text;
}

static inline struct json *json_value(const char **at);

static inline void json_items(const char **at, struct json *into, char end)
{
    struct json **last = &into->items;
    for (*at = json_space(*at + 1); **at != end; *at = json_space(*at)) {
        char *key = NULL;
        if (end == '}') {
            key = json_text(at);
            *at = json_space(*at) + 1;
        }
        struct json *item = json_value(at);
        item->key = key;
        *last = item;
        last = &item->next;
        into->count++;
        *at = json_space(*at);
        if (**at == ',')
            *at = json_space(*at + 1);
        else if (**at != end)
            json_fail(*at);
    }
    ++*at;
}

static inline struct json *json_value(const char **at)
{
    struct json *value = json_new(sizeof *value);
    *at = json_space(*at);
    if (**at == '"') {
        value->type = JSON_TEXT;
        value->text = json_text(at);
    } else if (**at == '[' || **at == '{') {
        value->type = **at == '[' ? JSON_ARRAY : JSON_OBJECT;
        json_items(at, value, **at == '[' ? ']' : '}');
    } else if (strncmp(*at, "null", 4) == 0) {
        *at += 4;
    } else if (strncmp(*at, "true", 4) == 0 || strncmp(*at, "false", 5) == 0) {
        value->type = JSON_BOOL;
        value->truth = **at == 't';
        *at += value->truth ? 4 : 5;
    } else {
        char *end;
        value->type = JSON_NUMBER;
        value->number = strtod(*at, &end);
        if (end == *at)
            json_fail(*at);
        value->text = json_new((size_t)(end - *at) + 1);
        memcpy(value->text, *at, (size_t)(end - *at));
        *at = end;
    }
    return value;
}

static inline struct json *json_parse(const char *text) { return json_value(&text); }

static inline void json_free(struct json *value)
{
    while (value) {
        struct json *next = value->next;
        json_free(value->items);
        free(value->text);
        free(value->key);
        free(value);
        value = next;
    }
}

static inline struct json *json_get(const struct json *object, const char *key)
{
    for (struct json *item = object->items; item; item = item->next)
        if (strcmp(item->key, key) == 0)
            return item;
    return NULL;
}

static inline const char *json_text_of(const struct json *object, const char *key)
{
    struct json *value = json_get(object, key);
    return value && value->type == JSON_TEXT ? value->text : NULL;
}

static inline double json_number_of(const struct json *object, const char *key, double otherwise)
{
    struct json *value = json_get(object, key);
    return value && value->type == JSON_NUMBER ? value->number : otherwise;
}

static inline struct json *json_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        fprintf(stderr, "cannot read %s: run this program where it finds the vectors, as the Makefile does\n", path);
        exit(2);
    }
    size_t size = 0, room = 1 << 16;
    char *text = json_new(room);
    for (size_t read; (read = fread(text + size, 1, room - size - 1, file)) > 0;) {
        size += read;
        if (room - size < 2 && !(text = realloc(text, room *= 2)))
            json_fail("no memory");
    }
    text[size] = 0;
    fclose(file);
    struct json *value = json_parse(text);
    free(text);
    return value;
}

static inline void json_print(FILE *to, const char *text, size_t size)
{
    fputc('"', to);
    for (const char *end = text + size; text < end; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(to, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            fprintf(to, "\\u%04x", (unsigned char)*text);
        else
            fputc(*text, to);
    }
    fputc('"', to);
}

/* The bytes of hexadecimal digits. */
static inline unsigned char *json_unhex(const char *digits, size_t *size)
{
    *size = strlen(digits) / 2;
    unsigned char *made = json_new(*size + 1);
    for (size_t i = 0; i < *size; i++) {
        char pair[3] = {digits[2 * i], digits[2 * i + 1], 0};
        made[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return made;
}

#endif
