// Fills the screen, and changes between black and white with each key: what a key does is a whole new picture.
#include <X11/Xlib.h>

int main(void) {
    Display *display = XOpenDisplay(NULL);
    if (!display) return 1;
    int screen = DefaultScreen(display);
    XSetWindowAttributes wanted = {.override_redirect = True, .background_pixel = 0};
    Window window = XCreateWindow(display, RootWindow(display, screen), 0, 0, DisplayWidth(display, screen),
                                  DisplayHeight(display, screen), 0, CopyFromParent, InputOutput, CopyFromParent,
                                  CWOverrideRedirect | CWBackPixel, &wanted);
    XSelectInput(display, window, KeyPressMask | StructureNotifyMask);
    XMapRaised(display, window);
    unsigned long pixel = 0;
    for (;;) {
        XEvent event;
        XNextEvent(display, &event);
        if (event.type == MapNotify) XSetInputFocus(display, window, RevertToPointerRoot, CurrentTime);
        if (event.type != KeyPress) continue;
        pixel ^= 0xffffff;
        XSetWindowBackground(display, window, pixel);
        XClearWindow(display, window);
        XFlush(display);
    }
}
