// A program on the desk that takes what is dropped on it (XDND, version 5): a window of 200 × 200 pixels at X, Y.
//
//   droptarget X Y [silent]     writes each address that it was given as a line; silent: never says anything to the source
//
// Writes "ready" once its window is there, "entered" and "left" for what it is told.
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Display *display;
static Window window;

static Atom atom(const char *name) { return XInternAtom(display, name, False); }

static void answer(Window source, const char *type, long one, long two, long three, long four) {
    XEvent event = {.xclient = {.type = ClientMessage, .window = source, .message_type = atom(type), .format = 32}};
    event.xclient.data.l[0] = window;
    event.xclient.data.l[1] = one;
    event.xclient.data.l[2] = two;
    event.xclient.data.l[3] = three;
    event.xclient.data.l[4] = four;
    XSendEvent(display, source, False, NoEventMask, &event);
    XFlush(display);
}

static void say(const char *words) {
    puts(words);
    fflush(stdout);
}

int main(int count, char **arguments) {
    if (count < 3) return 2;
    int silent = count > 3 && strcmp(arguments[3], "silent") == 0;
    display = XOpenDisplay(NULL);
    if (!display) return 1;
    XSetWindowAttributes attributes = {.override_redirect = True, .background_pixel = 0x404040};
    window = XCreateWindow(display, DefaultRootWindow(display), atoi(arguments[1]), atoi(arguments[2]), 200, 200, 0,
        CopyFromParent, InputOutput, CopyFromParent, CWOverrideRedirect | CWBackPixel, &attributes);
    unsigned long version = 5;
    XChangeProperty(display, window, atom("XdndAware"), XA_ATOM, 32, PropModeReplace, (unsigned char *)&version, 1);
    XMapRaised(display, window);
    XSync(display, False);
    say("ready");
    Window source = None;
    for (;;) {
        XEvent event;
        XNextEvent(display, &event);
        if (event.type == SelectionNotify && event.xselection.property != None) {
            Atom type;
            int format;
            unsigned long length, rest;
            unsigned char *bytes = NULL;
            XGetWindowProperty(display, window, event.xselection.property, 0, 65536, True, AnyPropertyType, &type, &format,
                &length, &rest, &bytes);
            printf("%.*s", (int)length, (char *)bytes);
            fflush(stdout);
            XFree(bytes);
            answer(source, "XdndFinished", 1, atom("XdndActionCopy"), 0, 0);
        }
        if (event.type != ClientMessage) continue;
        source = event.xclient.data.l[0];
        if (event.xclient.message_type == atom("XdndEnter")) say("entered");
        if (event.xclient.message_type == atom("XdndLeave")) say("left");
        if (silent) continue;
        if (event.xclient.message_type == atom("XdndPosition")) {
            answer(source, "XdndStatus", 1, 0, 0, atom("XdndActionCopy"));
        } else if (event.xclient.message_type == atom("XdndDrop")) {
            XConvertSelection(display, atom("XdndSelection"), atom("text/uri-list"), atom("DROPPED"), window,
                event.xclient.data.l[2]);
            XFlush(display);
        }
    }
}
