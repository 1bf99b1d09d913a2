// Claps once a second: for 100 ms the screen is white and a tone of 1 kHz sounds, both from the same moment on. What moment that is
// PulseAudio says (its latency): a player that wants sound and picture in step does the same.
//   clap SERVER SINK hum|silent    between claps: a hum that is hardly heard, or digital silence
#include <X11/Xlib.h>
#include <math.h>
#include <pthread.h>
#include <pulse/error.h>
#include <pulse/simple.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { rate = 48000, block = rate / 100, second = 1000000000 };
static Display *display;
static Window window;
static GC pen;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * (int64_t)second + time.tv_nsec;
}

static void paint(unsigned long colour) {
    XSetForeground(display, pen, colour);
    XFillRectangle(display, window, pen, 0, 0, 4096, 4096);
    XFlush(display);
}

static void sleep_until(int64_t time) {
    struct timespec at = {.tv_sec = time / second, .tv_nsec = time % second};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
}

static void *flash(void *when) {
    int64_t start = *(int64_t *)when;
    sleep_until(start);
    paint(0xffffff);
    sleep_until(start + second / 10);
    paint(0);
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 4) return 2;
    int level = strcmp(arguments[3], "hum") ? 0 : 40;
    XInitThreads();
    display = XOpenDisplay(NULL);
    if (!display) return 1;
    window = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 4096, 4096, 0, 0, 0);
    pen = XCreateGC(display, window, 0, NULL);
    XMapWindow(display, window);
    XSync(display, False);
    paint(0);

    pa_sample_spec format = {.format = PA_SAMPLE_S16LE, .rate = rate, .channels = 1};
    pa_buffer_attr sizes = {.maxlength = -1, .tlength = 6 * block, .prebuf = -1, .minreq = 2 * block, .fragsize = -1};
    int error = 0;
    pa_simple *sound = pa_simple_new(arguments[1], "clap", PA_STREAM_PLAYBACK, arguments[2], "clap", &format, NULL, &sizes, &error);
    if (!sound) return fprintf(stderr, "%s\n", pa_strerror(error)), 1;
    for (int64_t part = 0;; part += 1) {
        int is_loud = part % 100 < 10 && part >= 200;
        int16_t samples[block];
        for (int index = 0; index < block; index += 1) {
            double angle = 2 * M_PI * (part % 100 * block + index) / rate;
            samples[index] = is_loud ? 16000 * sin(1000 * angle) : level * sin(200 * angle);
        }
        if (part % 100 == 0 && part >= 200) {
            static int64_t when;
            pa_usec_t latency = pa_simple_get_latency(sound, &error);
            when = now() + (int64_t)latency * 1000;
            pthread_t thread;
            pthread_create(&thread, NULL, flash, &when);
            pthread_detach(thread);
        }
        if (pa_simple_write(sound, samples, sizeof samples, &error) < 0) return fprintf(stderr, "%s\n", pa_strerror(error)), 1;
    }
}
