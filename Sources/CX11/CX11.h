#ifndef C_X11_H
#define C_X11_H

#include <X11/XKBlib.h>
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XInput2.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/XTest.h>
#include <X11/extensions/Xdamage.h>
#include <X11/extensions/Xfixes.h>
#include <X11/extensions/Xrandr.h>
#include <X11/keysym.h>
#include <xkbcommon/xkbcommon.h>

// Xlib's `DefaultScreen` and its kin are macros with casts, which Swift cannot import.
static inline int CX11_DefaultScreen(Display *display) { return DefaultScreen(display); }
static inline Window CX11_DefaultRootWindow(Display *display) { return DefaultRootWindow(display); }
static inline Visual *CX11_DefaultVisual(Display *display) { return DefaultVisual(display, DefaultScreen(display)); }
static inline int CX11_DefaultDepth(Display *display) { return DefaultDepth(display, DefaultScreen(display)); }

// Which bits of an id the server leaves to a client; the others say which client it is.
static inline unsigned long CX11_ResourceMask(Display *display) { return ((_XPrivDisplay)display)->private4; }

// `XCreateIC` is variadic, which Swift cannot call.
static inline XIC CX11_XCreateIC(XIM method, Window window) {
    return XCreateIC(method, XNInputStyle, XIMPreeditNothing | XIMStatusNothing, XNClientWindow, window, NULL);
}

#endif
