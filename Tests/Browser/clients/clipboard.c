// A program on the desk that copies and pastes (ICCCM §2).
//
//   clipboard copy TYPE=FILE…              has the clipboard until it is ended, or somebody else has it
//   clipboard brief MILLISECONDS TYPE=FILE…  ends after so long
//   clipboard churn COUNT MICROSECONDS     copies "change N", COUNT times, so long after one another; then it has the last
//   clipboard paste TYPE                   writes what is there to its output
//
// Says "ready" on its errors once it has the clipboard.
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 65536, MOST = 8 };

static Display *display;
static Window window;
static Atom clipboard, targets, incremental, answer;
static struct { Atom type; unsigned char *bytes; long length; } parts[MOST];
static int count;
// One transfer in pieces at a time.
static struct { Window requestor; Atom property; int part; long sent; } transfer;

static long long milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

static void load(const char *argument) {
    const char *sign = strchr(argument, '=');
    char type[64];
    snprintf(type, sizeof type, "%.*s", (int)(sign - argument), argument);
    FILE *file = fopen(sign + 1, "rb");
    if (!file || count == MOST) exit(2);
    fseek(file, 0, SEEK_END);
    parts[count].length = ftell(file);
    rewind(file);
    parts[count].bytes = malloc(parts[count].length);
    if (fread(parts[count].bytes, 1, parts[count].length, file) != (size_t)parts[count].length) exit(2);
    fclose(file);
    parts[count++].type = XInternAtom(display, type, False);
}

static Time now(void) {
    XEvent event;
    XChangeProperty(display, window, answer, XA_STRING, 8, PropModeAppend, NULL, 0);
    do XWindowEvent(display, window, PropertyChangeMask, &event); while (event.xproperty.atom != answer);
    return event.xproperty.time;
}

static void own(void) {
    XSetSelectionOwner(display, clipboard, window, now());
    XFlush(display);
}

static void serve(XSelectionRequestEvent *asked) {
    Atom property = None;
    if (asked->target == targets) {
        Atom list[MOST + 1] = {targets};
        for (int i = 0; i < count; i++) list[i + 1] = parts[i].type;
        property = asked->property;
        XChangeProperty(display, asked->requestor, property, XA_ATOM, 32, PropModeReplace, (void *)list, count + 1);
    }
    for (int i = 0; i < count; i++) {
        if (parts[i].type != asked->target) continue;
        property = asked->property;
        if (parts[i].length <= PIECE) {
            XChangeProperty(display, asked->requestor, property, asked->target, 8, PropModeReplace, parts[i].bytes, parts[i].length);
            continue;
        }
        transfer.requestor = asked->requestor, transfer.property = property, transfer.part = i, transfer.sent = 0;
        XSelectInput(display, asked->requestor, PropertyChangeMask);
        XChangeProperty(display, asked->requestor, property, incremental, 32, PropModeReplace, (void *)&parts[i].length, 1);
    }
    XEvent told = {.xselection = {.type = SelectionNotify, .requestor = asked->requestor, .selection = asked->selection,
                                  .target = asked->target, .property = property, .time = asked->time}};
    XSendEvent(display, asked->requestor, False, 0, &told);
    XFlush(display);
}

static void serveNext(void) {
    int i = transfer.part;
    long rest = parts[i].length - transfer.sent, length = rest < PIECE ? rest : PIECE;
    XChangeProperty(display, transfer.requestor, transfer.property, parts[i].type, 8, PropModeReplace,
                    parts[i].bytes + transfer.sent, length);
    transfer.sent += length;
    if (length == 0) transfer.requestor = None;
    XFlush(display);
}

// Returns whether the clipboard still is this program's.
static int handle(void) {
    XEvent event;
    while (XPending(display) > 0) {
        XNextEvent(display, &event);
        if (event.type == SelectionRequest) serve(&event.xselectionrequest);
        if (event.type == SelectionClear) return 0;
        if (event.type == PropertyNotify && event.xproperty.state == PropertyDelete
            && event.xproperty.window == transfer.requestor && event.xproperty.atom == transfer.property) serveNext();
    }
    return 1;
}

// Serves until `end`, or for ever, or until somebody else has the clipboard.
static int serveUntil(long long end) {
    for (;;) {
        if (!handle()) return 0;
        long long left = end < 0 ? 1000 : end - milliseconds();
        if (left <= 0) return 1;
        struct pollfd waited = {ConnectionNumber(display), POLLIN, 0};
        poll(&waited, 1, (int)left);
    }
}

static void churn(long changes, long pause) {
    count = 1;
    parts[0].type = XInternAtom(display, "UTF8_STRING", False);
    parts[0].bytes = malloc(64);
    struct timespec next;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (long i = 0; i < changes; i++) {
        parts[0].length = sprintf((char *)parts[0].bytes, "change %ld", i);
        own();
        handle();
        next.tv_nsec += pause * 1000;
        while (next.tv_nsec >= 1000000000) next.tv_nsec -= 1000000000, next.tv_sec++;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    }
}

static void paste(const char *type) {
    XEvent event;
    XConvertSelection(display, clipboard, XInternAtom(display, type, False), answer, window, now());
    do XNextEvent(display, &event); while (event.type != SelectionNotify);
    if (event.xselection.property == None) exit(3);
    int isIncremental = 0;
    for (;;) {
        Atom kind;
        int format;
        unsigned long length, rest;
        unsigned char *bytes;
        XGetWindowProperty(display, window, answer, 0, 1 << 24, True, AnyPropertyType, &kind, &format, &length, &rest, &bytes);
        if (kind == incremental) {
            isIncremental = 1;
        } else {
            fwrite(bytes, 1, length, stdout);
            if (!isIncremental || length == 0) break;
        }
        do XNextEvent(display, &event);
        while (event.type != PropertyNotify || event.xproperty.atom != answer || event.xproperty.state != PropertyNewValue);
    }
    fflush(stdout);
}

int main(int argc, char **argv) {
    if (argc < 3 || !(display = XOpenDisplay(NULL))) return 2;
    window = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0);
    XSelectInput(display, window, PropertyChangeMask);
    clipboard = XInternAtom(display, "CLIPBOARD", False);
    targets = XInternAtom(display, "TARGETS", False);
    incremental = XInternAtom(display, "INCR", False);
    answer = XInternAtom(display, "ANSWER", False);
    if (!strcmp(argv[1], "paste")) return paste(argv[2]), 0;
    if (!strcmp(argv[1], "churn")) {
        churn(atol(argv[2]), atol(argv[3]));
    } else {
        int isBrief = !strcmp(argv[1], "brief");
        for (int i = isBrief ? 3 : 2; i < argc; i++) load(argv[i]);
        own();
        if (isBrief) {
            serveUntil(milliseconds() + atol(argv[2]));
            return 0;
        }
    }
    fputs("ready\n", stderr);
    return serveUntil(-1);
}
