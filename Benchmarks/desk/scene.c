// A full-screen X client that shows one of the pictures a shared desk is measured with.
//
//   scene still|typing|scrolling|video [frames per second]
//
// Writes a line for each frame that changed something: its number, and the monotonic clock in nanoseconds when it was drawn.

#include "scene.h"
#include <time.h>

int main(int count, char **arguments) {
    const char *name = count > 1 ? arguments[1] : "still";
    int rate = count > 2 ? atoi(arguments[2]) : 30;
    Stage stage = openStage();
    XSync(stage.display, False);
    setvbuf(stdout, NULL, _IOLBF, 0);

    struct timespec next, drawn;
    clock_gettime(CLOCK_MONOTONIC, &next);
    for (unsigned frame = 1; frame < 1u << markBits; frame++) {
        next.tv_nsec += 1000000000L / (rate > 0 ? rate : 30);
        if (next.tv_nsec >= 1000000000L) next.tv_sec++, next.tv_nsec -= 1000000000L;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
        if (!drawFrame(&stage, name, frame)) continue;
        // The time before the server has done it: what the picture takes to get to the screen counts.
        clock_gettime(CLOCK_MONOTONIC, &drawn);
        XFlush(stage.display);
        printf("%u %lld\n", frame, (long long)drawn.tv_sec * 1000000000LL + drawn.tv_nsec);
    }
}
