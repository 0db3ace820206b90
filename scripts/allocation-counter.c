/* Counts the calls of malloc and its relatives: `virt-node bench convert` reads the count where this is preloaded.
 *
 *   cc -O2 -shared -fPIC -o libcounter.so allocation-counter.c && LD_PRELOAD=./libcounter.so virt-node bench convert FILE
 */
#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_ulong count;

unsigned long virt_node_allocation_count(void) { return atomic_load_explicit(&count, memory_order_relaxed); }

static void one_more(void) { atomic_fetch_add_explicit(&count, 1, memory_order_relaxed); }

void *malloc(size_t size) { one_more(); return __libc_malloc(size); }
void *calloc(size_t number, size_t size) { one_more(); return __libc_calloc(number, size); }
void *realloc(void *old, size_t size) { one_more(); return __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { one_more(); return __libc_memalign(alignment, size); }
int posix_memalign(void **out, size_t alignment, size_t size) {
  one_more();
  *out = __libc_memalign(alignment, size);
  return *out == NULL ? 12 : 0;
}
