// A wall clock that can be set for some processes only: preloaded (ld.so(8)), with the name of a file in SHIFTED_CLOCK that holds
// nanoseconds, an int64_t, by which the clock is ahead. All other clocks are the kernel's.
//
// Debian's faketime does not do for this: it shifts timers of the monotonic clock along with the wall clock's.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { billion = 1000000000 };
static const volatile int64_t *shift;

__attribute__((constructor)) static void open_shift(void) {
    const char *path = getenv("SHIFTED_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *memory = mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (memory != MAP_FAILED) shift = memory;
}

static struct timespec moved(struct timespec time, int64_t by) {
    int64_t all = time.tv_sec * (int64_t)billion + time.tv_nsec + by;
    return (struct timespec){.tv_sec = all / billion, .tv_nsec = all % billion};
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && shift && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) *time = moved(*time, *shift);
    return result;
}

int gettimeofday(struct timeval *restrict value, void *restrict zone) {
    (void)zone;
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    *value = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}

int timespec_get(struct timespec *now, int base) {
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

// Deadlines on this clock, which the kernel compares with its own. No other clock has seen thirty years.
static struct timespec kernels(const struct timespec *deadline) {
    return shift && deadline->tv_sec > billion ? moved(*deadline, -*shift) : *deadline;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict deadline) {
    struct timespec real = kernels(deadline);
    return NEXT(pthread_cond_timedwait)(condition, mutex, &real);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline) {
    struct timespec real = kernels(deadline);
    return NEXT(sem_timedwait)(semaphore, &real);
}

int timerfd_settime(int timer, int flags, const struct itimerspec *value, struct itimerspec *old) {
    struct itimerspec real = *value;
    if (flags & TFD_TIMER_ABSTIME) real.it_value = kernels(&value->it_value);
    return NEXT(timerfd_settime)(timer, flags, &real, old);
}
