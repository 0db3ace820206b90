// A clock on the wall that can be set for one process: adds an offset, which another process writes into a mapped file,
// to CLOCK_REALTIME.
//
//   cc -O2 -shared -fPIC -o clock.so clock.c
//   VIRT_NODE_CHAOS_CLOCK=FILE LD_PRELOAD=clock.so PROGRAM      FILE: seconds, as a native 64-bit integer
//
// The kernel's own clock stays, and with it the times of files. Who waits until a moment of the wall's clock, as libvirt
// does, is given the kernel's moment instead. Children have their own clock: they do not load this.

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
#include <time.h>
#include <unistd.h>

static volatile const int64_t *offset;

__attribute__((constructor)) static void open_clock(void) {
    const char *path = getenv("VIRT_NODE_CHAOS_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) abort();
    void *map = mmap(NULL, sizeof *offset, PROT_READ, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) abort();
    close(file);
    offset = map;
    // libvirt hands this on to QEMU.
    unsetenv("LD_PRELOAD");
    unsetenv("VIRT_NODE_CHAOS_CLOCK");
}

static int64_t now_offset(void) { return offset ? *offset : 0; }

int clock_gettime(clockid_t clock, struct timespec *time) {
    // glibc's own goes through the vDSO, for which there is no other name: the call costs a microsecond more here.
    long result = syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += now_offset();
    return (int)result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    long result = syscall(SYS_gettimeofday, time, zone);
    if (result == 0) time->tv_sec += now_offset();
    return (int)result;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}

int timespec_get(struct timespec *now, int base) {
    if (base != TIME_UTC) return 0;
    clock_gettime(CLOCK_REALTIME, now);
    return base;
}

// A moment as the kernel counts it. Those of the clock that never jumps are counted from the boot, and far smaller.
static struct timespec kernel_moment(const struct timespec *moment) {
    struct timespec result = *moment;
    if (result.tv_sec > 700000000) result.tv_sec -= now_offset();
    return result;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict moment) {
    static __typeof__(&pthread_cond_timedwait) next;
    // The oldest version of the symbol would come first, which knows another layout.
    if (!next) next = (__typeof__(next))dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!next) next = NEXT(pthread_cond_timedwait);
    struct timespec until = kernel_moment(moment);
    return next(condition, mutex, &until);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict moment) {
    static __typeof__(&sem_timedwait) next;
    if (!next) next = NEXT(sem_timedwait);
    struct timespec until = kernel_moment(moment);
    return next(semaphore, &until);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict moment) {
    static __typeof__(&pthread_mutex_timedlock) next;
    if (!next) next = NEXT(pthread_mutex_timedlock);
    struct timespec until = kernel_moment(moment);
    return next(mutex, &until);
}
