// An X client that covers the screen with four known colours and writes down what reaches it.
//
//   pattern LOG
//
// LOG gets one JSON object a line: {"type": …, "t": CLOCK_MONOTONIC ns, "wall": CLOCK_REALTIME ns, …}.
// Standard input takes commands, one a line:
//   block rrggbb       fill the 128×128 pixels in the middle
//   scroll seconds     scroll text-like stripes over the whole screen at 30 pictures a second, then restore
//   restore            the four colours again

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { block = 128, stripe = 12, framesPerSecond = 30 };
static const unsigned long quadrants[4] = {0xc02020, 0x20a020, 0x2030c0, 0xe0e0e0};

static Display *display;
static Window window;
static GC pen;
static int width, height;
static FILE *record;

static long long now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void note(const char *type, const char *rest) {
    fprintf(record, "{\"type\": \"%s\", \"t\": %lld, \"wall\": %lld%s}\n", type, now(CLOCK_MONOTONIC),
            now(CLOCK_REALTIME), rest);
}

static void fill(int x, int y, int w, int h, unsigned long colour) {
    XSetForeground(display, pen, colour);
    XFillRectangle(display, window, pen, x, y, w, h);
}

static void drawPattern(void) {
    for (int i = 0; i < 4; i++) {
        fill(i % 2 * width / 2, i / 2 * height / 2, width / 2, height / 2, quadrants[i]);
    }
    XSync(display, False);
    note("drawn", ", \"what\": \"pattern\"");
}

// Lines of words: rows of dark boxes of pseudo-random width, the same at every run.
static void drawStripe(int y, unsigned row) {
    unsigned seed = row * 2654435761u + 1;
    fill(0, y, width, stripe, 0xffffff);
    for (int x = 8; x < width - 80;) {
        seed = seed * 1664525u + 1013904223u;
        int w = 8 + (seed >> 24) % 64;
        fill(x, y + 2, w, stripe - 4, 0x202020);
        x += w + 8;
    }
}

static void handleInput(XEvent *event) {
    char rest[256], text[32];
    switch (event->type) {
        case Expose:
            if (event->xexpose.count == 0) drawPattern();
            break;
        case MotionNotify:
            snprintf(rest, sizeof rest, ", \"x\": %d, \"y\": %d", event->xmotion.x_root, event->xmotion.y_root);
            note("motion", rest);
            break;
        case ButtonPress:
        case ButtonRelease:
            snprintf(rest, sizeof rest, ", \"x\": %d, \"y\": %d, \"button\": %u", event->xbutton.x_root,
                     event->xbutton.y_root, event->xbutton.button);
            note(event->type == ButtonPress ? "buttonDown" : "buttonUp", rest);
            break;
        case KeyPress:
        case KeyRelease: {
            KeySym symbol = NoSymbol;
            int count = XLookupString(&event->xkey, text, sizeof text, &symbol, NULL);
            int used = snprintf(rest, sizeof rest, ", \"keysym\": %lu, \"state\": %u, \"text\": \"", symbol,
                                event->xkey.state);
            for (int i = 0; i < count && used < (int)sizeof rest - 16; i++) {
                used += snprintf(rest + used, sizeof rest - used, "\\u%04x", (unsigned char)text[i]);
            }
            snprintf(rest + used, sizeof rest - used, "\"");
            note(event->type == KeyPress ? "keyDown" : "keyUp", rest);
            break;
        }
        case ConfigureNotify:
            // The screen has another size, and the pattern with it.
            if (event->xconfigure.window == window) break;
            width = event->xconfigure.width;
            height = event->xconfigure.height;
            XResizeWindow(display, window, width, height);
            drawPattern();
            break;
        case MappingNotify:
            XRefreshKeyboardMapping(&event->xmapping);
            break;
    }
}

static void scroll(double seconds) {
    unsigned row = 0;
    for (int y = 0; y < height; y += stripe) drawStripe(y, row++);
    note("drawn", ", \"what\": \"scroll\"");
    for (int frame = 0; frame < seconds * framesPerSecond; frame++) {
        XCopyArea(display, window, window, pen, 0, stripe, width, height - stripe, 0, 0);
        drawStripe(height - stripe, row++);
        XFlush(display);
        nanosleep(&(struct timespec){.tv_nsec = 1000000000L / framesPerSecond}, NULL);
    }
    drawPattern();
}

static void obey(char *line) {
    if (!strncmp(line, "block ", 6)) {
        fill((width - block) / 2, (height - block) / 2, block, block, strtoul(line + 6, NULL, 16));
        XSync(display, False);
        note("drawn", ", \"what\": \"block\"");
    } else if (!strncmp(line, "scroll ", 7)) {
        scroll(atof(line + 7));
    } else if (!strncmp(line, "restore", 7)) {
        drawPattern();
    }
}

int main(int count, char **arguments) {
    if (count != 2 || !(record = fopen(arguments[1], "a"))) {
        fprintf(stderr, "usage: pattern LOG\n");
        return 2;
    }
    setvbuf(record, NULL, _IOLBF, 0);
    if (!(display = XOpenDisplay(NULL))) {
        fprintf(stderr, "pattern: no X display\n");
        return 1;
    }
    int screen = DefaultScreen(display);
    width = DisplayWidth(display, screen);
    height = DisplayHeight(display, screen);
    XSetWindowAttributes attributes = {
        .override_redirect = True,
        .event_mask = ExposureMask | PointerMotionMask | ButtonPressMask | ButtonReleaseMask | KeyPressMask |
                      KeyReleaseMask,
    };
    window = XCreateWindow(display, RootWindow(display, screen), 0, 0, width, height, 0, CopyFromParent,
                           InputOutput, CopyFromParent, CWOverrideRedirect | CWEventMask, &attributes);
    XStoreName(display, window, "pattern");
    pen = XCreateGC(display, window, 0, NULL);
    XSetGraphicsExposures(display, pen, False);
    // Below every other client: a text field on top of it gets its own clicks and keys.
    XMapWindow(display, window);
    XLowerWindow(display, window);
    XSelectInput(display, RootWindow(display, screen), StructureNotifyMask);

    char line[128];
    struct pollfd sources[2] = {
        {.fd = ConnectionNumber(display), .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN},
    };
    nfds_t watched = 2;
    for (;;) {
        while (XPending(display)) {
            XEvent event;
            XNextEvent(display, &event);
            handleInput(&event);
        }
        if (poll(sources, watched, -1) < 0) return 1;
        if (watched == 2 && sources[1].revents) {
            // Line by line with read(2), so that poll and a buffer cannot disagree.
            size_t length = 0;
            ssize_t got;
            while ((got = read(STDIN_FILENO, line + length, 1)) == 1 && line[length] != '\n') {
                if (length < sizeof line - 1) length++;
            }
            if (got <= 0) {
                watched = 1;
            } else {
                line[length] = 0;
                obey(line);
            }
        }
    }
}
