// Takes memory, a piece every few milliseconds, and aborts when it is given no more, as many programs do.
//
//   greedy MEGABYTES MILLISECONDS

#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(int count, char **words) {
    if (count != 3) return 2;
    size_t piece = (size_t)atoi(words[1]) << 20;
    struct timespec pause = {.tv_nsec = atol(words[2]) * 1000000};
    for (;;) {
        char *memory = malloc(piece);
        if (!memory) abort();
        memset(memory, 1, piece);
        nanosleep(&pause, NULL);
    }
}
