// The pictures a shared desk is measured with, drawn with core X only: two encoders, two ways to capture, and the judge
// of what they send all see the same pixels.

#ifndef SCENE_H
#define SCENE_H

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { lineHeight = 18, margin = 24, scrollStep = 6 };
// The frame's number, in black and white squares at the top left, so that a decoded picture tells which frame it shows.
enum { markBits = 16, markSize = 8 };

typedef struct {
    Display *display;
    Window window;
    GC ink, paper;
    int width, height;
    XImage *film;
    Pixmap hidden;
} Stage;

static const char *const words[] = {"the",   "client", "moves",  "a",     "piece", "and",    "waits", "for",
                                    "an",    "answer", "while",  "both",  "look",  "at",     "one",   "board",
                                    "green", "circle", "square", "seven", "Where", "Tuesday", "again", "slowly"};

// A line of text that depends on its number only.
static void compose(unsigned number, char *line, size_t capacity) {
    uint32_t state = number * 2654435761u + 1;
    size_t used = (size_t)snprintf(line, capacity, "%5u  ", number);
    while (used + 16 < capacity) {
        state = state * 1664525u + 1013904223u;
        used += (size_t)snprintf(line + used, capacity - used, "%s ", words[(state >> 16) % 24]);
    }
}

static void drawLine(Stage *stage, unsigned number, int y) {
    char line[256];
    compose(number, line, sizeof line);
    XFillRectangle(stage->display, stage->window, stage->paper, 0, y, (unsigned)stage->width, lineHeight);
    XDrawString(stage->display, stage->window, stage->ink, margin, y + lineHeight - 5, line, (int)strlen(line));
}

static void drawPage(Stage *stage) {
    for (int y = 0; y < stage->height; y += lineHeight) drawLine(stage, (unsigned)(y / lineHeight), y);
}

static void mark(Stage *stage, unsigned frame) {
    for (int bit = 0; bit < markBits; bit++)
        XFillRectangle(stage->display, stage->window, frame >> (markBits - 1 - bit) & 1 ? stage->ink : stage->paper,
                       bit * markSize, 0, markSize, markSize);
}

// Moves the page up by `scrollStep` pixels and draws the line that came into view.
static void scroll(Stage *stage, unsigned frame) {
    XCopyArea(stage->display, stage->window, stage->window, stage->ink, 0, scrollStep, (unsigned)stage->width,
              (unsigned)(stage->height - scrollStep), 0, 0);
    if (frame % (lineHeight / scrollStep) == 0)
        drawLine(stage, frame * scrollStep / lineHeight, stage->height - lineHeight);
}

// One character more each third frame: ten a second at thirty frames.
static void type(Stage *stage, unsigned frame) {
    unsigned column = frame / 3 % 100, row = 1 + frame / 300 % 20;
    char character = (char)('a' + frame / 3 % 26);
    int y = margin + (int)row * lineHeight;
    if (column == 0)
        XFillRectangle(stage->display, stage->window, stage->paper, 0, y, (unsigned)stage->width, lineHeight);
    XDrawString(stage->display, stage->window, stage->ink, margin + (int)column * 6, y + lineHeight - 5, &character, 1);
}

// Full motion: two waves that drift across a 1280 x 720 picture.
static void play(Stage *stage, unsigned frame) {
    XImage *image = stage->film;
    for (int y = 0; y < image->height; y++) {
        uint32_t *row = (uint32_t *)(void *)(image->data + y * image->bytes_per_line);
        for (int x = 0; x < image->width; x++) {
            unsigned red = (unsigned)(x + (int)frame * 3) & 255, green = (unsigned)(y * 2 - (int)frame * 2) & 255;
            row[x] = red << 16 | green << 8 | ((red ^ green) >> 1);
        }
    }
    // Part of the picture, so that no picture is ever seen without it.
    for (int y = 0; y < markSize; y++)
        for (int x = 0; x < markBits * markSize; x++)
            ((uint32_t *)(void *)(image->data + y * image->bytes_per_line))[x] =
                frame >> (markBits - 1 - x / markSize) & 1 ? 0 : 0xffffff;
    // Xlib sends a large image in strips: behind the scene, so that every capture sees a whole frame, as a player's would.
    unsigned width = (unsigned)image->width, height = (unsigned)image->height;
    XPutImage(stage->display, stage->hidden, stage->ink, image, 0, 0, 0, 0, width, height);
    XSync(stage->display, False);
    XCopyArea(stage->display, stage->hidden, stage->window, stage->ink, 0, 0, width, height, 0, 0);
}

static Stage openStage(void) {
    Stage stage = {.display = XOpenDisplay(NULL)};
    if (!stage.display) {
        fputs("no X server at DISPLAY\n", stderr);
        exit(1);
    }
    Display *display = stage.display;
    int screen = DefaultScreen(display);
    stage.width = DisplayWidth(display, screen);
    stage.height = DisplayHeight(display, screen);
    XSetWindowAttributes attributes = {.override_redirect = True, .background_pixel = WhitePixel(display, screen)};
    stage.window = XCreateWindow(display, RootWindow(display, screen), 0, 0, (unsigned)stage.width,
                                 (unsigned)stage.height, 0, CopyFromParent, InputOutput, CopyFromParent,
                                 CWOverrideRedirect | CWBackPixel, &attributes);
    XSelectInput(display, stage.window, ExposureMask);
    XMapRaised(display, stage.window);
    XEvent event;
    XWindowEvent(display, stage.window, ExposureMask, &event);
    stage.ink = XCreateGC(display, stage.window, 0, NULL);
    stage.paper = XCreateGC(display, stage.window, 0, NULL);
    XSetForeground(display, stage.ink, BlackPixel(display, screen));
    XSetForeground(display, stage.paper, WhitePixel(display, screen));
    XSetGraphicsExposures(display, stage.ink, False);
    XFontStruct *font = XLoadQueryFont(display, "fixed");
    if (font) XSetFont(display, stage.ink, font->fid);
    int width = stage.width < 1280 ? stage.width : 1280, height = stage.height < 720 ? stage.height : 720;
    stage.film = XCreateImage(display, DefaultVisual(display, screen), 24, ZPixmap, 0,
                              calloc((size_t)(width * height), 4), (unsigned)width, (unsigned)height, 32, 0);
    stage.hidden = XCreatePixmap(display, stage.window, (unsigned)width, (unsigned)height, 24);
    drawPage(&stage);
    mark(&stage, 0);
    return stage;
}

// Draws frame `frame` of a scene over the one before it; returns whether anything changed.
static int drawFrame(Stage *stage, const char *scene, unsigned frame) {
    if (!strcmp(scene, "typing") && frame % 3 == 0) {
        type(stage, frame);
        mark(stage, frame);
    } else if (!strcmp(scene, "scrolling")) {
        scroll(stage, frame);
        mark(stage, frame);
    } else if (!strcmp(scene, "video")) {
        play(stage, frame);
    } else {
        return 0;
    }
    return 1;
}

#endif
